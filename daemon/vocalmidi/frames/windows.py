"""Overlapping pieces of a sound as the rows of a matrix, without a copy.

numpy's `sliding_window_view` does the same for any array; on one hop of sound its checks cost more than the spectra.
"""

import numpy as np

from vocalmidi.values import Floats


def windows(sound: Floats, length: int, step: int, count: int) -> Floats:
    """Return (count, length) views of the samples from 0, `step`, 2 `step`, ... on.

    sound: (n,) contiguous float32; TypeError when it ends before the last of them.
    """
    size = sound.itemsize
    return np.ndarray((count, length), np.float32, sound, 0, (step * size, size))
