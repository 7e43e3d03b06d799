"""Held and changing vowels with exact truth: what the vowel heads are taught with and measured on.

In: `Spoken` syllables of one side, rooms and noise, a generator. Out: `VowelTake`s: some seconds of one singer at
pitches from E2 to C6, and for each frame of 10 ms how much of each vowel it is. Frames between vowels are shares of
both; consonants, closures and silence have no truth (all 0).
"""

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.voice.data_conditions import Places, read_places, recorded
from training.voice.data_style import Conditions
from training.voice.data_vowels import VOWELS, Spoken, spoken
from training.voice.data_world import BINS, FRAME_S, RATE_HZ, synthesise

Floats = npt.NDArray[np.float64]
LN_DB = np.log(10) / 10
OCTAVES = np.log2(np.maximum(np.linspace(0, RATE_HZ / 2, BINS), 250) / 250)
LOWEST_MIDI, HIGHEST_MIDI = 40.0, 84.0
"""E2 to C6."""
CONDITIONS = Conditions(clean=0.3, snr_db=(5.0, 45.0), clipping=0.05, bleed=0.06, narrow=0.05)
SECONDS = (5.0, 8.0)
HELD_S, CHANGE_S, GAP_S = (0.15, 1.6), (0.03, 0.35), (0.05, 0.3)
JOINED = 0.55
"""Of the notes go over into the next without a gap: a, e, i sung on one breath."""
COMPUTED = 0.3
"""Of the takes are by computed mouths."""
BANKS = 0.5
PITCH_MOVES, WITH_VIBRATO = 0.7, 0.4
"""Shares of the notes."""
LEAST_DB = -25.0
"""Softer than this re the note, the room is heard."""


@dataclass(frozen=True, slots=True, eq=False)
class VowelTake:
    """Sound at 16 kHz; (frames, 5) shares of the vowels, all 0 where there is no truth; (frames,) pitch; who; tags."""

    audio: npt.NDArray[np.float32]
    truth: npt.NDArray[np.float32]
    pitch_midi: npt.NDArray[np.float32]
    speaker: str
    source: str
    tags: tuple[str, ...]


def vowel_take(
    singers: dict[str, list[Spoken]], places: Places, conditions: Conditions, rng: np.random.Generator
) -> VowelTake:
    """Return one singer's take."""
    name = _singer(singers, rng)
    take = _Take(int(rng.uniform(*SECONDS) / FRAME_S), rng)
    take.sing(singers[name])
    heard, tags = recorded(take.sound(), places, conditions, rng)
    hz = take.f0_hz[::2]
    pitch = np.where(hz > 0, 69 + 12 * np.log2(np.maximum(hz, 1) / 440), 0.0).astype(np.float32)
    source = singers[name][0].source
    return VowelTake(heard.astype(np.float32), take.truth()[::2], pitch, name, source, tuple(tags))


