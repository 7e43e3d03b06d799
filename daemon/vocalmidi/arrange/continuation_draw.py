"""Melodies that go on, drawn step by step within what is allowed, and the best of several.

In: a `Ground` (what was sung as steps, and what a continuation keeps to), what may come next (`continuation_guess`),
dice. Out: the steps that follow. Held to: the key, the range, rests and held notes no longer than the singer's; never
two bars in a row as they were before; a resting tone at the end, held. Several are drawn and the one that closes most
naturally and moves most like the phrase is taken. Knows nothing of quarter notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.continuation_guess import Guess
from vocalmidi.arrange.continuation_input import CLASSES, HOLD, MIDDLE, Beat, Reader, step_of
from vocalmidi.arrange.dice import Dice

Floats = npt.NDArray[np.float64]

NUCLEUS = 0.92
"""Of the probability that is drawn from (Holtzman et al. 2020): the unlikely rest is where melodies go astray."""
OTHER_REST = -3.0
"""Log weight of ending on the third or fifth against the tonic: one in twenty where a song might end on either."""
CHORD_TONE = 1.0
"""Added to the logit of a note of the chord that starts on a beat, where chords are given."""
WIDEST_STEP = 12
"""Semitones of the widest leap: an octave is the widest one that is common in song."""
STEEP, UNEVEN, DULL, KIN = 3.0, 3.0, 2.0, 3.0
"""Against a nat of the close: a steep close or one that nothing leads to, twice or half as many notes (ln 2 of it),
each tone short of three, kin rhythms. Weighed by ear on ten tunes of essen and pop909."""
LED = 4
"""Last notes of which one at least is another: a close is led to."""
STEEPEST_CLOSE = 5
"""Semitones into the last note: a fourth (so – do) is the widest common close."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a continuation goes on from and keeps to.

    sung: steps so far, from a bar line. count: steps to draw. ending: which of them is the last note.
    scale: pitch classes that may sound. resting: pitch classes to end on, the best first. low, high: MIDI numbers.
    longest_rest, longest_note: steps.
    chords: pitch classes of the chord at each step to draw, () where none is known.
    daring: 1 draws as the network thinks, less is surer; fuller: added to the logit of a note against a pause.
    """

    beat: Beat
    sung: tuple[int, ...]
    count: int
    ending: int
    scale: frozenset[int]
    resting: tuple[int, ...]
    low: int
    high: int
    longest_rest: int
    longest_note: int
    chords: tuple[frozenset[int], ...] = ()
    daring: float = 0.9
    fuller: float = 0.0


class _Voice:
    """One of the melodies drawn, with its own dice."""

    def __init__(self, reader: Reader, ground: Ground, dice: Dice) -> None:
        self.reader, self.ground, self.dice = reader, ground, dice
        self.first = len(reader.steps)
        self.close = 0.0
        self._fits = np.isin(np.arange(12), sorted(ground.scale))

    def draw(self, logits: Floats) -> None:
        """Take the next step."""
        now = len(self.reader.steps) - self.first
        number = 0  # the last note is held
        if now < self.ground.ending:
            number = self._pick(logits / self.ground.daring + self._lean(now))
        elif now == self.ground.ending:
            leaned = self._resting(logits)
            number, share = int(leaned.argmax()), logits - logits.max()
            self.close = float(leaned[number] - logits.max() - np.log(np.exp(share).sum()))
        self.reader.push(step_of(number, self.reader.reference))

    def _pick(self, weights: Floats) -> int:
        """Return a class drawn from the likeliest."""
        shares = np.exp(weights - weights.max())
        order = np.argsort(-shares, kind="stable")
        total = np.cumsum(shares[order])
        kept = order[: int(np.searchsorted(total, NUCLEUS * total[-1])) + 1]
        return int(self.dice.pick(kept.tolist(), shares[kept].tolist()))

    def _resting(self, logits: Floats) -> Floats:
        """Return how likely each class is as the last note, minus infinity where it is no resting tone in range."""
        pitches = self._pitches()
        leaned = np.full(CLASSES, -np.inf)
        for rank, tone in enumerate(self.ground.resting):
            here = (pitches % 12 == tone) & (pitches >= self.ground.low) & (pitches <= self.ground.high)
            leaned[2:][here] = logits[2:][here] + OTHER_REST * min(rank, 1)
        return leaned

    def _pitches(self) -> npt.NDArray[np.intp]:
        return self.reader.reference + np.arange(2, CLASSES) - MIDDLE

    def _lean(self, now: int) -> Floats:
        """Return what is added to each class: minus infinity where it may not be."""
        ground, reader = self.ground, self.reader
        lean = np.zeros(CLASSES)
        pitches = self._pitches()
        fits = (pitches >= ground.low) & (pitches <= ground.high) & self._fits[pitches % 12]
        near = np.abs(pitches - reader.reference) <= WIDEST_STEP
        lean[2:] = np.where(fits & (near | ~np.any(fits & near)), ground.fuller, -np.inf)
        if ground.chords and now % (6 if ground.beat.compound else 4) == 0:
            lean[2:] += np.where(np.isin(pitches % 12, sorted(ground.chords[now])), CHORD_TONE, 0.0)
        if not reader.sounding:
            lean[1] = -np.inf
        waited = len(reader.steps) - (reader.onsets[-1][0] if reader.onsets else 0)
        if waited >= ground.longest_note or self._silent() >= ground.longest_rest:
            lean[:2] = -np.inf
        for step in self._worn(now):
            place = MIDDLE + step - reader.reference
            if 2 <= place < CLASSES and np.isfinite(np.delete(lean, place)).any():
                lean[place] = -np.inf
        return lean

    def _silent(self) -> int:
        """Return for how many steps nothing has sounded."""
        steps, count = self.reader.steps, 0
        if self.reader.sounding:
            return 0
        while count < len(steps) and steps[-1 - count] == HOLD:
            count += 1
        return count + 1

    def _worn(self, now: int) -> list[int]:
        """Return the notes that would make a second bar in a row the same as one before."""
        steps, bar = self.reader.steps, self.ground.beat.bar_steps
        at = len(steps) % bar
        start = len(steps) - at
        own = start - bar >= self.first
        last_but_one = now // bar == self.ground.ending // bar - 1
        if not own and not last_but_one:
            return []
        worn = list[int]()
        for earlier in range(0, start, bar):
            theirs = steps[earlier : earlier + bar]
            if theirs[at] < 0 or any(step >= 0 for step in theirs[at + 1 :]) or theirs[:at] != steps[start:]:
                continue
            before = earlier >= bar and own and steps[earlier - bar : earlier] == steps[start - bar : start]
            if before or last_but_one:
                worn.append(theirs[at])
        return worn

    def merit(self) -> float:
        """Return how well it closes and how much it moves like what was sung, higher is better."""
        ground, steps = self.ground, self.reader.steps[self.first :]
        last = [pitch for _, pitch in self.reader.onsets][-LED:]
        steep = len(last) > 1 and abs(last[-1] - last[-2]) > STEEPEST_CLOSE
        still = len(set(last)) == 1
        mine, theirs = busyness(steps, ground.beat), busyness(ground.sung, ground.beat)
        uneven = abs(np.log((mine + 0.5) / (theirs + 0.5)))
        tones = len({step for step in steps if step >= 0})
        dull = max(0, min(3, len({step for step in ground.sung if step >= 0})) - tones)
        kin = kinship(steps[: ground.ending], ground.sung, ground.beat)
        return float(self.close - STEEP * (steep or still) - UNEVEN * uneven - DULL * dull + KIN * kin)


def busyness(steps: Sequence[int], beat: Beat) -> float:
    """Return the notes a bar, over the bars that hold any."""
    bars = [steps[start : start + beat.bar_steps] for start in range(0, len(steps), beat.bar_steps)]
    counts = [sum(step >= 0 for step in bar) for bar in bars]
    return sum(counts) / max(1, sum(count > 0 for count in counts))


def kinship(steps: Sequence[int], sung: Sequence[int], beat: Beat) -> float:
    """Return how much of each bar's rhythm some sung bar has, 0–1, the mean over the bars."""
    size = beat.bar_steps
    known = [_onsets(sung[start : start + size]) for start in range(0, len(sung), size)]
    mine = [_onsets(steps[start : start + size]) for start in range(0, len(steps), size)]
    alike = [max((len(bar & other) / max(1, len(bar | other)) for other in known), default=0.0) for bar in mine]
    return sum(alike) / max(1, len(alike))


