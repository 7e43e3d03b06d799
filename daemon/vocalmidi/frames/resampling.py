"""Brings a recording of any rate to 16 kHz without moving it in time.

In: samples of the source, in pieces of any size. Out: the same sound at 16 kHz; output sample n is the moment
n/16000 s of the source (soxr drops its filters' delay itself). Band-limited by soxr's HQ recipe, whose delay of
38–120 ms only the considered pass can afford: live sound goes through `live_resampling`.
"""

import numpy as np
import soxr

from vocalmidi.frames.features import RATE_HZ
from vocalmidi.values import Floats


class Resampler:
    """Streaming conversion of one source to 16 kHz."""

    def __init__(self, sample_rate_hz: int) -> None:
        same = sample_rate_hz == RATE_HZ
        self._stream = None if same else soxr.ResampleStream(sample_rate_hz, RATE_HZ, 1, dtype="float32")

    def push(self, samples: Floats) -> Floats:
        """Return what is ready at 16 kHz."""
        return samples if self._stream is None else self._stream.resample_chunk(samples)

    def finish(self) -> Floats:
        """Return what the filters still hold."""
        nothing = np.zeros(0, np.float32)
        return nothing if self._stream is None else self._stream.resample_chunk(nothing, last=True)
