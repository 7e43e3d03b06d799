"""What several drum networks say of examples, for one network to learn beside what was played.

In: checkpoints, a stock of examples. Out: batches with the mean of what all say, each asked with the tempo and without:
that mean is right more often than any one of them, and one network that learns it costs a reading instead of many
(distillation, Hinton et al. 2015). Asked once for a pool of batches, which then come again in random order.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.drums.data_drums import Batch, Stock
from training.drums.model_drums import TEMPO, TEMPO_KNOWN, Config, DrumModel


def averaged(path: Path) -> DrumModel:
    """Return a checkpoint's averaged network."""
    held = torch.load(path, map_location="cpu")
    model = DrumModel(Config(**held["config"]))
    model.load_state_dict(held["mean"])
    return model.eval()


def mean_word(teachers: list[DrumModel], batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return the mean of logits, velocities and shifts, (loops, 32, 9) each."""
    untimed = batch.steps.clone()
    untimed[..., TEMPO : TEMPO_KNOWN + 1] = 0.0
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        words = [teacher(steps, batch.style, batch.kind) for teacher in teachers for steps in (batch.steps, untimed)]
    logits, velocity, shift = (torch.stack(parts).mean(dim=0) for parts in zip(*words, strict=True))
    return logits, velocity, shift


class Taught:
    """A pool of batches with what the teachers say, in place of a stock."""

    def __init__(self, stock: Stock, teachers: list[DrumModel], batches: int, loops: int) -> None:
        """Draw the pool and ask the teachers."""
        drawn = (stock.draw(loops) for _ in range(batches))
        self._pool = [replace(batch, taught=mean_word(teachers, batch)) for batch in drawn]
        self._rng = np.random.default_rng(batches)

    def draw(self, many: int) -> Batch:
        """Return a batch of the pool."""
        batch = self._pool[self._rng.integers(len(self._pool))]
        if len(batch.steps) != many:
            raise ValueError(f"many is {many}, the pool's batches have {len(batch.steps)}")
        return batch
