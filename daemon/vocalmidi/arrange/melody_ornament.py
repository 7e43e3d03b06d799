"""A sung melody ornamented: every sung note keeps its start and its key, and leads to the next by notes between.

In: the sung notes. Out: these with passing notes, neighbours, mordents, turns, grace notes and broken chords, all in
the key and over the chord, none quicker than can be played. The figures are those of any manual of ornamentation
(Quantz 1752, chapters VIII and XIII). Density says how many notes take one, complexity how fancy.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.melody_ground import Ground
from vocalmidi.arrange.strokes import TINY_QN
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
class Figure:
    """What takes a sung note's place: starts in quarter notes and keys, the sung one first; () where none fits.

    stop_qn: where its last note ends.
    """

    starts_qn: tuple[float, ...] = ()
    pitches: tuple[int, ...] = ()
    stop_qn: float = 0.0


Maker = Callable[["Ornamenter", Note, Note | None], Figure]


@dataclass(frozen=True, slots=True)
class Ornamenter:
    """What figures go by: the ground, their notes' length and that of a mordent's, the keys allowed, and dice."""

    ground: Ground
    unit_qn: float
    quick_qn: float
    low: int
    high: int
    dice: Dice

    def neighbour(self, pitch: int, at_qn: float) -> int:
        """Return the scale tone above or below."""
        return self.ground.step(pitch, 1 if self.dice.share() < 0.5 else -1, at_qn)

    def at_end(self, note: Note, following: Note | None, pitches: tuple[int, ...]) -> Figure:
        """Return the note with shortest notes at its end, nothing where they would leave it shorter than themselves."""
        stop_qn = self.stop_qn(note, following)
        first_qn = stop_qn - len(pitches) * self.unit_qn
        if not pitches or first_qn < note.start_qn + self.unit_qn - TINY_QN:
            return Figure()
        starts_qn = tuple(first_qn + place * self.unit_qn for place in range(len(pitches)))
        return Figure((note.start_qn, *starts_qn), (note.pitch_midi, *pitches), stop_qn)

    def joins(self, note: Note, following: Note | None) -> bool:
        """Return whether one note leads into the other without a rest worth hearing."""
        return following is not None and following.start_qn - note.start_qn - note.length_qn < self.unit_qn - TINY_QN

    def stop_qn(self, note: Note, following: Note | None) -> float:
        """Return where a figure on a note ends: with the note, or at the next where only a breath parts them."""
        if following is not None and self.joins(note, following):
            return following.start_qn
        return note.start_qn + note.length_qn


def passing(by: Ornamenter, note: Note, following: Note | None) -> Figure:
    """Fill a third or a fourth with the scale."""
    if following is None or not by.joins(note, following):
        return Figure()
    steps = by.ground.steps_between(note.pitch_midi, following.pitch_midi, note.start_qn)
    if not 2 <= abs(steps) <= 4:
        return Figure()
    way = 1 if steps > 0 else -1
    between = (by.ground.step(note.pitch_midi, way * (n + 1), note.start_qn) for n in range(abs(steps) - 1))
    return by.at_end(note, following, tuple(between))


def neighbour(by: Ornamenter, note: Note, following: Note | None) -> Figure:
    """Touch the scale tone beside a note that is sung again."""
    if following is None or not by.joins(note, following) or following.pitch_midi != note.pitch_midi:
        return Figure()
    return by.at_end(note, following, (by.neighbour(note.pitch_midi, note.start_qn),))


def anticipation(by: Ornamenter, note: Note, following: Note | None) -> Figure:
    """Take the next key a little before its time."""
    if following is None or not by.joins(note, following) or following.pitch_midi == note.pitch_midi:
        return Figure()
    return by.at_end(note, following, (following.pitch_midi,))


def mordent(by: Ornamenter, note: Note, following: Note | None) -> Figure:
    """Leave a note for its neighbour and come back at once."""
    stop_qn = by.stop_qn(note, following)
    if stop_qn - note.start_qn < 4.0 * by.quick_qn - TINY_QN:
        return Figure()
    starts_qn = tuple(note.start_qn + n * by.quick_qn for n in range(3))
    pitches = (note.pitch_midi, by.neighbour(note.pitch_midi, note.start_qn), note.pitch_midi)
    return Figure(starts_qn, pitches, note.start_qn + max(note.length_qn, 3.0 * by.quick_qn))


def turn(by: Ornamenter, note: Note, following: Note | None) -> Figure:
    """Go round a note before the next: above, itself, below."""
    if not by.joins(note, following) or by.stop_qn(note, following) - note.start_qn < 5.0 * by.unit_qn - TINY_QN:
        return Figure()
    above, below = (by.ground.step(note.pitch_midi, steps, note.start_qn) for steps in (1, -1))
    return by.at_end(note, following, (above, note.pitch_midi, below))


def approach(by: Ornamenter, note: Note, following: Note | None) -> Figure:
    """Come to the next note from the scale tone below it, or above it where the line falls."""
    if following is None or not by.joins(note, following):
        return Figure()
    leap = following.pitch_midi - note.pitch_midi
    side = by.ground.step(following.pitch_midi, -1 if leap >= 0 else 1, following.start_qn)
    return by.at_end(note, following, (side,)) if side != note.pitch_midi else Figure()


def broken_chord(by: Ornamenter, note: Note, _following: Note | None) -> Figure:
    """Go on from a held note through two tones of the chord and back, in the second half of the note."""
    if note.length_qn < 8.0 * by.unit_qn - TINY_QN:
        return Figure()
    tones, pitch = by.ground.tones_at(note.start_qn), note.pitch_midi
    way = -1 if pitch + 9 > by.high else 1
    nearby = [key for n in range(1, 13) if (key := pitch + way * n) % 12 in tones]
    if len(nearby) < 2:
        return Figure()
    half_qn, long_qn = note.length_qn / 2.0, note.length_qn / 8.0
    starts_qn = tuple(note.start_qn + half_qn + n * long_qn for n in range(3))
    stop_qn = note.start_qn + note.length_qn
    return Figure((note.start_qn, *starts_qn), (pitch, nearby[0], nearby[1], nearby[0]), stop_qn)


def echo(by: Ornamenter, note: Note, _following: Note | None) -> Figure:
    """Strike a note once more in its second half."""
    if note.length_qn < 4.0 * by.unit_qn - TINY_QN:
        return Figure()
    starts_qn = (note.start_qn, note.start_qn + note.length_qn / 2.0)
    return Figure(starts_qn, (note.pitch_midi, note.pitch_midi), note.start_qn + note.length_qn)


PLAIN_FIGURES: tuple[Maker, ...] = (passing, neighbour, approach, anticipation)
FANCY_FIGURES: tuple[Maker, ...] = (mordent, turn, broken_chord)


def ornamented(notes: list[Note], ground: Ground, tempo_qpm: float, how_much: "HowMuch", dice: Dice) -> list[Note]:
    """Return the notes ornamented, at least one of them where any has room."""
    if not notes:
        return []
    pitches = [note.pitch_midi for note in notes]
    low, high = max(0, min(pitches) - SPREAD), min(127, max(pitches) + SPREAD)
    by = Ornamenter(ground, playable_qn(tempo_qpm, UNITS_QN), playable_qn(tempo_qpm, QUICK_UNITS_QN), low, high, dice)
    share = LEAST_SHARE + (MOST_SHARE - LEAST_SHARE) * how_much.density
    played, last = list[list[Note]](), False
    before: Maker | None = None
    for note, following in zip(notes, [*notes[1:], None], strict=True):
        last = dice.share() < (share * NEXT_SHARE if last else share)
        chosen = _chosen(by, note, following, how_much.complexity, before) if last else None
        before = chosen.make if chosen else before
        last = chosen is not None
        played.append(_played(note, chosen.figure) if chosen else [note])
    if all(len(pieces) == 1 for pieces in played):
        # Nobody asks for ornaments to get none: the longest note with room takes one.
        for index in sorted(range(len(notes)), key=lambda index: -notes[index].length_qn):
            following = notes[index + 1] if index + 1 < len(notes) else None
            chosen = _chosen(by, notes[index], following, 1.0, None)
            if chosen:
                played[index] = _played(notes[index], chosen.figure)
                break
    return [piece for pieces in played for piece in pieces]


@dataclass(frozen=True, slots=True)
class HowMuch:
    """Density and complexity, 0–1."""

    density: float
    complexity: float


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
            bend = tuple(point for point in note.bend if point.after_qn <= length_qn)
            pieces.append(replace(note, length_qn=length_qn, bend=bend, origin=Origin.VARIED))
    return pieces
