"""Mouth shapes and the glottis: what the singer's sound is made of, in the frequency domain.

In: a voice kind, a vowel or voiced consonant, a sample rate. Out: formants, vocal-tract responses, glottal wavetables,
noise bands of the unvoiced consonants. It knows nothing of notes or time.
Formants: the alto and tenor tables of the Csound manual's appendix "Formant Values" for female and male; children's
from Peterson and Barney 1952 (table II) with F4 and F5 scaled to a shorter tract. The tract is Klatt's (1980) cascade
of resonators, the glottal flow is Rosenberg's (1971) pulse C with a spectral tilt for a soft closure.
"""

from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

VoiceKind = Literal["male", "female", "child"]
Shape = Literal["a", "e", "i", "o", "u", "hum", "l"]
"""Vowels, the closed mouth (also the consonant m) and the lateral l."""
Consonant = Literal["s", "t", "k", "p", "m", "l"]

_FORMANTS_HZ: dict[str, dict[str, tuple[float, ...]]] = {
    "male": {
        "a": (650, 1080, 2650, 2900, 3250),
        "e": (400, 1700, 2600, 3200, 3580),
        "i": (290, 1870, 2800, 3250, 3540),
        "o": (400, 800, 2600, 2800, 3000),
        "u": (350, 600, 2700, 2900, 3300),
    },
    "female": {
        "a": (800, 1150, 2800, 3500, 4950),
        "e": (400, 1600, 2700, 3300, 4950),
        "i": (350, 1700, 2700, 3700, 4950),
        "o": (450, 800, 2830, 3500, 4950),
        "u": (325, 700, 2530, 3500, 4950),
    },
    "child": {
        "a": (1030, 1370, 3170, 4400, 5500),
        "e": (690, 2610, 3570, 4400, 5500),
        "i": (370, 3200, 3730, 4600, 5500),
        "o": (680, 1060, 3180, 4400, 5500),
        "u": (430, 1170, 3260, 4400, 5500),
    },
}
# Chosen: the murmur of m has one strong resonance near 250 Hz and little above it, l a low first formant.
_CLOSED_HZ = {"hum": (250, 1050, 2200, 3000, 4000), "l": (310, 1050, 2880, 3500, 4500)}
_CLOSED_BANDWIDTH_HZ = {"hum": (60, 300, 400, 500, 600), "l": (60, 100, 280, 300, 400)}
_BANDWIDTH_HZ = (70, 90, 120, 130, 160)  # middle of the Csound tables
_TRACT_SCALE = {"male": 1.0, "female": 1.1, "child": 1.25}  # of the closed shapes, tract length 17.5 : 16 : 14 cm

CLOSED: dict[str | None, Shape] = {"m": "hum", "l": "l"}
"""Voiced consonants and the shape that makes them."""
# Unvoiced consonants: silence of the closure, length, band and RMS level (re the vowel) of the noise. Chosen to
# sound right and to be well apart from each other, not measured.
CLOSURE_S = {"s": 0.0, "t": 0.030, "k": 0.035, "p": 0.040}
NOISE_S = {"s": 0.100, "t": 0.035, "k": 0.035, "p": 0.020}
NOISE_BAND_HZ = {"s": (4500.0, 9000.0), "t": (3000.0, 7000.0), "k": (1500.0, 3500.0), "p": (400.0, 1500.0)}
NOISE_DB = {"s": -8.0, "t": -8.0, "k": -8.0, "p": -10.0}

_OPEN, _CLOSING = 0.40, 0.16  # Rosenberg's Tp and Tn, parts of a period, his usual shape
_TILT_HZ = 2500.0  # corner of the first-order tilt that a soft closure gives
PITCHES_MIDI = np.arange(24, 109, 0.25)
"""Grid of `voiced_rms`, a quarter semitone apart."""
TABLE_SIZE = 4096
"""Points of a wavetable: linear interpolation of 400 harmonics stays 50 dB down, of the first 40 over 80 dB."""
LEVELS_PER_OCTAVE = 4
"""Wavetables an octave: a quarter octave at most is missing below Nyquist."""


