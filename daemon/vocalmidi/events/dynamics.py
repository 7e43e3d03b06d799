"""How loud a note is from its beginning to its end, in few points.

In: levels of a note's frames, dB. Out: which points hold their curve. Method: a Hann window takes out the beating of
single periods, then Ramer–Douglas–Peucker (`bend.thinned`) keeps the points that matter; where these are more than a
MIDI cable has room for beside the pitch, fewer hold it less closely.
"""

import numpy as np

from vocalmidi.events.bend import thinned
from vocalmidi.events.evidence import Array

MOST_ERROR = 0.025
"""Of a controller's value at the note's loudest: 0.4 dB there and 1 dB where it is 25 dB softer, about the least that a
listener tells (Florentine et al. 1987)."""
DB_PER_DECADE = 40.0
"""Of a controller of volume, in whose values lines are drawn; see `units.level_to_controller`."""
SMOOTHING = np.array([0.0366, 0.125, 0.2134, 0.25, 0.2134, 0.125, 0.0366])
"""Hann's, over seven frames of 10 ms: a tremolo of 6 Hz keeps nine tenths of its depth."""
MOST_A_SECOND = 25.0
"""Points; a controller then sends less than a tenth of what a MIDI cable carries, however long they are joined."""
COARSER = 1.5


def level_points(levels_db: Array, hop_s: float) -> list[tuple[int, float]]:
    """Return frames of a note and the levels there, dB, between which a controller's straight lines are near enough."""
    reach = len(SMOOTHING) // 2
    curve = np.convolve(np.pad(levels_db, reach, mode="edge"), SMOOTHING, mode="valid")
    most, error = 2 + int(MOST_A_SECOND * hop_s * len(curve)), MOST_ERROR
    values = 10.0 ** ((curve - curve.max()) / DB_PER_DECADE)
    kept = thinned(values, error)
    while len(kept) > most:
        error *= COARSER
        kept = thinned(values, error)
    return [(frame, float(curve[frame])) for frame in kept]
