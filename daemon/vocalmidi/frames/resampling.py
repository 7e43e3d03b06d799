"""Brings a stream of any rate to 16 kHz without moving it in time.

In: samples of the source, in pieces of any size. Out: the same sound at 16 kHz; output sample n is the moment
n/16000 s of the source (soxr drops its filters' delay itself). Band-limited by soxr's HQ recipe.
"""

import numpy as np
import soxr

from vocalmidi.frames.grid import ANALYSIS_RATE_HZ
from vocalmidi.values import Floats

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 192_000
"""From telephone speech to the fastest common interface."""
PROBE_BLOCK_S = 0.005
PROBE_S = 0.5
"""Several times the longest filter of soxr HQ between 8 and 192 kHz (0.12 s)."""


class Resampler:
    """Streaming conversion of one source to 16 kHz."""

    def __init__(self, sample_rate_hz: int) -> None:
        if not LOWEST_RATE_HZ <= sample_rate_hz <= HIGHEST_RATE_HZ:
            raise ValueError(f"rate {sample_rate_hz} Hz is outside {LOWEST_RATE_HZ}–{HIGHEST_RATE_HZ} Hz")
        self.sample_rate_hz = sample_rate_hz
        same = sample_rate_hz == ANALYSIS_RATE_HZ
        self._stream = None if same else soxr.ResampleStream(sample_rate_hz, ANALYSIS_RATE_HZ, 1, dtype="float32")

    def push(self, samples: Floats) -> Floats:
        """Return what is ready at 16 kHz."""
        return samples if self._stream is None else self._stream.resample_chunk(samples)

    def finish(self) -> Floats:
        """Return what the filters still hold."""
        nothing = np.zeros(0, np.float32)
        return nothing if self._stream is None else self._stream.resample_chunk(nothing, last=True)


def delay_samples(sample_rate_hz: int) -> int:
    """Return by how many source samples the output lags at most; soxr works in blocks, so it is tried out."""
    probe, block = Resampler(sample_rate_hz), round(sample_rate_hz * PROBE_BLOCK_S)
    silence, out, worst = np.zeros(block, np.float32), 0, 0.0
    for blocks in range(1, round(PROBE_S / PROBE_BLOCK_S) + 1):
        # Before this block came, `out` was all that `blocks` blocks less one sample could have brought.
        worst = max(worst, blocks * block - out * sample_rate_hz / ANALYSIS_RATE_HZ)
        out += len(probe.push(silence))
    return 0 if sample_rate_hz == ANALYSIS_RATE_HZ else int(np.ceil(worst))
