"""What all part writers share: notes within the phrase, in order, never two of one key at once; and their loudness."""

from collections.abc import Iterable
from dataclasses import replace

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.style import Span
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note

SHORTEST_QN = 1.0 / 64.0
"""15 ticks: what is left of a note after cutting must still be a note."""
HUMAN_VELOCITY = 4
"""Velocity spread of an even player's repeated strokes; about the median in gmd (training split)."""
ACCENT, PLAIN, GHOST = 1.0, 0.6, 0.0
"""Where `X`, `x` and `o` lie in a part's range of velocities."""


def loudness(symbol: str, velocity: Span, dice: Dice) -> int:
    """Return the velocity of a stroke: capitals are accents, `o` and `?` ghosts, with a little human unevenness."""
    place = GHOST if symbol in "o?" else ACCENT if symbol.isupper() else PLAIN
    level = velocity.low + place * (velocity.high - velocity.low)
    return max(1, min(127, round(level + dice.between(-HUMAN_VELOCITY, HUMAN_VELOCITY))))


def make_note(start_qn: float, stop_qn: float, key: int, velocity: int) -> Note:
    """Return a note from start to stop."""
    return Note(QuarterNotes(start_qn), QuarterNotes(max(stop_qn - start_qn, SHORTEST_QN)), key, velocity)


def tidy(notes: Iterable[Note], length_qn: float) -> tuple[Note, ...]:
    """Return notes sorted, cut to the phrase, each ending before its key sounds again; of two at once the louder."""
    first_of = dict[tuple[float, int], Note]()
    for note in sorted(notes, key=lambda note: (note.start_qn, note.pitch_midi, -note.velocity)):
        if note.start_qn <= length_qn - SHORTEST_QN:
            first_of.setdefault((round(note.start_qn, 6), note.pitch_midi), note)
    kept = list[Note]()
    next_start = dict[int, float]()
    for note in sorted(first_of.values(), key=lambda note: (note.start_qn, note.pitch_midi), reverse=True):
        stop_qn = min(note.start_qn + note.length_qn, next_start.get(note.pitch_midi, length_qn))
        if stop_qn > note.start_qn:
            kept.append(replace(note, length_qn=QuarterNotes(stop_qn - note.start_qn)))
            next_start[note.pitch_midi] = note.start_qn
    return tuple(kept[::-1])
