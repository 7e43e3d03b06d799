"""Short-time power spectra every 2 ms, fine enough to place the beginning of a sound.

In: sound at 16 kHz. Out: rows of power, for onsets of hits alone; the models have their own pictures.
Row r is centred on sample r * FINE_HOP of the stream.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.stretch import Stretch
from vocalmidi.frames.windows import windows
from vocalmidi.values import Floats

FINE_HOP = 32
"""2 ms, a fifth of the ±10 ms aimed at."""
SPAN = 256
"""16 ms: two periods of a low male voice (125 Hz), so that its pulses don't flicker; the Hann window weighs half."""
ROOM_ROWS, ROOM_PERCENTILE = 80, 30.0
"""The room's level is what the first 160 ms stay above 70 % of the time: a hit at the very start is over by then."""
_HANN = np.hanning(SPAN + 1)[:-1].astype(np.float32) * np.float32(4.0 / SPAN)  # half its sum is a quarter of its span
FREQUENCIES_HZ = np.fft.rfftfreq(SPAN, 1.0 / RATE_HZ)
BINS = SPAN // 2 + 1


def rows_within(samples: int) -> int:
    """Return how many rows, from row 0 on, see no sample after the first `samples`."""
    return max(0, (samples - SPAN // 2) // FINE_HOP + 1)


def powers(sound: Stretch, first: int, stop: int) -> Floats:
    """Return (stop - first, BINS) power of these rows, 1.0 is a full-scale sine in its bin."""
    heard = sound.span(first * FINE_HOP - SPAN // 2, (stop - 1) * FINE_HOP + SPAN // 2)
    spectra = np.fft.rfft(windows(heard, SPAN, FINE_HOP, stop - first) * _HANN, axis=1)
    return np.asarray(spectra.real**2 + spectra.imag**2, dtype=np.float32)


def room_power(rows: Floats) -> Floats:
    """Return (BINS,) what stands for the time before a recording, so that steady noise doesn't begin with a bang."""
    return np.percentile(rows[:ROOM_ROWS], ROOM_PERCENTILE, axis=0).astype(np.float32)


def band_edges(edges_hz: tuple[float, ...]) -> npt.NDArray[np.float32]:
    """Return the matrix that sums spectral bins into bands: (BINS, len(edges_hz) - 1) of 0 and 1."""
    low, high = np.array(edges_hz[:-1]), np.array(edges_hz[1:])
    inside = (FREQUENCIES_HZ[:, None] >= low) & (FREQUENCIES_HZ[:, None] < high)
    return inside.astype(np.float32)
