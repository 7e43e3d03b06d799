"""How loud and how high the last moment of sound was, for the eye alone.

Comes in: the newest samples. Goes out: a level and, where a pitch is plain, its height. The models decide what is
written; this is quick, a picture of the microphone that costs nothing while nobody looks.

Method: de Cheveigné & Kawahara 2002 (YIN), the cumulative mean normalised difference with an absolute threshold, here
with the difference function by one FFT.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.units import amplitude_to_db, hz_to_midi
from vocalmidi.values import Floats

LOOK_S = 0.06
"""Two periods at the lowest pitch and as much again to compare them with."""
LOWEST_HZ, HIGHEST_HZ = 65.0, 1200.0
"""From a bass's C2 to a child's D6."""
THRESHOLD = 0.15
"""Of the normalised difference, as the paper has it (0.1–0.15)."""
SILENT_DB = -60.0
"""Below it a room hums, nobody sings."""
FLOOR_DB = -120.0

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Meter:
    """RMS, dB re full scale from −120 on, and the pitch as a MIDI number, None where there is none."""

    level_db: float
    pitch_midi: float | None


SILENCE = Meter(FLOOR_DB, None)


def meter_of(samples: Floats, sample_rate_hz: int) -> Meter:
    """Return level and pitch of samples, `LOOK_S` of them for a pitch."""
    if not len(samples):
        return SILENCE
    sound = samples.astype(np.float64) - samples.mean(dtype=np.float64)
    level_db = max(FLOOR_DB, float(amplitude_to_db(np.sqrt(np.mean(np.square(sound))))))
    if level_db < SILENT_DB or len(sound) < 2 * sample_rate_hz / LOWEST_HZ:
        return Meter(level_db, None)
    period = _period(_normalised(_difference(sound, int(sample_rate_hz / LOWEST_HZ))), sample_rate_hz)
    return Meter(level_db, None if period is None else float(hz_to_midi(sample_rate_hz / period)))


def _difference(sound: Doubles, longest: int) -> Doubles:
    """Return the squared difference of the sound's beginning and itself each lag later, 0 to `longest`."""
    window = len(sound) - longest
    size = 1 << (len(sound) + window).bit_length()
    product = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(sound[:window], size))
    alike = np.fft.irfft(product, size)[: longest + 1]
    energy = np.concatenate([[0.0], np.cumsum(np.square(sound))])
    later = energy[window : window + longest + 1] - energy[: longest + 1]
    return np.asarray(energy[window] + later - 2 * alike)


def _normalised(difference: Doubles) -> Doubles:
    lags = np.arange(1, len(difference))
    mean = np.cumsum(difference[1:]) / lags
    return np.concatenate([[1.0], difference[1:] / np.maximum(mean, 1e-12)])


def _period(normalised: Doubles, sample_rate_hz: int) -> float | None:
    """Return the period in samples: the first dip below the threshold, between the samples by a parabola."""
    at = max(2, int(sample_rate_hz / HIGHEST_HZ))
    below = np.flatnonzero(normalised[at:-1] < THRESHOLD)
    if not len(below):
        return None
    at += int(below[0])
    while at + 1 < len(normalised) - 1 and normalised[at + 1] < normalised[at]:
        at += 1
    before, here, after = normalised[at - 1 : at + 2]
    bend = before - 2 * here + after
    return at + (0.5 * (before - after) / bend if bend > 0 else 0.0)
