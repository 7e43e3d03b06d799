"""Sound as blocks, heard in both ways, for the tests of this folder."""

import numpy as np

from vocalmidi.frames import LiveAnalyser, analyse
from vocalmidi.values import AudioBlock, Frames

PITCHES = ("f0_hz", "voicing", "candidate_midi", "candidate_share")
ARRAYS = (*PITCHES, "level_db", "onset", "offset", "active", "vowel")


def blocks(samples, sample_rate_hz, size=None):
    """Yield the samples as consecutive blocks of `size`, one block by default."""
    samples = np.asarray(samples, np.float32)
    for start in range(0, max(1, len(samples)), size or max(1, len(samples))):
        yield AudioBlock(start, sample_rate_hz, samples[start : start + (size or len(samples))])


def hear(samples, sample_rate_hz, model, size=None, *, timbre=None):
    return analyse(blocks(samples, sample_rate_hz, size), model, timbre=timbre)


def hear_live(samples, sample_rate_hz, model, look_ahead_ms=50, size=None, *, timbre=None):
    analyser = LiveAnalyser(sample_rate_hz, model, look_ahead_ms, timbre=timbre)
    return streamed(blocks(samples, sample_rate_hz, size), analyser)


def streamed(some_blocks, analyser):
    pieces = [*(analyser.push(block) for block in some_blocks), analyser.finish()]
    return Frames.joined([piece for piece in pieces if len(piece) or piece.strikes] or pieces[-1:])


def cut(samples, sample_rate_hz, sizes):
    """Yield blocks of these sizes, then the rest."""
    start = 0
    for size in [*sizes, len(samples)]:
        yield AudioBlock(start, sample_rate_hz, samples[start : start + size])
        start = min(start + size, len(samples))


def times_s(frames):
    return (frames.start / frames.sample_rate_hz) + np.arange(len(frames)) * frames.hop_s


def furthest_apart(one, other):
    """Return the largest difference of any number in two `Frames`; they must be as long."""
    assert len(one) == len(other)
    return max(float(np.abs(getattr(one, name) - getattr(other, name)).max(initial=0.0)) for name in ARRAYS)
