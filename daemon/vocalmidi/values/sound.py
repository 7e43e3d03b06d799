"""Sound and what the voice model hears in it: `AudioBlock` and `Frames`, counted in samples of the source."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Self

import numpy as np
import numpy.typing as npt

from vocalmidi.units import SampleIndex, Seconds
from vocalmidi.values.events import HIT_LABELS, Trigger

Floats = npt.NDArray[np.float32]

INSTRUMENTS = ("bass", "lead", "pad", "brass", "pluck")
"""What a sung sound may imitate; column order of `Strike.instrument_share`."""


def _freeze(array: npt.ArrayLike, *, ndim: int, name: str) -> Floats:
    """Return a read-only float32 array of `ndim` axes; raise ValueError when it is not finite or has other axes."""
    # What owns its numbers and can't be written to needs no copy: hours of frames are joined without one more of them.
    kept = isinstance(array, np.ndarray) and array.base is None and not array.flags.writeable
    frozen = np.asarray(array, dtype=np.float32) if kept else np.array(array, dtype=np.float32)
    if frozen.ndim != ndim:
        raise ValueError(f"{name} has {frozen.ndim} axes, {ndim} are needed")
    if not np.isfinite(frozen).all():
        raise ValueError(f"{name} holds NaN or infinity")
    frozen.setflags(write=False)
    return frozen


@dataclass(frozen=True, slots=True, eq=False)
class AudioBlock:
    """Consecutive mono samples of one source.

    start: index of the first sample since the source began.
    sample_rate_hz: rate of the source, Hz.
    samples: (n,) float32, full scale ±1.
    adc_time_s: when the device took the first sample, seconds of `perf_counter`; None for a file.
    """

    start: SampleIndex
    sample_rate_hz: int
    samples: Floats
    adc_time_s: Seconds | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", _freeze(self.samples, ndim=1, name="samples"))
        if self.sample_rate_hz <= 0 or self.start < 0:
            raise ValueError(f"start {self.start} and rate {self.sample_rate_hz} Hz must not be negative")


SPECTRUM = 140
"""Numbers of a strike's plain spectrum: 20 bands in seven spans."""
EMBEDDING = 32
"""Numbers by which the timbre encoder describes a sound."""


@dataclass(frozen=True, slots=True, eq=False)
class Strike:
    """A sound that begins, as the timbre encoder hears it after so much of it; live the same one comes several times.

    onset: its first sample.
    label_share: (len(HIT_LABELS),) 0–1, probability of each class given that it is a hit; they sum to 1.
    hit_share: 0–1, probability that it is a hit, neither consonant nor breath, click or room.
    embedding: (EMBEDDING,) of unit length; sounds alike lie together.
    instrument_share: (len(INSTRUMENTS),) 0–1, which instrument a note that begins here imitates; they sum to 1.
    spectrum: (SPECTRUM,) 0–1, what was heard plainly: bands of the 16 ms before it and of spans after its onset.
    level_db: its loudest 4 ms so far, dB re a full-scale sine.
    rise_db: how steeply it begins: the most that all bands became louder within 12 ms, so far.
    age_s: how much of it was heard.
    heard: the last sample that was needed to know this.
    trigger: which sound of the user's own it is, by his voice profile; the encoder knows none.
    likeness: nats by which its likeness to what he taught speaks for its being a hit, or its unlikeness against it.
    younger: what it was like before, the youngest first; live that was said before.
    """

    onset: SampleIndex
    label_share: Floats
    hit_share: float
    embedding: Floats
    instrument_share: Floats
    spectrum: Floats
    level_db: float
    rise_db: float
    age_s: Seconds
    heard: SampleIndex
    trigger: Trigger | None = None
    likeness: float = 0.0
    younger: tuple["Strike", ...] = ()

    def __post_init__(self) -> None:
        lengths = {"label_share": len(HIT_LABELS), "embedding": EMBEDDING, "instrument_share": len(INSTRUMENTS)}
        lengths["spectrum"] = SPECTRUM
        for name, length in lengths.items():
            array = _freeze(getattr(self, name), ndim=1, name=name)
            if len(array) != length:
                raise ValueError(f"{name} has {len(array)} numbers, {length} are needed")
            object.__setattr__(self, name, array)
        if not 0.0 <= self.hit_share <= 1.0 or self.age_s < 0 or self.heard < self.onset:
            raise ValueError(
                f"hit share {self.hit_share} must be 0–1, age {self.age_s} s not below 0, "
                f"heard {self.heard} not before the onset {self.onset}"
            )

    def same_as(self, other: "Strike") -> bool:
        """Return whether both are the same, exactly."""
        numbers = [f.name for f in fields(self) if f.name != "younger"]
        alike = all(np.array_equal(getattr(self, name), getattr(other, name)) for name in numbers)
        aged = len(self.younger) == len(other.younger)
        return alike and aged and all(map(Strike.same_as, self.younger, other.younger))


