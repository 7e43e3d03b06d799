"""Where a phrase begins: the last bar line at or before its first sound, from which everything is counted.

In: a phrase counted from any bar line. Out: the same counted from the bar line that opens it, in whole bars.
"""

import math
from dataclasses import replace

from vocalmidi.units import QuarterNotes
from vocalmidi.values import Phrase, PhraseNote, TempoMap

EARLY_QN = 0.125
"""What a singer may be ahead of a bar line and still mean it: what rounds to it on a grid of sixteenths."""
SHORTEST_QN = 1.0 / 128.0
"""The least that is left of a note, and between two: a quarter of the finest grid step."""
SOUNDING_QN = 0.01
"""A hit needs a little room in the last bar."""
ROUNDING_QN = 1e-6
"""Far below a tick (1/960): what floating point adds to a sum of grid steps."""


def from_first_bar(phrase: Phrase) -> Phrase:
    """Return the phrase counted from the last bar line before its first event, with its length in whole bars."""
    bar_qn = phrase.meter.bar_qn
    shift_qn = _first_bar_line(phrase)
    notes = tuple(_note_later(note, -shift_qn) for note in phrase.notes)
    hits = tuple(
        replace(
            hit,
            start_qn=QuarterNotes(max(0.0, hit.start_qn - shift_qn)),
            played_start_qn=QuarterNotes(hit.played_start_qn - shift_qn),
        )
        for hit in phrase.hits
    )
    points = tuple(replace(point, qn=QuarterNotes(point.qn - shift_qn)) for point in phrase.tempo_map.points)
    ends = [note.start_qn + note.length_qn for note in notes[-1:]] + [hit.start_qn + SOUNDING_QN for hit in hits[-1:]]
    bars = max(1, math.ceil((max(ends) - ROUNDING_QN) / bar_qn))
    return replace(phrase, notes=notes, hits=hits, tempo_map=TempoMap(points), length_qn=QuarterNotes(bars * bar_qn))


def _first_bar_line(phrase: Phrase) -> float:
    """Return the bar line that opens the phrase: the last one at or before the first event.

    A first note that was sung a little ahead of a bar line and not pulled onto it is meant for the bar it leads, as
    long as it reaches into that bar and stays the first there.
    """
    bar_qn = phrase.meter.bar_qn
    starts = [note.start_qn for note in phrase.notes[:2]] + [hit.start_qn for hit in phrase.hits[:1]]
    early_qn = min(EARLY_QN, bar_qn / 8.0)
    next_line_qn = bar_qn * math.floor((min(starts) + early_qn) / bar_qn + ROUNDING_QN)
    if any(note.start_qn + note.length_qn <= next_line_qn + SHORTEST_QN for note in phrase.notes[:1]) or any(
        note.start_qn <= next_line_qn + SHORTEST_QN for note in phrase.notes[1:2]
    ):
        return bar_qn * math.floor(min(starts) / bar_qn + ROUNDING_QN)
    return next_line_qn


def _note_later(note: PhraseNote, later_qn: float) -> PhraseNote:
    """Return the note moved in the phrase; what would start before the phrase is cut to its beginning."""
    start_qn = max(0.0, note.start_qn + later_qn)
    return replace(
        note,
        start_qn=QuarterNotes(start_qn),
        length_qn=QuarterNotes(note.start_qn + later_qn + note.length_qn - start_qn),
        played_start_qn=QuarterNotes(note.played_start_qn + later_qn),
    )
