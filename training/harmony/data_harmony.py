"""Melodies with the chords of every half bar, and batches of them for the harmony network.

In: the symbolic sets beside the project. Out: `HarmonySong`s of one split, without what `exclude.json` lists, and
`Batch`es: a stretch of a song in another key each time, its key and style told in a part of them. A chord's class is
its triad: minor where its third is minor (also diminished), major where it is major or left out (also augmented and
suspended); a half bar takes the chord that fills most of it and is without chord where none fills half of it.
The Lieder have no chord labels: theirs are read off the piano by templates, which is noisy and therefore drawn rarely.
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
from vocalmidi.arrange.chord_input import (
    CLASSES,
    MINOR,
    NONE,
    PLAIN,
    ROWS,
    STYLES,
    Tune,
    features_of,
    held,
    turned,
    turned_classes,
    without_present,
)

Array = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.intp]
SHARES = {"pop909": 0.45, "openewld": 0.30, "openscore_lieder": 0.15, "bach_chorales": 0.10}
"""Of the stretches drawn; by what must be known best, not by size."""
STYLE_OF = {"pop909": "pop", "openewld": "lead sheet", "openscore_lieder": "classical", "bach_chorales": "classical"}
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
MINOR_THIRD = ("min", "dim", "hdim")
TRIADS = np.array([[1.0 if (p - r) % 12 in (0, t, 7) else 0.0 for p in range(12)] for t in (4, 3) for r in range(12)])
"""(24, 12) which pitch classes each triad holds."""
ROOT_IN_BASS = 0.35
"""Added to a template's fit where the lowest note is its root; between a fifth and a third held throughout."""
FEWEST = 8
"""Frames of a song."""
IGNORED = -100
"""The class of padding, as torch's cross entropy has it."""


@dataclass(frozen=True, slots=True, eq=False)
class HarmonySong:
    """One song in half bars from the bar of its first note to the end of its last.

    name, source: the record and its set.
    features: (frames, FEATURES) with key, without style.
    classes: (frames,) the chord of each, as written.
    tune: the melody itself, from that bar, with its key.
    """

    name: str
    source: str
    tune: Tune
    features: Array
    classes: Classes


def read_songs(symbolic: Path, name: str, split: str) -> Iterator[HarmonySong]:
    """Yield the songs of one set and split, `train` or `valid`, in the order of the set."""
    if name in VALIDATION_ONLY and split == "train":
        raise ValueError(f"{name} may not be trained on: its licence is GPL-3.0")
    for record in records(symbolic, name):
        if record["split"] == split:
            song = song_of(record, name)
            if song is not None:
                yield song


def song_of(record: dict[str, Any], source: str) -> HarmonySong | None:
    """Return a record in half bars, None where it has no melody or no harmony to speak of."""
    numerator, unit = record["meter"]
    bar_qn = 4.0 * numerator / unit
    notes = np.array([row[:3] for row in record["tracks"].get("melody") or []], np.float64).reshape(-1, 3)
    changes = [float(at) for at, _ in record.get("meter_changes") or [] if at > 0]
    notes = notes[notes[:, 0] < min(changes, default=np.inf)]
    if not len(notes):
        return None
    line_qn = bar_qn * np.floor(notes[:, 0].min() / bar_qn + 1e-6)
    end_qn = float((notes[:, 0] + notes[:, 1]).max())
    frames = int(np.ceil((end_qn - line_qn) / (bar_qn / 2.0) - 1e-6))
    classes = written(record, line_qn, bar_qn / 2.0, frames) if record["chords"] else None
    if classes is None and "piano_rh" in record["tracks"]:
        classes = heard(record, line_qn, bar_qn / 2.0, frames)
    if classes is None or frames < FEWEST or (classes == NONE).mean() > 0.5:
        return None
    tonic, minor = key_of(record["key"])
    compound = unit == 8 and numerator % 3 == 0
    tune = Tune(notes - [line_qn, 0.0, 0.0], bar_qn, frames, numerator == 3, compound, tonic, minor)
    return HarmonySong(record["id"], source, tune, features_of(tune), classes)


def pitch_class(name: str) -> int:
    """Return 0–11 of a letter with its accidentals."""
    return (LETTERS[name[0]] + name.count("#") - name[1:].count("b")) % 12


def key_of(label: str | None) -> tuple[int | None, bool]:
    """Return tonic and whether the mode is minor of `Eb:min`."""
    if not label:
        return None, False
    tonic, _, mode = label.partition(":")
    return pitch_class(tonic), mode.startswith("min")


def class_of(label: str) -> int:
    """Return the class of a chord's label, `A:min7/b3`."""
    if label == "N":
        return NONE
    root, _, quality = label.partition(":")
    return pitch_class(root) + (MINOR if quality.startswith(MINOR_THIRD) else 0)


