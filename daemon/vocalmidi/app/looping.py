"""The passes of a loop that the project played again and again, unrolled into one take and read as one.

Comes in: the passes as they were sung, each with its piece. Goes out: what they agree on and each by itself, counted
from the loop's first bar line. Unrolled, the second pass begins where the first ends: a note sung a little before the
loop begins anew is read where it belongs, as anywhere else on a grid.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vocalmidi.errors import PhraseError
from vocalmidi.inference import Model
from vocalmidi.phrase import LoopTake, PhraseSettings, build_phrase, combine_passes, split_passes
from vocalmidi.transport import Piece
from vocalmidi.units import QuarterNotes, Seconds, samples_to_seconds
from vocalmidi.values import Events, Meter, Phrase, TempoMap, TempoPoint

GRAIN_QN = 1 / 96
"""Loop points lie on some note value; the time map tells them to a few ms, which is less than half of this."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Where a loop lies in the project, and the metre there; its QN 0 counts as a bar line."""

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    meter: Meter


def loop_of(pieces: Sequence[Piece]) -> Loop:
    """Return the loop that pieces went round: all but the first begin at its start, all but the last end at its end.

    Raises:
        PhraseError: there are fewer than two, or they have no loop in common.
    """
    if len(pieces) < 2:
        raise PhraseError("a loop that was played once is no loop; write it as a phrase")
    grid = pieces[-1].grid
    start_qn = _grained(grid.tempo_map.qn_at(pieces[-1].project_s(pieces[-1].start)))
    stop_qn = _grained(grid.tempo_map.qn_at(pieces[-2].project_s(pieces[-2].stop)))
    if stop_qn <= start_qn:
        raise PhraseError("the loop was changed while it played; write its passes one by one")
    return Loop(QuarterNotes(start_qn), QuarterNotes(stop_qn - start_qn), grid.bar_at(start_qn + GRAIN_QN).meter)


def _grained(qn: float) -> float:
    return round(qn / GRAIN_QN) * GRAIN_QN


def unrolled(pieces: Sequence[Piece], loop: Loop) -> TempoMap:
    """Return source seconds to quarter notes after the loop's start, one loop longer with every pass."""
    points: list[TempoPoint] = []
    for number, piece in enumerate(pieces):
        own = piece.source_map(loop.start_qn - _passes_before(pieces, number, loop) * loop.length_qn)
        begin_s = samples_to_seconds(piece.start, piece.sample_rate_hz)
        following = pieces[number + 1 : number + 2]
        end_s = samples_to_seconds(following[0].start, piece.sample_rate_hz) if following else math.inf
        if number:
            points = [point for point in points if point.time_s < begin_s and point.qn < own.qn_at(begin_s)]
            points.append(TempoPoint(Seconds(begin_s), own.qn_at(begin_s), _tempo_at(own, begin_s)))
        points += [p for p in own.points if p.time_s < end_s and (not number or p.time_s > begin_s)]
    return TempoMap(tuple(points))


def _tempo_at(tempo_map: TempoMap, time_s: float) -> float:
    known = [point.tempo_qpm for point in tempo_map.points if point.time_s <= time_s]
    return known[-1] if known else tempo_map.points[0].tempo_qpm


def _passes_before(pieces: Sequence[Piece], number: int, loop: Loop) -> int:
    """Return how often the loop went round before a piece, also in passes in which nobody sang."""
    first, piece = pieces[0], pieces[number]
    start_s, stop_s = (piece.grid.tempo_map.time_at(loop.start_qn + more) for more in (0.0, loop.length_qn))
    round_samples = piece.sample_at(stop_s) - piece.sample_at(start_s)
    return round((piece.sample_at(start_s) - first.sample_at(start_s)) / round_samples)


def read_loop(events: Events, pieces: Sequence[Piece], told: PhraseSettings, context: Model) -> tuple[Loop, LoopTake]:
    """Return the loop that was played and what was sung in its passes.

    Raises:
        PhraseError: it is no loop, or not of whole bars.
    """
    loop = loop_of(pieces)
    tempo_map = unrolled(pieces, loop)
    phrase = build_phrase(events, replace(told, tempo_qpm=None, tempo_map=tempo_map, meter=loop.meter), context)
    return loop, combine_passes(split_passes(phrase, loop.length_qn, _begun_qn(phrase, tempo_map, loop)))


def _begun_qn(phrase: Phrase, tempo_map: TempoMap, loop: Loop) -> float:
    """Return how far the phrase's QN 0 lies after the loop's start, in whole bars."""
    bars = round(tempo_map.qn_at(phrase.tempo_map.time_at(0.0)) / loop.meter.bar_qn)
    return max(0, bars) * loop.meter.bar_qn
