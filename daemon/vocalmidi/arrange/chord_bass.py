"""Which tone of each chord lies in the bass: roots where music stands, inversions where the bass then moves by step.

In: chords in time and how gladly a genre inverts. Out: the same with their bass. The cheapest line through all chords
(Viterbi): inversions cost, steps of the bass repay them, fifths that fall from root to root are cadences and stay.
First and last chord stand on their roots, so does a dominant before the last. A second inversion is only passed
through or leads into the dominant, as four-part writing has it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_colour import DOMINANT, FALL, Held
from vocalmidi.arrange.chord_path import Taste
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.qualities import QUALITIES
from vocalmidi.arrange.wish import AS_WRITTEN

Floats = npt.NDArray[np.float64]

INVERSION_COST = (0.0, 0.8, 1.8)
"""Of root, third and fifth in the bass; in units of a step's worth at a genre that inverts all it can. All numbers
here by ear, to about one chord in seven inverted in Classical and one in fifteen in Pop."""
LENGTH_COST = 0.1
"""Added for each quarter note that an inversion lasts: they are passing, not places to stay."""
STEP_WORTH = 2.0
"""Of a bass that moves by a semitone or tone, times how gladly the genre inverts."""
CADENCE_WORTH = 0.9
"""Of a root that falls a fifth to a root."""
LEAP_COST = 0.4
"""Of an inversion that is left or reached by more than a third."""
SIX_FOUR_WORTH = 2.2
"""Of a tonic over the fifth that leads into the dominant on the same bass; 19th-century practice."""
DOUBLED_COST = 0.8
"""Of a third in the bass that the melody holds for half of the chord or more."""
CHANCE = 0.4
"""Spread of the seed's own taste for an inversion: near equals differ from seed to seed."""
NEVER = 99.0
"""More than any line of basses can be worth."""


def with_bass(chords: Sequence[Held], taste: Taste, dice: Dice) -> list[Held]:
    """Return the chords with the bass of each."""
    if not chords:
        return []
    gladly = taste.harmony.inversions * (1.0 - AS_WRITTEN + taste.complexity)
    total, back = _costs(chords, 0, dice), list[Floats]()
    for place in range(1, len(chords)):
        reach = total[:, None] - _motion(chords[place - 1], chords[place], gladly)
        back.append(reach.argmin(axis=0))
        total = reach.min(axis=0) + _costs(chords, place, dice)
    tone = int(total.argmin())
    tones = [tone]
    for best in reversed(back):
        tone = int(best[tone])
        tones.append(tone)
    return [replace(chord, bass=_bass(chord, tone)) for chord, tone in zip(chords, reversed(tones), strict=True)]


def _bass(chord: Held, tone: int) -> int:
    return (chord.root + QUALITIES[chord.quality][:3][tone]) % 12


def _costs(chords: Sequence[Held], place: int, dice: Dice) -> Floats:
    """Return the cost of each tone in the bass of a chord by itself, (3,)."""
    chord, last = chords[place], len(chords) - 1
    costs = np.array(INVERSION_COST) + np.array([0.0, 1.0, 1.0]) * (
        LENGTH_COST * chord.length_qn + CHANCE * (dice.share() - 0.5)
    )
    third = _bass(chord, 1)
    sung = chord.sung.sum(axis=0)
    costs[1] += DOUBLED_COST * bool(sung[third] >= 0.5 * chord.length_qn)
    closing = place == last - 1 and chord.root == DOMINANT
    if place in (0, last) or closing or chord.quality in ("5", "sus2", "sus4", "aug", "dim7"):
        costs[1:] = NEVER
    return costs


def _motion(before: Held, after: Held, gladly: float) -> Floats:
    """Return what each bass of one chord is worth before each bass of the next, (3, 3)."""
    worth = np.zeros((3, 3))
    for one in range(3):
        for other in range(3):
            apart = (_bass(after, other) - _bass(before, one)) % 12
            apart = min(apart, 12 - apart)
            if apart in (1, 2):
                worth[one, other] += STEP_WORTH * gladly
            elif one or other:
                worth[one, other] -= LEAP_COST * (apart > 4) + (NEVER / 10.0 if one == 2 and apart else 0.0)
    worth[0, 0] += CADENCE_WORTH * ((after.root - before.root) % 12 == FALL)
    if before.root == 0 and after.root == DOMINANT:
        worth[2, 0] += SIX_FOUR_WORTH * gladly
    return worth
