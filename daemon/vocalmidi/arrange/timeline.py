"""Strokes against chords: which chord a stroke falls on, and the cut where the harmony changes under a held one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from vocalmidi.arrange.strokes import TINY_QN, Stroke
from vocalmidi.values import Chord


def split_at_chords(strokes: Iterable[Stroke], chords: tuple[Chord, ...]) -> Iterator[tuple[Stroke, int]]:
    """Yield strokes in order with the index of their chord; one held over a change goes on as a stroke of the next.

    chords: without gaps from 0 on; strokes in order.
    """
    index = 0
    for stroke in strokes:
        while index + 1 < len(chords) and chords[index + 1].start_qn <= stroke.start_qn + TINY_QN:
            index += 1
        piece, at = stroke, index
        while at + 1 < len(chords) and chords[at + 1].start_qn < piece.stop_qn - TINY_QN:
            change_qn = chords[at + 1].start_qn
            yield replace(piece, stop_qn=change_qn), at
            piece, at = replace(piece, start_qn=change_qn), at + 1
        yield piece, at
