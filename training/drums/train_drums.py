"""Train the drum network: `python -m training.drums.train_drums --out DIR --shared SHARED/data`.

In: the Groove MIDI Dataset. Out: `DIR/last.pt`, from which the same command goes on, with the running mean of the
weights that `export_onnx` takes, all numbers of the recipe, the commit and the hash of the set. `valid` is printed
every few hundred steps, of takes never trained on, from the whole tap, without and with the style told: F1 at
`THRESHOLD`, and over what was struck the mean error of velocity (0–1) and of timing in ms. With `--teachers` it learns
the mean word of other checkpoints beside what was played.
"""

import argparse
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.drums.data_drums import Batch, Mixture, Stock, features_of
from training.drums.loops import Loops, read_loops, taps_of
from training.drums.model_drums import MANY, SETTLED, Config, DrumModel, parameter_count
from training.drums.teach import Taught, teacher
from training.trainer import Schedule, Trainer, hash_of, save

THRESHOLD = 0.36
"""Of a stroke's probability, for the figures printed while training; what is shipped is fitted afterwards."""
WEIGHTS = {"stroke": 4.0, "velocity": 1.5, "shift": 4.0}
"""Of the losses: the mean cross-entropy of a cell, and mean absolute errors in parts of full loudness and in steps."""

TRUST = 0.9
"""Share of the teachers' word in the losses, where there are teachers; the rest is what was played."""
POOL = 160
"""Batches that teachers are asked of: 20,480 examples, more than there are loops."""


@dataclass(frozen=True, slots=True)
class Recipe(Schedule):
    """Every number of the training.

    steps of `loops` loops, others as in `Schedule`.
    """

    steps: int = 4_000
    loops: int = 128
    rate: float = 1.5e-3
    rest: float = 0.02
    warmup: int = 400
    weight_decay: float = 0.1
    clip: float = 1.0
    ema: float = 0.9985
    seed: int = 1


def losses(told: tuple[Tensor, Tensor, Tensor], batch: Batch) -> dict[str, Tensor]:
    """Return the mean loss of strokes over cells that are not settled, of loudness and timing over what is struck."""
    played = _from(told, (batch.struck, batch.velocity, batch.shift), batch)
    if batch.taught is None:
        return played
    logits, velocity, shift = batch.taught
    taught = _from(told, (torch.sigmoid(logits), velocity, shift), batch)
    return {name: (1.0 - TRUST) * loss + TRUST * taught[name] for name, loss in played.items()}


def _from(told: tuple[Tensor, Tensor, Tensor], right: tuple[Tensor, Tensor, Tensor], batch: Batch) -> dict[str, Tensor]:
    open_cell, struck = 1.0 - batch.steps[..., SETTLED : SETTLED + MANY], batch.struck
    each = functional.binary_cross_entropy_with_logits(told[0], right[0], reduction="none") * open_cell
    apart = [
        ((said - true).abs() * struck).sum() / struck.sum().clamp(min=1)
        for said, true in zip(told[1:], right[1:], strict=True)
    ]
    return {"stroke": each.sum() / open_cell.sum().clamp(min=1), "velocity": apart[0], "shift": apart[1]}


class DrumTrainer(Trainer[DrumModel, Config, Recipe]):
    """What the drum network is shown, and its losses."""

    def __init__(self, config: Config, recipe: Recipe) -> None:
        """Begin anew."""
        super().__init__(DrumModel, config, recipe)

    def learn(self, batch: Batch) -> dict[str, float]:
        """Take one step; return the losses."""
        with torch.autocast("cpu", torch.bfloat16):
            told = self.model(batch.steps, batch.style, batch.kind)
        found = losses(told, batch)
        total = torch.stack([WEIGHTS[name] * loss for name, loss in found.items()]).sum()
        self.descend(total)
        return {name: float(loss.detach()) for name, loss in found.items()}


def begun_as(trainer: DrumTrainer, path: Path) -> None:
    """Begin with the averaged weights of another run."""
    weights = torch.load(path, map_location="cpu")["mean"]
    trainer.model.load_state_dict(weights)
    trainer.mean.load_state_dict(weights)


