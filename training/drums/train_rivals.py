"""Train a rival of the drum network: `python -m training.drums.train_rivals vae|gan --out DIR --shared SHARED/data`.

In: the same loops, examples, losses and numbers of the recipe as the drum network's, without settled cells. Out:
`DIR/last.pt`, which `benchmarks.drum_accuracy --rivals` reads. It can't go on from where it was: a rival is measured,
not shipped.
"""

import argparse
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.drums.data_drums import Batch, Mixture, Stock
from training.drums.loops import read_loops
from training.drums.model_drums import FEATURES, Config, parameter_count
from training.drums.model_rivals import TAP_COLUMNS, Critic, DrumGan, DrumVae, VaeConfig
from training.drums.train_drums import WEIGHTS, Recipe, losses, seen
from training.trainer import commit, follow, hash_of, rate_at, save

OPEN = Mixture(open=1.0, settled=0.0)
FREE_NATS, BETA = 33.3, 0.2
"""What a latent vector may tell for nothing, and what each nat above costs: GrooVAE's 48 bits and its largest beta."""
VAE_WEIGHT = 288.0
"""Losses are means over the 32 × 9 cells; nats of the latent vector are of a whole loop."""
ADVERSARIAL = 0.5
"""Weight of the critic's word beside the examples', chosen so that both move the network about as much."""
CRITIC = Config(width=96, layers=2, dropout=0.25)
CRITIC_RATE = 3e-4
LATE_SCALE = 4.0
"""What a critic sees shifts multiplied by, to be about as large as loudness."""


class VaeTrainer:
    """A variational autoencoder and what teaches it."""

    def __init__(self, recipe: Recipe, config: VaeConfig | None = None) -> None:
        """Begin anew."""
        torch.manual_seed(recipe.seed)
        self.recipe, self.step, self.config = recipe, 0, config or VaeConfig()
        self.model = DrumVae(self.config)
        self.mean = deepcopy(self.model).eval()
        self.optimiser = torch.optim.AdamW(self.model.parameters(), recipe.rate, weight_decay=recipe.weight_decay)

    def learn(self, batch: Batch) -> dict[str, float]:
        """Take one step; return the losses."""
        told = (batch.steps, batch.style, batch.kind)
        mean, spread = self.model.latents(*told)
        latent = mean + torch.exp(0.5 * spread) * torch.randn_like(mean)
        found = losses(self.model.decoded(latent, told), batch)
        nats = 0.5 * (mean**2 + torch.exp(spread) - spread - 1.0).sum(dim=1)
        extra = BETA * functional.relu(nats - FREE_NATS).mean() / VAE_WEIGHT
        total = torch.stack([WEIGHTS[name] * loss for name, loss in found.items()]).sum() + WEIGHTS["stroke"] * extra
        turn(self.optimiser, self.model, total, rate_at(self.step, self.recipe))
        self.step += 1
        follow(self.mean, self.model, self.step, self.recipe)
        return {name: float(loss.detach()) for name, loss in found.items()} | {"nats": float(nats.detach().mean())}


class GanTrainer:
    """A drum network with noise, a critic, and what teaches both."""

    def __init__(self, recipe: Recipe, config: Config | None = None) -> None:
        """Begin anew."""
        torch.manual_seed(recipe.seed)
        self.recipe, self.step, self.config = recipe, 0, config or Config()
        self.model, self.critic = DrumGan(self.config), Critic(CRITIC)
        self.mean = deepcopy(self.model).eval()
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), recipe.rate, betas=(0.5, 0.98), weight_decay=recipe.weight_decay
        )
        self.teaching = torch.optim.AdamW(self.critic.parameters(), CRITIC_RATE, betas=(0.5, 0.98))

    def learn(self, batch: Batch) -> dict[str, float]:
        """Take one step with the critic, then one with the network; return the losses."""
        noise = torch.randn(len(batch.steps), FEATURES - TAP_COLUMNS)
        with torch.autocast("cpu", torch.bfloat16):
            told = self.model(batch.steps, batch.style, batch.kind, noise)
            made = struck_of(*told)
            real = torch.cat([batch.struck, batch.velocity, LATE_SCALE * batch.shift], dim=-1)
            human = self.critic(batch.steps, batch.style, real)
            taken_in = self.critic(batch.steps, batch.style, made.detach())
        against = functional.relu(1.0 - human).mean() + functional.relu(1.0 + taken_in).mean()
        turn(self.teaching, self.critic, against, CRITIC_RATE)
        with torch.autocast("cpu", torch.bfloat16):
            praised = self.critic(batch.steps, batch.style, made).mean()
        found = losses(told, batch)
        total = torch.stack([WEIGHTS[name] * loss for name, loss in found.items()]).sum() - ADVERSARIAL * praised
        turn(self.optimiser, self.model, total, rate_at(self.step, self.recipe))
        self.step += 1
        follow(self.mean, self.model, self.step, self.recipe)
        return {name: float(loss.detach()) for name, loss in found.items()} | {"critic": float(against.detach())}


