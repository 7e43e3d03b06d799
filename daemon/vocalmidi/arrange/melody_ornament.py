"""A sung melody ornamented: every sung note keeps its start and its key, and leads to the next by notes between.

In: the sung notes. Out: these with passing notes, neighbours, mordents, turns, grace notes and broken chords, all in
the key and over the chord, none quicker than can be played. The figures are those of any manual of ornamentation
(Quantz 1752, chapters VIII and XIII). Density says how many notes take one, complexity how fancy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vocalmidi.arrange.curves import bend_within, level_within
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.melody_figures import FANCY_FIGURES, PLAIN_FIGURES, Figure, Maker, Ornamenter, echo
from vocalmidi.arrange.melody_ground import Ground
from vocalmidi.units import QuarterNotes, seconds_to_qn
from vocalmidi.values import Note, Origin

QUICKEST_S = 0.085
"""Seconds a note: good players trill at 10 to 14 notes a second."""
UNITS_QN = (0.25, 0.5, 1.0, 2.0)
"""An ornament's notes are sixteenths, or the next longer value that can be played."""
QUICK_UNITS_QN = (0.125, *UNITS_QN)
"""Those of a mordent: thirty-seconds where they can be played."""
SOFTER = 0.85
"""Velocity of an added note against the sung one it hangs on, so that the tune stays in front."""
SPREAD = 5
"""Semitones an added note may go beyond the sung range: a fourth."""
PLAIN_WEIGHT, FANCY_WEIGHT = 2.0, 1.0
"""How often figures of one kind are taken at middle complexity."""
AGAIN_SHARE = 0.2
"""Of its weight, what is left of a figure that the last ornament was, too: a player varies them."""
NEXT_SHARE = 0.5
"""Of the share of notes, how many are ornamented right after one that was: the tune wants air."""
LEAST_SHARE, MOST_SHARE = 0.2, 0.8
"""Of the sung notes with room, how many are ornamented at density 0 and 1."""


@dataclass(frozen=True, slots=True)
class HowMuch:
    """Density and complexity, 0–1."""

    density: float
    complexity: float


def ornamented(notes: list[Note], ground: Ground, tempo_qpm: float, how_much: HowMuch, dice: Dice) -> list[Note]:
    """Return the notes ornamented, at least one of them where any has room."""
    if not notes:
        return []
    pitches = [note.pitch_midi for note in notes]
    low, high = max(0, min(pitches) - SPREAD), min(127, max(pitches) + SPREAD)
    by = Ornamenter(ground, playable_qn(tempo_qpm, UNITS_QN), playable_qn(tempo_qpm, QUICK_UNITS_QN), low, high, dice)
    followers = [*notes[1:], None]
    share = LEAST_SHARE + (MOST_SHARE - LEAST_SHARE) * how_much.density
    chosen = list[_Chosen | None]()
    before: Maker | None = None
    for note, following in zip(notes, followers, strict=True):
        here = share * NEXT_SHARE if chosen and chosen[-1] else share
        taken = _chosen(by, note, following, how_much.complexity, before) if dice.share() < here else None
        before = taken.make if taken else before
        chosen.append(taken)
    if not any(chosen):
        chosen = _one(by, notes, followers)
    return [
        piece
        for note, taken in zip(notes, chosen, strict=True)
        for piece in (_played(note, taken.figure) if taken else [note])
    ]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A figure and what made it."""

    make: Maker
    figure: Figure


def playable_qn(tempo_qpm: float, units_qn: tuple[float, ...]) -> float:
    """Return the shortest of some note values that can be played at a tempo, the longest where none can."""
    quickest_qn = seconds_to_qn(QUICKEST_S, tempo_qpm)
    return next((unit_qn for unit_qn in units_qn if unit_qn >= quickest_qn), units_qn[-1])


def _chosen(
    by: Ornamenter, note: Note, following: Note | None, complexity: float, before: Maker | None
) -> _Chosen | None:
    """Return one figure that fits, taken by weight; a note struck again where no other does; None where none does."""
    weights = dict.fromkeys(PLAIN_FIGURES, PLAIN_WEIGHT) | dict.fromkeys(FANCY_FIGURES, 2.0 * complexity * FANCY_WEIGHT)
    made = [_Chosen(make, make(by, note, following)) for make, weight in weights.items() if weight > 0.0]
    fitting = [
        each
        for each in made
        if each.figure.starts_qn and all(by.low <= pitch <= by.high for pitch in each.figure.pitches)
    ]
    if not fitting:
        again = echo(by, note, following)
        return _Chosen(echo, again) if again.starts_qn else None
    shares = [weights[each.make] * (AGAIN_SHARE if each.make is before else 1.0) for each in fitting]
    return by.dice.pick(fitting, shares)


def _one(by: Ornamenter, notes: list[Note], followers: Sequence[Note | None]) -> list[_Chosen | None]:
    """Return an ornament of the longest note that has room for one: nobody asks for ornaments to get none."""
    chosen: list[_Chosen | None] = [None] * len(notes)
    for index in sorted(range(len(notes)), key=lambda index: -notes[index].length_qn):
        chosen[index] = _chosen(by, notes[index], followers[index], 1.0, None)
        if chosen[index]:
            break
    return chosen


def _played(note: Note, figure: Figure) -> list[Note]:
    """Return the notes of a figure; the first is the sung one, cut short."""
    stops_qn = (*figure.starts_qn[1:], figure.stop_qn)
    pieces = list[Note]()
    for start_qn, stop_qn, pitch in zip(figure.starts_qn, stops_qn, figure.pitches, strict=True):
        length_qn = QuarterNotes(stop_qn - start_qn)
        if pieces:
            velocity = max(1, round(note.velocity * SOFTER))
            pieces.append(Note(QuarterNotes(start_qn), length_qn, pitch, velocity, origin=Origin.VARIED))
        else:
            bend, level = bend_within(note.bend, length_qn), level_within(note.level, length_qn)
            pieces.append(replace(note, length_qn=length_qn, bend=bend, level=level, origin=Origin.VARIED))
    return pieces
