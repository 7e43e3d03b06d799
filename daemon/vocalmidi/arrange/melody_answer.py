"""A sung melody answered: its first half as sung, then an answer made of the same notes that closes on the tonic.

In: the sung notes. Out: the call as it was sung, and in place of the second half either that half turned upside down,
backwards or moved by a third, or the call once more from another step (a sequence). The rhythm is always a sung one.
On beats the answer goes by the chords, between them by the scale; it stays within the sung range and closes as a
consequent does (Caplin 1998, Classical Form, ch. 4).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.melody_fit import answer_range, fitted_keys
from vocalmidi.arrange.melody_ground import Ground
from vocalmidi.arrange.strokes import TINY_QN
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note, Origin

FRESH_SHARE = 0.5
"""Of the answer's notes, how many must differ from the sung ones for it to be heard as another phrase."""

FEWEST_KEYS = 3
"""Keys that make a line; fewer only where the sung half had fewer."""


@dataclass(frozen=True, slots=True)
class Halves:
    """The call, what was sung after it, where that begins and where the singing ends, in quarter notes."""

    call: list[Note]
    rest: list[Note]
    split_qn: float
    stop_qn: float


Turning = Callable[[Halves, Ground, Dice], list[Note]]


def answered(notes: list[Note], ground: Ground, sung_qn: float, dice: Dice) -> list[Note]:
    """Return the call and its answer: the first turning, in an order of the dice, that makes another phrase."""
    if not notes:
        return []
    halves = _halves(notes, ground, sung_qn)
    keys = answer_range(notes)
    left, best, most = list(TURNINGS), list[Note](), -1.0
    while left:
        turning = dice.pick(left)
        left.remove(turning)
        turned = turning(halves, ground, dice)
        answer = [_at(note, key) for note, key in zip(turned, fitted_keys(turned, ground, keys), strict=True)]
        fresh = _fresh_share(answer, halves.rest)
        if fresh >= FRESH_SHARE and _is_lively(answer, halves.rest):
            return halves.call + answer
        if fresh > most:
            best, most = answer, fresh
    return halves.call + best


def _halves(notes: list[Note], ground: Ground, sung_qn: float) -> Halves:
    """Return the phrase cut at the bar line in its middle, else where half of the notes are sung."""
    bar_qn = ground.meter.bar_qn
    split_qn = max(1, round(sung_qn / bar_qn) // 2) * bar_qn
    call = [note for note in notes if note.start_qn < split_qn - TINY_QN]
    if not call or len(call) == len(notes):
        call = notes[: len(notes) // 2]
        split_qn = notes[len(call)].start_qn
    last = notes[-1]
    stop_qn = max(sung_qn, last.start_qn + last.length_qn)
    if call:
        cut_qn = min(call[-1].start_qn + call[-1].length_qn, split_qn)
        call = [*call[:-1], replace(call[-1], length_qn=QuarterNotes(cut_qn - call[-1].start_qn))]
    return Halves(call, notes[len(call) :], split_qn, stop_qn)


def inverted(halves: Halves, ground: Ground, _dice: Dice) -> list[Note]:
    """Turn the second half upside down about its first note, step for step."""
    first = halves.rest[0]
    steps = [ground.steps_between(first.pitch_midi, note.pitch_midi, first.start_qn) for note in halves.rest]
    return [
        _at(note, ground.step(first.pitch_midi, -step, first.start_qn))
        for note, step in zip(halves.rest, steps, strict=True)
    ]


def backwards(halves: Halves, _ground: Ground, _dice: Dice) -> list[Note]:
    """Take the keys of the second half in the reverse order, in its rhythm."""
    pitches = [note.pitch_midi for note in halves.rest][::-1]
    return [_at(note, pitch) for note, pitch in zip(halves.rest, pitches, strict=True)]


def moved(halves: Halves, ground: Ground, dice: Dice) -> list[Note]:
    """Move the second half by a third, up or down."""
    steps = dice.pick((-2, 2))
    return [_at(note, ground.step(note.pitch_midi, steps, note.start_qn)) for note in halves.rest]


def sequence(halves: Halves, ground: Ground, dice: Dice) -> list[Note]:
    """Sing the call again from another step; without a call to go by, the second half moved."""
    if not halves.call:
        return moved(halves, ground, dice)
    steps, notes = dice.pick((-2, -1, 1, 2)), list[Note]()
    origin_qn = halves.call[0].start_qn
    # From its bar line where the split is one, else from where the second half begins.
    begin_qn = halves.split_qn + (origin_qn if origin_qn < halves.split_qn / 2.0 else 0.0)
    for note in halves.call:
        start_qn = begin_qn + note.start_qn - origin_qn
        room_qn = halves.stop_qn - start_qn
        if room_qn > TINY_QN:
            length_qn = min(note.length_qn, room_qn)
            again = replace(note, start_qn=QuarterNotes(start_qn), length_qn=QuarterNotes(length_qn))
            notes.append(_at(again, ground.step(note.pitch_midi, steps, start_qn)))
    return notes


TURNINGS: tuple[Turning, ...] = (inverted, backwards, moved, sequence)


def _at(note: Note, pitch: int) -> Note:
    """Return a note at another key: what the voice did on the way to the sung one does not go with it."""
    return replace(note, pitch_midi=max(0, min(127, pitch)), bend=(), level=(), played=None, origin=Origin.VARIED)


def _fresh_share(answer: list[Note], sung: list[Note]) -> float:
    """Return how many of the answer's notes are not where and what was sung."""
    known = {(round(note.start_qn, 4), note.pitch_midi) for note in sung}
    return sum((round(note.start_qn, 4), note.pitch_midi) not in known for note in answer) / max(1, len(answer))


def _is_lively(answer: list[Note], sung: list[Note]) -> bool:
    """Return whether the answer has a line where what was sung has one: chords can flatten it to a drone."""
    keys, sung_keys = ({note.pitch_midi for note in notes} for notes in (answer, sung))
    return len(keys) >= min(FEWEST_KEYS, len(sung_keys))
