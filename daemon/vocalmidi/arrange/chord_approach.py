"""Long dominants become the second degree and themselves, as players of genres do whose progressions write them so.

In: triads in time and the taste. Out: the same, some dominants in two: ii–V for V. Only where the melody suits the
second degree about as well, and more often the more complex the wish. No other substitution.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vocalmidi.arrange.chord_colour import DOMINANT, Held, suits
from vocalmidi.arrange.chord_path import Taste
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.style import Harmony

SECOND = 2
"""Semitones above the tonic, in major and minor."""
HABIT = 0.5
"""A genre does so that writes the second degree before this share of its dominants or more: jazz and R&B."""
WORSE = 0.25
"""How much less than the dominant the second degree may suit the melody, of 1 for a melody of chord tones alone."""


def approached(triads: Sequence[Held], step_qn: float, taste: Taste, dice: Dice) -> list[Held]:
    """Return the triads, long dominants split at a multiple of `step_qn` where the genre has the habit."""
    habit = _habit(taste.harmony, taste.key.mode)
    if habit < HABIT:
        return list(triads)
    chords = list[Held]()
    for held in triads:
        after_second = bool(chords) and chords[-1].root == SECOND
        if after_second or not _can(held, step_qn) or dice.share() >= 2.0 * taste.complexity * habit:
            chords.append(held)
            continue
        first, second = held.sung
        none, half = np.zeros(12), int(held.length_qn / step_qn + 1e-6) // 2 * step_qn
        chords.append(replace(held, root=SECOND, minor=True, length_qn=half, sung=np.stack([first, none])))
        chords.append(
            replace(held, start_qn=held.start_qn + half, length_qn=held.length_qn - half, sung=np.stack([none, second]))
        )
    return chords


def _habit(harmony: Harmony, mode: str) -> float:
    """Return the share of a genre's dominants that the second degree comes before."""
    before = [
        one.root
        for progression in (harmony.minor if mode == "minor" else harmony.major)
        for one, other in zip(progression, progression[1:] + progression[:1], strict=True)
        if other.root == DOMINANT
    ]
    return before.count(SECOND) / max(len(before), 1)


def _can(held: Held, step_qn: float) -> bool:
    """Tell whether a chord is a dominant of two steps or more whose first half suits the second degree."""
    if held.root != DOMINANT or held.minor or held.length_qn < 2.0 * step_qn - 1e-6:
        return False
    return suits(held.sung[0], SECOND, "min") >= suits(held.sung[0], DOMINANT, "maj") - WORSE