TRAINERS: dict[str, Callable[[Recipe], VaeTrainer | GanTrainer]] = {"vae": VaeTrainer, "gan": GanTrainer}


def struck_of(logits: Tensor, velocity: Tensor, shift: Tensor) -> Tensor:
    """Return a drawn groove, (loops, 32, 27), whose strokes are 0 or 1 and yet can be taught (straight through)."""
    uniform = torch.rand_like(logits).clamp(1e-4, 1.0 - 1e-4)
    soft = torch.sigmoid(logits + torch.log(uniform) - torch.log1p(-uniform))
    struck = (soft > 0.5).float() + soft - soft.detach()
    return torch.cat([struck, struck * velocity, LATE_SCALE * struck * shift], dim=-1)


def turn(optimiser: torch.optim.Optimizer, model: nn.Module, total: Tensor, rate: float) -> None:
    """Take one step of an optimiser."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    total.backward()  # type: ignore[no-untyped-call] # torch leaves it untyped
    torch.nn.utils.clip_grad_norm_(model.parameters(), Recipe().clip)
    optimiser.step()


def read_rival(path: Path) -> tuple[str, int, nn.Module]:
    """Return name, steps of training and averaged network of a checkpoint."""
    held = torch.load(path, map_location="cpu")
    model = DrumVae(VaeConfig(**held["config"])) if held["rival"] == "vae" else DrumGan(Config(**held["config"]))
    model.load_state_dict(held["mean"])
    return held["rival"], held["step"], model.eval()


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rival", choices=list(TRAINERS))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds symbolic/")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--every", type=int, default=500, help="steps between looks at `valid` and checkpoints")
    given = parser.parse_args()
    torch.set_num_threads(1)
    recipe = Recipe(steps=given.steps)
    trainer = TRAINERS[given.rival](recipe)
    given.out.mkdir(parents=True, exist_ok=True)
    symbolic = given.shared / "symbolic"
    train, valid = read_loops(symbolic, "train", 1, shortest_bars=1), read_loops(symbolic, "valid", 2)
    kept = {"rival": given.rival, "config": asdict(trainer.config), "recipe": asdict(recipe), "commit": commit()}
    kept["material"] = hash_of(symbolic, ["gmd"])
    stock = Stock(train, OPEN, np.random.default_rng(recipe.seed))
    print(f"{given.rival}: {parameter_count(trainer.model):,} parameters; {len(train):,} loops")
    begun = time.monotonic()
    while trainer.step < recipe.steps:
        told = trainer.learn(stock.draw(recipe.loops))
        if trainer.step % given.every == 0 or trainer.step == recipe.steps:
            save(kept | {"step": trainer.step, "mean": trainer.mean.state_dict()}, given.out / "last.pt")
            said = " ".join(f"{name} {value:.4f}" for name, value in told.items())
            looks = (seen(trainer.mean, valid, styled) for styled in (False, True))
            shown = "; ".join(" ".join(f"{name} {value:.3f}" for name, value in look.items()) for look in looks)
            print(f"{trainer.step} {time.monotonic() - begun:.0f} s; loss {said}; valid {shown}", flush=True)


if __name__ == "__main__":
    main()
