"""The figures of ornamentation: what may take the place of a sung note, led on to the next.

In: a sung note and the one after it, and an `Ornamenter`: ground, note lengths, keys, dice. Out: a `Figure`, empty
where it does not fit. Every figure begins with the sung key at the sung start. Which is taken is decided elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.melody_ground import Ground
from vocalmidi.arrange.strokes import TINY_QN
from vocalmidi.values import Note


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
