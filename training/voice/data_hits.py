"""Beatbox and other short noises with their times: what lies over and between singing, or alone.

In: a generator. Out: one hit, or a pattern of hits and their truth. No recorded mouth is in here: the shapes are
those of lips, teeth and tongue, drawn widely around what mouth kits measure. Classes are in CLASSES' order.
"""

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

from training.voice.data_world import RATE_HZ

Floats = npt.NDArray[np.float64]
CLASSES = ("kick", "snare", "hihat_closed", "hihat_open", "other")


def band_noise(count: int, low_hz: float, high_hz: float, rng: np.random.Generator) -> Floats:
    """Return noise of RMS about 1 between two frequencies."""
    noise = rng.standard_normal(count + 256)
    sos = butter(2, [low_hz, min(high_hz, 0.49 * RATE_HZ)], "bandpass", fs=RATE_HZ, output="sos")
    sound = sosfilt(sos, noise)[256:]
    loud: Floats = sound / (np.sqrt(np.mean(sound**2)) + 1e-9)
    return loud


def hit(kind: str, rng: np.random.Generator) -> Floats:
    """Return one hit of peak 1; its first sample is its onset."""
    falls_s = {
        "kick": (0.02, 0.09),
        "snare": (0.02, 0.08),
        "hihat_closed": (0.006, 0.03),
        "hihat_open": (0.07, 0.2),
        "other": (0.004, 0.06),
    }
    fall_s = float(np.exp(rng.uniform(*np.log(falls_s[kind]))))
    count = int(min(0.6, 6 * fall_s + 0.01) * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    decay = np.exp(-time_s / fall_s) * np.clip(time_s / 0.0015, 0.15, 1)
    if kind == "kick":
        low, drop = rng.uniform(45, 90), rng.uniform(40, 180)
        body = np.sin(2 * np.pi * np.cumsum(low + drop * np.exp(-time_s / rng.uniform(0.01, 0.04))) / RATE_HZ + 1.2)
        puff = band_noise(count, 80, rng.uniform(500, 2500), rng) * np.exp(-time_s / rng.uniform(0.004, 0.02))
        sound = body * decay * rng.uniform(0.2, 1.0) + puff * rng.uniform(0.1, 0.7)
    elif kind == "snare":
        hiss = band_noise(count, rng.uniform(700, 2000), rng.uniform(4000, 7500), rng) * decay
        burst = band_noise(count, rng.uniform(500, 1200), rng.uniform(1500, 3000), rng) * np.exp(-time_s / 0.012)
        body = np.sin(2 * np.pi * rng.uniform(150, 280) * time_s) * np.exp(-time_s / 0.03)
        sound = hiss * rng.uniform(0.3, 1) + burst * rng.uniform(0.1, 1) + body * rng.uniform(0, 1)
    elif kind in ("hihat_closed", "hihat_open"):
        tip = band_noise(count, rng.uniform(2200, 4000), 7800, rng) * np.exp(-time_s / 0.004)
        sound = tip * rng.uniform(0.2, 1) + band_noise(count, rng.uniform(3500, 5500), 7800, rng) * decay
    else:
        centre = np.exp(rng.uniform(np.log(300), np.log(4000)))
        sound = band_noise(count, centre * 0.6, min(7500, centre * rng.uniform(1.5, 4)), rng) * decay
    sound[-64:] *= np.linspace(1, 0, 64)
    peaked: Floats = sound / (np.abs(sound).max() + 1e-9)
    return peaked


def pattern(count: int, rng: np.random.Generator, free: Floats | None = None) -> tuple[Floats, Floats]:
    """Return (count,) sound and (h, 2) time_s, class: a loop of hits, or single ones at the free times."""
    sound = np.zeros(count)
    rows = []
    beat_s = 60 / rng.uniform(70, 170)
    steps = np.arange(
        0.2 + rng.uniform(0, 0.4), count / RATE_HZ - 0.4, beat_s / rng.choice([1, 2, 4], p=[0.3, 0.5, 0.2])
    )
    times = steps[rng.random(len(steps)) < rng.uniform(0.3, 1.0)] if free is None else free
    bar = rng.choice(5, 8, p=[0.28, 0.24, 0.26, 0.12, 0.10])
    loud = rng.uniform(-14, 0)
    for i, time_s in enumerate(times):
        at = int(max(0.0, time_s + rng.normal(0, 0.008)) * RATE_HZ)
        kind = int(bar[i % 8])
        one = hit(CLASSES[kind], rng) * 10 ** ((loud + rng.uniform(-8, 0)) / 20)
        end = min(count, at + len(one))
        if end - at > 200:
            sound[at:end] += one[: end - at]
            rows.append((at / RATE_HZ, kind))
    return sound, np.array(rows, np.float64).reshape(-1, 2)


def clicks(count: int, rng: np.random.Generator) -> Floats:
    """Return keyboard and mouse clicks: pairs of short, bright, weakly resonant knocks. They are no hits."""
    sound = np.zeros(count)
    time_s = rng.uniform(0, 0.5)
    while time_s < count / RATE_HZ - 0.2:
        for shift_s, gain in ((0.0, 1.0), (rng.uniform(0.05, 0.12), 0.5)):
            at, length = int((time_s + shift_s) * RATE_HZ), int(0.03 * RATE_HZ)
            fall = np.exp(-np.arange(length) / (rng.uniform(0.001, 0.006) * RATE_HZ))
            knock = band_noise(length, rng.uniform(300, 2500), 7500, rng) * fall
            ring = np.sin(2 * np.pi * rng.uniform(300, 3000) * np.arange(length) / RATE_HZ) * fall**0.5
            sound[at : at + length] += gain * rng.uniform(0.4, 1) * (knock + 0.4 * ring)
        time_s += rng.exponential(0.18) + 0.06
    return sound
