"""The vote of aligned passes on each note and each hit of a loop.

Comes in: the notes, or the hits, of each pass on the loop's own axis. Goes out: those that stay, in order. A pass votes
where it was sung at all (`Attendance`). Votes weigh by confidence; leaving a thing out weighs half a vote, for a
decoder, or a singer out of breath, misses more than it invents. Starts and ends go by the weighted median, which is
the majority where there is one and holds on any grid and at any quantising strength.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vocalmidi.phrase.pass_alignment import Likeness, Slot, in_slots
from vocalmidi.units import QuarterNotes
from vocalmidi.values import HitLabel, PhraseHit, PhraseNote

ABSENT_VOTE = 0.5
"""Against a thing, of a pass that leaves it out: two of three passes keep a note from a confidence of 0.25 on."""
LEAST_VOTE = 0.05
"""Of a thing of no confidence at all: it was heard."""
BEAT_COST = 2.0
"""Of lying a quarter note apart, in gaps: an eighth apart is as dear as one gap."""
OTHER_PITCH, OTHER_OCTAVE, OTHER_LABEL = 0.6, 0.3, 0.5
"""Of another pitch, of the same in another octave and of another drum, in gaps; below 1, so that a wrong note in its
place is the same note sung wrong; an octave is the commonest slip of a pitch tracker."""
ONE_MOMENT_QN = 1 / 32
"""Hits written nearer than this are one moment: half the finest grid step."""
SHORTEST_QN = 1 / 128
"""The least that is left of a note, as in `notes.py`."""

Moment = tuple[PhraseHit, ...]


@dataclass(frozen=True, slots=True)
class Attendance:
    """Where a pass takes part in the vote: from its first thing to its last, and up to a bar of silence beside them."""

    loop_qn: float
    bar_qn: float

    def spans(self, lines: Sequence[Sequence[PhraseNote | PhraseHit]]) -> list[tuple[float, float]]:
        """Return first and last place of each pass's vote; a pass without a thing votes nowhere."""
        return [
            (line[0].start_qn - self.bar_qn, max(_end(thing) for thing in line) + self.bar_qn)
            if line
            else (np.inf, -np.inf)
            for line in lines
        ]


def _end(thing: PhraseNote | PhraseHit) -> float:
    return thing.start_qn + (thing.length_qn if isinstance(thing, PhraseNote) else 0.0)


def vote_on_notes(lines: Sequence[Sequence[PhraseNote]], attendance: Attendance) -> tuple[PhraseNote, ...]:
    """Return the notes that stay, in order, never two at once."""
    spans = attendance.spans(lines)
    slots = in_slots(lines, Likeness(lambda note: note.played_start_qn, _note_cost))
    agreed = [_agreed_note(slot, spans) for slot in slots if _stays(slot, spans)]
    return _one_at_a_time(agreed)


def _note_cost(one: PhraseNote, other: PhraseNote) -> float:
    apart = BEAT_COST * abs(one.played_start_qn - other.played_start_qn)
    if one.pitch_midi == other.pitch_midi:
        return apart
    return apart + (OTHER_OCTAVE if (one.pitch_midi - other.pitch_midi) % 12 == 0 else OTHER_PITCH)


def _stays(slot: Slot[PhraseNote], spans: Sequence[tuple[float, float]]) -> bool:
    members = [note for note in slot if note is not None]
    return sum(map(_weight, members)) > ABSENT_VOTE * _absent(
        slot, float(np.mean([n.start_qn for n in members])), spans
    )


def _absent(slot: Sequence[object], place_qn: float, spans: Sequence[tuple[float, float]]) -> int:
    """Return how many passes were sung at this place and have nothing there."""
    return sum(member is None and first <= place_qn <= last for member, (first, last) in zip(slot, spans, strict=True))


def _weight(thing: PhraseNote | PhraseHit) -> float:
    return max(thing.confidence, LEAST_VOTE)


def _agreed_note(slot: Slot[PhraseNote], spans: Sequence[tuple[float, float]]) -> PhraseNote:
    """Return what the members of a slot agree on; its confidence is that of the votes cast."""
    members = [note for note in slot if note is not None]
    pitch = _winner([(note.pitch_midi, _weight(note)) for note in members])
    model = max((note for note in members if note.pitch_midi == pitch), key=_weight)
    weights = np.array([_weight(note) for note in members])
    start_qn = _median(members, [note.start_qn for note in members], [note.played_start_qn for note in members])
    stops = [note.start_qn + note.length_qn for note in members]
    played_stops = [note.played_start_qn + note.played_length_qn for note in members]
    played_qn = float(np.average([note.played_start_qn for note in members], weights=weights))
    stop_qn = _median(members, stops, played_stops)
    absent = _absent(slot, start_qn, spans)
    agreeing = sum(_weight(note) for note in members if note.pitch_midi == pitch)
    return replace(
        model,
        start_qn=QuarterNotes(start_qn),
        length_qn=QuarterNotes(max(stop_qn - start_qn, SHORTEST_QN)),
        played_start_qn=QuarterNotes(played_qn),
        played_length_qn=QuarterNotes(max(float(np.average(played_stops, weights=weights)) - played_qn, SHORTEST_QN)),
        velocity=round(float(np.average([note.velocity for note in members], weights=weights))),
        confidence=min(1.0, agreeing / (len(members) + ABSENT_VOTE * absent)),
    )