def written(record: dict[str, Any], line_qn: float, frame_qn: float, frames: int) -> Classes:
    """Return the class of the chord that fills most of each frame."""
    filled = np.zeros((frames, CLASSES))
    edges = line_qn + frame_qn * np.arange(frames)
    for onset, length, label in record["chords"]:
        share = np.minimum(onset + length, edges + frame_qn) - np.maximum(onset, edges)
        filled[:, class_of(label)] += np.maximum(share, 0.0)
    silent = filled[:, :NONE].sum(axis=1) < frame_qn / 2.0
    filled[silent, NONE] = frame_qn
    return filled.argmax(axis=1)


def heard(record: dict[str, Any], line_qn: float, frame_qn: float, frames: int) -> Classes:
    """Return the class of the triad that the piano and the voice sound most like in each frame."""
    names = ("melody", "piano_rh", "piano_lh")
    rows = [row[:3] for name in names for row in record["tracks"].get(name) or []]
    notes = np.array(rows, np.float64).reshape(-1, 3) - [line_qn, 0.0, 0.0]
    weights = held(notes, frame_qn, frames)
    bass = np.array([row[:3] for row in record["tracks"].get("bass_derived") or []], np.float64).reshape(-1, 3)
    lowest = held(bass - [line_qn, 0.0, 0.0], frame_qn, frames)
    fit = weights @ (TRIADS - 0.5 * (1.0 - TRIADS)).T + ROOT_IN_BASS * np.concatenate([lowest, lowest], axis=1)
    return np.where(weights.sum(axis=1) > 0.05, fit.argmax(axis=1), NONE)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Stretches of songs of one length.

    features: (songs, frames, FEATURES).
    hidden: (songs, 1, 1, frames) −inf behind a song's end.
    classes: (songs, frames), IGNORED there.
    """

    features: Tensor
    hidden: Tensor
    classes: Tensor


@dataclass(frozen=True, slots=True)
class Mixture:
    """How stretches are drawn.

    lengths: of a stretch in frames, one for a batch; frames: of a batch; key, style: how often each is told.
    live: the melody of a frame is known only when it is over.
    """

    lengths: tuple[int, ...] = (16, 32, 64, 128, 192)
    frames: int = 2048
    key: float = 0.5
    style: float = 0.5
    live: bool = False


class Stock:
    """The songs that stretches are drawn from."""

    def __init__(self, songs: dict[str, list[HarmonySong]], mixture: Mixture, chance: np.random.Generator) -> None:
        self.songs, self.mixture, self.chance = songs, mixture, chance
        self.names = [name for name in SHARES if songs.get(name)]
        shares = np.array([SHARES[name] for name in self.names])
        self.shares = shares / shares.sum()

    def draw(self) -> Batch:
        """Return one batch."""
        length = int(self.chance.choice(self.mixture.lengths))
        many = max(1, self.mixture.frames // length)
        return batch_of([self._stretch(length) for _ in range(many)])

    def _stretch(self, length: int) -> tuple[Array, Classes]:
        """Return some bars of a song in some key."""
        of = self.songs[str(self.chance.choice(self.names, p=self.shares))]
        song = of[int(self.chance.integers(len(of)))]
        first = 2 * int(self.chance.integers(0, max(1, (len(song.classes) - length) // 2 + 1)))
        features, classes = song.features[first : first + length].copy(), song.classes[first : first + length]
        if self.chance.random() >= self.mixture.key:
            features[:, (ROWS - 2) * 12 : ROWS * 12] = 0.0
        if self.chance.random() < self.mixture.style:
            features[:, ROWS * 12 + PLAIN + STYLES.index(STYLE_OF[song.source])] = 1.0
        if self.mixture.live:
            features = without_present(features)
        semitones = int(self.chance.integers(12))
        return turned(features, semitones), turned_classes(semitones)[classes]


def batch_of(stretches: list[tuple[Array, Classes]]) -> Batch:
    """Return stretches side by side, the shorter ones filled up."""
    most = max(len(classes) for _, classes in stretches)
    features = np.zeros((len(stretches), most, stretches[0][0].shape[1]), np.float32)
    hidden = np.full((len(stretches), 1, 1, most), -np.inf, np.float32)
    true = np.full((len(stretches), most), IGNORED, np.int64)
    for row, (seen, classes) in enumerate(stretches):
        features[row, : len(classes)], true[row, : len(classes)] = seen, classes
        hidden[row, ..., : len(classes)] = 0.0
    return Batch(torch.from_numpy(features), torch.from_numpy(hidden), torch.from_numpy(true))
