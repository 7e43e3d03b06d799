"""Train the continuation network: `python -m training.continuation.train_continuation --out DIR --shared SHARED/data`.

In: the symbolic sets. Out: `DIR/last.pt`, from which the same command goes on, with the running mean of the weights
that `export_onnx` takes, all numbers of the recipe, the commit and the hash of the sets. `valid` is printed every few
hundred steps: nats a sixteenth over whole songs that are never trained on.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.continuation.data_continuation import IGNORED, SHARES, Batch, Mixture, Stock, Tune, batch_of, read_tunes
from training.continuation.model_continuation import Config, ContinuationModel, parameter_count
from training.trainer import Schedule, Trainer, hash_of, save

CHECKED = ("essen", "pop909")


@dataclass(frozen=True, slots=True)
class Recipe(Schedule):
    """Every number of the training, as `Schedule` tells them."""

    steps: int = 3_000
    rate: float = 3e-3
    rest: float = 0.05
    warmup: int = 100
    weight_decay: float = 0.05
    clip: float = 1.0
    ema: float = 0.998
    seed: int = 1


def loss_of(logits: Tensor, classes: Tensor) -> Tensor:
    """Return the mean of the negative log-likelihood over the steps that there are, nats."""
    return functional.cross_entropy(logits.transpose(1, 2), classes, ignore_index=IGNORED)


def nats_of(model: ContinuationModel, tunes: list[Tune]) -> float:
    """Return the mean nats a step over whole songs."""
    total, many = 0.0, 0
    ordered = sorted(tunes, key=lambda tune: len(tune.classes))
    for start in range(0, len(ordered), 16):
        group = ordered[start : start + 16]
        batch = batch_of([(tune, slice(0, len(tune.classes))) for tune in group])
        with torch.no_grad():
            logits, _ = model(batch.indices, batch.numbers, model.begin(len(group)))
        count = int((batch.classes != IGNORED).sum())
        total, many = total + float(loss_of(logits, batch.classes)) * count, many + count
    return total / many


class ContinuationTrainer(Trainer[ContinuationModel, Config, Recipe]):
    """What the continuation network is shown, and its loss."""

    def __init__(self, config: Config, recipe: Recipe) -> None:
        """Begin anew."""
        super().__init__(ContinuationModel, config, recipe)

    def learn(self, batch: Batch) -> float:
        """Take one step; return the loss."""
        # bfloat16 halves the time of a step on a CPU that has it; the loss stays in float32.
        with torch.autocast("cpu", torch.bfloat16):
            logits, _ = self.model(batch.indices, batch.numbers, self.model.begin(len(batch.classes)))
        loss = loss_of(logits.float(), batch.classes)
        self.descend(loss)
        return float(loss.detach())


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds symbolic/")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--every", type=int, default=200, help="steps between looks at `valid` and checkpoints")
    parser.add_argument("--width", type=int, default=Config().width)
    parser.add_argument("--layers", type=int, default=Config().layers)
    parser.add_argument("--dropout", type=float, default=Config().dropout)
    given = parser.parse_args()
    torch.set_num_threads(1)
    config = Config(width=given.width, layers=given.layers, dropout=given.dropout)
    trainer = ContinuationTrainer(config, Recipe(steps=given.steps, seed=given.seed))
    given.out.mkdir(parents=True, exist_ok=True)
    last = given.out / "last.pt"
    if last.exists():
        trainer.resume(torch.load(last, map_location="cpu"))
    symbolic = given.shared / "symbolic"
    train = {name: list(read_tunes(symbolic, name, "train")) for name in SHARES}
    valid = {name: list(read_tunes(symbolic, name, "valid")) for name in CHECKED}
    sources = hash_of(symbolic, list(train))
    stock = Stock(train, Mixture(), np.random.default_rng([given.seed, trainer.step]))
    print(f"{parameter_count(trainer.model):,} parameters; " + ", ".join(f"{k} {len(v)}" for k, v in train.items()))
    begun, losses = time.monotonic(), list[float]()
    while trainer.step < given.steps:
        losses.append(trainer.learn(stock.draw()))
        if trainer.step % given.every == 0 or trainer.step == given.steps:
            save(trainer.checkpoint(sources), last)
            said = f"{trainer.step} {time.monotonic() - begun:.0f} s; loss {np.mean(losses):.3f}"
            for name, tunes in valid.items():
                said += f"; {name} {nats_of(trainer.mean, tunes):.4f}"
            print(said, flush=True)
            losses.clear()


if __name__ == "__main__":
    main()
