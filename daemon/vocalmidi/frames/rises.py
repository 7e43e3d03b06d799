"""How much louder sound has become: spectral flux in dB, every 2 ms, of what has been heard by then.

In: sound at 16 kHz, whole steps at a time, of any number. Out: the rise at the end of each step and the take's followed
peak then. Method: log-band flux with a frequency maximum filter, which keeps vibrato and glides silent (SuperFlux,
Böck & Widmer, DAFx 2013). Where we differ: a window that weighs the latest 4 ms most, so that a sudden sound is known
2–4 ms after it began (a centred one knew after 9); a floor that follows the take's own level instead of a fixed
compression, so that the same take played softer gives the same onsets; and low, middle and high bands judged apart, for
a hi-hat moves only the top third and a kick only the bottom.
"""

from collections import deque
from dataclasses import dataclass
from math import log10

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.patches import SPAN, WINDOW
from vocalmidi.frames.windows import windows
from vocalmidi.values import Floats

STEP = 32
"""2 ms: what the wait for a whole step costs a live hit on average is half of it."""
BAND_EDGES_HZ = (
    *(60.0, 200.0, 320.0, 450.0, 600.0, 800.0, 1000.0, 1250.0, 1550.0),
    *(1900.0, 2300.0, 2800.0, 3400.0, 4100.0, 4900.0, 5800.0, 6800.0, 8001.0),
)
"""About a critical band each; the lowest spans two because a 16 ms window tells no more."""
LOW_BANDS, HIGH_BANDS = 4, 6
"""Bands of the chest of a kick (below 600 Hz) and of the hiss of a hat (above 3.4 kHz)."""
FLOOR_DB = -50.0
"""Re the followed peak; below it are room noise and the tails of what rang before."""
LAG = 6
"""Steps, 12 ms: as long as the steep part of a voice's attack."""
MOST_RISE_DB = 25.0
"""A band counts no further, so that one band out of silence does not outvote all others."""
ROOM_STEPS, ROOM_PERCENTILE = 80, 30.0
"""The room's level is what the first 160 ms stay above 70 % of the time: a hit at the very start is over by then."""
SILENCE_PEAK_DB = -66.0
"""The followed peak falls no further: the dither of a 12-bit recording."""
RELEASE_DB = 6.0 * STEP / RATE_HZ
"""A step; 6 dB a second is a singer's diminuendo over a phrase: a faster release would follow the syllables."""
SWING_STEPS = 4
"""8 ms: half a period of a low male voice."""
_SEEN = SPAN // STEP
"""Steps that a window sees."""


def _first_bins() -> npt.NDArray[np.intp]:
    """Return the first spectral bin of each band."""
    hz = np.fft.rfftfreq(SPAN, 1.0 / RATE_HZ)
    return np.searchsorted(hz, np.array(BAND_EDGES_HZ[:-1]))


_FIRST_BINS = _first_bins()
_FIRST_BANDS = np.array([0, LOW_BANDS, len(BAND_EDGES_HZ) - 1 - HIGH_BANDS])
_RANGE_BANDS = np.diff(_FIRST_BANDS, append=len(BAND_EDGES_HZ) - 1).astype(np.float32)
_STEADY = (WINDOW / WINDOW.sum()).astype(np.float32)
_SILENCE_SWING = 10.0 ** (SILENCE_PEAK_DB / 20.0)


@dataclass(frozen=True, slots=True, eq=False)
class Rises:
    """(n,) rise_db: at the end of each step over 12 ms before; (n,) followed_db: the take's peak by then."""

    rise_db: Floats
    followed_db: Floats


def band_powers(sound: Floats, steps: int) -> Floats:
    """Return (steps, bands) powers at the end of each step; `sound` begins SPAN - STEP samples before the first."""
    # Sums, not matrix products: these may differ in the last bit with the number of rows, and a step's row must not
    # depend on how many came with it.
    cut = windows(sound, SPAN, STEP, steps) * WINDOW
    # A microphone's direct current would lean into the lowest band.
    cut -= cut.sum(axis=1)[:, None] * _STEADY
    spectra = np.fft.rfft(cut, axis=1)
    return np.asarray(np.add.reduceat(spectra.real**2 + spectra.imag**2, _FIRST_BINS, axis=1), np.float32)


