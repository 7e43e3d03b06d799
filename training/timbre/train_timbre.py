"""Train the timbre encoder: `python -m training.timbre.train_timbre --out FOLDER --takes TAKES [--autoencoder]`.

Takes the folder that `data_takes` wrote, leaves FOLDER/last.pt every few minutes: weights, their running mean (which is
what is exported), the optimiser, every setting, the seed, the commit and a hash of the material. Run again with the
same --out it goes on from there. Three losses: the class (any of those the sound may be); which sound of its take's
kit it is, by the nearest prototype of its other plays (Snell, Swersky, Zemel 2017, leave-one-out); and whether it is
the same sound at all, by one logistic of the cosine for all users, which makes the radius of a trigger.
`--autoencoder` trains the baseline on the same batches.
"""

import argparse
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.timbre.data_batches import Batch, Pool
from training.timbre.model_timbre import Autoencoder, Config, TimbreModel, parameter_count
from training.voice.train_voice import commit


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that the result depends on beside the material."""

    seed: int = 1
    takes: int = 4
    """Of a batch: about 190 events."""
    steps: int = 6000
    """The end of the learning rate's cosine: 12 looks at each of 2000 takes."""
    warmup: int = 100
    rate: float = 2e-3
    weight_decay: float = 0.02
    ema: float = 0.995
    """Of the running mean: about 200 steps."""
    sharp: float = 12.0
    """Cosines of prototypes are multiplied by it before they are weighed."""
    class_weight: float = 1.0
    kit_weight: float = 0.7
    same_weight: float = 1.0
    autoencoder: bool = False


def class_loss(logits: Tensor, classes: Tensor, weight: Tensor) -> Tensor:
    """Return the weighted mean of -log of the chance of all classes that a sound may be."""
    likely = functional.log_softmax(logits, dim=1).masked_fill(~classes, -torch.inf)
    return -(weight * torch.logsumexp(likely, dim=1)).sum() / weight.sum()


def cosines(points: Tensor, member: Tensor) -> tuple[Tensor, Tensor]:
    """Return (n, kit) cosines of one take's events with the prototypes of its kit, and who is what (n, kit).

    Where an event is itself of a prototype it is left out of it.
    """
    mine = member[:, None] == torch.arange(int(member.max()) + 1)
    mine = mine[:, mine.sum(dim=0) >= 2]  # a single play has no other to be compared with
    sums = mine.float().T @ points
    without = sums[None] - mine.float()[..., None] * points[:, None]
    return (functional.normalize(without, dim=2) * points[:, None]).sum(dim=2), mine


def kit_losses(points: Tensor, b: Batch, alike: Tensor, sharp: float) -> tuple[Tensor, Tensor]:
    """Return the losses of which sound of its kit an event is, and of whether it is a sound at all."""
    which, same = [], []
    for number in torch.unique(b.take):
        own = b.take == number
        near, mine = cosines(points[own], b.member[own])
        if mine.shape[1] < 2:  # so noisy a take that the detector heard hardly anything of its kit
            continue
        known = mine.any(dim=1)
        which.append(functional.cross_entropy(sharp * near[known], mine[known].float().argmax(dim=1)))
        chance = alike[0] * near - alike[1]
        each = functional.binary_cross_entropy_with_logits(chance, mine.float(), reduction="none")
        # Of each prototype the plays count as much as all else.
        share = mine.float() / mine.sum(dim=0) + (~mine).float() / (~mine).sum(dim=0)
        same.append((each * share).sum(dim=0).mean() / 2.0)
    nothing = 0.0 * points.sum()
    return (torch.stack(which).mean(), torch.stack(same).mean()) if which else (nothing, nothing)


def losses(model: TimbreModel, b: Batch, recipe: Recipe) -> dict[str, Tensor]:
    """Return the losses of a batch, weighted."""
    points, logits, _ = model(b.patch, b.age)
    which, same = kit_losses(points, b, model.alike, recipe.sharp)
    classes = class_loss(logits, b.classes, b.weight)
    return {"class": recipe.class_weight * classes, "kit": recipe.kit_weight * which, "same": recipe.same_weight * same}


def drawing_loss(model: Autoencoder, b: Batch) -> dict[str, Tensor]:
    """Return how far the drawn patch is from the patch where it is known."""
    known = (model.encoder.rows[None, :] < b.age[:, None] - 1e-4).float()[..., None]
    off = (model(b.patch, b.age) - b.patch) ** 2 * known
    return {"drawing": off.sum() / known.sum() / b.patch.shape[2]}


def rate_at(step: int, recipe: Recipe) -> float:
    """Return the learning rate: linear rise, then half a cosine down to a hundredth."""
    if step < recipe.warmup:
        return recipe.rate * (step + 1) / recipe.warmup
    way = min(1.0, (step - recipe.warmup) / max(1, recipe.steps - recipe.warmup))
    return recipe.rate * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * way)))


