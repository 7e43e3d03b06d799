"""Examples in memory, and batches of takes from them.

In: the files of `data_takes`. Out: `Batch`es: whole takes, every event at some age, its onset moved by up to 4 ms.
Patches are made here by `vocalmidi.frames.patches`, from sound, as the program makes them.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.timbre.data_takes import MARGIN, SCALE
from vocalmidi.frames.patches import AFTER, BEHIND, IMMEDIATE_ROWS, ROW, SETTLED_ROWS, joined, patch_of

MOST_TAKES = 1_000_000
MOST_MOVED = 64
"""4 ms, in samples."""
AGES = (IMMEDIATE_ROWS, SETTLED_ROWS, AFTER)
AGE_SHARES = (0.25, 0.25, 0.3)
"""The ages the program asks at; the rest of the takes has any."""
SHARES = (0.23, 0.12, 0.22, 0.06, 0.08, 0.18, 0.11)
"""Of the classes, as a beatboxer's takes and a singer's have them: there are more ways to make a snare than snares."""
ONE_AGE = 0.75
"""Of the takes are wholly of one age: a user's examples are kept at every age, and compared at the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Patches with ages, the classes that each may be, how much it counts there, its take, its number in the kit.

    member: -1 where it is none of the kit.
    """

    patch: Tensor
    age: Tensor
    classes: Tensor
    weight: Tensor
    take: Tensor
    member: Tensor


class Pool:
    """All examples of one side."""

    def __init__(self, folder: Path) -> None:
        files = sorted(folder.glob("*.npz"))
        if not files:
            raise FileNotFoundError(f"{folder}: no examples there; make them with training.timbre.data_takes")
        held = [np.load(path) for path in files]
        self.sound = np.concatenate([one["sound"] for one in held])
        self.classes = np.concatenate([one["classes"] for one in held])
        # Folders of two seeds may be put together: a take is of its file.
        self.take = np.concatenate([one["take"] + MOST_TAKES * number for number, one in enumerate(held)])
        self.member = np.concatenate([one["member"] for one in held])
        self.source = np.concatenate([one["source"] for one in held])
        self.weight = weights(self.classes)
        self._takes = [np.flatnonzero(self.take == number) for number in np.unique(self.take)]

    def fingerprint(self) -> str:
        """Return a hash of all sound and labels."""
        seen = hashlib.sha256()
        for array in (self.sound, self.classes, self.take, self.member):
            seen.update(np.ascontiguousarray(array))
        return seen.hexdigest()[:16]

    def batch(self, takes: int, rng: np.random.Generator) -> Batch:
        """Return the events of that many takes."""
        chosen = [self._takes[i] for i in rng.choice(len(self._takes), takes, replace=False)]
        rows = np.concatenate([_ages(len(events), rng) for events in chosen])
        return self.at(np.concatenate(chosen), rows, rng.integers(-MOST_MOVED, MOST_MOVED + 1, len(rows)))

    def at(self, events: np.ndarray, rows: np.ndarray, moved: np.ndarray) -> Batch:
        """Return these events when so many rows after their onsets, moved by so many samples, are known."""
        parts = []
        for event, known, shift in zip(events, rows, moved, strict=True):
            first = MARGIN + int(shift)
            heard = self.sound[event, first : first + BEHIND + int(known) * ROW]
            parts.append(patch_of(heard.astype(np.float32) / np.float32(SCALE), int(known)))
        made = joined(parts)
        return Batch(
            torch.from_numpy(made.patch),
            torch.from_numpy(made.age),
            torch.from_numpy(self.classes[events]),
            torch.from_numpy(self.weight[events]),
            torch.from_numpy(self.take[events].astype(np.int64)),
            torch.from_numpy(self.member[events].astype(np.int64)),
        )


def weights(classes: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Return (n,) weights of mean 1 that make the classes as frequent as SHARES; one of several counts in parts."""
    parts = classes / classes.sum(axis=1, keepdims=True)
    scarce = np.array(SHARES) / np.maximum(parts.sum(axis=0), 1.0)
    each = parts @ scarce
    return np.asarray(each / each.mean(), np.float32)


def _ages(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return how many rows after its onset each event of a take is known."""
    shares = (*AGE_SHARES, 1.0 - sum(AGE_SHARES))

    def one() -> int:
        kind = int(rng.choice(len(shares), p=shares))
        return AGES[kind] if kind < len(AGES) else int(rng.integers(1, AFTER + 1))

    return np.full(count, one()) if rng.random() < ONE_AGE else np.array([one() for _ in range(count)])
