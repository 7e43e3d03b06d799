"""Follows the level of a take and lifts quiet ones to where the pitch model hears best.

In: sound at 16 kHz. Out, hop by hop: the followed peak and the levelled sound. Causal: a sample's gain depends on no
hop after its own. SwiftF0 does not normalise: 40 dB down it loses 18 % of the voiced frames, 50 dB down 77 %
(measured on one SSVD clip); noise stays unvoiced at any gain. Only ever lifts: what is loud already is left alone.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.grid import ANALYSIS_RATE_HZ, HOP, PAST_HOPS, Window
from vocalmidi.units import amplitude_to_db
from vocalmidi.values import Floats

TARGET_PEAK_DB = -6.0
"""SwiftF0 voices most of an SSVD clip at a peak of −4 dBFS, 3 % less at −14."""
SILENCE_PEAK_DB = -66.0
"""Below this nothing is lifted further: 60 dB under the target, and the dither of a 12-bit recording."""
RELEASE_DB_PER_S = 6.0
"""A singer's diminuendo over a phrase; a faster release would pump between syllables."""
LEVEL_HOPS = 4
"""32 ms of level around a frame's centre: two and a half periods at 80 Hz."""


class LevelFollower:
    """The running peak of one stream and the gain that follows from it."""

    def __init__(self) -> None:
        self._peak_db = SILENCE_PEAK_DB

    def push(self, samples: Floats) -> tuple[npt.NDArray[np.float64], Floats]:
        """Return the followed peak of each hop, dB, and the levelled samples; takes whole hops."""
        fall = RELEASE_DB_PER_S * HOP / ANALYSIS_RATE_HZ
        ramp = fall * np.arange(1, len(samples) // HOP + 1)
        own = amplitude_to_db(swing(samples))
        lifted = np.maximum(np.maximum(own, SILENCE_PEAK_DB) + ramp, self._peak_db)
        followed = np.maximum(np.maximum.accumulate(lifted) - ramp, SILENCE_PEAK_DB)
        edges = np.maximum(TARGET_PEAK_DB - np.concatenate([[self._peak_db], followed]), 0.0)
        if len(followed):
            self._peak_db = float(followed[-1])
        return followed, _levelled(samples, edges)


def swing(samples: Floats) -> Floats:
    """Return half the distance between the highest and the lowest sample of each hop: a peak without the DC offset."""
    hops = samples.reshape(-1, HOP)
    half: Floats = (hops.max(axis=1) - hops.min(axis=1)) / np.float32(2.0)
    return half


def _levelled(samples: Floats, gain_db: npt.NDArray[np.float64]) -> Floats:
    """Apply a gain that runs in a straight line, in dB, between the edges of hops, so that it never steps."""
    slope = np.arange(1, HOP + 1) / HOP
    line_db = gain_db[:-1, None] + np.diff(gain_db)[:, None] * slope
    return (samples * np.power(10.0, line_db / 20.0).reshape(-1)).astype(np.float32)


def level_db(window: Window) -> Floats:
    """Return the RMS, less any DC offset, of the 32 ms around each frame's centre, dB re full scale."""
    first = (PAST_HOPS - LEVEL_HOPS // 2) * HOP
    sound = window.raw[first:].astype(np.float64)
    around = np.lib.stride_tricks.sliding_window_view(sound, LEVEL_HOPS * HOP)[::HOP][: window.frames]
    return amplitude_to_db(around.std(axis=1)).astype(np.float32)
