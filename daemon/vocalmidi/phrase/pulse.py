"""The felt beat of a metre, and how likely an onset is at every phase of it when the grid is known.

Model: an onset falls on a grid point of the beat, Gaussian about it with the spread of human timing, or anywhere with
a small probability (as the grid models of Cemgil & Kappen 2003). No bar, no tempo choice here.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.values import Meter

Array = npt.NDArray[np.float64]

PHASE_BINS = 48
"""Phases told apart in a beat: divides into 16ths and triplets; 10 ms at 120 beats a minute."""
TIMING_SPREAD_S = 0.030
"""Standard deviation of sung onsets about the grid; singers' onsets spread 20–40 ms."""
ANYWHERE = 0.06
"""Share of onsets that follow no grid: ornaments, slides, wrong detections."""


def is_compound(meter: Meter) -> bool:
    """Tell whether the beats of a metre divide in three (6/8, 9/8, 12/8, 3/8)."""
    return meter.unit >= 8 and meter.beats % 3 == 0


def beat_qn(meter: Meter) -> float:
    """Return the felt beat in quarter notes: a dotted note in compound metres, else a quarter."""
    return 12.0 / meter.unit if is_compound(meter) else 1.0


def log_density_of(grid: tuple[tuple[float, float], ...], period_s: float) -> Array:
    """Return the log density of onset phases, (PHASE_BINS,), relative to onsets anywhere; bin 0 is the beat.

    grid: (place in the beat, share of onsets).
    """
    spread = max(TIMING_SPREAD_S / period_s, 0.5 / PHASE_BINS)
    phase = np.arange(PHASE_BINS) / PHASE_BINS
    density = np.full(PHASE_BINS, ANYWHERE)
    for place, share in grid:
        away = (phase - place + 0.5) % 1.0 - 0.5
        bell = np.exp(-0.5 * (away / spread) ** 2)
        density += (1.0 - ANYWHERE) * share * bell / bell.mean()
    return np.asarray(np.log(density), np.float64)
