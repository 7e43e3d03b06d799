"""What became of sung notes and hits that were written: the evidence that habits are told from.

In: rows of a profile's file, or verdicts. Out: the other one. A verdict is about one note of one phrase as it was
heard, before any habit was applied, so that what was learnt can be unlearnt by the same means. Nothing is concluded
here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from typing import Any, Literal, get_args

from vocalmidi.units import Seconds
from vocalmidi.values import PART_NAMES, PartName

Kind = Literal["note", "hit"]
Row = list[Any]
MOST_VERDICTS = 2000
"""Forty phrases of fifty notes; what is older says little of how somebody sings now. 150 kB of the file."""
MOST_OCTAVES = 6
"""The whole of a voice and back."""
_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the user wants of one sung note or hit, once he has seen it written.

    phrase: which phrase, 8 to 64 hexadecimal digits; index: of the phrase's notes or hits.
    part: where it was written.
    pitch_midi: as it was heard, None of a hit.
    octaves: so much higher he wants it than it was heard.
    late_s: so much later it was sung than where he wants it; None where nothing tells.
    is_moved: he moved it there himself.
    confidence: 0-1, of its hearing.
    is_gone: he deleted it.
    """

    phrase: str
    index: int
    part: PartName
    kind: Kind
    pitch_midi: int | None
    octaves: int
    late_s: Seconds | None
    is_moved: bool
    confidence: float
    is_gone: bool

    def __post_init__(self) -> None:
        if not (8 <= len(self.phrase) <= 64 and set(self.phrase) <= set("0123456789abcdef")):
            raise ValueError(f"phrase {self.phrase[:70]!r} is not 8 to 64 hexadecimal digits")
        if self.kind not in get_args(Kind) or (self.pitch_midi is None) != (self.kind == "hit"):
            raise ValueError(f"a {self.kind!r} of pitch {self.pitch_midi} is neither a note nor a hit")
        if self.pitch_midi is not None and not 0 <= self.pitch_midi <= 127:
            raise ValueError(f"pitch {self.pitch_midi} is outside MIDI 0-127")
        if self.index < 0 or abs(self.octaves) > MOST_OCTAVES or not 0.0 <= self.confidence <= 1.0:
            raise ValueError("a verdict's index, octaves or confidence is out of range")
        if self.late_s is not None and not isfinite(self.late_s):
            raise ValueError("a verdict's lateness is no number")


def by_phrase(verdicts: Sequence[Verdict]) -> tuple[tuple[Verdict, ...], ...]:
    """Return verdicts phrase by phrase, in the order that they have."""
    return tuple(tuple(group) for _, group in groupby(verdicts, key=lambda each: each.phrase))


def with_new(known: Sequence[Verdict], new: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Return what is known with what is new after it, oldest first; of what is judged anew the new word holds.

    The oldest phrases go when there are too many.
    """
    judged = {(each.phrase, each.part) for each in new}
    phrases = {phrase: order for order, phrase in enumerate(dict.fromkeys(each.phrase for each in new))}
    stays = [each for each in known if (each.phrase, each.part) not in judged]
    # What else is known of a phrase that is judged again comes to stand with it.
    ordered = [each for each in stays if each.phrase not in phrases]
    ordered += sorted(
        [*(each for each in stays if each.phrase in phrases), *new],
        key=lambda each: (phrases[each.phrase], PART_NAMES.index(each.part), each.index),
    )
    groups, count = list(by_phrase(ordered)), len(ordered)
    while groups and count > MOST_VERDICTS:
        count -= len(groups.pop(0))
    return tuple(each for group in groups for each in group)


def row_of(verdict: Verdict) -> Row:
    """Return a verdict as a row of the file."""
    late_ms = None if verdict.late_s is None else round(verdict.late_s * _MS, 1)
    said = [verdict.pitch_midi, verdict.octaves, late_ms, int(verdict.is_moved)]
    place = [verdict.phrase, verdict.index, verdict.part.value, verdict.kind]
    return [*place, *said, round(verdict.confidence, 4), int(verdict.is_gone)]


def verdict_of(row: Row) -> Verdict:
    """Return the verdict of a row; raise ValueError or TypeError where it is none."""
    phrase, index, part, kind, pitch_midi, octaves, late_ms, is_moved, confidence, is_gone = row
    if not all(isinstance(each, int) for each in (index, octaves, is_moved, is_gone)) or not isinstance(phrase, str):
        raise TypeError("a verdict needs whole numbers")
    if not (pitch_midi is None or isinstance(pitch_midi, int)):
        raise TypeError(f"pitch {pitch_midi!r} of a verdict is no whole number")
    late_s = None if late_ms is None else Seconds(float(late_ms) / _MS)
    heard = pitch_midi, octaves, late_s, bool(is_moved), float(confidence)
    return Verdict(phrase, index, PartName(part), kind, *heard, is_gone=bool(is_gone))
