"""Imitations of instruments: what was asked for is what sounds, and teaching their head changes nothing else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from needs import libraries

libraries("torch", "pyworld", "onnx", "scipy")

import torch
from training.timbre.data_instruments import Ensemble, Imitation, imitation, instrument_patches
from training.timbre.model_timbre import Config, TimbreModel
from training.timbre.train_instruments import InstrumentRecipe, Seen, check_rest_is_same, right, teach
from training.voice.data_conditions import Places
from training.voice.data_vowels import computed

from vocalmidi.frames.patches import AFTER, PATCH_BANDS, ROWS
from vocalmidi.values import INSTRUMENTS

QUIET = Places({"none": np.ones(1)}, {"none": np.ones(160)})
SINGERS = Ensemble({f"formants-{n}": list(computed("train", n)) for n in range(3)}, QUIET)


def imitations(name: str, count: int = 4) -> list[Imitation]:
    return [imitation(SINGERS, INSTRUMENTS.index(name), np.random.default_rng(k)) for k in range(count)]


def centroid_hz(audio: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(audio * np.hanning(len(audio)))) ** 2
    return float((np.fft.rfftfreq(len(audio), 1 / 16_000) * power).sum() / power.sum())


def test_a_bass_is_low_a_pad_long_and_a_pluck_dies_away() -> None:
    pitch = {name: np.median([p for one in imitations(name) for p in one.pitches_midi]) for name in INSTRUMENTS}
    length = {name: np.median([s for one in imitations(name) for s in one.lengths_s]) for name in INSTRUMENTS}
    assert min(pitch, key=lambda name: pitch[name]) == "bass"
    assert max(length, key=lambda name: length[name]) == "pad"
    for one in imitations("pluck"):
        onset = one.onsets[0]
        early, late = one.audio[onset : onset + 800], one.audio[onset + 1600 : onset + 2400]
        assert np.sqrt((early**2).mean()) > 1.5 * np.sqrt((late**2).mean())


def test_brass_is_brighter_than_a_bass() -> None:
    bright, dark = (
        np.median([centroid_hz(one.audio[one.onsets[0] + 800 : one.onsets[0] + 2400]) for one in imitations(name, 6)])
        for name in ("brass", "bass")
    )
    assert bright > 1.5 * dark


def test_every_onset_has_sound_after_it_and_every_patch_a_label() -> None:
    for name in INSTRUMENTS:
        for one in imitations(name, 2):
            assert list(one.onsets) == sorted(one.onsets)
            for onset in one.onsets:
                assert np.abs(one.audio[onset : onset + 3200]).max() > 0.03 * np.abs(one.audio).max()
    patches, labels = instrument_patches(SINGERS, 30, 1)
    assert len(labels) == len(patches.age) >= 30
    assert set(labels) <= set(range(len(INSTRUMENTS)))
    assert len(np.unique(patches.age)) == 3


def test_the_head_learns_and_all_else_stays_to_the_bit(tmp_path: Path) -> None:
    torch.manual_seed(0)
    small = Config(4, 4, 8, 8, 8, 16)
    old = TimbreModel(small).train()
    with torch.no_grad():
        for _ in range(30):  # normalisation must have seen patches, or nothing gets through
            old.look_at(torch.rand(16, ROWS, PATCH_BANDS), torch.ones(16))
    old.eval()
    new = TimbreModel(replace(small, instrument_features=16)).eval()
    kept = {key: value for key, value in old.state_dict().items() if not key.startswith("instrument.")}
    new.load_state_dict({**new.state_dict(), **kept})
    rng = np.random.default_rng(0)
    instrument = torch.from_numpy(rng.integers(0, len(INSTRUMENTS), 300))
    patch = torch.from_numpy(rng.random((300, ROWS, PATCH_BANDS), np.float32)) * 0.2
    for row, number in enumerate(instrument):
        patch[row, :, 8 * number : 8 * number + 8] += 0.7  # each is loud in bands of its own
    age = torch.full((300,), AFTER / AFTER)
    with torch.no_grad():
        seen = Seen(old.look_at(patch, age), age.numpy(), instrument)
    teach(new, seen, InstrumentRecipe(epochs=40, batch=32, rate=2e-2))
    assert right(new, seen)["160 ms"] > 0.9
    check_rest_is_same(old, new, tmp_path)
    with torch.no_grad():
        new.embedding.bias += 1e-3
    with pytest.raises(SystemExit, match="have changed"):
        check_rest_is_same(old, new, tmp_path)
