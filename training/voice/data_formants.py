"""Voices that nobody has: computed mouths, so that a model hears more singers than were recorded.

In: a generator and a kind. Out: a `Voice` of the same form as a recorded one. Formants are Peterson and Barney's (1952)
averages, scattered; the tract a cascade of resonators (Klatt 1980); nasals have a pole-zero pair more (Fujimura 1962).
"""

import numpy as np
import numpy.typing as npt

from training.voice.data_voicebank import Syllable, Voice
from training.voice.data_world import BINS, RATE_HZ

Floats = npt.NDArray[np.float64]
VOWELS_HZ = (
    (270, 2290, 3010), (390, 1990, 2550), (530, 1840, 2480), (660, 1720, 2410), (730, 1090, 2440),
    (570, 840, 2410), (440, 1020, 2240), (300, 870, 2240), (640, 1190, 2390), (490, 1350, 1690),
)  # fmt: skip
"""Peterson and Barney's men: i I E ae a O U u V er."""
TRACT = {"male": 1.0, "female": 1.16, "child": 1.35}
"""Formants re a man's: the ratio of tract lengths, as their tables show it."""
MIDDLE = {"male": 50.0, "female": 64.0, "child": 68.0}
NOISES_HZ = ((4500, 7800), (2500, 6000), (1200, 3500), (300, 1500), (600, 6500))
"""s, sh, k, p, h: bands."""
FREQUENCIES_HZ = np.linspace(0, RATE_HZ / 2, BINS)


def resonances(centres_hz: Floats, bandwidths_hz: Floats) -> Floats:
    """Return the log power response of a cascade."""
    total = np.zeros(BINS)
    delay = np.exp(-2j * np.pi * FREQUENCIES_HZ / RATE_HZ)
    for centre, width in zip(centres_hz, bandwidths_hz, strict=True):
        radius = np.exp(-np.pi * width / RATE_HZ)
        b, c = 2 * radius * np.cos(2 * np.pi * centre / RATE_HZ), -radius * radius
        total += 2 * np.log(np.abs((1 - b - c) / (1 - b * delay - c * delay**2)))
    return total


def formant_voice(kind: str, side: str, number: int) -> Voice:
    """Return the computed voice of that number."""
    rng = np.random.default_rng([number, len(kind), side == "valid"])
    scale = TRACT[kind] * float(np.exp(rng.normal(0, 0.05)))
    tilt = rng.uniform(-14, -5) * np.log(10) / 10 * np.log2(np.maximum(FREQUENCIES_HZ, 150) / 150)
    parts: list[npt.NDArray[np.float64]] = []
    syllables: list[Syllable] = []
    nasals: list[tuple[int, int]] = []
    upper = np.array([3300, 4200, 5200, 6300, 7400]) * np.exp(rng.normal(0, 0.04, 5))
    widths = np.array([60, 80, 120, 160, 200, 250, 300, 350]) * np.exp(rng.normal(0.1, 0.25, 8))
    at = 0
    for vowel in rng.permutation(len(VOWELS_HZ)):
        ends = [np.array(VOWELS_HZ[vowel]) * np.exp(rng.normal(0, 0.05, 3)) for _ in range(2)]
        core = [
            resonances(np.concatenate([(1 - w) * ends[0] + w * ends[1], upper]) * scale, widths) + tilt
            for w in np.linspace(0, 1, 12)
        ]
        noise = _noise(rng, float(np.log(np.exp(core[0]).sum())))
        parts += [*noise, *core]
        syllables.append(Syllable(at, at + len(noise), at + len(noise), at + len(noise) + 12, at + len(noise) + 12))
        at += len(noise) + 12
    for _ in range(4):
        parts += [_nasal(rng, scale, tilt)] * 8
        nasals.append((at, at + 8))
        at += 8
    envelope = np.array(parts)
    envelope -= np.log(np.exp(envelope).sum(axis=1)).max()
    aperiodicity = np.full(len(envelope), rng.uniform(-30, -8))
    voices = tuple(syllables)
    noises = tuple((s.lead, s.voiced) for s in syllables)
    return Voice(
        f"formants-{kind}-{number}",
        side,
        envelope.astype(np.float16),
        aperiodicity,
        MIDDLE[kind],
        voices,
        tuple(nasals),
        noises,
    )


def _noise(rng: np.random.Generator, loud: float) -> list[Floats]:
    """Return a consonant's frames, its level re the vowel's -22 to -6 dB, falling or swelling."""
    low, high = NOISES_HZ[rng.integers(len(NOISES_HZ))]
    octaves = np.log2(np.maximum(FREQUENCIES_HZ, 50))
    skirt = np.clip(np.minimum(octaves - np.log2(low), np.log2(high) - octaves), -1.5, 0) * 9.0
    skirt += loud + rng.uniform(-22, -6) * np.log(10) / 10 - np.log(np.exp(skirt).sum())
    count = int(rng.integers(6, 28))
    place = np.arange(count) / count
    shape = -6 * place if rng.random() < 0.5 else 2 * np.log(np.sin(np.pi * (place + 0.5 / count)) + 0.05)
    return [skirt + s for s in shape]


def _nasal(rng: np.random.Generator, scale: float, tilt: Floats) -> Floats:
    """Return a murmur: a strong low resonance, weak high ones, a zero between 500 and 1800 Hz."""
    centres = np.array([260, 1000, 2100, 3000, 4200]) * np.exp(rng.normal(0, 0.08, 5)) * scale
    log_power = resonances(centres, np.array([70, 200, 300, 350, 400])) + tilt
    zero = rng.uniform(500, 1800) * scale
    log_power -= rng.uniform(1.5, 4.5) * np.exp(-0.5 * ((FREQUENCIES_HZ - zero) / 160) ** 2)
    return log_power + rng.uniform(-3, -1) * np.log2(np.maximum(FREQUENCIES_HZ, 400) / 400)
