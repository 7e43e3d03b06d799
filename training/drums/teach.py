"""What several drum networks say of examples, for one network to learn beside what was played.

In: checkpoints, a stock of examples. Out: batches with the mean of what all say, each asked with the tempo and without:
that mean is right more often than any one of them, and one network that learns it costs a reading instead of many
(distillation, Hinton et al. 2015). A teacher that was trained on whole taps alone is heard of these alone. Asked once
for a pool of batches, which then come again in random order.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.drums.data_drums import Batch, Stock
from training.drums.loops import STEPS
from training.drums.model_drums import (
    COMPLETE,
    FEATURES,
    LOUD,
    MANY,
    SETTLED,
    TAPPED,
    TEMPO,
    TEMPO_KNOWN,
    Config,
    DrumModel,
)


def averaged(path: Path) -> DrumModel:
    """Return a checkpoint's averaged network."""
    held = torch.load(path, map_location="cpu")
    model = DrumModel(Config(**held["config"]))
    model.load_state_dict(held["mean"])
    return model.eval()


@dataclass(frozen=True, slots=True)
class Teacher:
    """A network; narrow: whether it knows whole taps with nothing settled, and nothing else."""

    model: DrumModel
    narrow: bool


def teacher(path: Path) -> Teacher:
    """Return a checkpoint as a teacher."""
    mixture = torch.load(path, map_location="cpu").get("mixture", {})
    return Teacher(averaged(path), mixture.get("whole") == 1.0 and mixture.get("open") == 1.0)


def mean_word(
    teachers: list[Teacher], steps: Tensor, style: Tensor, kind: Tensor, softer: float = 1.0
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the mean of logits, velocities and shifts, (loops, 32, 9) each.

    softer: what the tap's loudness is multiplied by where the tempo isn't told; velocities are brought back.
    """
    timeless = torch.ones(FEATURES)
    timeless[TEMPO : TEMPO_KNOWN + 1], timeless[LOUD] = 0.0, softer
    both = (torch.cat([steps, steps * timeless]), style.repeat(2), kind.repeat(2))
    louder = 1.0 + steps[..., TAPPED, None] * (2.0 / (1.0 + softer) - 1.0)
    whole = (steps[..., COMPLETE].amin(dim=1) > 0) & (steps[..., SETTLED:].abs().amax(dim=(1, 2)) == 0)
    sums, heard = [torch.zeros_like(steps[..., :MANY]) for _ in range(3)], torch.zeros_like(steps[:, :1, :1])
    for one in teachers:
        here = whole[:, None, None].float() if one.narrow else torch.ones_like(heard)
        said = (part.view(2, -1, STEPS, MANY).mean(dim=0) for part in one.model(*both))
        sums = [part + here * word for part, word in zip(sums, said, strict=True)]
        heard = heard + here
    logits, velocity, shift = (part / heard for part in sums)
    return logits, torch.clamp(velocity * louder, 0.01, 1.0), shift


def heard_of(teachers: list[Teacher], batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return the mean word of a batch, in the half precision that is enough to learn from."""
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        return mean_word(teachers, batch.steps, batch.style, batch.kind)


class Taught:
    """A pool of batches with what the teachers say, in place of a stock."""

    def __init__(self, stock: Stock, teachers: list[Teacher], batches: int, loops: int) -> None:
        """Draw the pool and ask the teachers."""
        drawn = (stock.draw(loops) for _ in range(batches))
        self._pool = [replace(batch, taught=heard_of(teachers, batch)) for batch in drawn]
        self._rng = np.random.default_rng(batches)

    def draw(self, many: int) -> Batch:
        """Return a batch of the pool."""
        batch = self._pool[self._rng.integers(len(self._pool))]
        if len(batch.steps) != many:
            raise ValueError(f"many is {many}, the pool's batches have {len(batch.steps)}")
        return batch