def lineage(begun: Path | None, teachers: list[Path]) -> str:
    """Return in words what a run began with and was taught by, "" if neither."""

    def words(path: Path) -> str:
        held = torch.load(path, map_location="cpu")
        return f"{held['step']:,} steps of seed {held['recipe']['seed']}, dropout {held['config']['dropout']}"

    told = [f"begun as the network of {words(begun)}"] if begun else []
    if teachers:
        told.append(f"taught by {len(teachers)} networks (" + "; ".join(words(path) for path in teachers) + ")")
    return ", ".join(told)


def seen(model: nn.Module, loops: Loops, styled: bool) -> dict[str, float]:
    """Return F1 of strokes, and errors of velocity and timing (ms) over all that was struck, from the whole tap."""
    steps = torch.from_numpy(features_of(taps_of(loops), np.ones(len(loops), np.bool_), loops.tempo_qpm))
    style = torch.from_numpy(loops.style * styled)
    with torch.no_grad():
        logits, velocity, shift = (part.numpy() for part in model(steps, style, torch.zeros_like(style)))
    said = logits > np.log(THRESHOLD / (1.0 - THRESHOLD))
    late_ms = np.abs(shift - loops.shift) * loops.step_ms[:, None, None]
    return {
        "F1": 2.0 * float((said & loops.struck).sum()) / float(said.sum() + loops.struck.sum()),
        "velocity": float(np.abs(velocity - loops.velocity)[loops.struck].mean()),
        "ms": float(late_ms[loops.struck].mean()),
    }


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds symbolic/")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--rate", type=float, default=Recipe().rate)
    parser.add_argument("--dropout", type=float, default=Config().dropout)
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="checkpoints whose mean word is learnt")
    parser.add_argument("--begin", type=Path, help="a checkpoint whose weights it begins with")
    parser.add_argument("--whole", action="store_true", help="whole taps alone, nothing settled: a teacher of these")
    parser.add_argument("--every", type=int, default=500, help="steps between looks at `valid` and checkpoints")
    given = parser.parse_args()
    torch.set_num_threads(1)
    warmup = min(Recipe().warmup, given.steps // 10)
    recipe = Recipe(steps=given.steps, seed=given.seed, rate=given.rate, warmup=warmup)
    trainer = DrumTrainer(Config(dropout=given.dropout), recipe)
    if given.begin:
        begun_as(trainer, given.begin)
    given.out.mkdir(parents=True, exist_ok=True)
    mixture = Mixture(whole=1.0, open=1.0) if given.whole else Mixture()
    told_lineage = lineage(given.begin, given.teachers)
    last = given.out / "last.pt"
    if last.exists():
        trainer.resume(torch.load(last, map_location="cpu"))
    symbolic = given.shared / "symbolic"
    train, valid = read_loops(symbolic, "train", 1, shortest_bars=1), read_loops(symbolic, "valid", 2)
    sources = hash_of(symbolic, ["gmd"])
    stock: Stock | Taught = Stock(train, mixture, np.random.default_rng([recipe.seed, trainer.step]))
    if given.teachers:
        stock = Taught(stock, [teacher(path) for path in given.teachers], min(POOL, recipe.steps), recipe.loops)
    print(f"{parameter_count(trainer.model):,} parameters; {len(train):,} loops, {len(valid):,} for validation")
    begun = time.monotonic()
    while trainer.step < recipe.steps:
        told = trainer.learn(stock.draw(recipe.loops))
        if trainer.step % given.every == 0 or trainer.step == recipe.steps:
            save(trainer.checkpoint(sources) | {"lineage": told_lineage, "mixture": asdict(mixture)}, last)
            said = " ".join(f"{name} {value:.4f}" for name, value in told.items())
            looks = (seen(trainer.mean, valid, styled) for styled in (False, True))
            shown = "; ".join(" ".join(f"{name} {value:.3f}" for name, value in look.items()) for look in looks)
            print(f"{trainer.step} {time.monotonic() - begun:.0f} s; loss {said}; valid {shown}", flush=True)


if __name__ == "__main__":
    main()
