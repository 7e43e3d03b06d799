"""How live events are played, and what is played beside them: the values that `Player` takes.

`Playing` is checked when made. Channels are counted from 0 here, as the bytes have them; people count from 1.
"""

from dataclasses import dataclass
from typing import Literal

from vocalmidi.live.messages import CHANNELS
from vocalmidi.units import SampleIndex
from vocalmidi.values import Key, LiveEvent

Bend = Literal["off", "snap", "true"]
Level = Literal["off", "pressure", "expression"]
Chords = Literal["off", "key", "song"]
Voicing = Literal["close", "open", "power", "octaves", "seventh"]
ALL_TONES = frozenset(range(12))
MASTER, MEMBERS = 0, 8
"""The MPE zone: the lower one with eight members, so that the drums' usual channel 10 stays outside."""
MPE_BEND_RANGE = 48
"""Semitones on member channels that MPE 1.1 has by default."""
MOST_BEND = 96
MOST_SHIFT = 48
"""Three octaves and one, as the settings have them at their ends."""


@dataclass(frozen=True, slots=True)
class Playing:
    """How live events become MIDI.

    melody, chords_on, drums: channels, 0–15; with `mpe` sung notes and chords take the zone's members in turn.
    bend: off: keys only; snap: glides are heard and come to rest on a tone; true: the wheel follows the voice.
    bend_range: semitones of the wheel, 1–96; with `mpe` 48 for the notes.
    level: what the voice's level moves while a note sounds: nothing, aftertouch, or expression (controller 11).
    low_db, high_db: levels that are its 0 and 127.
    octave, transpose: shift of what is sung in octaves and semitones; tones: pitch classes that may be sung, any of 12.
    chords: key: the chord of `key` on each sung note; song: the triad said last for the half bar; voicing: how it lies.
    """

    melody: int = 0
    chords_on: int = 1
    drums: int = 9
    mpe: bool = False
    bend: Bend = "snap"
    bend_range: int = 2
    level: Level = "off"
    low_db: float = -50.0
    high_db: float = -10.0
    octave: int = 0
    transpose: int = 0
    tones: frozenset[int] = ALL_TONES
    chords: Chords = "off"
    voicing: Voicing = "close"
    key: Key | None = None

    def __post_init__(self) -> None:
        if not all(channel in CHANNELS for channel in (self.melody, self.chords_on, self.drums)):
            raise ValueError(f"channels {self.melody}, {self.chords_on}, {self.drums} must be 0–15")
        if self.mpe and self.drums <= MASTER + MEMBERS:
            raise ValueError(f"with MPE the drums' channel must be above the zone's {MASTER + MEMBERS}")
        if not 1 <= self.bend_range <= MOST_BEND or abs(self.shift) > MOST_SHIFT:
            raise ValueError(f"bend range {self.bend_range} must be 1–96, shift {self.shift} at most {MOST_SHIFT}")
        if not self.tones or not self.tones <= ALL_TONES:
            raise ValueError(f"tones {sorted(self.tones)} must be some of 0–11")
        if self.chords == "key" and self.key is None:
            raise ValueError("chords of a key need a key")
        if not self.low_db < self.high_db:
            raise ValueError(f"the low level {self.low_db} dB must be below the high one {self.high_db} dB")

    @property
    def shift(self) -> int:
        """Semitones by which all that is sung is played higher."""
        return 12 * self.octave + self.transpose

    @property
    def note_bend_range(self) -> int:
        """Semitones of the wheel on a sung note's channel."""
        return MPE_BEND_RANGE if self.mpe else self.bend_range

    @property
    def channels(self) -> tuple[int, ...]:
        """All channels that may be played on, in order."""
        sung = range(MASTER, MASTER + MEMBERS + 1) if self.mpe else (self.melody, self.chords_on)
        return tuple(sorted({*sung, self.drums}))


@dataclass(frozen=True, slots=True)
class VoiceAt:
    """The voice at one moment: the pitches it may have, likeliest first, () where none is; its level, dB re full scale.

    decided: the last sample needed to know it.
    """

    pitches_midi: tuple[float, ...]
    level_db: float
    decided: SampleIndex


@dataclass(frozen=True, slots=True)
class ChordAt:
    """The triad from here on: root 0–11, `maj` or `min`, and the key it was chosen in."""

    root: int
    quality: str
    key: Key
    decided: SampleIndex


Playable = LiveEvent | VoiceAt | ChordAt
