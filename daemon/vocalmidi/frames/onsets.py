"""Where sounds begin: spectral flux in dB, every 2 ms.

In: the fine spectra of a window and the followed peak. Out: `Onset`s with a place between frames and a probability.
Method: log-band flux with a frequency maximum filter, which keeps vibrato and glides silent (SuperFlux, Böck & Widmer,
DAFx 2013). Where we differ: a floor that follows the take's own level instead of a fixed compression, so that the
same take played softer gives the same onsets; and low, middle and high bands judged apart, for a hi-hat moves only the
top third and a kick only the bottom.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.grid import ANALYSIS_RATE_HZ, HOP, PAST_HOPS, Window
from vocalmidi.frames.spectrum import FINE_HOP, Spectrogram, band_edges
from vocalmidi.values import Floats

BAND_EDGES_HZ = (
    *(60.0, 200.0, 320.0, 450.0, 600.0, 800.0, 1000.0, 1250.0, 1550.0),
    *(1900.0, 2300.0, 2800.0, 3400.0, 4100.0, 4900.0, 5800.0, 6800.0, 8001.0),
)
"""About a critical band each; the lowest spans two because a 16 ms window tells no more."""
LOW_BANDS, HIGH_BANDS = 4, 6
"""Bands of the chest of a kick (below 600 Hz) and of the hiss of a hat (above 3.4 kHz)."""
FLOOR_DB = -50.0
"""Re the followed peak; below it are room noise and the tails of what rang before."""
LAG_ROWS = 6
"""12 ms: as long as the steep part of a voice's attack."""
MOST_RISE_DB = 25.0
"""A band counts no further, so that one band out of silence does not outvote all others."""
REACH_ROWS = 12
"""24 ms to each side an onset must be the strongest; faster than any tongue repeats."""
LEAST_RISE_DB = 4.0
"""Sustained vowels stay below 2 dB (99th percentile, six SSVD clips), white noise below 3."""
EVEN_RISE_DB, RISE_SLOPE_DB = 7.0, 1.5
"""A rise of 7 dB is as likely an onset as not: F1 is best from 6 to 8 dB on beatboxset1, and the slope spans that."""
BLUR_S = 0.006
"""Width of the bump an onset leaves on the 8 ms frames: a decoder finds the place between frames from its shape."""
BLUR_HOPS = 2
PLACE_REACH_S = 0.012
"""The flux of a sudden sound peaks anywhere between the window's edge reaching it and its middle: 8 ms, and the lag."""
PLACE_SPAN_S = 0.004
"""Sound compared before and after a candidate place; a burst's attack takes 1–5 ms."""
PLACE_STEP = 8
"""Half a millisecond."""
PLACE_ALIKE = 0.8
"""1 dB, within the ripple of noise."""
PLACE_FLOOR_DB = -40.0
"""Re the followed peak: what is softer can't pull the place towards itself."""


@dataclass(frozen=True, slots=True)
class Onset:
    """A beginning: its sample within the window (16 kHz), its rise in dB and its probability 0–1."""

    sample: float
    rise_db: float
    probability: float


_BANDS = band_edges(BAND_EDGES_HZ)


def find_onsets(window: Window, fine: Spectrogram) -> list[Onset]:
    """Return the onsets that may leave a trace on the window's frames, in order."""
    rise_db = _rise(window, fine)
    first = fine.row_at((PAST_HOPS - BLUR_HOPS) * HOP)
    stop = fine.row_at((PAST_HOPS + window.frames + BLUR_HOPS) * HOP)
    around = np.lib.stride_tricks.sliding_window_view(
        rise_db[first - REACH_ROWS : stop + REACH_ROWS], 2 * REACH_ROWS + 1
    )
    here = rise_db[first:stop]
    # Strictly above what came before, so that of equal neighbours exactly one is taken.
    peak = (here > around[:, :REACH_ROWS].max(axis=1)) & (here >= around[:, REACH_ROWS + 1 :].max(axis=1))
    rows = first + np.flatnonzero(peak & (here > LEAST_RISE_DB))
    return [_onset(_placed(window, fine.sample_at(int(row))), float(rise_db[row])) for row in rows]


def spread_on_frames(onsets: list[Onset], heights: Floats, frames: int) -> Floats:
    """Return a curve for each column of `heights`, (frames, columns): a bump at each onset, as high as its row says."""
    curve = np.zeros((frames, heights.shape[1]), np.float32)
    centres = np.arange(frames) * HOP + PAST_HOPS * HOP
    for onset, height in zip(onsets, heights, strict=True):
        distance = (centres - onset.sample) / (BLUR_S * ANALYSIS_RATE_HZ)
        near = np.abs(centres - onset.sample) <= BLUR_HOPS * HOP
        bump = np.where(near, np.exp(-0.5 * distance**2), 0.0).astype(np.float32)
        curve = np.maximum(curve, bump[:, None] * height)
    return curve


def _onset(sample: float, rise_db: float) -> Onset:
    probability = 1.0 / (1.0 + np.exp(-(rise_db - EVEN_RISE_DB) / RISE_SLOPE_DB))
    return Onset(sample, rise_db, float(probability))


def _placed(window: Window, sample: float) -> float:
    """Return where, near a peak of the flux, the energy of the differenced sound steps up most."""
    reach, span = round(PLACE_REACH_S * ANALYSIS_RATE_HZ), round(PLACE_SPAN_S * ANALYSIS_RATE_HZ)
    first = int(sample) - reach
    # Differencing tilts the spectrum up by 6 dB an octave, so that the rumble of a kick doesn't hide a hat; over two
    # samples it is deaf at 8 kHz, where the resampler rings ahead of every click.
    sound = window.raw[first - span - 2 : int(sample) + reach + span + 1].astype(np.float64)
    energy = (sound[2:] - sound[:-2]) ** 2
    total = np.concatenate([[0.0], np.cumsum(energy)])
    places = np.arange(0, 2 * reach + 1, PLACE_STEP)
    floor = span * 10.0 ** ((window.peak_db[int(sample) // HOP] + PLACE_FLOOR_DB) / 10.0)
    before = total[places + span] - total[places] + floor
    after = total[places + 2 * span] - total[places + span] + floor
    step = after / before
    # A click lies in the span after it for 4 ms of places alike: the last of them is where it is.
    return float(first + places[np.flatnonzero(step >= PLACE_ALIKE * step.max())[-1]])


def _rise(window: Window, fine: Spectrogram) -> npt.NDArray[np.float64]:
    """Return the flux of each fine row, dB: half the mean of three ranges, half the range that rises most."""
    energy = fine.power @ _BANDS
    before = energy[:-LAG_ROWS].copy()
    before[:, 1:] = np.maximum(before[:, 1:], energy[:-LAG_ROWS, :-1])
    before[:, :-1] = np.maximum(before[:, :-1], energy[:-LAG_ROWS, 1:])
    hops = (fine.first_sample + np.arange(LAG_ROWS, len(energy)) * FINE_HOP) // HOP
    floor = np.power(10.0, (window.peak_db[hops] + FLOOR_DB) / 10.0)[:, None]
    bands_db = np.clip(10.0 * np.log10((energy[LAG_ROWS:] + floor) / (before + floor)), 0.0, MOST_RISE_DB)
    ranges = np.split(bands_db, [LOW_BANDS, bands_db.shape[1] - HIGH_BANDS], axis=1)
    means = np.stack([part.mean(axis=1) for part in ranges])
    return np.concatenate([np.zeros(LAG_ROWS), (means.max(axis=0) + means.mean(axis=0)) / 2.0])
