"""Rooms, noises and microphones over clean sound, so that one recording teaches many conditions.

In: a `Clip` and a random generator. Out: the clip as another room, noise or microphone would have given it, its labels
unmoved: a room's answer is cut so that its direct sound stays in place.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from training.voice.data_conditions import read_places
from training.voice.data_ssvd import Array, Clip

RATE_HZ = 16_000
LONGEST_ROOM_S = 2.2
"""Longer answers are cathedrals; the data's README advises to prefer rooms below it."""


class Surroundings:
    """The rooms and noises that the synthetic clips train with; those that validate are in neither."""

    def __init__(self, shared: Path) -> None:
        places = read_places(shared, "train")
        self.rooms = [from_direct_sound(room.astype(np.float32)) for room in places.rooms.values()]
        self.noises = [noise.astype(np.float32) for noise in places.noises.values()]

    def changed(self, clip: Clip, rng: np.random.Generator) -> Clip:
        """Return the clip in a random room, with a random noise, by a random microphone; each is likely, none sure."""
        audio = clip.audio
        if rng.random() < 0.6:  # reverberation is the hard case for every system
            room = self.rooms[rng.integers(len(self.rooms))]
            wet = fftconvolve(audio, room)[: len(audio)]
            share = rng.uniform(0.2, 1.0)
            audio = (1.0 - share) * audio + share * wet
        if rng.random() < 0.3:  # one in three
            audio = microphone(audio, rng)
        if rng.random() < 0.75:  # three in four
            audio = audio + self.noise(len(audio), rng) * rms(audio) * 10.0 ** (-rng.uniform(3.0, 40.0) / 20.0)
        peak = float(np.abs(audio).max()) + 1e-9
        return replace(clip, audio=(audio * rng.uniform(0.05, 0.9) / peak).astype(np.float32))

    def noise(self, length: int, rng: np.random.Generator) -> Array:
        """Return (length,) of noise at RMS 1: recorded, or coloured by a random slope, sometimes with mains hum."""
        if rng.random() < 0.5:  # even
            source = self.noises[rng.integers(len(self.noises))]
            start = int(rng.integers(len(source)))
            noise = np.resize(np.roll(source, -start), length)
        else:
            spectrum = np.fft.rfft(rng.standard_normal(length))
            slope = rng.uniform(0.0, 1.2)
            noise = np.fft.irfft(spectrum / np.maximum(np.arange(len(spectrum)), 20.0) ** slope, length)
        noise = noise / (rms(noise) + 1e-9)
        if rng.random() < 0.2:  # one recording in five hums
            mains = rng.choice([50.0, 60.0]) * 2.0 * np.pi * np.arange(length) / RATE_HZ
            noise = noise + sum(np.sin(k * mains + k) / k for k in (1, 2, 3, 5))
        return np.asarray(noise / rms(noise), np.float32)


def microphone(audio: Array, rng: np.random.Generator) -> Array:
    """Return the sound by a phone, a laptop, a muffled or an overdriven microphone."""
    kind = rng.integers(4)
    if kind == 0:
        band = butter(2, [300.0, 3400.0], "bandpass", fs=RATE_HZ, output="sos")
    elif kind == 1:
        band = butter(2, 150.0, "highpass", fs=RATE_HZ, output="sos")
    elif kind == 2:  # the third kind
        band = butter(2, rng.uniform(500.0, 2500.0), "lowpass", fs=RATE_HZ, output="sos")
    else:
        limit = np.quantile(np.abs(audio), rng.uniform(0.95, 0.999)) + 1e-9
        return np.asarray(np.clip(audio, -limit, limit), np.float32)
    return np.asarray(sosfilt(band, audio), np.float32)


def from_direct_sound(room: Array) -> Array:
    """Return a room's answer from its direct sound on, of gain 1 there, not longer than LONGEST_ROOM_S."""
    start = int(np.argmax(np.abs(room)))
    cut = room[start : start + int(LONGEST_ROOM_S * RATE_HZ)]
    return np.asarray(cut / (np.sqrt((cut**2).sum()) + 1e-9), np.float32)


def rms(audio: Array) -> float:
    """Return the root of the mean square."""
    return float(np.sqrt(np.mean(np.square(audio))))