class Trainer:
    """Model, its running mean, optimiser and count of steps: all that a checkpoint holds."""

    def __init__(self, config: Config, recipe: Recipe) -> None:
        torch.manual_seed(recipe.seed)
        self.config, self.recipe, self.step = config, recipe, 0
        self.commit, self.before = commit(), ""
        made = Autoencoder if recipe.autoencoder else TimbreModel
        self.model, self.mean = made(config), made(config)
        self.mean.load_state_dict(self.model.state_dict())
        self.optimiser = torch.optim.AdamW(self.model.parameters(), recipe.rate, weight_decay=recipe.weight_decay)

    def learn(self, b: Batch) -> dict[str, float]:
        """Take one step; return the losses."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate_at(self.step, self.recipe)
        self.model.train()
        if isinstance(self.model, Autoencoder):
            parts = drawing_loss(self.model, b)
        else:
            parts = losses(self.model, b, self.recipe)
        self.optimiser.zero_grad()
        torch.stack(list(parts.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        share = min(self.recipe.ema, (1.0 + self.step) / (10.0 + self.step))
        with torch.no_grad():
            for old, new in zip(self.mean.state_dict().values(), self.model.state_dict().values(), strict=True):
                # Counts of batches are whole numbers; statistics of normalisation are averaged as weights are.
                old.lerp_(new, 1.0 - share) if old.is_floating_point() else old.copy_(new)
        return {name: float(value.detach()) for name, value in parts.items()}

    def save(self, path: Path, material: str) -> None:
        """Write a checkpoint in one go."""
        held = {
            "config": asdict(self.config),
            "recipe": asdict(self.recipe),
            "step": self.step,
            "model": self.model.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "commit": self.commit,
            "material": material,
            "before": self.before,
        }
        torch.save(held, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def begin_from(self, path: Path) -> None:
        """Take the averaged weights of another training as the first."""
        held = torch.load(path)
        self.model.load_state_dict(held["mean"])
        self.mean.load_state_dict(held["mean"])
        self.before = f"{held['step']} steps at rate {held['recipe']['rate']} on examples {held['material']}"

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint of the same configuration."""
        held = torch.load(path)
        if Config(**held["config"]) != self.config:
            raise ValueError(f"{path} holds a model of another size: {held['config']}")
        self.model.load_state_dict(held["model"])
        self.mean.load_state_dict(held["mean"])
        self.optimiser.load_state_dict(held["optimiser"])
        self.step, self.before = held["step"], held["before"]
        if held["commit"] != self.commit:
            self.commit = f"{held['commit']} then {self.commit}"


def step(trainer: Trainer, pool: Pool) -> dict[str, float]:
    """Take the next step; what is random in it depends on its number alone, so that a resumed training is the same."""
    recipe = trainer.recipe
    rng = np.random.default_rng([recipe.seed, trainer.step])
    torch.manual_seed(int(rng.integers(2**63)))
    return trainer.learn(pool.batch(recipe.takes, rng))


def run(trainer: Trainer, pool: Pool, last: Path, until: float) -> None:
    """Learn, print every 50 steps, save every 200."""
    total: dict[str, float] = {}
    began, material = time.process_time(), pool.fingerprint()
    while trainer.step < trainer.recipe.steps and time.monotonic() < until:
        parts = step(trainer, pool)
        total = {name: total.get(name, 0.0) + value / 50 for name, value in parts.items()}
        if trainer.step % 50 == 0:
            shown = " ".join(f"{name} {value:.4f}" for name, value in total.items())
            print(f"{trainer.step} | {shown} | {(time.process_time() - began) / 50:.2f} s/step", flush=True)
            total, began = {}, time.process_time()
        if trainer.step % 200 == 0:
            trainer.save(last, material)
    trainer.save(last, material)


def main() -> None:
    """Read the command line and train until the steps or the minutes are over."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--takes", type=Path, required=True, help="what data_takes wrote")
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--rate", type=float, default=Recipe().rate)
    parser.add_argument("--start", type=Path, help="a checkpoint whose averaged weights to begin from")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--autoencoder", action="store_true", help="train the baseline")
    given = parser.parse_args()
    torch.set_num_threads(1)
    recipe = Recipe(seed=given.seed, steps=given.steps, rate=given.rate, autoencoder=given.autoencoder)
    trainer = Trainer(Config(), recipe)
    given.out.mkdir(parents=True, exist_ok=True)
    last = given.out / "last.pt"
    if last.exists():
        trainer.resume(last)
    elif given.start:
        trainer.begin_from(given.start)
    pool = Pool(given.takes / "train")
    print(f"{parameter_count(trainer.model)} parameters; {len(pool.take)} events; from step {trainer.step}", flush=True)
    run(trainer, pool, last, time.monotonic() + 60 * given.minutes)


if __name__ == "__main__":
    main()
