"""What lies between a mouth and a file: room, accompaniment, microphone, noise, mains, clipping, level.

In: a dry sound at 16 kHz, `Conditions`, a generator. Out: the sound as recorded and words for its tags. Labels stay
where they are: every room's answer begins with its direct sound. Rooms and noise to validate are kept apart.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from scipy.signal import butter, fftconvolve, sosfilt

from training.voice.data_hits import hit
from training.voice.data_style import Conditions
from training.voice.data_world import RATE_HZ

Floats = npt.NDArray[np.float64]
SOUND_M_PER_S = 343.0
NOT_ROOMS = (
    "filter_telephone",
    "echo_chamber",
    "diffusor3",
    "hall_cardioid_35_10",
    "hall_omni_35_10",
    "hall_ceiling_35_10",
    "hall_rear_35_10",
)
"""A filter, effects, and what rings longer than 2.3 s: nobody sings into a phone there."""
SHARE_ALIKE = ("st_andrews_church", "terrys_typing_room", "tyndall_bruce_monument")
"""CC BY-SA: left out, so that no question arises about the weights."""
VALIDATION_ROOMS = ("seminar_room_clap", "st_margaret_s_church", "backslap1")
NOT_NOISE = ("speech_commands_dude_miaowing",)
"""Pitched: a miaow is a note to any honest listener."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Recorded rooms and noises of one side."""

    rooms: dict[str, Floats]
    noises: dict[str, Floats]


def read_places(shared: Path, side: str) -> Places:
    """Return rooms from their direct sound on; of each noise three quarters train and the last validates."""
    rooms, noises = {}, {}
    for path in sorted((shared / "rooms").glob("*.flac")):
        if path.stem not in (*NOT_ROOMS, *SHARE_ALIKE) and (path.stem in VALIDATION_ROOMS) == (side == "valid"):
            sound = _read(path)
            rooms[path.stem] = sound[int(np.argmax(np.abs(sound))) :]
    for path in sorted((shared / "noise").glob("*.flac")):
        if path.stem not in NOT_NOISE:
            sound = _read(path)
            cut = len(sound) * 3 // 4
            noises[path.stem] = sound[:cut] if side == "train" else sound[cut:]
    return Places(rooms, noises)


def _read(path: Path) -> Floats:
    sound, rate = soundfile.read(path, dtype="float64", always_2d=True)
    resampled: Floats = soxr.resample(sound.mean(axis=1), rate, RATE_HZ)
    return resampled


def rms(sound: Floats) -> float:
    """Return the root of the mean square of what is louder than a hundredth of the peak."""
    loud = sound[np.abs(sound) > 0.01 * np.abs(sound).max()] if len(sound) else sound
    return float(np.sqrt(np.mean(loud**2))) if len(loud) else 0.0


def simulated_room(rng: np.random.Generator) -> tuple[Floats, float]:
    """Return a small room's answer and its T60: images of order 3 (Allen and Berkley 1979), then a diffuse tail."""
    box = rng.uniform((2.0, 2.0, 2.2), (7.0, 5.0, 3.2))
    t60_s = float(np.exp(rng.uniform(np.log(0.15), np.log(1.0))))
    surface = 2 * (box[0] * box[1] + box[0] * box[2] + box[1] * box[2])
    reflect = np.sqrt(max(0.05, 1 - 0.161 * box.prod() / (surface * t60_s)))
    mouth = rng.uniform(0.2, 0.8, 3) * box
    ear = np.clip(mouth + rng.normal(0, 1, 3) * np.exp(rng.uniform(np.log(0.1), np.log(1.5))), 0.1, box - 0.1)
    order = np.stack(np.meshgrid(*[np.arange(-3, 4)] * 3, indexing="ij"), -1).reshape(-1, 3)
    image = np.where(order % 2, (order + 1) * box - mouth, order * box + mouth)
    away = np.maximum(np.linalg.norm(image - ear, axis=1), 0.05)
    bounces = np.abs(order).sum(axis=1)
    direct = float(away[bounces == 0][0])
    delay = np.maximum(0, np.round((away - direct) / SOUND_M_PER_S * RATE_HZ)).astype(int)
    answer = np.zeros(int(t60_s * RATE_HZ) + int(delay.max()) + 1)
    np.add.at(answer, delay, reflect**bounces * direct / away * np.where(bounces, rng.choice([-1, 1], len(away)), 1))
    time_s = np.arange(len(answer)) / RATE_HZ
    tail = rng.standard_normal(len(answer)) * 10 ** (-3 * time_s / t60_s) * (time_s > 0.012)
    share = 10 ** (rng.uniform(-22, -6) / 20)
    answer += tail * share * np.clip(direct, 0.1, 1.0) / np.sqrt(np.sum(tail**2) + 1e-9)
    return answer, t60_s


