"""How well onsets fit a pulse: the log-likelihood of every phase of a beat, given its period.

Model: an onset falls on a grid point of the beat (on the beat most often, then its half, quarters, thirds), Gaussian
about it with the spread of human timing, or anywhere with a small probability. A histogram of the onsets' phases is
correlated with the logarithm of that density, which gives every phase at once (in the manner of the comb filters of
Scheirer 1998 and the grid models of Cemgil & Kappen 2003, here for symbolic onsets). No bar, no tempo choice here.
"""

from dataclasses import dataclass
from typing import Self

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
SIMPLE_GRID = ((0, 0.57), (1 / 2, 0.28), (1 / 4, 0.035), (3 / 4, 0.085), (1 / 3, 0.015), (2 / 3, 0.015))
"""Place in the beat and share of onsets: mean of pop909 and openewld melodies (training split), rounded."""
COMPOUND_GRID = ((0, 0.41), (1 / 3, 0.28), (2 / 3, 0.24), (1 / 6, 0.02), (1 / 2, 0.02), (5 / 6, 0.03))
"""The same for beats of three: mean of the compound metres of essen and openewld (training split), rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Onsets sorted into `count` stretches of time, each of which has a phase of its own.

    time_s, weight, stretch: (n,) seconds, trust, and the number of the stretch from 0.
    """

    time_s: Array
    weight: Array
    stretch: npt.NDArray[np.intp]
    count: int

    @classmethod
    def whole(cls, time_s: Array, weight: Array) -> Self:
        """Return the onsets as one stretch."""
        return cls(time_s, weight, np.zeros(len(time_s), np.intp), 1)


def is_compound(meter: Meter) -> bool:
    """Tell whether the beats of a metre divide in three (6/8, 9/8, 12/8, 3/8)."""
    return meter.unit >= 8 and meter.beats % 3 == 0


def beat_qn(meter: Meter) -> float:
    """Return the felt beat in quarter notes: a dotted note in compound metres, else a quarter."""
    return 12.0 / meter.unit if is_compound(meter) else 1.0


def log_density(period_s: float, meter: Meter) -> Array:
    """Return the log density of onset phases, (PHASE_BINS,), relative to onsets anywhere; bin 0 is the beat."""
    return log_density_of(COMPOUND_GRID if is_compound(meter) else SIMPLE_GRID, period_s)


def log_density_of(grid: tuple[tuple[float, float], ...], period_s: float) -> Array:
    """Return the same for a grid of (place in the beat, share of onsets)."""
    spread = max(TIMING_SPREAD_S / period_s, 0.5 / PHASE_BINS)
    phase = np.arange(PHASE_BINS) / PHASE_BINS
    density = np.full(PHASE_BINS, ANYWHERE)
    for place, share in grid:
        away = (phase - place + 0.5) % 1.0 - 0.5
        bell = np.exp(-0.5 * (away / spread) ** 2)
        density += (1.0 - ANYWHERE) * share * bell / bell.mean()
    return np.asarray(np.log(density), np.float64)


def phase_fit(onsets: Stretches, period_s: float, density: Array) -> Array:
    """Return the weighted log-likelihood of each beat phase, (stretches, PHASE_BINS).

    Bin b of a row means beats at b / PHASE_BINS periods, counted from second 0.
    density: what `log_density` gives for this period.
    """
    spectrum = np.fft.rfft(_phase_histograms(onsets, period_s), axis=1) * np.conj(np.fft.rfft(density))
    return np.asarray(np.fft.irfft(spectrum, PHASE_BINS, axis=1), np.float64)


def _phase_histograms(onsets: Stretches, period_s: float) -> Array:
    """Spread each onset over its two nearest bins, so that the fit is smooth in tempo and phase."""
    place = (onsets.time_s / period_s % 1.0) * PHASE_BINS
    low = np.floor(place).astype(np.intp)
    part = place - low
    row, size = onsets.stretch * PHASE_BINS, onsets.count * PHASE_BINS
    histogram = np.bincount(row + low % PHASE_BINS, onsets.weight * (1.0 - part), size)
    histogram += np.bincount(row + (low + 1) % PHASE_BINS, onsets.weight * part, size)
    return np.asarray(histogram.reshape(onsets.count, PHASE_BINS), np.float64)
