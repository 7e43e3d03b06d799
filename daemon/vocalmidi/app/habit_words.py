"""What a singer's corrections amount to, in words: for `vocalmidi profile list` and for the answer inside Reaper."""

from collections.abc import Iterator
from itertools import groupby

from vocalmidi.plot import note_name
from vocalmidi.profile import FEWEST_PHRASES, Habits
from vocalmidi.values import PART_NAMES, PartName


def habits_in_words(habits: Habits) -> tuple[str, ...]:
    """Return how this singer is read otherwise than he is heard, or what is missing yet."""
    found = (*_octaves(habits), *_late(habits), *_false(habits))
    if found or not habits.verdicts:
        return found
    return (f"no habit yet: it takes the same correction in {FEWEST_PHRASES} phrases",)


def _octaves(habits: Habits) -> Iterator[str]:
    for part in PART_NAMES:
        pitches = range(128) if any(each.part is part for each in habits.verdicts) else range(0)
        for octaves, group in groupby(pitches, key=lambda pitch: habits.octaves_near(part, pitch)):
            if octaves:
                yield _range_line(part, octaves, list(group))


def _range_line(part: PartName, octaves: int, pitches: list[int]) -> str:
    higher = "higher" if octaves > 0 else "lower"
    count = f"{abs(octaves)} octave{'s' if abs(octaves) > 1 else ''}"
    low, high = (note_name(pitch, flats=False) for pitch in (pitches[0], pitches[-1]))
    return f"{part.value} sung around {low} to {high} is written {count} {higher}"


def _late(habits: Habits) -> Iterator[str]:
    for name, late_s in (("notes", habits.late_s("note")), ("hits", habits.late_s("hit"))):
        if late_s:
            yield f"{name} are read {abs(1000 * late_s):.0f} ms {'earlier' if late_s > 0 else 'later'}"


def _false(habits: Habits) -> Iterator[str]:
    for name, below in (("notes", habits.false_below("note")), ("hits", habits.false_below("hit"))):
        if below >= 0.0:
            yield f"{name} no surer than {below:.2f} are left out"