def _onsets(steps: Sequence[int]) -> set[int]:
    return {place for place, step in enumerate(steps) if step >= 0}


def taken_over(steps: Sequence[int], first: int, bar_steps: int) -> int:
    """Return how many bars from `first` on are, with the bar before, note for note two bars in a row from before.

    first: the step at which the continuation begins, on a bar line; bars without an onset are not counted.
    """
    bars = [tuple(steps[start : start + bar_steps]) for start in range(0, len(steps) - bar_steps + 1, bar_steps)]
    begun = first // bar_steps
    return sum(
        any(bars[at - 1] == bars[other - 1] and bars[at] == bars[other] for other in range(1, at))
        for at in range(begun + 1, len(bars))
        if any(step >= 0 for step in bars[at]) and any(step >= 0 for step in bars[at - 1])
    )


def draw(ground: Ground, guess: Guess, dice: Sequence[Dice]) -> list[int]:
    """Return the steps that go on from what was sung: of as many melodies as there are dice the best."""
    reader, indices, numbers = Reader(ground.beat), list[list[int]](), list[list[float]]()
    for step in ground.sung:
        indices.append(reader.indices())
        numbers.append(reader.numbers())
        reader.push(step)
    guess.begin(indices, numbers, len(dice))
    voices = [_Voice(reader.copy(), ground, own) for own in dice]
    for _ in range(ground.count):
        for voice, logits in zip(voices, guess.ask([voice.reader for voice in voices]), strict=True):
            voice.draw(logits)
    best = max(voices, key=_Voice.merit)
    return best.reader.steps[best.first :]
