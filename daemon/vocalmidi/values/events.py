"""What was sung and beatboxed, considered (`Events`) and live (`LiveEvent`), in samples of the source."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from vocalmidi.units import Cents, SampleIndex


class HitLabel(StrEnum):
    """The percussive mouth sounds told apart; the values are those of the JSON output."""

    KICK = "kick"
    SNARE = "snare"
    HIHAT_CLOSED = "hihat_closed"
    HIHAT_OPEN = "hihat_open"
    OTHER = "other"


HIT_LABELS = tuple(HitLabel)
"""Column order of `Strike.label_share`."""


@dataclass(frozen=True, slots=True)
class BendPoint:
    """One point of a note's pitch curve: at a sample, so many cents above the note's `pitch_midi`."""

    at: SampleIndex
    bend_cents: Cents


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """One point of a note's level curve: at a sample, so many dB above the middle of the take's notes."""

    at: SampleIndex
    level_db: float


@dataclass(frozen=True, slots=True)
class NoteEvent:
    """A sung note.

    onset, offset: first sample and the sample after the last.
    pitch_midi: the pitch meant, a float MIDI number.
    velocity: 1–127, from the level.
    confidence: 0–1, probability that a listener would call this a note of this pitch.
    bend: the curve around `pitch_midi`, in order of time.
    instrument_share: 0–1, how likely the note by itself imitates each of INSTRUMENTS; () where nobody asked.
    level: how loud it is from its beginning to its end, in order of time; () where nobody asked.
    """

    onset: SampleIndex
    offset: SampleIndex
    pitch_midi: float
    velocity: int
    confidence: float
    bend: tuple[BendPoint, ...] = ()
    instrument_share: tuple[float, ...] = ()
    level: tuple[LevelPoint, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.onset < self.offset:
            raise ValueError(f"a note can't run from sample {self.onset} to {self.offset}")
        if not 0.0 <= self.pitch_midi <= 127.0:
            raise ValueError(f"pitch {self.pitch_midi} is outside MIDI 0–127")
        _check_loudness(self.velocity, self.confidence)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a sound of the user's own plays: the name it was taught under and a MIDI drum key, 0–127."""

    name: str
    pitch_midi: int

    def __post_init__(self) -> None:
        if not self.name or not 0 <= self.pitch_midi <= 127:
            raise ValueError(f"trigger {self.name!r} needs a name, and its pitch {self.pitch_midi} must be 0–127")


@dataclass(frozen=True, slots=True)
class HitEvent:
    """A percussive mouth sound: its first sample, class, velocity 1–127 and confidence 0–1.

    trigger: of the user's voice profile, where the sound is one of his own; it says which key plays.
    """

    onset: SampleIndex
    label: HitLabel
    velocity: int
    confidence: float
    trigger: Trigger | None = None

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


Instrument = Literal["bass", "lead", "pad", "brass", "pluck", "drums"]
"""What a voice may imitate; the first five are INSTRUMENTS, told of notes, the last is told by hits."""


@dataclass(frozen=True, slots=True)
class InstrumentChoice:
    """Which instrument a whole phrase imitates, as a suggestion.

    share: 0–1, how likely it is the one.
    shares: of each of INSTRUMENTS, () where no note was sung.
    """

    instrument: Instrument
    share: float
    shares: tuple[float, ...] = ()


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
class NoteRevision:
    """The live decoder's word that the note with this id, which sounds, has another pitch than was said before."""

    note_id: int
    pitch_midi: float
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

    hit_id: int
    hit: HitEvent
    decided: SampleIndex


@dataclass(frozen=True, slots=True)
class HitRevision:
    """The live decoder's word that the hit with this id, said a moment ago, is another sound or another velocity."""

    hit_id: int
    hit: HitEvent
    decided: SampleIndex


ControlSource = Literal[
    "vowel_a", "vowel_e", "vowel_i", "vowel_o", "vowel_u", "vowel_brightness", "vowel_openness", "envelope"
]
"""What of a voice moves a controller: a vowel's share, how far in front its tongue is, how open it is, the level."""
CONTROLLERS = range(120)
"""MIDI controllers; from 120 on they are channel mode messages."""


@dataclass(frozen=True, slots=True)
class LiveControl:
    """The live decoder's word that a MIDI controller has moved to this value, 0–127, by that source."""

    source: ControlSource
    controller: int
    value: int
    decided: SampleIndex

    def __post_init__(self) -> None:
        if self.controller not in CONTROLLERS or not 0 <= self.value <= 127:
            raise ValueError(f"controller {self.controller} must be 0–119 and its value {self.value} 0–127")


LiveEvent = NoteOn | NoteRevision | NoteOff | LiveHit | HitRevision | LiveControl
