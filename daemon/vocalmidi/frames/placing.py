"""Where a sound begins, to half a millisecond: the steepest step of its energy.

In: sound at 16 kHz and the span of places that come into question. Out: one of them. It doesn't say whether anything
begins there at all: `candidates` does.
"""

import numpy as np

from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.stretch import Stretch

SIDE = round(0.004 * RATE_HZ)
"""Sound compared before and after a place; a burst's attack takes 1–5 ms."""
LEAST_SIDE = round(0.001 * RATE_HZ)
"""So much after a place must be known."""
PLACE_STEP = 8
"""Half a millisecond."""
ALIKE = 0.8
"""1 dB, within the ripple of noise."""
FLOOR_DB = -40.0
"""Re the followed peak: what is softer can't pull the place towards itself."""
SOFTEST = 10.0**-3.5
"""Of the loudest place's energy: what a filter rings ahead of a click of a slow recorder is softer, -35 dB."""
AT_ONCE = 0.016
"""Of the 4 ms after a place, energy of their first half millisecond: a slow recorder's filter rings softer, -20 dB."""
REACH_BEHIND = SIDE + 2
"""Samples before the first place that are looked at."""


def placed(sound: Stretch, first: int, stop: int, followed_db: float) -> int:
    """Return at which sample from `first` on the energy of the differenced sound steps up most; `stop` ends the sound.

    What is not known yet counts as no louder than what is, so that a place just heard can win.
    """
    # Differencing tilts the spectrum up by 6 dB an octave, so that the rumble of a kick doesn't hide a hat; over two
    # samples it is deaf at 8 kHz, where the resampler rings ahead of every click.
    heard = sound.span(first - REACH_BEHIND, stop).astype(np.float64)
    total = np.concatenate([[0.0], np.cumsum((heard[2:] - heard[:-2]) ** 2)])
    places = np.arange(0, stop - first - LEAST_SIDE + 1, PLACE_STEP)
    ends = np.minimum(places + 2 * SIDE, len(total) - 1)
    floor = SIDE * 10.0 ** ((followed_db + FLOOR_DB) / 10.0)
    before = total[places + SIDE] - total[places]
    after = total[ends] - total[places + SIDE]
    floor += SOFTEST * after.max()
    step = (after + floor) / (before + floor)
    # A click lies in the span after it for 4 ms of places alike: the last of them is where it is.
    best = int(np.flatnonzero(step >= ALIKE * step.max())[-1])
    # Unless a filter rings ahead of it: then it is where the energy after the place really begins.
    at_once = total[np.minimum(places + SIDE + PLACE_STEP, ends)] - total[places + SIDE]
    begun = np.flatnonzero(at_once[best:] >= AT_ONCE * after[best])
    return int(first + places[best + (int(begun[0]) if len(begun) else 0)])