class _Take:
    """The curves of a take, in WORLD's frames."""

    def __init__(self, frames: int, rng: np.random.Generator) -> None:
        self._rng = rng
        self._middle_midi = rng.uniform(LOWEST_MIDI + 2, HIGHEST_MIDI - 2)
        self._envelope = np.full((frames, BINS), -20.0)
        self._level_db, self._noise_db = np.full(frames, -90.0), np.full(frames, -30.0)
        self._shares, self.f0_hz = np.zeros((frames, len(VOWELS))), np.zeros(frames)

    def sing(self, mine: list[Spoken]) -> None:
        """Sing to the end: held vowels, joined or apart."""
        rng, frames = self._rng, len(self.f0_hz)
        at, change, midi = int(rng.uniform(0.1, 0.5) / FRAME_S), 0, self._middle_midi
        while at < frames - 40:
            held = min(int(_log(HELD_S, rng) / FRAME_S), frames - at)
            if rng.random() < PITCH_MOVES:
                midi = float(np.clip(self._middle_midi + rng.normal(0, 3), LOWEST_MIDI, HIGHEST_MIDI))
            self._note(_one(mine, rng), at, (held, min(change, held)), midi)
            at, change = at + held, 0
            if rng.random() < JOINED:
                change = min(int(_log(CHANGE_S, rng) / FRAME_S), held // 2)
                at -= change
            else:
                tail = min(10, held // 3)
                self._level_db[at - tail : at] += np.linspace(0, -35, tail)
                at += int(rng.uniform(*GAP_S) / FRAME_S)

    def _note(self, one: Spoken, at: int, length: tuple[int, int], midi: float) -> None:
        """Lay a vowel of (held, changing) frames from `at` on, its consonant before it where there is room."""
        rng, (held, change) = self._rng, length
        lead = 0 if change else min(one.core[0], at, 24)
        source = np.concatenate([np.arange(one.core[0] - lead, one.core[0]), _walk(*one.core, held, rng)])
        rows, pitched = np.arange(at - lead, at + held), source >= one.voiced
        spectra = one.envelope[source].astype(np.float64)
        own_db = 10 * np.log10(np.exp(spectra).sum(axis=1) + 1e-30)
        shares = np.zeros((len(rows), len(VOWELS)))
        shares[lead:, one.vowel] = 1.0
        fade = np.ones((len(rows), 1))
        fade[:change, 0] = (np.arange(change) + 0.5) / max(1, change)
        self._envelope[rows] += fade * (spectra - own_db[:, None] * LN_DB - self._envelope[rows])
        self._shares[rows] += fade * (shares - self._shares[rows])
        depth = rng.uniform(0, 0.5) * (rng.random() < WITH_VIBRATO)
        hz = 440 * 2 ** ((midi - 69 + depth * np.sin(rng.uniform(0.13, 0.2) * np.arange(len(rows)))) / 12)
        way, changing = fade[:, 0], fade[:, 0] < 1
        glide = np.maximum(self.f0_hz[rows], 60) ** (1 - way) * hz**way
        self.f0_hz[rows] = np.where(changing, glide, np.where(pitched, hz, 0.0))
        self._noise_db[rows] = np.where(pitched, np.minimum(one.aperiodicity_db[source], -8.0), 0.0)
        lead_db = np.where(np.arange(len(rows)) < lead, np.clip(own_db - np.median(own_db[lead:]), -40, 0), 0.0)
        self._level_db[rows] = np.where(changing, np.maximum(self._level_db[rows], -6.0), lead_db)

    def sound(self) -> Floats:
        """Return the dry sound."""
        rng = self._rng
        tract = float(np.exp(rng.normal(0, 0.09))) * 2 ** (0.1 * (self._middle_midi - 60) / 12)
        envelope = _coloured(self._envelope, tract, rng)
        envelope += (self._level_db * LN_DB - np.log(np.exp(envelope).sum(axis=1) + 1e-30))[:, None]
        breathy_db = rng.choice([0.0, 8.0, 18.0], p=[0.6, 0.25, 0.15])
        noise_db = np.where(self.f0_hz > 0, np.minimum(self._noise_db, -8.0) + breathy_db, self._noise_db)
        return synthesise(self.f0_hz, envelope, noise_db)

    def truth(self) -> npt.NDArray[np.float32]:
        """Return (t, 5) shares, 0 where none is sung or a vowel just comes out of its consonant."""
        sung = (self._level_db > LEAST_DB) & (self.f0_hz > 0) & (np.abs(self._shares.sum(axis=1) - 1.0) < 0.02)
        return np.where(sung[:, None], self._shares, 0.0).astype(np.float32)


def _singer(singers: dict[str, list[Spoken]], rng: np.random.Generator) -> str:
    """Return a name; a voicebank is a real mouth, and there are few: half of the recorded ones are theirs."""
    computed = rng.random() < COMPUTED
    names = [name for name in singers if name.startswith("formants") == computed] or list(singers)
    banks = [name for name in names if name.startswith("utau")]
    chosen = banks if banks and rng.random() < BANKS else names
    return chosen[rng.integers(len(chosen))]


def _one(mine: list[Spoken], rng: np.random.Generator) -> Spoken:
    """Return a syllable, each vowel as likely as another."""
    vowel = rng.integers(len(VOWELS))
    fitting = [one for one in mine if one.vowel == vowel] or mine
    return fitting[rng.integers(len(fitting))]


def _walk(first: int, last: int, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    span = max(1, last - first - 1)
    steps = np.cumsum(rng.uniform(0.0, 0.8, count)) + rng.uniform(0, span)
    return first + np.minimum(np.abs((steps % (2 * span)) - span).astype(np.int64), last - first - 1)


def _log(limits: tuple[float, float], rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(limits[0]), np.log(limits[1]))))


def _coloured(envelope: Floats, tract: float, rng: np.random.Generator) -> Floats:
    """Return the envelopes of a longer or shorter tract, tilted."""
    place = np.clip(np.arange(BINS) / np.clip(tract, 0.75, 1.35), 0, BINS - 1.001)
    low = place.astype(np.int64)
    warped = envelope[:, low] + (envelope[:, low + 1] - envelope[:, low]) * (place - low)
    return np.asarray(warped + rng.uniform(-4.0, 3.0) * LN_DB * OCTAVES)


def vowel_takes(shared: Path, cache: Path, side: str, count: int) -> list[VowelTake]:
    """Return so many takes of a side, made once and kept in `cache`."""
    path = cache / f"takes_{side}_{count}.pickle"
    if not path.exists():
        singers: dict[str, list[Spoken]] = {}
        for one in spoken(shared, cache):
            if one.side == side:
                singers.setdefault(one.speaker, []).append(one)
        places, seed = read_places(shared, side), ("train", "valid").index(side)
        made = [
            vowel_take(singers, places, CONDITIONS, np.random.default_rng([seed, number])) for number in range(count)
        ]
        path.with_suffix(".part").write_bytes(pickle.dumps(made))
        path.with_suffix(".part").replace(path)
    held: list[VowelTake] = pickle.loads(path.read_bytes())  # noqa: S301 written by the lines above
    return held
