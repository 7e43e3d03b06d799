"""Sung pitch to key and bend.

In: float MIDI numbers and the pitch classes that may be sung. Out: the key that plays, and how far the wheel goes from
it. Snap is a curve without delay: flat around each tone, the more so around the one that the note is at, so that a
voice a little off and vibrato are still, and rising between two, so that a glide is heard and comes to rest on a tone.
"""

from dataclasses import dataclass
from math import floor

from vocalmidi.live.messages import CENTRE, TOP

HOME, AWAY = 0.6, 0.2
"""Of the way to the next tone that is drawn back to the tone a note is at, and to any other: 60 cents in a chromatic
scale, wider than most vibrato and most singers' error; who has gone further means to leave."""
HIGHEST_KEY = 127


def nearest_tone(pitch_midi: float, tones: frozenset[int]) -> int:
    """Return the allowed key nearest to a pitch, the lower one of two."""
    below, above = _around(pitch_midi, tones)
    return above if above - pitch_midi < pitch_midi - below else below


def folded(key: int) -> int:
    """Return a key as it is, or by octaves inside MIDI's range."""
    if key < 0:
        return key % 12
    return key if key <= HIGHEST_KEY else HIGHEST_KEY - 11 + (key - HIGHEST_KEY - 1) % 12


@dataclass(frozen=True, slots=True)
class Snapped:
    """A pitch drawn to the tones around it, and the tone that it is at: a new one once it has come to rest there."""

    pitch_midi: float
    home: int


def snapped(pitch_midi: float, home: int, tones: frozenset[int]) -> Snapped:
    """Return a pitch drawn to the allowed tones; continuous, and never falling where the pitch rises."""
    below, above = _around(pitch_midi, tones)
    if below == above:
        return Snapped(float(below), below)
    low, high = (HOME if tone == home else AWAY for tone in (below, above))
    way = ((pitch_midi - below) / (above - below) - low) / (1.0 - low - high)
    if way <= 0.0:
        return Snapped(float(below), below)
    if way >= 1.0:
        return Snapped(float(above), above)
    return Snapped(below + (above - below) * way * way * (3.0 - 2.0 * way), home)


def wheel_position(semitones: float, bend_range: int) -> int:
    """Return the wheel's position for a bend; what is beyond its range lies at its end."""
    return min(max(CENTRE + round(semitones / bend_range * CENTRE), 0), TOP)


def _around(pitch_midi: float, tones: frozenset[int]) -> tuple[int, int]:
    """Return the allowed keys at or next below and above a pitch."""
    base = floor(pitch_midi)
    below = next(base - step for step in range(12) if (base - step) % 12 in tones)
    if below == pitch_midi:
        return below, below
    return below, next(base + step for step in range(1, 13) if (base + step) % 12 in tones)
