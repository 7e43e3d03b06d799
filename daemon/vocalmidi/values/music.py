"""Music in quarter notes: the `Phrase` that was sung and the `Arrangement` made around it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from vocalmidi.units import Cents, QuarterNotes
from vocalmidi.values.events import HitLabel, Trigger
from vocalmidi.values.expression import PLAIN_EXPRESSION, Expression
from vocalmidi.values.time import Meter, TempoMap

HarmonyOrigin = Literal["network", "rules", "kept", "none"]
"""What chose the chords of an arrangement."""


class PartName(StrEnum):
    """The four parts of an arrangement; `.title()` is the track name in every file and in Reaper."""

    MELODY = "melody"
    CHORDS = "chords"
    BASS = "bass"
    DRUMS = "drums"


PART_NAMES = tuple(PartName)
"""Track order from top to bottom."""


class Origin(StrEnum):
    """Where a note comes from: a voice, a network, the rules of a genre, or a user's own hand."""

    SUNG = "sung"
    """As the singer sang or beatboxed it."""
    VARIED = "varied"
    """Derived from a sung note by a variation."""
    RULES = "rules"
    """Written by the grammar of a genre: its rows, its voice leading, its bass line."""
    DRUM_NETWORK = "drums"
    """Drawn by models/drums.onnx, or struck with a tap by models/drums_tap.onnx."""
    CONTINUATION = "continuation"
    """Drawn by models/continuation.onnx."""
    KEPT = "kept"
    """Of a part that was locked or edited, and taken over as it stood."""


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
class LevelPointQn:
    """One point of a level curve in musical time: so many dB above the middle of the take's notes."""

    after_qn: QuarterNotes
    level_db: float


@dataclass(frozen=True, slots=True)
class ControlPointQn:
    """One point of a level curve as a controller has it, 0–127: quarter notes after the note's start."""

    after_qn: QuarterNotes
    value: int


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
    level: tuple[LevelPointQn, ...] = ()


@dataclass(frozen=True, slots=True)
class PhraseHit:
    """A beatbox hit in musical time, on the grid and as played; `trigger` where the sound is one of the user's own."""

    start_qn: QuarterNotes
    played_start_qn: QuarterNotes
    label: HitLabel
    velocity: int
    confidence: float
    trigger: Trigger | None = None


@dataclass(frozen=True, slots=True)
class TempoAlternative:
    """A tempo in quarter notes a minute and a metre that a take may be in, and how likely that is, 0–1."""

    tempo_qpm: float
    meter: Meter
    probability: float


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was sung, as music.

    notes, hits: in order of start; never two notes at once.
    key, meter: as found or as given.
    tempo_map: seconds of the source to quarter notes of the phrase; QN 0 is the first bar line.
    length_qn: whole bars that hold everything.
    tempo_alternatives: what tempo and metre may be, likeliest first; () where the tempo was given.
    """

    notes: tuple[PhraseNote, ...]
    hits: tuple[PhraseHit, ...]
    key: Key
    meter: Meter
    tempo_map: TempoMap
    length_qn: QuarterNotes
    tempo_alternatives: tuple[TempoAlternative, ...] = ()


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
class RankedTriad:
    """A triad that a stretch may have: root 0–11, `maj`, `min` or `none` (no chord, root 0), how likely it is, 0–1."""

    root: int
    quality: str
    probability: float


@dataclass(frozen=True, slots=True)
class ChordRanking:
    """What chord a stretch of half a bar or a whole one may have, the likeliest triad first."""

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    triads: tuple[RankedTriad, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """Where a note was really sung or struck, on the axis of its part; it may begin before that does."""

    start_qn: QuarterNotes
    length_qn: QuarterNotes


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a part, ready to be written: quarter notes from the arrangement's start, MIDI key and velocity.

    played: None for what nobody sang.
    origin: who or what wrote it; for chords, `Arrangement.harmony` says what chose them.
    level: how loud it is from its beginning on; () for a note without such a curve.
    """

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    pitch_midi: int
    velocity: int
    bend: tuple[BendPointQn, ...] = ()
    played: Played | None = None
    origin: Origin = Origin.RULES
    level: tuple[ControlPointQn, ...] = ()

    def __post_init__(self) -> None:
        if self.start_qn < 0 or self.length_qn <= 0:
            raise ValueError(f"a note can't start at {self.start_qn} QN and last {self.length_qn} QN")
        if not 0 <= self.pitch_midi <= 127 or not 1 <= self.velocity <= 127:
            raise ValueError(f"pitch {self.pitch_midi} must be 0–127 and velocity {self.velocity} 1–127")


@dataclass(frozen=True, slots=True)
class Part:
    """One track: its name, MIDI channel 0–15, General MIDI program 0–127, and notes in order of start then pitch.

    expression: what carries the curves of its notes.
    """

    name: PartName
    channel: int
    program: int
    notes: tuple[Note, ...]
    expression: Expression = PLAIN_EXPRESSION

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
    harmony: what chose these: `network`, `rules` (the genre's progressions), `kept` (from before), `none` (no chord).
    rankings: what else each stretch may have, where the network was asked.
    """

    genre: str
    seed: int
    tempo_qpm: float
    meter: Meter
    key: Key
    length_qn: QuarterNotes
    chords: tuple[Chord, ...]
    parts: tuple[Part, ...]
    harmony: HarmonyOrigin = "rules"
    rankings: tuple[ChordRanking, ...] = ()
