"""Recorded voices taken apart into what singing is made of: vowels, nasals, the noise of consonants.

In: a speaker's files. Out: a `Voice`: spectral envelopes and aperiodicity every 5 ms (WORLD: Morise 2016, with DIO and
StoneMask for pitch), and where in them the syllables and the nasal murmurs are. Kept in a cache folder. Does not sing.
Syllables are cut at the level's dips inside a voiced run; a core is where a syllable is loud and its timbre rests.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from training.voice.data_sources import Speaker
from training.voice.data_world import BINS, FRAME_S, FRAMES_PER_S, RATE_HZ, analyse

Floats = npt.NDArray[np.float64]
LONGEST_VOICE_S = 45.0
"""Of a speaker's sound: more would add little variety and much cache."""
LEAD_S = 0.16
"""The longest consonant noise before a vowel."""
LOW_BINS = int(900 / (RATE_HZ / 2) * (BINS - 1))
"""Below about 900 Hz a murmur has nearly all its energy."""


@dataclass(frozen=True, slots=True)
class Syllable:
    """Frames: consonant noise [lead, voiced), transition [voiced, core), core [core, core_end), coda to `end`."""

    lead: int
    voiced: int
    core: int
    core_end: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """Log power envelopes (t, BINS) float16, aperiodicity (t,) dB at 3 kHz, median pitch, and the parts."""

    name: str
    side: str
    envelope: npt.NDArray[np.float16]
    aperiodicity_db: Floats
    median_midi: float
    syllables: tuple[Syllable, ...]
    nasals: tuple[tuple[int, int], ...]
    noises: tuple[tuple[int, int], ...]


def voice_of(speaker: Speaker, cache: Path) -> Voice | None:
    """Return a speaker's voice, from the cache where it is; None where too few syllables were found."""
    path = cache / f"{speaker.name}.npz"
    if not path.exists():
        envelope, aperiodicity, f0_hz = analyse(_sound(speaker))
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(path, f0_hz=f0_hz, aperiodicity=aperiodicity)
        np.save(path.with_suffix(".npy"), envelope)
    with np.load(path) as held:
        f0_hz, aperiodicity = held["f0_hz"], held["aperiodicity"]
    envelope = np.load(path.with_suffix(".npy"), mmap_mode="r")
    return cut(speaker.name, speaker.side, envelope, aperiodicity, f0_hz)


def _sound(speaker: Speaker) -> Floats:
    parts, total = [], 0
    for path in speaker.files:
        audio, rate = soundfile.read(path, dtype="float64", always_2d=True)
        sound = soxr.resample(audio.mean(axis=1), rate, RATE_HZ)
        parts += [sound, np.zeros(int(0.1 * RATE_HZ))]
        total += len(sound)
        if total > LONGEST_VOICE_S * RATE_HZ:
            break
    return np.concatenate(parts)


def cut(
    name: str,
    side: str,
    envelope: npt.NDArray[np.float16],
    aperiodicity_db: Floats,
    f0_hz: Floats,
    *,
    least_syllables: int = 2,
) -> Voice | None:
    """Return the voice with its parts found; None where there are too few."""
    power = np.exp(envelope.astype(np.float32))
    level = 10 * np.log10(power.sum(axis=1) + 1e-12)
    low_share = power[:, :LOW_BINS].sum(axis=1) / (power.sum(axis=1) + 1e-12)
    voiced = (f0_hz > 0) & (aperiodicity_db < -1.0)
    if voiced.sum() < 0.15 * least_syllables * FRAMES_PER_S:
        return None
    loud = float(np.percentile(level[voiced], 80))
    syllables: list[Syllable] = []
    nasals: list[tuple[int, int]] = []
    for first, last in _runs(voiced, 8):
        lead = max(0, first - int(LEAD_S / FRAME_S))
        while lead < first and (voiced[lead:first].any() or level[lead] < loud - 45):
            lead += 1
        edges = _dips(level, first, last)
        for a, b in pairwise(edges):
            found = _syllable(level, envelope, (lead if a == first else a, a, b), loud)
            if found:
                syllables.append(found)
        murmur = (low_share[first:last] > 0.985) & (level[first:last] > loud - 26)
        nasals += [(first + a, first + b) for a, b in _runs(murmur, 6)]
    noises = [(s.lead, s.voiced) for s in syllables if s.voiced - s.lead >= 5]
    if len(syllables) < least_syllables:
        return None
    median = float(np.median(69 + 12 * np.log2(f0_hz[voiced] / 440)))
    return Voice(name, side, envelope, aperiodicity_db, median, tuple(syllables), tuple(nasals), tuple(noises))


def _runs(mask: npt.NDArray[np.bool_], shortest: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2) if b - a >= shortest]


def _dips(level: npt.NDArray[np.float32], first: int, last: int) -> list[int]:
    """Return a run's borders and its dips of at least 4 dB."""
    kernel = np.hanning(9)
    smooth = np.convolve(level[first:last], kernel / kernel.sum(), mode="same")
    borders = [first]
    high, low, low_at = smooth[0], np.inf, 0
    for i, value in enumerate(smooth):
        if value < low:
            low, low_at = value, i
        if value > low + 4 and high > low + 4 and low_at > 6 and i - low_at > 1:
            borders.append(first + low_at)
            high, low = value, np.inf
        if value > high:
            high, low = value, np.inf
    return [*borders, last]


def _syllable(
    level: npt.NDArray[np.float32], envelope: npt.NDArray[np.float16], span: tuple[int, int, int], loud: float
) -> Syllable | None:
    """Return the syllable of [a, b) if it is loud and rests for 40 ms or more."""
    lead, a, b = span
    if b - a < 10 or level[a:b].max() < loud - 14:
        return None
    spectra = envelope[a:b, ::8].astype(np.float32)
    flux = np.abs(np.diff(spectra, axis=0, prepend=spectra[:1])).mean(axis=1)
    steady = (level[a:b] > level[a:b].max() - 5) & (flux < max(0.35, float(np.median(flux))))
    steady = np.convolve(steady, np.ones(3), mode="same") >= 2
    runs = _runs(steady, 8)
    if not runs:
        return None
    core, core_end = max(runs, key=lambda r: r[1] - r[0])
    return Syllable(lead, a, a + core, a + core_end, b)
