"""The values that pass from one room to the next: frozen, checked when made, read-only.

Longer than the other files on purpose: every door of the program can be read in one place.

Sound: `AudioBlock` → `Frames` → `Events` (`NoteEvent`, `HitEvent`), in samples of the source.
Music: `TempoMap` and `Events` → `Phrase` → `Arrangement`, in quarter notes.
Nothing here computes more than its own consistency; conversions live in `units`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from vocalmidi.units import Cents, QuarterNotes, SampleIndex, Seconds, qn_to_seconds, seconds_to_qn

Floats = npt.NDArray[np.float32]


def _freeze(array: npt.ArrayLike, *, ndim: int, name: str) -> Floats:
    """Return a read-only float32 array of `ndim` axes; raise ValueError when it is not finite or has other axes."""
    frozen = np.array(array, dtype=np.float32)
    if frozen.ndim != ndim:
        raise ValueError(f"{name} has {frozen.ndim} axes, {ndim} are needed")
    if not np.isfinite(frozen).all():
        raise ValueError(f"{name} holds NaN or infinity")
    frozen.setflags(write=False)
    return frozen


class HitLabel(StrEnum):
    """The percussive mouth sounds told apart; the values are those of the JSON output."""

    KICK = "kick"
    SNARE = "snare"
    HIHAT_CLOSED = "hihat_closed"
    HIHAT_OPEN = "hihat_open"
    OTHER = "other"


HIT_LABELS = tuple(HitLabel)
"""Column order of `Frames.hit`."""


class PartName(StrEnum):
    """The four parts of an arrangement; `.title()` is the track name in every file and in Reaper."""

    MELODY = "melody"
    CHORDS = "chords"
    BASS = "bass"
    DRUMS = "drums"


PART_NAMES = tuple(PartName)
"""Track order from top to bottom."""


@dataclass(frozen=True, slots=True, eq=False)
class AudioBlock:
    """Consecutive mono samples of one source.

    start: index of the first sample since the source began.
    sample_rate_hz: rate of the source, Hz.
    samples: (n,) float32, full scale ±1.
    adc_time_s: the device clock's time of the first sample; None for a file.
    """

    start: SampleIndex
    sample_rate_hz: int
    samples: Floats
    adc_time_s: Seconds | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", _freeze(self.samples, ndim=1, name="samples"))
        if self.sample_rate_hz <= 0 or self.start < 0:
            raise ValueError(f"start {self.start} and rate {self.sample_rate_hz} Hz must not be negative")


_FRAME_ARRAYS = ("f0_hz", "voicing", "onset", "level_db", "hit")


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """What the voice model heard, one row a hop; all arrays share the first axis.

    start: sample (source rate) of the first frame's centre.
    hop_s: distance of frame centres, seconds (a hop need not be whole samples at the source's rate).
    sample_rate_hz: rate of the source, Hz.
    f0_hz: (n,) Hz, best candidate, 0.0 where there is none.
    voicing: (n,) 0–1, probability that a pitch is sung and `f0_hz` is right.
    onset: (n,) 0–1, probability that a sound begins in this frame.
    level_db: (n,) dB re full scale.
    hit: (n, len(HIT_LABELS)) 0–1, probability that a hit of that class begins in this frame.
    """

    start: SampleIndex
    hop_s: Seconds
    sample_rate_hz: int
    f0_hz: Floats
    voicing: Floats
    onset: Floats
    level_db: Floats
    hit: Floats

    def __post_init__(self) -> None:
        for name in _FRAME_ARRAYS:
            object.__setattr__(self, name, _freeze(getattr(self, name), ndim=2 if name == "hit" else 1, name=name))
        shapes = {len(getattr(self, name)) for name in _FRAME_ARRAYS}
        if len(shapes) != 1 or self.hit.shape[1] != len(HIT_LABELS):
            raise ValueError(f"frame arrays differ in length {sorted(shapes)} or hit has shape {self.hit.shape}")
        if self.hop_s <= 0 or self.sample_rate_hz <= 0:
            raise ValueError(f"hop {self.hop_s} s and rate {self.sample_rate_hz} Hz must be above zero")

    def __len__(self) -> int:
        return len(self.f0_hz)

    def sample_at(self, frame: float) -> SampleIndex:
        """Return the sample at the centre of `frame`, which may lie between two frames."""
        return SampleIndex(round(self.start + frame * self.hop_s * self.sample_rate_hz))

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
        arrays = {
            n: np.concatenate([getattr(p, n) for p in pieces]) for n in ("f0_hz", "voicing", "onset", "level_db", "hit")
        }
        return cls(first.start, first.hop_s, first.sample_rate_hz, **arrays)

    def same_as(self, other: "Frames") -> bool:
        """Return whether both hold the same frames, exactly."""
        return all(np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self))


@dataclass(frozen=True, slots=True)
class BendPoint:
    """One point of a note's pitch curve: at a sample, so many cents above the note's `pitch_midi`."""

    at: SampleIndex
    bend_cents: Cents


@dataclass(frozen=True, slots=True)
class NoteEvent:
    """A sung note.

    onset, offset: first sample and the sample after the last.
    pitch_midi: the pitch meant, a float MIDI number.
    velocity: 1–127, from the level.
    confidence: 0–1, probability that a listener would call this a note of this pitch.
    bend: the curve around `pitch_midi`, in order of time.
    """

    onset: SampleIndex
    offset: SampleIndex
    pitch_midi: float
    velocity: int
    confidence: float
    bend: tuple[BendPoint, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.onset < self.offset:
            raise ValueError(f"a note can't run from sample {self.onset} to {self.offset}")
        if not 0.0 <= self.pitch_midi <= 127.0:
            raise ValueError(f"pitch {self.pitch_midi} is outside MIDI 0–127")
        _check_loudness(self.velocity, self.confidence)


@dataclass(frozen=True, slots=True)
class HitEvent:
    """A percussive mouth sound: its first sample, class, velocity 1–127 and confidence 0–1."""

    onset: SampleIndex
    label: HitLabel
    velocity: int
    confidence: float

    def __post_init__(self) -> None:
        _check_loudness(self.velocity, self.confidence)


def _check_loudness(velocity: int, confidence: float) -> None:
    if not 1 <= velocity <= 127:
        raise ValueError(f"velocity {velocity} is outside 1–127")
    if not 0.0 <= confidence <= 1.0:
        raise ValueError(f"confidence {confidence} is outside 0–1")


@dataclass(frozen=True, slots=True)
class Events:
    """All that was sung and beatboxed in the span [start, stop) of one source, each in order of onset."""

    start: SampleIndex
    stop: SampleIndex
    sample_rate_hz: int
    notes: tuple[NoteEvent, ...]
    hits: tuple[HitEvent, ...]

    def __post_init__(self) -> None:
        for name in ("notes", "hits"):
            onsets = [event.onset for event in getattr(self, name)]
            if onsets != sorted(onsets):
                raise ValueError(f"{name} are not in order of onset")


@dataclass(frozen=True, slots=True)
class NoteOn:
    """The live decoder's word that a note has begun; `decided` is the last sample it needed to know."""

    note_id: int
    onset: SampleIndex
    pitch_midi: float
    velocity: int
    confidence: float
    decided: SampleIndex


@dataclass(frozen=True, slots=True)
class NoteOff:
    """The live decoder's word that the note with this id has ended."""

    note_id: int
    offset: SampleIndex
    decided: SampleIndex


@dataclass(frozen=True, slots=True)
class LiveHit:
    """The live decoder's word that a hit has begun; `decided` is the last sample it needed to know."""

    hit: HitEvent
    decided: SampleIndex


LiveEvent = NoteOn | NoteOff | LiveHit


@dataclass(frozen=True, slots=True)
class TempoPoint:
    """From `time_s` on, which is musical position `qn`, the tempo is `tempo_qpm`."""

    time_s: Seconds
    qn: QuarterNotes
    tempo_qpm: float


@dataclass(frozen=True, slots=True)
class TempoMap:
    """Seconds to quarter notes through tempo changes; before the first point its tempo holds backwards."""

    points: tuple[TempoPoint, ...]

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("a tempo map needs at least one point")
        for point, following in zip(self.points, self.points[1:], strict=False):
            if following.time_s <= point.time_s or following.qn <= point.qn:
                raise ValueError(f"tempo point at {following.time_s} s does not follow the one at {point.time_s} s")
        if any(point.tempo_qpm <= 0 for point in self.points):
            raise ValueError("a tempo must be above zero")

    @classmethod
    def constant(cls, tempo_qpm: float, origin_s: float = 0.0) -> Self:
        """Return the map of one tempo whose quarter note 0 is at `origin_s`."""
        return cls((TempoPoint(Seconds(origin_s), QuarterNotes(0.0), tempo_qpm),))

    def qn_at(self, time_s: float) -> QuarterNotes:
        """Return the musical position of a time."""
        point = self.points[max(0, bisect_right(self.points, time_s, key=lambda p: p.time_s) - 1)]
        return QuarterNotes(point.qn + seconds_to_qn(time_s - point.time_s, point.tempo_qpm))

    def time_at(self, qn: float) -> Seconds:
        """Return the time of a musical position."""
        point = self.points[max(0, bisect_right(self.points, qn, key=lambda p: p.qn) - 1)]
        return Seconds(point.time_s + qn_to_seconds(qn - point.qn, point.tempo_qpm))


@dataclass(frozen=True, slots=True)
class Meter:
    """Time signature: `beats` a bar, each a 1/`unit` note."""

    beats: int = 4
    unit: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.beats <= 32 or self.unit not in (1, 2, 4, 8, 16, 32):
            raise ValueError(f"{self.beats}/{self.unit} is not a time signature")

    @property
    def bar_qn(self) -> QuarterNotes:
        """Length of one bar."""
        return QuarterNotes(self.beats * 4 / self.unit)


@dataclass(frozen=True, slots=True)
class Key:
    """A key: pitch class of the tonic 0–11 (C = 0), mode, and the probability 0–1 that it is the right one."""

    tonic: int
    mode: Literal["major", "minor"]
    probability: float

    def __post_init__(self) -> None:
        if not 0 <= self.tonic <= 11 or not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"tonic {self.tonic} must be 0–11 and probability {self.probability} 0–1")


