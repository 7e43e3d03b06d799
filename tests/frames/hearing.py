"""Sound as blocks, for the tests of this folder."""

import numpy as np

from vocalmidi.frames import analyse
from vocalmidi.values import AudioBlock


def blocks(samples, sample_rate_hz, size=None):
    """Yield the samples as consecutive blocks of `size`, one block by default."""
    samples = np.asarray(samples, np.float32)
    for start in range(0, max(1, len(samples)), size or max(1, len(samples))):
        yield AudioBlock(start, sample_rate_hz, samples[start : start + (size or len(samples))])


def hear(samples, sample_rate_hz, model):
    return analyse(blocks(samples, sample_rate_hz), model)


def times_s(frames):
    return (frames.start / frames.sample_rate_hz) + np.arange(len(frames)) * frames.hop_s
