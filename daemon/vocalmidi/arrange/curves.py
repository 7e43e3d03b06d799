"""The curves of a sung note in the note that is written for it.

In: points of a curve and the written note's length. Out: the same within it: where the curve goes on, it ends where it
is by then, so that a glide that is cut short is a glide still, not its beginning held.
"""

from collections.abc import Sequence
from itertools import pairwise

from vocalmidi.units import Cents, QuarterNotes
from vocalmidi.values import BendPointQn, ControlPointQn

Point = tuple[float, float]
"""Quarter notes after the note's start, and the value there."""


def bend_within(curve: Sequence[BendPointQn], length_qn: float) -> tuple[BendPointQn, ...]:
    """Return a pitch curve within a note."""
    points = [(point.after_qn, point.bend_cents) for point in curve]
    return tuple(BendPointQn(QuarterNotes(at), Cents(cents)) for at, cents in _within(points, length_qn))


def level_within(curve: Sequence[ControlPointQn], length_qn: float) -> tuple[ControlPointQn, ...]:
    """Return a level curve within a note."""
    points = [(point.after_qn, point.value) for point in curve]
    return tuple(ControlPointQn(QuarterNotes(at), round(value)) for at, value in _within(points, length_qn))


def _within(points: Sequence[Point], length_qn: float) -> list[Point]:
    kept = [point for point in points if point[0] <= length_qn]
    for (at, value), (after, following) in pairwise(points):
        if at < length_qn < after:
            kept.append((length_qn, value + (following - value) * (length_qn - at) / (after - at)))
    return kept
