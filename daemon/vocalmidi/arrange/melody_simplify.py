"""A sung melody simplified: of the notes in each beat the weightiest stays, and is held where the others were.

In: the sung notes. Out: fewer of them, none moved and none at another key. What is weighty is what the metrical
reduction of Lerdahl & Jackendoff 1983 (A Generative Theory of Tonal Music, ch. 6) keeps: on the beat, long, in the
chord; the first, the last and the highest note of the phrase always stay.
"""

from dataclasses import replace

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.melody_ground import NEAR_BEAT_QN, Ground
from vocalmidi.arrange.strokes import TINY_QN
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note, Origin

BEAT_WEIGHT, FIRST_WEIGHT, TONE_WEIGHT, LOUD_WEIGHT, CHANCE = 1.0, 0.5, 0.5, 0.5, 0.4
"""Of a note on a beat, on the first of its stretch, in the chord, and at full velocity, against one beat of length;
chance parts near equals."""
MOST_LEFT = 0.75
"""Of the notes: with more left nobody hears that it is simpler."""
BEATS = (2.0, 1.0, 0.5)
"""In how many beats one note stays, at low, middle and high complexity."""


def simplified(notes: list[Note], ground: Ground, complexity: float, dice: Dice) -> list[Note]:
    """Return the notes that carry the tune; a wider reach is tried where hardly any would be left out."""
    reach_qn = BEATS[min(2, int(complexity * 3.0))] * ground.beat_qn
    weights = [_weight(note, ground, dice) for note in notes]
    left = notes
    while len(left) > MOST_LEFT * len(notes) and reach_qn <= ground.meter.bar_qn + TINY_QN:
        left = _left(notes, weights, reach_qn)
        reach_qn *= 2.0
    return _held(notes, left)


def _weight(note: Note, ground: Ground, dice: Dice) -> float:
    weight = min(note.length_qn / ground.beat_qn, 2.0) + LOUD_WEIGHT * note.velocity / 127.0 + CHANCE * dice.share()
    weight += BEAT_WEIGHT * ground.is_beat(note.start_qn)
    return weight + TONE_WEIGHT * (note.pitch_midi % 12 in ground.tones_at(note.start_qn))


def _left(notes: list[Note], weights: list[float], reach_qn: float) -> list[Note]:
    """Return the phrase's first, last and highest note, and the weightiest of each stretch that has none of these."""
    highest = max(range(len(notes)), key=lambda index: (notes[index].pitch_midi, weights[index]))
    staying = {0, len(notes) - 1, highest}
    stretches = [int((note.start_qn + TINY_QN) // reach_qn) for note in notes]
    firsts = [note.start_qn - at * reach_qn < NEAR_BEAT_QN for note, at in zip(notes, stretches, strict=True)]
    best = {stretches[index]: index for index in staying}
    for index, stretch in enumerate(stretches):
        if best.get(stretch) in staying:
            continue
        here = weights[index] + FIRST_WEIGHT * firsts[index]
        if stretch not in best or here > weights[best[stretch]] + FIRST_WEIGHT * firsts[best[stretch]]:
            best[stretch] = index
    staying |= set(best.values())
    return [note for index, note in enumerate(notes) if index in staying]


def _held(notes: list[Note], left: list[Note]) -> list[Note]:
    """Return the notes left, each held to the end of those left out after it: rests stay rests."""
    held, following = list[Note](), iter([*left[1:], None])
    upcoming = iter(notes)
    note = next(upcoming, None)
    for kept in left:
        until, stop_qn = next(following), kept.start_qn + kept.length_qn
        while note is not None and note is not until:
            stop_qn = max(stop_qn, note.start_qn + note.length_qn)
            note = next(upcoming, None)
        if until is not None:
            stop_qn = min(stop_qn, until.start_qn)
        longer = stop_qn > kept.start_qn + kept.length_qn + TINY_QN
        length_qn = QuarterNotes(stop_qn - kept.start_qn)
        held.append(replace(kept, length_qn=length_qn, origin=Origin.VARIED) if longer else kept)
    return held
