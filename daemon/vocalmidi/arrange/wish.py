"""What a user wishes of an arrangement, as one value: style and mood, seeds, how much of everything, what stays.

In: nothing. Out: `Wish`, which `arrange` reads; the same phrase, wish and networks give the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from vocalmidi.arrange.style import Style
from vocalmidi.values import PART_NAMES, Chord, Instrument, Part, PartName

AS_WRITTEN = 0.5
"""Of density and complexity: as the genre's file has it."""
WIDEST_SEED = 2**32 - 1


class MelodyWish(StrEnum):
    """What the melody part holds: the sung notes, or a variation derived from them."""

    SUNG = "sung"
    ORNAMENT = "ornament"
    SIMPLIFY = "simplify"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Mood:
    """What a mood changes in any genre, each −1 to 1, 0 for nothing.

    energy: louder, fuller, more strokes. brightness: higher voicings, major colours. tension: suspensions, sevenths,
    altered chords, freer choice of chords. legato: longer notes.
    """

    name: str
    title: str
    energy: float = 0.0
    brightness: float = 0.0
    tension: float = 0.0
    legato: float = 0.0

    def __post_init__(self) -> None:
        if any(not -1.0 <= axis <= 1.0 for axis in (self.energy, self.brightness, self.tension, self.legato)):
            raise ValueError(f"an axis of mood {self.name} is outside −1 to 1")


PLAIN = Mood("plain", "Plain")
"""A genre as its file has it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of an earlier arrangement of the same phrase: locked or edited parts, note for note, and chords."""

    parts: tuple[Part, ...] = ()
    chords: tuple[Chord, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for.

    seed: 0 to 2³² − 1; seeds: of parts that were rolled again by themselves, the others take `seed`.
    density, complexity: 0–1, 0.5 as the genre is written: how many strokes; how far from the plainest.
    instrument: what the voice stands for; its part holds the sung notes.
    free_chords: chords drawn by the seed, as varied as people write them, instead of the likeliest ones.
    continue_bars: how many bars go on after the phrase.
    """

    style: Style
    seed: int
    parts: tuple[PartName, ...] = PART_NAMES
    instrument: Instrument = "lead"
    mood: Mood = PLAIN
    density: float = AS_WRITTEN
    complexity: float = AS_WRITTEN
    melody: MelodyWish = MelodyWish.SUNG
    seeds: Mapping[PartName, int] = field(default_factory=lambda: MappingProxyType({}))
    kept: Kept = Kept()
    free_chords: bool = False
    continue_bars: int = 0

    def __post_init__(self) -> None:
        if any(not 0 <= seed <= WIDEST_SEED for seed in (self.seed, *self.seeds.values())):
            raise ValueError(f"a seed is outside 0 to {WIDEST_SEED}")
        if not 0.0 <= self.density <= 1.0 or not 0.0 <= self.complexity <= 1.0:
            raise ValueError(f"density {self.density} and complexity {self.complexity} must be 0–1")
        if self.continue_bars < 0:
            raise ValueError(f"{self.continue_bars} bars can't be gone on for")

    def seed_of(self, part: PartName) -> int:
        """Return the seed of a part."""
        return self.seeds.get(part, self.seed)
