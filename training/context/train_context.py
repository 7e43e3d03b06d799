"""Train the context network: `python -m training.context.train_context --out DIR --shared SHARED/data`.

In: the symbolic sets. Out: `DIR/last.pt`, from which the same command goes on, with the running mean of the weights
that `export_onnx` takes, all numbers of the recipe, the commit and the hash of the sets. One core of a server of 2023
with AMX: 0.2 s a step of 32 takes; `valid` is printed every few hundred steps: the share of moments whose class is the
likeliest one, of phrases that are never trained on.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.context.data_context import FOR_RESEARCH, SHARES, UNKNOWN, Batch, Mixture, Stock
from training.context.model_context import Config, ContextModel, parameter_count
from training.context.scores import Score, read_scores
from training.trainer import Schedule, Trainer, hash_of, save
from vocalmidi.phrase.context_input import HEADS

WEIGHTS = {"phase": 1.0, "apart": 1.0, "length": 0.4, "bar": 0.3, "kind": 0.2, "tempo": 0.3}
"""Of the losses: what places notes counts most."""


@dataclass(frozen=True, slots=True)
class Recipe(Schedule):
    """Every number of the training.

    steps of `takes` takes, others as in `Schedule`; bars: of the phrases read.
    """

    steps: int = 5_000
    takes: int = 32
    rate: float = 2e-3
    rest: float = 0.05
    warmup: int = 300
    weight_decay: float = 0.05
    clip: float = 1.0
    ema: float = 0.999
    bars: int = 16
    seed: int = 1
    research: bool = True


def losses(told: tuple[Tensor, ...], batch: Batch) -> dict[str, Tensor]:
    """Return the mean loss of each head over what is known."""
    found: dict[str, Tensor] = {}
    for name, logits in zip(HEADS, told, strict=True):
        true = batch.classes[name]
        known = true != UNKNOWN
        if name == "tempo":
            each = functional.binary_cross_entropy_with_logits(logits[..., 0], true.float(), reduction="none")
        else:
            each = functional.cross_entropy(logits.transpose(1, 2), true, ignore_index=UNKNOWN, reduction="none")
        # A batch of drums alone knows no length: then the loss is 0.
        found[name] = (each * known).sum() / known.sum().clamp(min=1)
    return found


def right(told: tuple[Tensor, ...], batch: Batch) -> dict[str, float]:
    """Return the share of known moments at which each head's likeliest class is true."""
    found: dict[str, float] = {}
    for name, logits in zip(HEADS, told, strict=True):
        true = batch.classes[name]
        guess = (logits[..., 0] > 0).long() if name == "tempo" else logits.argmax(dim=-1)
        known = true != UNKNOWN
        found[name] = float((guess == true)[known].float().mean())
    return found


def read_split(symbolic: Path, split: str, recipe: Recipe) -> dict[str, list[Score]]:
    """Return the phrases of every set that is trained on."""
    names = [name for name in SHARES if recipe.research or name not in FOR_RESEARCH]
    return {name: list(read_scores(symbolic, name, split, recipe.bars)) for name in names}


class ContextTrainer(Trainer[ContextModel, Config, Recipe]):
    """What the context network is shown, and its losses."""

    def __init__(self, config: Config, recipe: Recipe) -> None:
        """Begin anew."""
        super().__init__(ContextModel, config, recipe)

    def learn(self, batch: Batch) -> dict[str, float]:
        """Take one step; return the losses."""
        # bfloat16 halves the time of a step on a CPU that has it; losses stay in float32.
        with torch.autocast("cpu", torch.bfloat16):
            told = self.model(batch.features, batch.beats, batch.hidden)
        found = losses(tuple(logits.float() for logits in told), batch)
        total = torch.stack([WEIGHTS[name] * loss for name, loss in found.items()]).sum()
        self.descend(total)
        return {name: float(loss.detach()) for name, loss in found.items()}


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds symbolic/")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--no-research", action="store_true", help="without essen")
    parser.add_argument("--every", type=int, default=400, help="steps between looks at `valid` and checkpoints")
    given = parser.parse_args()
    torch.set_num_threads(1)
    recipe = Recipe(steps=given.steps, seed=given.seed, research=not given.no_research)
    trainer = ContextTrainer(Config(), recipe)
    given.out.mkdir(parents=True, exist_ok=True)
    last = given.out / "last.pt"
    if last.exists():
        trainer.resume(torch.load(last, map_location="cpu"))
    symbolic = given.shared / "symbolic"
    train, valid = (read_split(symbolic, split, recipe) for split in ("train", "valid"))
    sources = hash_of(symbolic, list(train))
    stock = Stock(train, Mixture(), np.random.default_rng([recipe.seed, trainer.step]))
    check = Stock(valid, Mixture(wrong=0.0, click=0.0), np.random.default_rng(0)).draw(64)  # of one length
    print(f"{parameter_count(trainer.model):,} parameters; " + ", ".join(f"{k} {len(v)}" for k, v in train.items()))
    begun = time.monotonic()
    while trainer.step < recipe.steps:
        told = trainer.learn(stock.draw(recipe.takes))
        if trainer.step % given.every == 0 or trainer.step == recipe.steps:
            with torch.no_grad():
                shares = right(trainer.mean(check.features, check.beats, check.hidden), check)
            save(trainer.checkpoint(sources), last)
            said = " ".join(f"{name} {value:.3f}" for name, value in told.items())
            seen = " ".join(f"{name} {100 * value:.2f}" for name, value in shares.items())
            print(f"{trainer.step} {time.monotonic() - begun:.0f} s; loss {said}; valid % {seen}", flush=True)


if __name__ == "__main__":
    main()
