"""What one drummer can strike at once: two hands, a foot on the kick and one on the hi-hat.

In: strokes of nine voices, and which of them stay whatever comes. Out: strokes that can be played. A hat is open or
closed, not both; with the ride a closed hat is played by foot, on beats; of more than two strokes by hand the least
wanted goes.
"""

import numpy as np

from vocalmidi.arrange.drum_groove import BEAT_STEPS
from vocalmidi.arrange.drum_network import STEPS, Bools
from vocalmidi.arrange.drum_voices import HAT, HAT_OPEN, KICK, RIDE, VOICES

HANDS = 2
WANTED = ("snare", "crash", "tom_high", "tom_mid", "tom_low", "hat_open", "ride", "hat_closed")
"""By hand, the most wanted first: timekeeping can pause for an accent, seldom the other way."""


def by_foot(struck: Bools) -> Bools:
    """Return which closed hats, (n, 32), fall together with the ride."""
    return np.asarray(struck[..., HAT] & struck[..., RIDE])


def playable(struck: Bools, stays: Bools) -> Bools:
    """Return the strokes, (n, 32, 9), that two hands and two feet can play."""
    struck = struck.copy()
    loose = struck & ~stays
    struck[..., HAT] &= ~(loose[..., HAT] & struck[..., HAT_OPEN])
    struck[..., HAT_OPEN] &= ~(loose[..., HAT_OPEN] & struck[..., HAT])
    off_beat = np.arange(STEPS) % BEAT_STEPS != 0
    struck[..., HAT] &= ~(loose[..., HAT] & struck[..., RIDE] & off_beat)
    settled = struck & stays
    free = HANDS - (settled.sum(axis=2) - settled[..., KICK] - by_foot(settled))
    for name in WANTED:
        voice = VOICES.index(name)
        asks = struck[..., voice] & ~stays[..., voice]
        if voice == HAT:
            asks &= ~by_foot(struck)
        struck[..., voice] &= ~(asks & (free <= 0))
        free = free - asks
    return struck
