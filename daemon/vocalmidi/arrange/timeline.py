"""Strokes against chords and bars: which chord a stroke falls on, and how strong its place in the bar is.

In: strokes, chords, a metre. Out: strokes cut where the harmony changes under them, with their chords; strengths.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import IntEnum

from vocalmidi.arrange.plan import in_threes
from vocalmidi.arrange.strokes import TINY_QN, Stroke
from vocalmidi.values import Chord, Meter

EARLY_QN = 1.0 / 16.0
"""Less than any written step: a stroke this little before a change of chord is played early on the new one, and what
would be left of one after it is nothing to strike anew."""


class Strength(IntEnum):
    """How strong a place in a bar is, after the metrical grid of Lerdahl & Jackendoff 1983."""

    BETWEEN = 0
    EIGHTH = 1
    BEAT = 2
    STRONG = 3
    BAR = 4


def strength_at(at_qn: float, meter: Meter) -> Strength:
    """Return how strong a place is; strong: the middle of bars in even metres, every dotted beat of compound ones."""
    compound = in_threes(meter)
    beat_qn = (12.0 if compound else 4.0) / meter.unit
    half_qn = meter.bar_qn / 2.0 if not compound and meter.beats % 4 == 0 else meter.bar_qn
    levels = (
        (meter.bar_qn, Strength.BAR),
        (beat_qn if compound else half_qn, Strength.STRONG),
        (beat_qn, Strength.BEAT),
        (0.5, Strength.EIGHTH),
    )
    within_qn = at_qn % meter.bar_qn
    return next((strength for step_qn, strength in levels if _lands(within_qn, step_qn)), Strength.BETWEEN)


def _lands(at_qn: float, step_qn: float) -> bool:
    return abs(at_qn - round(at_qn / step_qn) * step_qn) < 2 * TINY_QN


def split_at_chords(strokes: Iterable[Stroke], chords: tuple[Chord, ...]) -> Iterator[tuple[Stroke, int]]:
    """Yield strokes in order with the index of their chord; one held over a change goes on as a stroke of the next.

    chords: without gaps from 0 on; strokes in order.
    """
    index = 0
    for stroke in strokes:
        while index + 1 < len(chords) and chords[index + 1].start_qn <= stroke.start_qn + EARLY_QN:
            index += 1
        piece, at = stroke, index
        while at + 1 < len(chords) and chords[at + 1].start_qn < piece.stop_qn - EARLY_QN:
            change_qn = chords[at + 1].start_qn
            yield replace(piece, stop_qn=change_qn), at
            piece, at = replace(piece, start_qn=change_qn), at + 1
        yield piece, at
