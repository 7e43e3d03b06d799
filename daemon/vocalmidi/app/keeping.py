"""What of an earlier arrangement stays, and what the new parts go by then.

Comes in: parts that are to stay, which of them somebody edited, and the chords they were written for. Goes out: `Kept`
for the arrangement, and the phrase: where the part that held what was sung was edited, its notes are the phrase now.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, TypeVar

from vocalmidi.app.choices import next_seed
from vocalmidi.arrange import Kept, chords_heard, sung_part
from vocalmidi.phrase import ScaleLock, estimate_key, evidence_of, locked
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Chord, Instrument, Note, Part, PartName, Phrase, PhraseNote

T = TypeVar("T")
HARMONIC = (PartName.CHORDS, PartName.BASS)
"""Parts that were written to chords: who keeps one keeps these."""
STRANGE_SHARE = 0.2
"""Of notes outside the key with which it still is the key; chosen: passing and blue notes of a tune stay below it."""
SURE = 1.0
"""Confidence of a note that a user wrote."""
SHORTEST_QN = 1 / 64
"""Of a note that the next one cuts, as `arrange.parts` leaves of one."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Parts of an earlier arrangement that stay; edited: those that are not as they were written; chords: its own."""

    parts: tuple[Part, ...] = ()
    edited: frozenset[PartName] = frozenset()
    chords: tuple[Chord, ...] = ()


NOTHING = Earlier()


def kept_of(earlier: Earlier, instrument: Instrument) -> Kept:
    """Return what the arrangement keeps; `instrument` is what the voice stands for."""
    written_to_chords = [part for part in earlier.parts if part.name in HARMONIC and part.name != sung_part(instrument)]
    if not written_to_chords:
        return Kept(earlier.parts)
    edited = [part for part in written_to_chords if part.name is PartName.CHORDS and part.name in earlier.edited]
    return Kept(earlier.parts, chords_heard(edited[0].notes, earlier.chords) if edited else earlier.chords)


def heard_anew(phrase: Phrase, earlier: Earlier, instrument: Instrument) -> Phrase:
    """Return the phrase as the part has it that holds what was sung, where somebody edited that part.

    What goes on after the phrase is no part of it. Of a pad the sung notes can't be told from the chords around them.
    """
    name = sung_part(instrument)
    edited = [part for part in earlier.parts if part.name is name and name in earlier.edited]
    if not edited or name not in (PartName.MELODY, PartName.BASS):
        return phrase
    heard = replace(phrase, notes=one_voice(edited[0].notes, phrase.length_qn))
    return heard if _is_in_key(heard) else replace(heard, key=estimate_key(evidence_of(heard.notes)))


def _is_in_key(phrase: Phrase) -> bool:
    """Return whether most notes are of the phrase's key, or the key was told."""
    on_scale = zip(phrase.notes, locked(phrase, ScaleLock.DIATONIC).notes, strict=True)
    strange = sum(note.pitch_midi != nearest.pitch_midi for note, nearest in on_scale)
    return phrase.key.probability == 1.0 or strange <= STRANGE_SHARE * len(phrase.notes)


def one_voice(notes: Sequence[Note], length_qn: QuarterNotes) -> tuple[PhraseNote, ...]:
    """Return the highest note of each start before the end as a voice sings: each ends before the next begins."""
    within = [note for note in notes if note.start_qn < length_qn]
    highest = {note.start_qn: note for note in sorted(within, key=lambda note: note.pitch_midi)}
    starts = [*sorted(highest), length_qn]
    return tuple(_as_sung(highest[start], stop) for start, stop in pairwise(starts))


def _as_sung(note: Note, stop_qn: QuarterNotes) -> PhraseNote:
    span = note.start_qn, QuarterNotes(min(note.length_qn, max(stop_qn - note.start_qn, SHORTEST_QN)))
    return PhraseNote(*span, *span, note.pitch_midi, note.velocity, SURE, note.bend)


TAKES = 8
"""Seeds that are tried for another take: a groove that has few has told all by then."""
NEAR_QN = 1 / 240
"""Starts nearer than that are one: some ticks, which is what an item in Reaper rounds."""


@dataclass(frozen=True, slots=True)
class Rolled(Generic[T]):
    """What was made by which seeds; is_new: whether every part that was to be another take is one."""

    seeds: Mapping[PartName, int]
    made: T
    is_new: bool


def until_new(
    make: Callable[[Mapping[PartName, int]], T],
    parts_of: Callable[[T], Sequence[Part]],
    seeds: Mapping[PartName, int],
    before: Mapping[PartName, Part],
) -> Rolled[T]:
    """Return what other seeds make until each part of `before` has other notes, or some tries have found none."""
    made, same = make(seeds), list[PartName]()
    for _ in range(TAKES):
        parts = parts_of(made)
        same = [part.name for part in parts if part.name in before and is_same_take(part, before[part.name])]
        if not same:
            break
        seeds = {**seeds, **{name: next_seed(seeds[name]) for name in same}}
        made = make(seeds)
    return Rolled(seeds, made, is_new=not same)


def is_same_take(part: Part, other: Part) -> bool:
    """Return whether two parts sound alike: the same keys as loud at the same places."""
    first, second = _struck(part), _struck(other)
    return len(first) == len(second) and all(
        abs(a[2] - b[2]) <= NEAR_QN and a[:2] == b[:2] for a, b in zip(first, second, strict=True)
    )


def _struck(part: Part) -> list[tuple[int, int, float]]:
    ordered = sorted(part.notes, key=lambda note: (note.pitch_midi, note.start_qn))
    return [(note.pitch_midi, note.velocity, note.start_qn) for note in ordered]
