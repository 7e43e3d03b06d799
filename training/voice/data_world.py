"""The WORLD vocoder's door: sound to envelopes and back, at one rate and one frame.

Morise, Yokomori, Ozawa 2016 through `pyworld`. Nothing else in training imports it for synthesis.
"""

import warnings

import numpy as np
import numpy.typing as npt

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pyworld asks setuptools for its own version, which setuptools deprecates
    import pyworld

Floats = npt.NDArray[np.float64]
RATE_HZ = 16_000
FRAME_S = 0.005
FRAMES_PER_S = 200
FFT = 1024
BINS = FFT // 2 + 1


def analyse(sound: Floats) -> tuple[npt.NDArray[np.float16], Floats, Floats]:
    """Return log power envelopes (t, BINS), aperiodicity (t,) in dB at 3 kHz, and pitch (t,) in Hz, 0 unvoiced."""
    sound = sound + 1e-6 * np.random.default_rng(0).standard_normal(len(sound))
    raw, times = pyworld.dio(sound, RATE_HZ, f0_floor=60.0, f0_ceil=1000.0, frame_period=1000 * FRAME_S)
    f0_hz = pyworld.stonemask(sound, raw, times, RATE_HZ)
    envelope = np.log(np.maximum(pyworld.cheaptrick(sound, f0_hz, times, RATE_HZ, fft_size=FFT), 1e-16))
    coded = pyworld.code_aperiodicity(pyworld.d4c(sound, f0_hz, times, RATE_HZ, fft_size=FFT), RATE_HZ)
    return envelope.astype(np.float16), coded[:, 0], f0_hz


def synthesise(f0_hz: Floats, envelope: Floats, aperiodicity_db: Floats) -> Floats:
    """Return the sound of (t,) pitches, (t, BINS) log power envelopes and (t,) aperiodicities."""
    coded = np.ascontiguousarray(np.clip(aperiodicity_db, -60.0, -0.5)[:, None])
    noise = pyworld.decode_aperiodicity(coded, RATE_HZ, FFT)
    power = np.ascontiguousarray(np.exp(envelope), dtype=np.float64)
    sound: Floats = pyworld.synthesize(np.ascontiguousarray(f0_hz), power, noise, RATE_HZ, 1000 * FRAME_S)
    return sound
