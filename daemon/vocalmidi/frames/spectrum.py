"""Short-time power spectra every 2 ms, fine enough to place the beginning of a sound.

In: a window of raw sound. Out: a `Spectrogram`, for onsets and hits alone; pitch has its own front end.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.grid import ANALYSIS_RATE_HZ, FUTURE_HOPS, HOP, PAST_HOPS, Window

FINE_HOP = 32
"""2 ms, a fifth of the ±10 ms aimed at."""
SPAN = 256
"""16 ms: two periods of a low male voice (125 Hz), so that its pulses don't flicker; the Hann window weighs half."""
LEAD_HOPS = 12
"""Sound before the first frame that an onset near it is compared with: 96 ms."""
ROOM_ROWS, ROOM_PERCENTILE = 80, 30.0
"""The room's level is what the first 160 ms stay above 70 % of the time: a hit at the very start is over by then."""
_HANN = np.hanning(SPAN + 1)[:-1].astype(np.float32)
FREQUENCIES_HZ = np.fft.rfftfreq(SPAN, 1.0 / ANALYSIS_RATE_HZ)


@dataclass(frozen=True, slots=True, eq=False)
class Spectrogram:
    """Spectra every 2 ms from LEAD_HOPS before a window's first frame to nearly its end.

    power: (n_fine, SPAN // 2 + 1), 1.0 is a full-scale sine in its bin.
    first_sample: centre of row 0 within the window, at 16 kHz.
    """

    power: npt.NDArray[np.float32]
    first_sample: int

    def row_at(self, sample: float) -> int:
        """Return the row nearest to a sample of the window."""
        return round((sample - self.first_sample) / FINE_HOP)

    def sample_at(self, row: float) -> float:
        """Return the sample of the window at the centre of a row."""
        return self.first_sample + row * FINE_HOP


def spectrogram(window: Window) -> Spectrogram:
    """Return the fine spectra of a window."""
    first = (PAST_HOPS - LEAD_HOPS) * HOP
    last = (PAST_HOPS + window.frames + FUTURE_HOPS) * HOP - SPAN // 2
    rows = np.lib.stride_tricks.sliding_window_view(window.raw[first - SPAN // 2 : last + SPAN // 2], SPAN)[::FINE_HOP]
    spectra = np.fft.rfft(rows * _HANN, axis=1) / (_HANN.sum() / 2.0)
    power = (spectra.real**2 + spectra.imag**2).astype(np.float32)
    return Spectrogram(_without_edges(power, first, window), first)


def _without_edges(power: npt.NDArray[np.float32], first: int, window: Window) -> npt.NDArray[np.float32]:
    """Replace spectra that reach beyond the recording: before it the room sounds as later, after it the last goes on.

    Else every recording would begin and end with a bang, for steady noise starts from nothing there.
    """
    centres = first + FINE_HOP * np.arange(len(power))
    whole = np.flatnonzero((centres - SPAN // 2 >= window.begins) & (centres + SPAN // 2 <= window.ends))
    if not len(whole):
        return np.zeros_like(power)
    if whole[0] > 0:
        power[: whole[0]] = np.percentile(power[whole[0] : whole[0] + ROOM_ROWS], ROOM_PERCENTILE, axis=0)
    power[whole[-1] + 1 :] = power[whole[-1]]
    return power


def band_edges(edges_hz: tuple[float, ...]) -> npt.NDArray[np.float32]:
    """Return the matrix that sums spectral bins into bands: (SPAN // 2 + 1, len(edges_hz) - 1) of 0 and 1."""
    low, high = np.array(edges_hz[:-1]), np.array(edges_hz[1:])
    inside = (FREQUENCIES_HZ[:, None] >= low) & (FREQUENCIES_HZ[:, None] < high)
    return inside.astype(np.float32)
