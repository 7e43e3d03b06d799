"""A style as a value: everything a genre file says, checked and frozen.

Made by `style_file.py`; read by every part writer. The meaning of each field is told for musicians in docs/GENRES.md.
"""

from dataclasses import dataclass
from enum import StrEnum

from vocalmidi.arrange.qualities import Degree
from vocalmidi.values import Meter, PartName


class Voicing(StrEnum):
    """How a chord is spread: close, open (one voice dropped an octave), shell (third, seventh), power (root, fifth)."""

    CLOSE = "close"
    OPEN = "open"
    SHELL = "shell"
    POWER = "power"


@dataclass(frozen=True, slots=True)
class Span:
    """An inclusive range of whole numbers: keys or velocities."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class PartStyle:
    """The sound of the chords or the bass: General MIDI program 0–127, velocities, and its register of keys."""

    program: int
    velocity: Span
    register: Span


class KickWay(StrEnum):
    """What the bass does where the kick plays: it plays with it, rests on it, or goes its own way."""

    WITH = "with"
    BETWEEN = "between"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class ChordWay:
    """How the chords part plays.

    room: 0–1, how much it gives way where the melody is busy and answers where that rests.
    held: whether every chord is also held under what is broken.
    """

    room: float
    held: bool


@dataclass(frozen=True, slots=True)
class BassWay:
    """How the bass part plays; slide: 0–1, the share of its chances to slide into a note that it takes."""

    kick: KickWay
    slide: float


@dataclass(frozen=True, slots=True)
class Harmony:
    """The chords of a style.

    major, minor: typical progressions of each mode, as soft models.
    half_bars: whether chords may change at half bars.
    slow: whether they keep to whole bars, whatever is sung inside one.
    stay: 0–1, weight of keeping a chord where it could change, against all chords that could follow.
    inversions: 0–1, how gladly a chord stands on its third or fifth for the sake of a bass that moves by step.
    """

    major: tuple[tuple[Degree, ...], ...]
    minor: tuple[tuple[Degree, ...], ...]
    half_bars: bool
    slow: bool
    stay: float
    inversions: float


@dataclass(frozen=True, slots=True)
class Learned:
    """How the drum network plays a style.

    styles: of `drum_voices.STYLES`; one is chosen with each seed.
    keeps: drum keys whose rows are played as they are written.
    guidance: 1 tells the style and does no more, above leads towards it.
    heat: 0 plays the likeliest strokes, 1 draws as widely as drummers differ.
    """

    styles: tuple[str, ...]
    keeps: frozenset[int]
    guidance: float
    heat: float


@dataclass(frozen=True, slots=True)
class DrumWay:
    """How drums are played: timing, a machine's 0 to a human's 1; learned: None where rows are all there is."""

    timing: float
    learned: Learned | None


@dataclass(frozen=True, slots=True)
class DrumRow:
    """The strokes of one drum in step notation, spaces and bars removed."""

    key: int
    steps: str


@dataclass(frozen=True, slots=True)
class Groove:
    """Patterns of comping, bass and drums that belong together, in one metre.

    weight: how often it is chosen against the style's other grooves of that metre, above 0.
    steps_per_qn: characters of a row that make a quarter note.
    comp, bass: alternatives; each in step notation.
    """

    meter: Meter
    weight: float
    steps_per_qn: int
    comp: tuple[str, ...]
    bass: tuple[str, ...]
    drums: tuple[DrumRow, ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """Drum strokes that take the place of the end of a bar; steps as in `Groove`, counted back from the bar line."""

    steps_per_qn: int
    drums: tuple[DrumRow, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """A genre: its sounds, its harmony and its grooves.

    tempo_low_qpm, tempo_high_qpm: where the style lives; a phrase at half or double of it is felt so.
    swing: 0.5–0.75, where the second of two `swing_qn` notes falls in their pair; 0.5 is straight.
    swing_qn: 0.5 (eighths swing) or 0.25 (sixteenths).
    melody_program, drum_kit: General MIDI programs 0–127; that of the drums chooses the kit.
    drum_velocity: from ghost strokes to accents.
    voicing: how its chords are spread.
    crash: whether a section after a fill opens with a crash cymbal.
    other_key: the drum that a beatboxed sound of no known class becomes.
    """

    name: str
    title: str
    tempo_low_qpm: float
    tempo_high_qpm: float
    swing: float
    swing_qn: float
    melody_program: int
    chords: PartStyle
    chord_way: ChordWay
    bass: PartStyle
    bass_way: BassWay
    drum_kit: int
    drum_velocity: Span
    drum_way: DrumWay
    voicing: Voicing
    harmony: Harmony
    crash: bool
    other_key: int
    grooves: tuple[Groove, ...]
    fills: tuple[Fill, ...]

    def program(self, name: PartName) -> int:
        """Return the General MIDI program of a part; for the drums it names the kit."""
        programs = {
            PartName.MELODY: self.melody_program,
            PartName.CHORDS: self.chords.program,
            PartName.BASS: self.bass.program,
            PartName.DRUMS: self.drum_kit,
        }
        return programs[name]
