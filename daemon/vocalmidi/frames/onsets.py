"""Where sounds begin: spectral flux in dB, every 2 ms.

In: fine spectra, sound and its followed peak. Out: the rise of each row, and where near a row the sound begins.
Method: log-band flux with a frequency maximum filter, which keeps vibrato and glides silent (SuperFlux, Böck & Widmer,
DAFx 2013). Where we differ: a floor that follows the take's own level instead of a fixed compression, so that the
same take played softer gives the same onsets; and low, middle and high bands judged apart, for a hi-hat moves only the
top third and a kick only the bottom.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.spectrum import FINE_HOP, band_edges
from vocalmidi.frames.stretch import Stretch
from vocalmidi.frames.windows import windows
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
PLACE_REACH = round(0.012 * RATE_HZ)
"""The flux of a sudden sound peaks anywhere between the window's edge reaching it and its middle: 8 ms, and the lag."""
PLACE_SPAN = round(0.004 * RATE_HZ)
"""Sound compared before and after a candidate place; a burst's attack takes 1–5 ms."""
PLACE_STEP = 8
"""Half a millisecond."""
PLACE_ALIKE = 0.8
"""1 dB, within the ripple of noise."""
PLACE_FLOOR_DB = -40.0
"""Re the followed peak: what is softer can't pull the place towards itself."""
_BANDS = band_edges(BAND_EDGES_HZ)


def _ranges() -> Floats:
    """Return the matrix that takes the mean of the low, the middle and the high bands."""
    bands = len(BAND_EDGES_HZ) - 1
    of_range = np.repeat([0, 1, 2], [LOW_BANDS, bands - LOW_BANDS - HIGH_BANDS, HIGH_BANDS])
    member = (of_range[:, None] == np.arange(3)).astype(np.float32)
    return np.asarray(member / member.sum(axis=0), dtype=np.float32)


_RANGES = _ranges()


def rise_db(power: Floats, followed_db: Floats) -> Floats:
    """Return the flux of each row but the first LAG_ROWS: half the mean of three ranges, half the one that rises most.

    followed_db: (len(power) - LAG_ROWS,) the followed peak at each row that is asked about.
    """
    energy = power @ _BANDS
    before = energy[:-LAG_ROWS].copy()
    before[:, 1:] = np.maximum(before[:, 1:], energy[:-LAG_ROWS, :-1])
    before[:, :-1] = np.maximum(before[:, :-1], energy[:-LAG_ROWS, 1:])
    floor = np.power(10.0, (followed_db + FLOOR_DB) / 10.0)[:, None]
    bands_db = np.clip(10.0 * np.log10((energy[LAG_ROWS:] + floor) / (before + floor)), 0.0, MOST_RISE_DB)
    means = bands_db @ _RANGES
    return np.asarray((means.max(axis=1) + means.mean(axis=1)) / 2.0, dtype=np.float32)


def peaks(rise: Floats) -> npt.NDArray[np.intp]:
    """Return which rows, counted from REACH_ROWS on, are onsets; REACH_ROWS at either end are neighbours only."""
    here = rise[REACH_ROWS : len(rise) - REACH_ROWS]
    found = np.flatnonzero(here > LEAST_RISE_DB)
    if not len(found):
        return found
    around = windows(rise, 2 * REACH_ROWS + 1, 1, len(here))[found]
    # Strictly above what came before, so that of equal neighbours exactly one is taken.
    before, after = around[:, :REACH_ROWS].max(axis=1), around[:, REACH_ROWS + 1 :].max(axis=1)
    return np.asarray(found[(here[found] > before) & (here[found] >= after)])


def placed(sound: Stretch, row: int, followed_db: float) -> int:
    """Return at which sample near a peak of the flux the energy of the differenced sound steps up most."""
    first = row * FINE_HOP - PLACE_REACH
    # Differencing tilts the spectrum up by 6 dB an octave, so that the rumble of a kick doesn't hide a hat; over two
    # samples it is deaf at 8 kHz, where the resampler rings ahead of every click.
    heard = sound.span(first - PLACE_SPAN - 2, first + 2 * PLACE_REACH + PLACE_SPAN + 1).astype(np.float64)
    energy = (heard[2:] - heard[:-2]) ** 2
    total = np.concatenate([[0.0], np.cumsum(energy)])
    places = np.arange(0, 2 * PLACE_REACH + 1, PLACE_STEP)
    floor = PLACE_SPAN * 10.0 ** ((followed_db + PLACE_FLOOR_DB) / 10.0)
    before = total[places + PLACE_SPAN] - total[places] + floor
    after = total[places + 2 * PLACE_SPAN] - total[places + PLACE_SPAN] + floor
    step = after / before
    # A click lies in the span after it for 4 ms of places alike: the last of them is where it is.
    return int(first + places[np.flatnonzero(step >= PLACE_ALIKE * step.max())[-1]])