@dataclass(frozen=True, slots=True)
class BendPointQn:
    """One point of a pitch curve in musical time: quarter notes after the note's start, cents above its key."""

    after_qn: QuarterNotes
    bend_cents: Cents


@dataclass(frozen=True, slots=True)
class PhraseNote:
    """A sung note in musical time: where the grid puts it and where it was really sung.

    start_qn, length_qn: on the grid, from the phrase's first bar line.
    played_start_qn, played_length_qn: as sung, on the same axis.
    pitch_midi: the key meant, 0–127.
    """

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    played_start_qn: QuarterNotes
    played_length_qn: QuarterNotes
    pitch_midi: int
    velocity: int
    confidence: float
    bend: tuple[BendPointQn, ...] = ()


@dataclass(frozen=True, slots=True)
class PhraseHit:
    """A beatbox hit in musical time, on the grid and as played."""

    start_qn: QuarterNotes
    played_start_qn: QuarterNotes
    label: HitLabel
    velocity: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was sung, as music.

    notes, hits: in order of start; never two notes at once.
    key, meter: as found or as given.
    tempo_map: seconds of the source to quarter notes of the phrase; QN 0 is the first bar line.
    length_qn: whole bars that hold everything.
    """

    notes: tuple[PhraseNote, ...]
    hits: tuple[PhraseHit, ...]
    key: Key
    meter: Meter
    tempo_map: TempoMap
    length_qn: QuarterNotes


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord sounding from start_qn for length_qn.

    root, bass: pitch classes 0–11 (C = 0) of the root and of the lowest note.
    quality: `maj`, `min`, `dim`, `maj7`, `min7`, `7` and so on; the arranger holds the list.
    """

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    root: int
    quality: str
    bass: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a part, ready to be written: quarter notes from the arrangement's start, MIDI key and velocity."""

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    pitch_midi: int
    velocity: int
    bend: tuple[BendPointQn, ...] = ()

    def __post_init__(self) -> None:
        if self.start_qn < 0 or self.length_qn <= 0:
            raise ValueError(f"a note can't start at {self.start_qn} QN and last {self.length_qn} QN")
        if not 0 <= self.pitch_midi <= 127 or not 1 <= self.velocity <= 127:
            raise ValueError(f"pitch {self.pitch_midi} must be 0–127 and velocity {self.velocity} 1–127")


@dataclass(frozen=True, slots=True)
class Part:
    """One track: its name, MIDI channel 0–15, General MIDI program 0–127, and notes in order of start then pitch."""

    name: PartName
    channel: int
    program: int
    notes: tuple[Note, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.channel <= 15 or not 0 <= self.program <= 127:
            raise ValueError(f"channel {self.channel} must be 0–15 and program {self.program} 0–127")
        order = [(note.start_qn, note.pitch_midi) for note in self.notes]
        if order != sorted(order):
            raise ValueError(f"notes of {self.name} are not in order of start and pitch")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A phrase with everything around it, ready for a file or for Reaper.

    parts: the four parts in the order of `PART_NAMES`; a part that was not asked for is absent.
    chords: the harmony the parts follow, in order, without gaps where there is music.
    """

    genre: str
    seed: int
    tempo_qpm: float
    meter: Meter
    key: Key
    length_qn: QuarterNotes
    chords: tuple[Chord, ...]
    parts: tuple[Part, ...]
