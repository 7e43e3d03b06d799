"""Chord qualities and Roman numerals: from what a musician writes in a genre file to pitch classes.

Names of qualities follow Harte et al. 2005 (A text-based chord notation), as the annotated data sets do. Numerals
count on the scale of the mode: in minor, VI and VII lie on the lowered degrees. No inversions, no secondary `V/x`:
such chords are written on their own degree (`II7`).
"""

import re
from dataclasses import dataclass

QUALITIES = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "5": (0, 7),
    "maj6": (0, 4, 7, 9),
    "min6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "hdim7": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "add9": (0, 4, 7, 2),
    "9": (0, 4, 7, 10, 2),
    "maj9": (0, 4, 7, 11, 2),
    "min9": (0, 3, 7, 10, 2),
}
"""Semitones above the root in the order root, third, fifth, seventh or sixth, ninth."""
_UPPER = {"": "maj", "7": "7", "maj7": "maj7", "9": "9", "maj9": "maj9", "6": "maj6", "add9": "add9", "+": "aug"}
_LOWER = {"": "min", "7": "min7", "9": "min9", "6": "min6", "dim": "dim", "dim7": "dim7", "hdim7": "hdim7"}
_EITHER = {"sus2": "sus2", "sus4": "sus4", "5": "5"}
_DEGREES = ("i", "ii", "iii", "iv", "v", "vi", "vii")
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
"""Major and natural minor, semitones above the tonic."""
_NUMERAL = re.compile(r"([b#]?)([IV]+|[iv]+)(.*)")


@dataclass(frozen=True, slots=True)
class Degree:
    """A chord relative to a key: its root in semitones above the tonic, 0–11, and its quality."""

    root: int
    quality: str

    @property
    def tones(self) -> tuple[int, ...]:
        """Pitch classes above the tonic, root first."""
        return tuple((self.root + interval) % 12 for interval in QUALITIES[self.quality])


def parse_numeral(text: str, mode: str) -> Degree:
    """Return the chord that a numeral such as `bVII`, `ii7` or `Vsus4` names in a mode; ValueError if it names none."""
    match = _NUMERAL.fullmatch(text)
    if match is None or match[2].lower() not in _DEGREES:
        raise ValueError(f"{text!r} is not a Roman numeral such as I, vi, bVII, ii7 or Vsus4")
    accidental, numeral, suffix = match.groups()
    suffixes = (_UPPER if numeral.isupper() else _LOWER) | _EITHER
    if suffix not in suffixes:
        raise ValueError(f"{text!r}: {suffix!r} must be one of {', '.join(name for name in suffixes if name)}")
    step = SCALES[mode][_DEGREES.index(numeral.lower())]
    return Degree((step + {"b": -1, "": 0, "#": 1}[accidental]) % 12, suffixes[suffix])