CANDIDATES = 3
"""Pitches kept of a frame's posterior: the sung one, and two that it may be mistaken for."""


VOWELS = ("a", "e", "i", "o", "u")
"""Column order of `Frames.vowel`."""


class Convention(IntEnum):
    """Where a note begins: with its pitched sound, or with its syllable, as people label recordings; the columns."""

    SOUND = 0
    SYLLABLE = 1


_COLUMNS = {
    "f0_hz": 0,
    "voicing": 0,
    "level_db": 0,
    "onset": len(Convention),
    "offset": len(Convention),
    "active": len(Convention),
    "candidate_midi": CANDIDATES,
    "candidate_share": CANDIDATES,
    "vowel": len(VOWELS),
}
"""Of each array of `Frames`; 0 is none: one axis."""
_PLACE = ("start", "hop_s", "sample_rate_hz")


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """What the voice model heard, one row a hop; all arrays share the first axis.

    start: sample (source rate) of the first frame's centre.
    hop_s: distance of frame centres, seconds (a hop need not be whole samples at the source's rate).
    sample_rate_hz: rate of the source, Hz.
    f0_hz: (n,) Hz, the likeliest pitch, 0.0 where there is none.
    voicing: (n,) 0–1, probability that a pitch is sung.
    level_db: (n,) dB re full scale.
    onset, offset, active: (n, len(Convention)) 0–1, probability that a note begins, ends, goes on in this frame.
    candidate_midi: (n, CANDIDATES) float MIDI numbers, the likeliest first.
    candidate_share: (n, CANDIDATES) 0–1, probability of each given that a pitch is sung; they sum to at most 1.
    vowel: (n, len(VOWELS)) 0–1, share of each vowel given that one is sung; they sum to 1.
    strikes: what began here, in the order in which it was known; live they come with whatever frames come next, be it
        none, since hits don't wait for frames.
    """

    start: SampleIndex
    hop_s: Seconds
    sample_rate_hz: int
    f0_hz: Floats
    voicing: Floats
    level_db: Floats
    onset: Floats
    offset: Floats
    active: Floats
    candidate_midi: Floats
    candidate_share: Floats
    vowel: Floats
    strikes: tuple[Strike, ...] = ()

    def __post_init__(self) -> None:
        for name, columns in _COLUMNS.items():
            array = _freeze(getattr(self, name), ndim=2 if columns else 1, name=name)
            if columns and array.shape[1] != columns:
                raise ValueError(f"{name} has {array.shape[1]} columns, {columns} are needed")
            object.__setattr__(self, name, array)
        lengths = {len(getattr(self, name)) for name in _COLUMNS}
        if len(lengths) != 1:
            raise ValueError(f"frame arrays differ in length {sorted(lengths)}")
        if self.hop_s <= 0 or self.sample_rate_hz <= 0:
            raise ValueError(f"hop {self.hop_s} s and rate {self.sample_rate_hz} Hz must be above zero")

    def __len__(self) -> int:
        return len(self.f0_hz)

    def sample_at(self, frame: float) -> SampleIndex:
        """Return the sample at the centre of `frame`, which may lie between two frames."""
        return SampleIndex(round(self.start + frame * self.hop_s * self.sample_rate_hz))

    def rows(self, first: int, stop: int) -> "Frames":
        """Return frames `first` to `stop` - 1, with what was struck from the first one's centre on."""
        begin, end = self.sample_at(first), self.sample_at(stop)
        arrays = {name: getattr(self, name)[first:stop] for name in _COLUMNS}
        struck = tuple(strike for strike in self.strikes if begin <= strike.onset < end)
        return replace(self, start=begin, strikes=struck, **arrays)

    @classmethod
    def joined(cls, pieces: Sequence[Self]) -> Self:
        """Return consecutive pieces of one stream as one value; raise ValueError when they do not follow each other."""
        if not pieces:
            raise ValueError("no frames to join")
        first, count = pieces[0], 0
        for piece in pieces:
            # Each piece rounds its own start to a sample, hence the tolerance of one.
            if abs(piece.start - first.sample_at(count)) > 1 or piece.hop_s != first.hop_s:
                raise ValueError(f"frames at sample {piece.start} do not continue those up to {first.sample_at(count)}")
            count += len(piece)
        arrays = {name: np.concatenate([getattr(piece, name) for piece in pieces]) for name in _COLUMNS}
        for array in arrays.values():
            array.setflags(write=False)
        strikes = tuple(strike for piece in pieces for strike in piece.strikes)
        return cls(first.start, first.hop_s, first.sample_rate_hz, **arrays, strikes=strikes)

    def same_as(self, other: "Frames") -> bool:
        """Return whether both hold the same frames, exactly."""
        alike = all(np.array_equal(getattr(self, name), getattr(other, name)) for name in (*_COLUMNS, *_PLACE))
        struck = len(self.strikes) == len(other.strikes)
        return alike and struck and all(map(Strike.same_as, self.strikes, other.strikes))
