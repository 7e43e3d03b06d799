"""Room, noise and level around any test sound: arrays of samples in, arrays of float32 samples out.

Levels are dB re full scale (RMS of a full-scale square wave = 0 dB); every random thing takes a seed.
"""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]


def rms(samples: npt.ArrayLike) -> float:
    """Return the root mean square of samples."""
    return float(np.sqrt(np.mean(np.square(np.asarray(samples, np.float64)))))


def silence(duration_s: float, sample_rate_hz: int = 44100) -> Samples:
    """Return digital silence."""
    return np.zeros(round(duration_s * sample_rate_hz), np.float32)


def band_noise(count: int, low_hz: float, high_hz: float, sample_rate_hz: int, seed: int) -> npt.NDArray[np.float64]:
    """Return `count` samples of Gaussian noise of RMS 1 between two frequencies, with skirts half an octave wide."""
    # The length is rounded up to a power of two: an FFT of a large prime length is slow.
    size = 1 << max(6, (count - 1).bit_length())
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(size))
    octaves = np.log2(np.maximum(np.fft.rfftfreq(size, 1 / sample_rate_hz), 1.0))
    rise = np.clip((octaves - np.log2(max(low_hz, 1.0))) * 2 + 1, 0, 1)
    fall = np.clip((np.log2(high_hz) - octaves) * 2 + 1, 0, 1)
    noise = np.fft.irfft(spectrum * rise * fall, size)[:count]
    level = rms(noise)
    return noise / level if level > 0 else noise


def room_noise(duration_s: float, sample_rate_hz: int = 44100, level_db: float = -60.0, seed: int = 0) -> Samples:
    """Return the noise of a quiet room, falling 3 dB an octave (pink) above 40 Hz, at an RMS level."""
    count = round(duration_s * sample_rate_hz)
    size = 1 << max(6, (count - 1).bit_length())
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(size))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.fft.rfftfreq(size, 1 / sample_rate_hz), 40.0)), size)[:count]
    return at_level(noise, level_db)


def at_level(samples: npt.ArrayLike, level_db: float) -> Samples:
    """Return the sound scaled to an RMS level; silence stays silence."""
    array = np.asarray(samples, np.float64)
    level = rms(array) if len(array) else 0.0
    return (array * (10 ** (level_db / 20) / level if level > 0 else 1.0)).astype(np.float32)


def add_noise(samples: npt.ArrayLike, snr_db: float, sample_rate_hz: int = 44100, seed: int = 0) -> Samples:
    """Return the sound with room noise `snr_db` below its own RMS over the whole length."""
    array = np.asarray(samples, np.float64)
    noise_db = 20 * np.log10(rms(array)) - snr_db
    return (array + room_noise(len(array) / sample_rate_hz, sample_rate_hz, noise_db, seed)).astype(np.float32)


def reverb(
    samples: npt.ArrayLike, sample_rate_hz: int = 44100, t60_s: float = 0.4, wet_db: float = -12.0, seed: int = 0
) -> Samples:
    """Return the sound, longer by `t60_s`, in a room: a tail of noise that falls 60 dB in `t60_s`.

    wet_db: energy of the tail against the direct sound; the tail begins 5 ms late, so onsets stay where they were.
    """
    dry = np.asarray(samples, np.float64)
    count = max(2, round(t60_s * sample_rate_hz))
    tail = np.random.default_rng(seed).standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    tail[: min(count // 2, round(0.005 * sample_rate_hz))] = 0.0
    tail *= 10 ** (wet_db / 20) / np.sqrt(np.sum(tail * tail))
    tail[0] = 1.0
    size = 1 << (len(dry) + count - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(tail, size), size)
    return wet[: len(dry) + count].astype(np.float32)


def clip(samples: npt.ArrayLike, over_db: float = 6.0) -> Samples:
    """Return the sound driven `over_db` past full scale and cut there, as by a microphone input set too high."""
    array = np.asarray(samples, np.float64)
    peak = float(np.max(np.abs(array), initial=0.0))
    gain = 10 ** (over_db / 20) / peak if peak > 0 else 1.0
    return np.clip(array * gain, -1.0, 1.0).astype(np.float32)


def mix(*sounds: npt.ArrayLike) -> Samples:
    """Return the sum of sounds that begin together; the shorter ones are followed by silence."""
    arrays = [np.asarray(sound, np.float64) for sound in sounds]
    total = np.zeros(max(map(len, arrays)))
    for array in arrays:
        total[: len(array)] += array
    return total.astype(np.float32)