def _winner(votes: Sequence[tuple[int, float]]) -> int:
    """Return the pitch with the most votes, the first of equals."""
    total: dict[int, float] = {}
    for pitch, weight in votes:
        total[pitch] = total.get(pitch, 0.0) + weight
    return max(total, key=lambda pitch: total[pitch])


def _median(things: Sequence[PhraseNote | PhraseHit], written_qn: Sequence[float], played_qn: Sequence[float]) -> float:
    """Return the weighted median of written places; of two that halve the votes, the one nearer to what was played."""
    order = np.argsort(written_qn, kind="stable")
    written = np.array(written_qn)[order]
    weight = np.array([_weight(thing) for thing in things])
    share = np.cumsum(weight[order]) / weight.sum()
    low = int(np.searchsorted(share, 0.5 - 1e-9))
    if share[low] > 0.5 + 1e-9 or low + 1 == len(written):
        return float(written[low])
    played = float(np.average(played_qn, weights=weight))
    return float(min(written[low], written[low + 1], key=lambda place: abs(place - played)))


def _one_at_a_time(notes: Sequence[PhraseNote]) -> tuple[PhraseNote, ...]:
    """Return the notes in order, each ending where the next begins; of two in one place the surer stays."""
    kept: list[PhraseNote] = []
    for note in sorted(notes, key=lambda note: note.start_qn):
        if kept and note.start_qn < kept[-1].start_qn + SHORTEST_QN:
            kept[-1] = max(kept[-1], note, key=_weight)
        else:
            kept.append(note)
    ends = [note.start_qn for note in kept[1:]] + [np.inf] * bool(kept)
    return tuple(
        replace(note, length_qn=QuarterNotes(min(note.length_qn, end - note.start_qn)))
        for note, end in zip(kept, ends, strict=True)
    )


def vote_on_hits(lines: Sequence[Sequence[PhraseHit]], attendance: Attendance) -> tuple[PhraseHit, ...]:
    """Return the hits that stay, in order: of every moment the drums that most passes have there."""
    spans = attendance.spans(lines)
    slots = in_slots([_moments(line) for line in lines], Likeness(lambda moment: moment[0].played_start_qn, _unlike))
    hits = [hit for slot in slots for hit in _agreed_hits(slot, spans)]
    return tuple(sorted(hits, key=lambda hit: hit.start_qn))


def _moments(line: Sequence[PhraseHit]) -> list[Moment]:
    """Return the hits of a pass in groups of those that sound at once."""
    moments: list[Moment] = []
    for hit in line:
        if moments and hit.start_qn - moments[-1][0].start_qn < ONE_MOMENT_QN:
            moments[-1] = (*moments[-1], hit)
        else:
            moments.append((hit,))
    return moments


def _unlike(one: Moment, other: Moment) -> float:
    labels = {hit.label for hit in one} & {hit.label for hit in other}
    return BEAT_COST * abs(one[0].played_start_qn - other[0].played_start_qn) + (0.0 if labels else OTHER_LABEL)


def _agreed_hits(slot: Slot[Moment], spans: Sequence[tuple[float, float]]) -> list[PhraseHit]:
    """Return the hits of one moment, none where it is outvoted: as many drums as the passes hit there on the whole."""
    members = [moment for moment in slot if moment is not None]
    surest = [max(moment, key=_weight) for moment in members]
    absent = _absent(slot, float(np.mean([hit.start_qn for hit in surest])), spans)
    if sum(map(_weight, surest)) <= ABSENT_VOTE * absent:
        return []
    start_qn = _median(surest, [hit.start_qn for hit in surest], [hit.played_start_qn for hit in surest])
    drums = int(np.mean([len(moment) for moment in members]) + 0.5)
    heard = sorted(_by_label(members), key=lambda hits: -sum(map(_weight, hits)))
    return [_agreed_hit(hits, start_qn, len(members) + absent) for hits in heard[:drums]]


def _by_label(moments: Sequence[Moment]) -> list[list[PhraseHit]]:
    """Return the hits of a slot by drum, and by the user's own sound where it is one; each pass counts once."""
    heard: dict[tuple[HitLabel, str], list[PhraseHit]] = {}
    for moment in moments:
        named = {(hit.label, hit.trigger.name if hit.trigger else ""): hit for hit in moment}
        for name, hit in named.items():
            heard.setdefault(name, []).append(hit)
    return list(heard.values())


def _agreed_hit(hits: Sequence[PhraseHit], start_qn: float, voters: int) -> PhraseHit:
    weights = [_weight(hit) for hit in hits]
    return replace(
        max(hits, key=_weight),
        start_qn=QuarterNotes(start_qn),
        played_start_qn=QuarterNotes(float(np.average([hit.played_start_qn for hit in hits], weights=weights))),
        velocity=round(float(np.average([hit.velocity for hit in hits], weights=weights))),
        confidence=min(1.0, sum(weights) / (len(hits) + ABSENT_VOTE * (voters - len(hits)))),
    )
