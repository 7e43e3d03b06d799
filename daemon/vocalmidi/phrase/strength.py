"""How hard the grid pulls: a phrase on its grid to one between that and what was played, at any time afterwards.

In: a phrase at full strength, which holds both. Out: the same with onsets, ends and hits moved. Nothing is heard or
estimated anew, so a strength can be changed as often as wished.
"""

from dataclasses import replace
from itertools import pairwise

from vocalmidi.phrase.first_bar import SHORTEST_QN, from_first_bar
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Phrase, PhraseHit, PhraseNote


def with_strength(phrase: Phrase, strength: float) -> Phrase:
    """Return the phrase with its sounds at `strength` of the way from where they were played to the grid.

    phrase: at full strength, as `build_phrase` gives it where nothing else is asked.
    strength: 0 (as played) to 1 (on the grid).
    """
    if not 0.0 <= strength <= 1.0:
        raise ValueError(f"quantise strength {strength} is outside 0–1")
    if strength == 1.0:
        return from_first_bar(phrase)
    notes = list[PhraseNote]()
    for note in phrase.notes:
        notes.append(_pulled_note(note, strength, notes[-1].start_qn + SHORTEST_QN if notes else None))
    for index, (note, following) in enumerate(pairwise(notes)):
        length_qn = min(note.length_qn, following.start_qn - note.start_qn)
        notes[index] = replace(note, length_qn=QuarterNotes(length_qn))
    hits = list[PhraseHit]()
    for hit in phrase.hits:
        start_qn = _between(hit.played_start_qn, hit.start_qn, strength)
        start_qn = max(start_qn, hits[-1].start_qn) if hits else start_qn
        hits.append(replace(hit, start_qn=QuarterNotes(start_qn)))
    return from_first_bar(replace(phrase, notes=tuple(notes), hits=tuple(hits)))


def _pulled_note(note: PhraseNote, strength: float, earliest_qn: float | None) -> PhraseNote:
    start = _between(note.played_start_qn, note.start_qn, strength)
    start = start if earliest_qn is None else max(earliest_qn, start)
    played_end = note.played_start_qn + note.played_length_qn
    stop = max(start + SHORTEST_QN, _between(played_end, note.start_qn + note.length_qn, strength))
    return replace(note, start_qn=QuarterNotes(start), length_qn=QuarterNotes(stop - start))


def _between(played_qn: float, grid_qn: float, strength: float) -> float:
    return played_qn + strength * (grid_qn - played_qn)