def coloured_noise(count: int, rng: np.random.Generator) -> Floats:
    """Return noise that falls 0 to 9 dB an octave above 30 Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    noise: Floats = np.fft.irfft(
        spectrum / np.maximum(np.arange(len(spectrum)), 30 * count / RATE_HZ) ** rng.uniform(0, 1.5), count
    )
    return noise


def background(places: Places, count: int, rng: np.random.Generator) -> tuple[Floats, str]:
    """Return noise of RMS 1 and its name: recorded, coloured or both."""
    name = "coloured"
    noise = coloured_noise(count, rng)
    noise /= np.sqrt(np.mean(noise**2)) + 1e-12
    if rng.random() < 0.55:
        name = list(places.noises)[rng.integers(len(places.noises))]
        source = places.noises[name]
        taken = np.resize(np.roll(source, -int(rng.integers(len(source)))), count)
        noise = taken / (np.sqrt(np.mean(taken**2)) + 1e-12) + noise * 10 ** (rng.uniform(-40, -10) / 20)
    return noise / (np.sqrt(np.mean(noise**2)) + 1e-12), name


def microphone(sound: Floats, rng: np.random.Generator) -> tuple[Floats, str]:
    """Return the sound by a phone, a laptop, a headset close to the mouth, or something muffled."""
    kind = ("phone", "laptop", "headset", "muffled")[rng.integers(4)]
    if kind == "phone":
        sos = butter(2, [rng.uniform(120, 350), rng.uniform(3200, 7500)], "bandpass", fs=RATE_HZ, output="sos")
    elif kind == "laptop":
        sos = butter(int(rng.integers(1, 3)), rng.uniform(100, 300), "highpass", fs=RATE_HZ, output="sos")
        centre = rng.uniform(800, 5000)
        peak = sosfilt(butter(1, [centre * 0.8, min(7800, centre * 1.25)], "bandpass", fs=RATE_HZ, output="sos"), sound)
        sound = sound + peak * rng.uniform(-0.6, 2.0)
    elif kind == "headset":
        sos = butter(1, rng.uniform(100, 250), "lowpass", fs=RATE_HZ, output="sos")
        return np.asarray(sound + rng.uniform(0.3, 1.5) * sosfilt(sos, sound)), kind
    else:
        sos = butter(1, rng.uniform(600, 2500), "lowpass", fs=RATE_HZ, output="sos")
    return np.asarray(sosfilt(sos, sound)), kind


def accompaniment(count: int, rng: np.random.Generator) -> Floats:
    """Return a few seconds of chords, bass and drums as a speaker in the room would play them, of RMS 1."""
    sound = np.zeros(count)
    beat_s = 60 / rng.uniform(70, 150)
    root = rng.integers(36, 48)
    time_s = np.arange(count) / RATE_HZ
    for k, start in enumerate(np.arange(0, count / RATE_HZ, 2 * beat_s)):
        chord = root + rng.choice([0, 5, 7, 9]) + np.array([0, 12, 16 if k % 2 else 15, 19])
        span = (time_s >= start) & (time_s < start + 2 * beat_s)
        inner = time_s[span] - start
        decay = np.exp(-inner / rng.uniform(0.3, 3.0)) * np.clip(inner / 0.01, 0, 1)
        for pitch in chord:
            hz = 440 * 2 ** ((pitch - 69) / 12)
            sound[span] += decay * sum(
                np.sin(2 * np.pi * hz * h * inner + h) / h**1.3 for h in range(1, 7) if hz * h < 7500
            )
    for start in np.arange(0, count / RATE_HZ - 0.5, beat_s):
        for kind, chance, shift in (("kick", 0.6, 0.0), ("snare", 0.4, 0.0), ("hihat_closed", 0.8, beat_s / 2)):
            if rng.random() < chance:
                at, one = int((start + shift) * RATE_HZ), hit(kind, rng)
                end = min(count, at + len(one))
                sound[at:end] += 2.0 * one[: max(0, end - at)]
    if rng.random() < 0.5:
        sound = sosfilt(butter(2, rng.uniform(100, 300), "highpass", fs=RATE_HZ, output="sos"), sound)
    return np.asarray(sound / (np.sqrt(np.mean(sound**2)) + 1e-9))


def in_room(dry: Floats, places: Places, c: Conditions, rng: np.random.Generator) -> tuple[Floats, str]:
    """Return the sound in a simulated or recorded room, at a random share of it."""
    if rng.random() < c.simulated_room:
        answer, t60_s = simulated_room(rng)
        name = f"box{t60_s:.2f}"
    else:
        name = list(places.rooms)[rng.integers(len(places.rooms))]
        answer = places.rooms[name].copy()
        answer[1:] *= 10 ** (rng.uniform(-14, 0) / 20)  # nearer to the microphone than the recording's loudspeaker was
        answer /= np.abs(answer[0]) + 1e-9
    wet: Floats = fftconvolve(dry, answer)[: len(dry)]
    return wet, name


def recorded(dry: Floats, places: Places, c: Conditions, rng: np.random.Generator) -> tuple[Floats, list[str]]:
    """Return the sound as recorded, peak within level_dbfs, and tags."""
    count, loud, tags = len(dry), rms(dry), []
    sound = dry
    if rng.random() < c.clean:
        tags.append("clean")
        if rng.random() < 0.5:
            sound = (
                sound
                + coloured_noise(count, rng) * 0.0
                + rng.standard_normal(count) * loud * 10 ** (-rng.uniform(45, 70) / 20)
            )
    else:
        if rng.random() < c.room:
            sound, name = in_room(sound, places, c, rng)
            tags.append(f"room={name}")
        if rng.random() < c.bleed:
            level_db = rng.uniform(12, 40)
            sound = sound + accompaniment(count, rng) * loud * 10 ** (-level_db / 20)
            tags.append(f"bleed={level_db:.0f}")
        if rng.random() < c.microphone:
            sound, name = microphone(sound, rng)
            tags.append(f"mic={name}")
        loud = rms(sound)
        noisy = rng.random() < c.noise
        snr_db = rng.uniform(*c.snr_db) if noisy else 60.0
        noise, name = background(places, count, rng)
        sound = sound + noise * loud * 10 ** (-snr_db / 20)
        tags.append(f"snr={snr_db:.0f} noise={name}")
        if rng.random() < c.mains:
            hz = rng.choice([50.0, 60.0])
            hum = sum(
                np.sin(2 * np.pi * hz * k * np.arange(count) / RATE_HZ + k * k) / k ** rng.uniform(0.3, 1.2)
                for k in range(1, 9)
            )
            sound = sound + hum * loud * 10 ** (-rng.uniform(18, 45) / 20)
            tags.append(f"mains={hz:.0f}")
        if rng.random() < c.narrow:
            sound = soxr.resample(soxr.resample(sound, RATE_HZ, 8000), 8000, RATE_HZ)[:count]
            sound = np.pad(sound, (0, count - len(sound)))
            tags.append("8kHz")
        if rng.random() < c.clipping:
            limit = np.abs(sound).max() * rng.uniform(0.15, 0.7)
            sound = np.clip(sound, -limit, limit)
            tags.append("clipped")
    level_db = rng.uniform(*c.level_dbfs)
    tags.append(f"peak={level_db:.0f}dB")
    return np.asarray(sound * 10 ** (level_db / 20) / (np.abs(sound).max() + 1e-9)), tags