def room_power(sound: Floats) -> Floats:
    """Return (bands,) what stands for the time before a recording, so that steady noise doesn't begin with a bang."""
    steps = min(ROOM_STEPS, len(sound) // STEP - _SEEN + 1)
    if steps < 1:
        return np.zeros(len(BAND_EDGES_HZ) - 1, np.float32)
    powers = band_powers(np.ascontiguousarray(sound), steps)
    return np.asarray(np.percentile(powers, ROOM_PERCENTILE, axis=0), np.float32)


class RiseStream:
    """The flux of one source.

    room: (bands,) what sounded before it; None when that is not known: nothing rises in the first 26 ms then.
    """

    def __init__(self, room: Floats | None = None) -> None:
        self._room = room
        before = np.zeros(len(BAND_EDGES_HZ) - 1, np.float32) if room is None else room
        self._before = np.repeat(_widened(before[None]), LAG, axis=0)
        self._tail: Floats | None = None
        self._highs, self._lows = (deque([0.0] * SWING_STEPS, SWING_STEPS) for _ in range(2))
        self._peak_db = SILENCE_PEAK_DB
        self._unsure = _SEEN - 1 + (LAG if room is None else 0)

    def push(self, sound: Floats) -> Rises:
        """Take whole steps of sound and return the rise at the end of each."""
        steps = len(sound) // STEP
        if not steps:
            return Rises(np.zeros(0, np.float32), np.zeros(0, np.float32))
        # The first sample counts as what was there before: a microphone's direct current doesn't begin with a bang.
        tail = np.repeat(sound[:1], SPAN - STEP) if self._tail is None else self._tail
        heard = np.concatenate([tail, sound])
        self._tail = heard[steps * STEP :]
        powers = band_powers(heard, steps)
        if self._unsure > 0 and self._room is not None:
            # Windows that reach back before the stream saw less than there was.
            powers[: self._unsure] = np.maximum(powers[: self._unsure], self._room)
        before = np.concatenate([self._before, _widened(powers)])
        self._before = before[steps:]
        followed_db = self._follow(sound.reshape(steps, STEP))
        rise_db = _rise_db(powers, before[:steps], followed_db)
        if self._unsure > 0:
            if self._room is None:
                rise_db[: self._unsure] = 0.0
            self._unsure -= steps
        return Rises(rise_db, followed_db)

    def _follow(self, steps: Floats) -> Floats:
        """Return the running peak at the end of each step."""
        followed: list[float] = []
        for high, low in zip(steps.max(axis=1).tolist(), steps.min(axis=1).tolist(), strict=True):
            self._highs.append(high)
            self._lows.append(low)
            swing = (max(self._highs) - min(self._lows)) / 2.0
            own_db = 20.0 * log10(swing) if swing > _SILENCE_SWING else SILENCE_PEAK_DB
            self._peak_db = max(own_db, self._peak_db - RELEASE_DB, SILENCE_PEAK_DB)
            followed.append(self._peak_db)
        return np.array(followed, np.float32)


def _widened(powers: Floats) -> Floats:
    """Return each band's highest neighbour or itself: a voice that glides into the next band is no onset."""
    wide = powers.copy()
    np.maximum(wide[:, 1:], powers[:, :-1], out=wide[:, 1:])
    np.maximum(wide[:, :-1], powers[:, 1:], out=wide[:, :-1])
    return wide


def _rise_db(powers: Floats, before: Floats, followed_db: Floats) -> Floats:
    """Return the flux: half the mean of three ranges, half the one that rises most."""
    floor = np.power(np.float32(10.0), (followed_db + np.float32(FLOOR_DB)) / np.float32(10.0))[:, None]
    bands_db = np.float32(10.0) * np.log10((powers + floor) / (before + floor))
    np.maximum(bands_db, np.float32(0.0), out=bands_db)
    np.minimum(bands_db, np.float32(MOST_RISE_DB), out=bands_db)
    means = np.add.reduceat(bands_db, _FIRST_BANDS, axis=1) / _RANGE_BANDS
    return np.asarray((means.max(axis=1) + means.sum(axis=1) / np.float32(3.0)) / np.float32(2.0), np.float32)
