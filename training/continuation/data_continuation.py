"""Melodies in sixteenths for the continuation network, as `vocalmidi.arrange.continuation_input` sees them.

In: the symbolic sets beside the project. Out: `Tune`s of one split, without what `exclude.json` lists, and `Batch`es of
stretches of about one length. A tune is a whole song from the bar of its first note to the end of the bar of its last
note, all rests in between included; where the metre changes it ends. Nothing is transposed: what the network sees
doesn't tell the key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.context.scores import VALIDATION_ONLY, records
from vocalmidi.arrange.continuation_input import INDICES, NUMBERS, Beat, Reader, class_of, steps_of

SHARES = {
    "pop909": 0.45,
    "essen": 0.33,
    "ryans_mammoth": 0.06,
    "openewld": 0.08,
    "openscore_lieder": 0.05,
    "bach_chorales": 0.03,
}
"""Of the stretches drawn; by what is nearest to what is sung, not by size."""
STEPS_PER_QN = 4
FEWEST = 8
"""Notes of a tune."""
IGNORED = -100
"""The class of padding, as torch's cross entropy has it."""


@dataclass(frozen=True, slots=True, eq=False)
class Tune:
    """One melody in steps.

    name, source: the record and its set; beat: its metre.
    steps: (n,) as `continuation_input` has them.
    classes: (n,) of each step. indices: (n, INDICES), numbers: (n, NUMBERS): what is seen before each.
    """

    name: str
    source: str
    beat: Beat
    steps: list[int]
    classes: npt.NDArray[np.uint8]
    indices: npt.NDArray[np.uint8]
    numbers: npt.NDArray[np.float16]


def read_tunes(symbolic: Path, name: str, split: str) -> Iterator[Tune]:
    """Yield the tunes of one set and split, `train` or `valid`, in the order of the set."""
    if name in VALIDATION_ONLY and split == "train":
        raise ValueError(f"{name} may not be trained on: its licence is GPL-3.0")
    for record in records(symbolic, name):
        if record["split"] == split:
            found = steps_of_record(record)
            if found is not None:
                yield tune_of(record["id"], name, *found)


def steps_of_record(record: dict[str, Any]) -> tuple[Beat, list[int]] | None:
    """Return metre and steps of a record, None where it has no melody to speak of or bars of broken sixteenths."""
    numerator, unit = record["meter"]
    bar_qn = 4.0 * numerator / unit
    notes = np.array([row[:3] for row in record["tracks"].get("melody") or []], np.float64).reshape(-1, 3)
    notes = notes[np.argsort(notes[:, 0], kind="stable")]
    changes = [float(at) for at, _ in record.get("meter_changes") or [] if at > 0]
    notes = notes[notes[:, 0] < min(changes, default=np.inf)]
    if len(notes) < FEWEST or bar_qn * STEPS_PER_QN % 1:
        return None
    notes[:, 0] -= bar_qn * np.floor(notes[0, 0] / bar_qn + 1e-6)
    bars = int(np.ceil((notes[:, 0] + notes[:, 1]).max() / bar_qn - 1e-6))
    beat = Beat(round(bar_qn * STEPS_PER_QN), unit >= 8 and numerator % 3 == 0)
    rows = [(float(at), float(long), int(pitch)) for at, long, pitch in notes]
    return beat, steps_of(rows, STEPS_PER_QN, bars * beat.bar_steps)


def tune_of(name: str, source: str, beat: Beat, steps: list[int]) -> Tune:
    """Return a melody with what is seen before each of its steps."""
    reader, many = Reader(beat), len(steps)
    classes = np.zeros(many, np.uint8)
    indices, numbers = np.zeros((many, INDICES), np.uint8), np.zeros((many, NUMBERS), np.float16)
    for now, step in enumerate(steps):
        indices[now], numbers[now] = reader.indices(), reader.numbers()
        classes[now] = class_of(step, reader.reference)
        reader.push(step)
    return Tune(name, source, beat, steps, classes, indices, numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Stretches of tunes side by side: indices (tunes, steps, INDICES), numbers, classes with IGNORED at their ends."""

    indices: Tensor
    numbers: Tensor
    classes: Tensor


@dataclass(frozen=True, slots=True)
class Mixture:
    """How stretches are drawn: steps of a batch, of the longest stretch; how often a stretch is a tune's beginning."""

    steps: int = 16_384
    longest: int = 384
    first: float = 0.4


class Stock:
    """The tunes that stretches are drawn from; those of about one length go together, so that little is padding."""

    def __init__(self, tunes: dict[str, list[Tune]], mixture: Mixture, chance: np.random.Generator) -> None:
        self.tunes, self.mixture, self.chance = tunes, mixture, chance
        self.names = [name for name in SHARES if tunes.get(name)]
        # Shares are of steps; a set of short tunes is drawn the more often for it.
        long = [np.mean([min(len(tune.classes), mixture.longest) for tune in tunes[name]]) for name in self.names]
        share = np.array([SHARES[name] for name in self.names]) / long
        self.share = share / share.sum()
        self.ready = list[Batch]()

    def draw(self) -> Batch:
        """Return the next batch."""
        if not self.ready:
            stretches = sorted((self._stretch() for _ in range(1_200)), key=lambda one: one[1].stop - one[1].start)
            group = list[tuple[Tune, slice]]()
            for one in stretches:
                group.append(one)
                if len(group) * (one[1].stop - one[1].start) >= self.mixture.steps:
                    self.ready.append(batch_of(group))
                    group = []
            self.chance.shuffle(self.ready)  # type: ignore[arg-type] # a list may be shuffled
        return self.ready.pop()

    def _stretch(self) -> tuple[Tune, slice]:
        of = self.tunes[str(self.chance.choice(self.names, p=self.share))]
        tune = of[int(self.chance.integers(len(of)))]
        over = len(tune.classes) - self.mixture.longest
        first = 0
        if over > 0 and self.chance.random() >= self.mixture.first:
            first = tune.beat.bar_steps * int(self.chance.integers(over // tune.beat.bar_steps + 1))
        return tune, slice(first, min(first + self.mixture.longest, len(tune.classes)))


def batch_of(stretches: list[tuple[Tune, slice]]) -> Batch:
    """Return stretches side by side, the shorter ones filled up."""
    longest = max(part.stop - part.start for _, part in stretches)
    indices = np.zeros((len(stretches), longest, INDICES), np.int64)
    numbers = np.zeros((len(stretches), longest, NUMBERS), np.float32)
    classes = np.full((len(stretches), longest), IGNORED, np.int64)
    for row, (tune, part) in enumerate(stretches):
        many = part.stop - part.start
        indices[row, :many], numbers[row, :many] = tune.indices[part], tune.numbers[part]
        classes[row, :many] = tune.classes[part]
    return Batch(torch.from_numpy(indices), torch.from_numpy(numbers), torch.from_numpy(classes))