def formants_hz(kind: VoiceKind, shape: Shape) -> tuple[float, ...]:
    """Return the five formant frequencies of a voice kind's mouth shape, Hz."""
    if shape in _CLOSED_HZ:
        return tuple(hz * _TRACT_SCALE[kind] for hz in _CLOSED_HZ[shape])
    return _FORMANTS_HZ[kind][shape]


def tract_response(
    kind: VoiceKind, shape: Shape, frequencies_hz: npt.NDArray[np.floating], sample_rate_hz: int
) -> npt.NDArray[np.complex128]:
    """Return the vocal tract's complex response, causal and of gain 1 at 0 Hz: the product of its resonators."""
    response = np.ones(len(frequencies_hz), np.complex128)
    delay = np.exp(-2j * np.pi * frequencies_hz / sample_rate_hz)
    bandwidths_hz = _CLOSED_BANDWIDTH_HZ.get(shape, _BANDWIDTH_HZ)
    for centre_hz, bandwidth_hz in zip(formants_hz(kind, shape), bandwidths_hz, strict=True):
        if centre_hz < 0.45 * sample_rate_hz:
            radius = np.exp(-np.pi * bandwidth_hz / sample_rate_hz)
            b, c = 2 * radius * np.cos(2 * np.pi * centre_hz / sample_rate_hz), -radius * radius
            response *= (1 - b - c) / (1 - b * delay - c * delay * delay)
    return response


def glottal_harmonics() -> npt.NDArray[np.complex128]:
    """Return the Fourier series of one period of glottal flow derivative, harmonics 0 to TABLE_SIZE / 2.

    The tilt is applied at 150 Hz, so that a table holds for every pitch; its corner then moves with the pitch.
    """
    phase = np.arange(16 * TABLE_SIZE) / (16 * TABLE_SIZE)
    closing = np.clip((phase - _OPEN) / _CLOSING, 0, 1)
    flow = np.where(phase < _OPEN, 0.5 - 0.5 * np.cos(np.pi * phase / _OPEN), np.cos(np.pi / 2 * closing))
    harmonics = np.fft.rfft(flow)[: TABLE_SIZE // 2 + 1] / len(flow)
    order = np.arange(len(harmonics))
    derivative: npt.NDArray[np.complex128] = harmonics * (2j * np.pi * order) / (1 + 1j * order * 150.0 / _TILT_HZ)
    return derivative


@lru_cache(maxsize=1)
def glottal_tables() -> npt.NDArray[np.float64]:
    """Return wavetables, (levels, TABLE_SIZE + 1): level n holds the first 2 ** (n / LEVELS_PER_OCTAVE) harmonics."""
    series = glottal_harmonics()
    levels = int(LEVELS_PER_OCTAVE * np.log2(TABLE_SIZE / 8)) + 1
    tables = np.empty((levels, TABLE_SIZE + 1))
    for level in range(levels):
        kept = np.where(np.arange(len(series)) <= 2 ** (level / LEVELS_PER_OCTAVE), series, 0)
        tables[level, :-1] = np.fft.irfft(kept, TABLE_SIZE) * TABLE_SIZE
    tables[:, -1] = tables[:, 0]
    tables.setflags(write=False)
    return tables


@lru_cache
def voiced_rms(kind: VoiceKind, shape: Shape, sample_rate_hz: int) -> npt.NDArray[np.float64]:
    """Return the RMS of a unit glottal source after the tract at each of `PITCHES_MIDI`, by Parseval."""
    source = glottal_harmonics()
    levels = np.empty(len(PITCHES_MIDI))
    for index, f0_hz in enumerate(440.0 * np.exp2((PITCHES_MIDI - 69) / 12)):
        harmonics = np.arange(1, min(len(source), max(2, int(0.5 * sample_rate_hz / f0_hz) + 1)))
        heard = source[harmonics] * tract_response(kind, shape, f0_hz * harmonics, sample_rate_hz)
        levels[index] = np.sqrt(2 * np.sum(np.abs(heard) ** 2))
    levels.setflags(write=False)
    return levels
