"""Velocity from level, relative to the take's own loudness.

In: levels in dB. Out: MIDI velocities. A phone on a table and a close microphone give levels 40 dB apart, so only the
difference to the take's middle means anything; recordings are not compared with each other.
"""

import numpy as np
import numpy.typing as npt

MIDDLE_VELOCITY = 84
"""Mezzo-forte to forte: where most sequencers put a plain note, with room above for accents."""
VELOCITY_PER_DB = 2.5
"""A sung crescendo from p to f spans some 20 dB, hence 50 velocities."""
SOFTEST, LOUDEST = 20, 127
"""Softer than 20 is inaudible on many instruments, and a note that was heard must stay heard."""


def velocities(levels_db: npt.ArrayLike) -> list[int]:
    """Return a velocity for each level, the middle of them being `MIDDLE_VELOCITY`."""
    levels = np.asarray(levels_db, np.float64)
    return [velocity(level, float(np.median(levels))) for level in levels.tolist()]


def velocity(level_db: float, middle_db: float) -> int:
    """Return the velocity of a level in a take whose middle level is known."""
    return int(np.clip(round(MIDDLE_VELOCITY + VELOCITY_PER_DB * (level_db - middle_db)), SOFTEST, LOUDEST))
