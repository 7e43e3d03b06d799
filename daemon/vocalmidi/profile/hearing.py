"""Which beginnings in a recording are examples of the sound that is being taught, and which of them are clipped.

In: where sounds begin and how loud they are; samples as the microphone gave them. Out: which of them are examples. A
user makes one sound several times with quiet between: all that is near the loudest counts, whatever the encoder takes
it for, since a sound nobody has taught yet may well be noise to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vocalmidi.profile.voice_profile import Example
from vocalmidi.units import Seconds
from vocalmidi.values import Floats

LEAST_LEVEL_DB = -60.0
"""Re a full-scale sine; softer is the room."""
RANGE_DB = 24.0
"""Examples of one sound are no softer than the loudest by more; a finger on the microphone's stand is."""
ONE_SOUND_S = 0.25
"""What begins so soon after an example belongs to it: the `s` of a `ts`, the second lip of a `pf`."""
FIRST_RANGE_DB = 15.0
"""Of what belongs together the first counts that is no softer than its loudest by more: not the breath before it."""
RAIL = 2.0**-15
"""A step of 16 bits: nearer to the peak is at it."""
MOST_AT_RAIL, RAIL_SAMPLES = 0.25, 6
"""Share of a sound's loud samples that may be at its very peak, and how many it takes at least. 2.5 times too loud for
the microphone gives a quarter (four times: 0.4); whole recordings of beatboxers have 0.1 and nobody hears it."""
LOUD = 0.5
"""Re the peak."""


@dataclass(frozen=True, slots=True, eq=False)
class HeardSound:
    """A sound of a recording that may be an example.

    onset_s: where in the recording it begins.
    level_db: how loud it gets, dB re a full-scale sine.
    is_clipped: it was louder than the microphone could take.
    """

    onset_s: Seconds
    level_db: float
    is_clipped: bool
    example: Example


def examples_among(sounds: Sequence[HeardSound]) -> list[HeardSound]:
    """Return which of the sounds of a lesson, in order of time, are examples of what is taught in it."""
    loudest_db = max((each.level_db for each in sounds), default=LEAST_LEVEL_DB)
    least_db = max(LEAST_LEVEL_DB, loudest_db - RANGE_DB)
    groups: list[list[HeardSound]] = []
    for each in sounds:
        if each.level_db < least_db:
            continue
        if groups and each.onset_s - groups[-1][0].onset_s < ONE_SOUND_S:
            groups[-1].append(each)
        else:
            groups.append([each])
    return [_first_loud(group) for group in groups]


def _first_loud(group: Sequence[HeardSound]) -> HeardSound:
    loudest_db = max(each.level_db for each in group)
    return next(each for each in group if each.level_db >= loudest_db - FIRST_RANGE_DB)


def is_clipped(samples: Floats) -> bool:
    """Return whether much of a sound is cut off level, as a converter or a recorder far over its limit leaves it."""
    size = np.abs(np.asarray(samples, np.float64))
    peak = float(size.max(initial=0.0))
    at_peak, loud = int((size >= peak - RAIL).sum()), int((size >= LOUD * peak).sum())
    return peak > RAIL and at_peak >= max(RAIL_SAMPLES, MOST_AT_RAIL * loud)
