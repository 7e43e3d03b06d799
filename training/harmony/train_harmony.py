"""Train the harmony network: `python -m training.harmony.train_harmony --out DIR --shared SHARED/data [--live]`.

In: the symbolic sets. Out: `DIR/last.pt`, from which the same command goes on, with the running mean of the weights
that `export_onnx` takes, all numbers of the recipe, the commit and the hash of the sets. `valid` is printed every few
hundred steps: nats, top-1 and top-3 of half bars of songs that are never trained on, asked in their own key only.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.harmony.data_harmony import IGNORED, SHARES, Batch, HarmonySong, Mixture, Stock, batch_of, read_songs
from training.harmony.model_harmony import Config, HarmonyModel, parameter_count
from training.trainer import Schedule, Trainer, hash_of, save
from vocalmidi.arrange.chord_input import ROWS, without_present

CHECKED = ("pop909", "openewld")


@dataclass(frozen=True, slots=True)
class Recipe(Schedule):
    """Every number of the training, as `Schedule` tells them."""

    steps: int = 2_000
    rate: float = 1.5e-3
    rest: float = 0.05
    warmup: int = 200
    weight_decay: float = 0.1
    clip: float = 1.0
    ema: float = 0.995
    seed: int = 1


def loss_of(logits: Tensor, batch: Batch) -> Tensor:
    """Return the mean of the negative log-likelihood over the frames that there are, nats."""
    return functional.cross_entropy(logits.transpose(1, 2), batch.classes, ignore_index=IGNORED)


def figures(model: HarmonyModel, songs: list[HarmonySong]) -> dict[str, float]:
    """Return nats, top-1 and top-3 over the frames of whole songs; the key is told to the live variant alone."""
    nats, first, third = list[Tensor](), list[Tensor](), list[Tensor]()
    for song in songs:
        features = song.features.copy()
        if model.config.live:
            features = without_present(features)
        else:
            features[:, (ROWS - 2) * 12 : ROWS * 12] = 0.0
        batch = batch_of([(features, song.classes)])
        with torch.no_grad():
            logits = model(batch.features)
        nats.append(functional.cross_entropy(logits[0], batch.classes[0], reduction="none"))
        best = logits[0].topk(3, dim=-1).indices == batch.classes[0][:, None]
        first.append(best[:, 0].float())
        third.append(best.any(dim=-1).float())
    return {name: float(torch.cat(rows).mean()) for name, rows in (("nats", nats), ("top1", first), ("top3", third))}


class HarmonyTrainer(Trainer[HarmonyModel, Config, Recipe]):
    """What the harmony network is shown, and its loss."""

    def __init__(self, config: Config, recipe: Recipe) -> None:
        """Begin anew."""
        super().__init__(HarmonyModel, config, recipe)

    def learn(self, batch: Batch) -> float:
        """Take one step; return the loss."""
        # bfloat16 halves the time of a step on a CPU that has it; the loss stays in float32.
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.model(batch.features, batch.hidden)
        loss = loss_of(logits.float(), batch)
        self.descend(loss)
        return float(loss.detach())


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds symbolic/")
    parser.add_argument("--live", action="store_true", help="the variant without look-ahead, its key always told")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--every", type=int, default=200, help="steps between looks at `valid` and checkpoints")
    given = parser.parse_args()
    torch.set_num_threads(1)
    trainer = HarmonyTrainer(Config(live=given.live), Recipe(steps=given.steps, seed=given.seed))
    given.out.mkdir(parents=True, exist_ok=True)
    last = given.out / "last.pt"
    if last.exists():
        trainer.resume(torch.load(last, map_location="cpu"))
    symbolic = given.shared / "symbolic"
    train = {name: list(read_songs(symbolic, name, "train")) for name in SHARES}
    valid = {name: list(read_songs(symbolic, name, "valid")) for name in CHECKED}
    sources = hash_of(symbolic, list(train))
    mixture = Mixture(key=1.0, live=True) if given.live else Mixture()
    stock = Stock(train, mixture, np.random.default_rng([given.seed, trainer.step]))
    print(f"{parameter_count(trainer.model):,} parameters; " + ", ".join(f"{k} {len(v)}" for k, v in train.items()))
    begun, losses = time.monotonic(), list[float]()
    while trainer.step < given.steps:
        losses.append(trainer.learn(stock.draw()))
        if trainer.step % given.every == 0 or trainer.step == given.steps:
            save(trainer.checkpoint(sources), last)
            said = f"{trainer.step} {time.monotonic() - begun:.0f} s; loss {np.mean(losses):.3f}"
            for name, songs in valid.items():
                told = " ".join(f"{key} {value:.3f}" for key, value in figures(trainer.mean, songs).items())
                said += f"; {name} {told}"
            print(said, flush=True)
            losses.clear()


if __name__ == "__main__":
    main()
