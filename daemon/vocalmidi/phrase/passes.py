"""Several passes of one loop: what was meant, by vote, and each pass by itself.

Comes in: the phrase of a whole recording in which a loop was sung again and again (`split_passes` cuts it), or a phrase
a pass, each counted from the loop's first bar line. Goes out: a `LoopTake`, the combined phrase and the passes as they
were sung. A pass in which nothing was sung does not count, nor does one in the bars that it leaves empty at its end
or its beginning. Source: voting over aligned passes as in ROVER (Fiscus 1997); the votes are in `pass_votes.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vocalmidi.errors import PhraseError
from vocalmidi.phrase.key import estimate_key, evidence_of
from vocalmidi.phrase.pass_votes import Attendance, vote_on_hits, vote_on_notes
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Key, Phrase, PhraseHit, PhraseNote, TempoMap

SEAM_QN = 1 / 64
"""What is written no more than this before a seam was pulled to it by floating point; half the finest grid step."""
EARLY_QN = 0.5
"""What a later pass may come in before the first one did and still be that pass: half a beat."""
SAME_PLACE_QN = 0.3
"""Within it a note of another pass is the same one when passes are shifted: half an eighth and a hasty singer."""
SHIFT_GAIN, SHIFT_LEAST = 1.5, 3
"""A pass is moved by whole beats only where so many times as many notes agree, and so many more: a judgement."""


@dataclass(frozen=True, slots=True)
class LoopTake:
    """A loop sung several times: the phrase that the passes agree on, and those in which something was sung, in order.

    All are counted from the loop's first bar line and as long as the loop, or a bar longer with an upbeat.
    """

    combined: Phrase
    passes: tuple[Phrase, ...]


def split_passes(phrase: Phrase, loop_qn: float, begun_qn: float | None = None) -> tuple[Phrase, ...]:
    """Return the passes of a phrase in which a loop of `loop_qn` is sung again and again, also the empty ones between.

    begun_qn: how far the phrase's QN 0 lies after the loop's own first bar line; None where the loop is known by
        nothing but its length: then it begins with what is sung first, an upbeat included, and each pass is counted
        from the bar line at or before that.
    A note belongs to the pass in which it is written to start, and ends with it at the latest.
    """
    _check_loop(phrase, loop_qn)
    starts = [note.start_qn for note in phrase.notes] + [hit.start_qn for hit in phrase.hits]
    first_qn = min(starts, default=0.0)
    opens_qn = first_qn - min(EARLY_QN, first_qn) if begun_qn is None else 0.0
    begun_qn = begun_qn or 0.0
    if begun_qn < 0.0:
        raise ValueError(f"begun_qn {begun_qn} is below 0: it counts from the loop's first bar line")
    count = int((max(starts, default=0.0) + begun_qn - opens_qn + SEAM_QN) // loop_qn) + 1
    bar_qn = phrase.meter.bar_qn
    window = _Window(opens_qn, loop_qn, math.ceil((opens_qn + loop_qn - SEAM_QN) / bar_qn) * bar_qn)
    return tuple(_pass(phrase, window, number * loop_qn - begun_qn) for number in range(count))


@dataclass(frozen=True, slots=True)
class _Window:
    """What of a loop one pass holds: `loop_qn` from `opens_qn` on, in a phrase of `length_qn`."""

    opens_qn: float
    loop_qn: float
    length_qn: float


def _check_loop(phrase: Phrase, loop_qn: float) -> None:
    bars = loop_qn / phrase.meter.bar_qn
    if bars < 1.0 - SEAM_QN or abs(bars - round(bars)) > SEAM_QN:
        raise PhraseError(
            f"a loop of {loop_qn:g} quarter notes is not whole bars of {phrase.meter.beats}/{phrase.meter.unit};"
            " give its length in bars"
        )


def _pass(phrase: Phrase, window: _Window, from_qn: float) -> Phrase:
    """Return what starts in the window that is laid `from_qn` into the phrase, counted from there."""
    first_qn = from_qn + window.opens_qn - SEAM_QN
    past_qn = first_qn + window.loop_qn
    notes = tuple(_note_in_loop(n, from_qn, window.length_qn) for n in phrase.notes if first_qn <= n.start_qn < past_qn)
    hits = tuple(
        replace(
            hit,
            start_qn=QuarterNotes(max(0.0, hit.start_qn - from_qn)),
            played_start_qn=QuarterNotes(hit.played_start_qn - from_qn),
        )
        for hit in phrase.hits
        if first_qn <= hit.start_qn < past_qn
    )
    points = tuple(replace(point, qn=QuarterNotes(point.qn - from_qn)) for point in phrase.tempo_map.points)
    length_qn = QuarterNotes(window.length_qn)
    return replace(phrase, notes=notes, hits=hits, tempo_map=TempoMap(points), length_qn=length_qn)


def _note_in_loop(note: PhraseNote, from_qn: float, ends_qn: float) -> PhraseNote:
    start_qn = max(0.0, note.start_qn - from_qn)
    return replace(
        note,
        start_qn=QuarterNotes(start_qn),
        length_qn=QuarterNotes(min(note.length_qn, ends_qn - start_qn)),
        played_start_qn=QuarterNotes(note.played_start_qn - from_qn),
    )


def combine_passes(passes: Sequence[Phrase]) -> LoopTake:
    """Return what the passes of one loop agree on, and the passes in which something was sung.

    passes: each counted from the loop's first bar line, with one metre and one length. A note stays where its
    confidences outweigh half the number of the passes that leave it out, so two of three always keep one of fair
    confidence; its pitch, place, length and loudness are voted on. Where all passes have one key it stays, else it is
    estimated from the notes that stay. The time map is that of the first pass.

    Raises:
        PhraseError: nothing was sung in any pass, or the passes differ in metre or length.
    """
    sounding = tuple(each for each in passes if each.notes or each.hits)
    if not sounding:
        raise PhraseError(
            "nothing was sung in any pass of the loop: no note and no hit was heard; sing, then try again"
        )
    first = sounding[0]
    if any((each.meter, each.length_qn) != (first.meter, first.length_qn) for each in sounding):
        raise PhraseError("the passes differ in metre or length, so they are not of one loop; write them one by one")
    if len(sounding) == 1:
        return LoopTake(first, sounding)
    aligned = [first, *(_moved(each, _shift(each, first)) for each in sounding[1:])]
    bar_qn = first.meter.bar_qn
    notes = vote_on_notes([each.notes for each in aligned], Attendance(first.length_qn, bar_qn))
    hits = vote_on_hits([each.hits for each in aligned], Attendance(first.length_qn, bar_qn))
    return LoopTake(replace(first, notes=notes, hits=hits, key=_key(sounding, notes)), sounding)


def _key(passes: Sequence[Phrase], notes: tuple[PhraseNote, ...]) -> Key:
    keys = {(each.key.tonic, each.key.mode) for each in passes if each.notes}
    surest = max((each.key for each in passes if each.notes or not keys), key=lambda key: key.probability)
    if len(keys) <= 1 or not notes:
        return surest
    return estimate_key(evidence_of(notes))


def _shift(phrase: Phrase, reference: Phrase) -> float:
    """Return by how many quarter notes, in whole beats, a pass must move to agree with another; 0 in any doubt.

    Passes on a project's grid never need it; of passes with bar lines of their own one may have been found elsewhere.
    """
    beat_qn = 4.0 / phrase.meter.unit
    beats = math.floor(phrase.length_qn / beat_qn)
    agreeing = {beat: _agreeing(phrase, reference, beat * beat_qn) for beat in range(-beats + 1, beats)}
    best = max(agreeing, key=lambda beat: (agreeing[beat], -abs(beat)))
    won = agreeing[best] >= max(SHIFT_GAIN * agreeing[0], agreeing[0] + SHIFT_LEAST)
    return best * beat_qn if won else 0.0


def _agreeing(phrase: Phrase, reference: Phrase, later_qn: float) -> int:
    """Return how many notes and hits have a like one in the other pass when moved."""
    return sum(
        int((np.abs(here[:, np.newaxis] + later_qn - there) < SAME_PLACE_QN).any(axis=1).sum())
        for here, there in _alike(phrase, reference)
    )


def _alike(phrase: Phrase, reference: Phrase) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the places of what is alike, of either phrase: of each pitch and each kind of hit."""
    sides = [(_places(phrase.notes, phrase.hits)), _places(reference.notes, reference.hits)]
    return [(np.array(sides[0][kind]), np.array(sides[1][kind])) for kind in sides[0] if kind in sides[1]]


def _places(notes: tuple[PhraseNote, ...], hits: tuple[PhraseHit, ...]) -> dict[object, list[float]]:
    places: dict[object, list[float]] = {}
    for kind, at in [(n.pitch_midi, n.played_start_qn) for n in notes] + [(h.label, h.played_start_qn) for h in hits]:
        places.setdefault(kind, []).append(at)
    return places


def _moved(phrase: Phrase, later_qn: float) -> Phrase:
    """Return a pass moved in its loop; what leaves the loop does not take part in the vote."""
    if later_qn == 0.0:
        return phrase
    return _pass(phrase, _Window(0.0, phrase.length_qn, phrase.length_qn), -later_qn)
