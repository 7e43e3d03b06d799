"""What is no hit: onsets within singing and speech, breath, rooms, keys.

In: speakers, SSVD's clips of one side, recorded noises. Out: `Recorded` stretches round every place where the
program's own detector hears something begin, with their surroundings (`joined`). Labelled SYLLABLE where somebody sings
or speaks, NOISE elsewhere.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from training.timbre.data_consonants import read
from training.timbre.sounds import NOISE, SYLLABLE, Floats, Heard, Recorded
from training.voice.data_hits import band_noise, clicks
from training.voice.data_sources import Speaker
from training.voice.data_ssvd import split
from training.voice.data_world import RATE_HZ
from vocalmidi.frames.candidates import onsets_in

BEFORE_S, AFTER_S = 0.2, 0.3
"""A patch and its windows, and room for a change of speed."""
MOST_A_VOICE = 160
LONGEST_VOICE_S = 60.0


def onsets_of(audio: Floats) -> list[int]:
    """Return the samples where the detector hears something begin in a whole recording."""
    return onsets_in(audio.astype(np.float32))


def stretches(audio: Floats, name: str, label: int, source: str, rng: np.random.Generator) -> Iterator[Recorded]:
    """Yield the surroundings of the onsets of a recording, at most MOST_A_VOICE of them."""
    before, after = int(BEFORE_S * RATE_HZ), int(AFTER_S * RATE_HZ)
    padded = np.pad(audio, (before, after))
    onsets = np.array(onsets_of(audio), int)
    if len(onsets) > MOST_A_VOICE:
        onsets = np.sort(rng.choice(onsets, MOST_A_VOICE, replace=False))
    for onset in onsets:
        heard = Heard(padded[onset : onset + before + after].astype(np.float64), before)
        yield Recorded(f"{name} {onset}", frozenset({label}), source, heard, joined=True)


def voices(speakers: list[Speaker], side: str) -> Iterator[Recorded]:
    """Yield onsets of the speech, singing and sung syllables of the speakers of one side."""
    rng = np.random.default_rng(0)
    for speaker in speakers:
        if speaker.side == side:
            parts: list[Floats] = []
            for path in speaker.files:
                if sum(map(len, parts)) < LONGEST_VOICE_S * RATE_HZ:
                    parts += [read(path), np.zeros(RATE_HZ // 10)]
            yield from stretches(np.concatenate(parts), speaker.name, SYLLABLE, speaker.source.folder, rng)


def singing(shared: Path, side: str) -> Iterator[Recorded]:
    """Yield onsets of SSVD's clips of one side of its split."""
    rng = np.random.default_rng(0)
    folder = shared / "vocal" / "ssvd2"
    for clip in split(folder)[side == "valid"]:
        yield from stretches(read(folder / f"{clip}.flac"), f"ssvd {clip}", SYLLABLE, "ssvd2", rng)


def noises(recordings: dict[str, Floats], rng: np.random.Generator) -> Iterator[Recorded]:
    """Yield onsets and chance places of recorded noises, and of computed keys and breaths."""
    for name, audio in recordings.items():
        yield from stretches(audio, name, NOISE, "noise", rng)
        for number in range(20):
            at = int(rng.integers(0, max(1, len(audio) - RATE_HZ)))
            heard = Heard(audio[at : at + RATE_HZ // 2].copy(), RATE_HZ // 5)
            yield Recorded(f"{name} anywhere {number}", frozenset({NOISE}), "noise", heard, joined=True)
    for number in range(4):
        keys = clicks(8 * RATE_HZ, rng)
        yield from stretches(keys, f"keys {number}", NOISE, "computed keys and breath", rng)
    for number in range(150):
        yield Recorded(f"breath {number}", frozenset({NOISE}), "computed keys and breath", breath(rng), joined=True)


def breath(rng: np.random.Generator) -> Heard:
    """Return noise of an open mouth that swells in 50 ms or slower, from somewhere within its rise."""
    count = int((BEFORE_S + AFTER_S) * RATE_HZ)
    low = np.exp(rng.uniform(np.log(250.0), np.log(1500.0)))
    audio = band_noise(count, low, min(7800.0, low * rng.uniform(2.0, 9.0)), rng)
    begins_s = rng.uniform(-0.1, BEFORE_S)
    time_s = np.arange(count) / RATE_HZ - begins_s
    shape = np.clip(time_s / rng.uniform(0.05, 0.25), 0.0, 1.0) ** 2
    return Heard(audio * shape + 1e-4 * rng.standard_normal(count), int(BEFORE_S * RATE_HZ))
