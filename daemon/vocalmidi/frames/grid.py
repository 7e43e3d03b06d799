"""The time grid on which sound is analysed: 16 kHz, one frame every 8 ms, in windows that overlap.

A `Window` is a run of frames with all the sound they may look at. Windows begin on a fixed grid of the stream, so
what they hold, and hence every result, does not depend on the sizes of the blocks that brought the sound.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.values import Floats

ANALYSIS_RATE_HZ = 16_000
"""The rate SwiftF0 was trained at; also holds all of a voice that tells one hit from another at 8 kHz bandwidth."""
HOP = 128
"""Samples between frames: 8 ms, half SwiftF0's own hop, a third of the 25 ms that judge a hit's place."""
PAST_HOPS = 24
"""SwiftF0 frames are exact after 11 earlier ones of 256 samples; one more keeps both of its shifts whole."""
FUTURE_HOPS = 23
"""SwiftF0 sees 2815 samples ahead of a frame's centre, which is just below 22 hops; one more for the second shift."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A run of frames and the sound around them, at 16 kHz; the first frame's centre is sample PAST_HOPS * HOP.

    frames: how many, even.
    raw: ((PAST_HOPS + frames + FUTURE_HOPS) * HOP,) as recorded.
    levelled: like raw, with the causal gain of `gain`.
    peak_db: (PAST_HOPS + frames + FUTURE_HOPS,) followed peak of each hop, dB re full scale.
    begins, ends: samples of the window where the recording does; beyond them stand zeros that nobody recorded.
    """

    frames: int
    raw: Floats
    levelled: Floats
    peak_db: npt.NDArray[np.float64]
    begins: int
    ends: int


def window_hops(frames: int) -> int:
    """Return the length of a window of so many frames, in hops."""
    return PAST_HOPS + frames + FUTURE_HOPS
