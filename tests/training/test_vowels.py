"""Vowels: spellings, takes with exact truth, and teaching that changes nothing else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from needs import libraries

libraries("torch", "pyworld", "onnx", "scipy")

import torch
from training.voice import export_onnx, train_vowels
from training.voice.data_conditions import Places
from training.voice.data_style import Conditions
from training.voice.data_vowel_takes import VowelTake, vowel_take
from training.voice.data_vowels import FORMANTS_HZ, VOWELS, computed, spelling
from training.voice.model_voice import Config, VoiceModel
from training.voice.model_voice_live import LiveConfig, LiveModel
from training.voice.train_vowels import VowelRecipe, check_rest_is_same, heard_by, put_in, said, teach

from vocalmidi.frames.heads import Heads

SMALL, SMALL_LIVE = Config(4, 4, 8, 8, 8), LiveConfig(4, 4, 8, 8, 8)
QUIET = Places({"none": np.ones(1)}, {"none": np.ones(160)})
CLEAN = Conditions(clean=1.0, level_dbfs=(-6.0, -6.0))


def takes(count: int) -> list[VowelTake]:
    singers = {f"formants-{n}": list(computed("train", n)) for n in range(4)}
    return [vowel_take(singers, QUIET, CLEAN, np.random.default_rng(k)) for k in range(count)]


@pytest.mark.parametrize(
    ("alias", "expected"),
    [
        ("- か", ("k", "a")), ("a ちゅA3", ("t", "u")), ("shu", ("sh", "u")), ("o を", ("w", "o")),
        ("グェG3", ("g", "e")), ("u", ("", "u")), ("ん", None), ("m R", None), ("breathe-in", None),
    ],
)  # fmt: skip
def test_a_syllable_is_spelt_by_its_consonant_and_vowel(alias: str, expected: tuple[str, str] | None) -> None:
    assert spelling(alias) == expected


def test_truth_is_shares_of_vowels_where_one_is_sung_and_nothing_elsewhere() -> None:
    for take in takes(3):
        sums = take.truth.sum(axis=1)
        assert len(take.truth) == -(-len(take.audio) // 160)
        assert ((np.abs(sums - 1.0) < 0.03) | (sums == 0.0)).all()
        assert (sums[take.pitch_midi == 0.0] == 0.0).all()
        assert 0.5 < (sums > 0.0).mean() < 1.0
        assert set(take.truth.argmax(axis=1)[take.truth.max(axis=1) > 0.99]) <= set(range(5))


def test_a_computed_vowel_has_its_formants() -> None:
    for one in computed("valid", 3):
        log_power = one.envelope[6].astype(np.float64)
        hz = np.linspace(0, 8000, len(log_power))
        low, high = FORMANTS_HZ[VOWELS[one.vowel]][0]
        within = (hz > 150) & (hz < 1.4 * high + 50)
        first = hz[np.argmax(np.where(within, log_power, -99.0))]
        assert 0.9 * low < first < 1.45 * high


@pytest.mark.parametrize("model", [VoiceModel(SMALL), LiveModel(SMALL_LIVE)])
def test_teaching_tells_vowels_apart_and_leaves_all_else_to_the_bit(
    model: VoiceModel | LiveModel, tmp_path: Path
) -> None:
    old = model.eval()
    new = type(old)(replace(old.config, vowel_channels=16)).eval()  # type: ignore[arg-type]  # the config of its kind
    new.load_state_dict({**new.state_dict(), **old.state_dict()})
    pool = [heard_by(old, take) for take in takes(3)]
    heads = teach(new, pool, VowelRecipe(epochs=12, batch=4, frames=32, rate=1e-2), branch=True)
    found, true = (np.concatenate(parts) for parts in zip(*(said(heads, one, 0) for one in pool), strict=True))
    assert (found == true).mean() > 0.5
    put_in(new, heads)
    check_rest_is_same(old, new, tmp_path)
    shown = torch.rand(1, 40, pool[0].mels.shape[1] + train_vowels.TONE_BINS)
    with torch.no_grad():
        given = new.from_nothing(shown) if isinstance(new, LiveModel) else (shown,)
        out = new(*given)[0] if isinstance(new, LiveModel) else new(*given)
    assert out[..., Heads.VOWELS].std() > 0.1
    write = export_onnx.export_live if isinstance(new, LiveModel) else export_onnx.export
    write(new, tmp_path / "taught.onnx")  # type: ignore[arg-type]  # by its kind
    assert export_onnx.difference(new, tmp_path / "taught.onnx", 50) <= 1e-4


def test_a_note_head_that_moved_is_noticed(tmp_path: Path) -> None:
    old, new = VoiceModel(SMALL).eval(), VoiceModel(SMALL).eval()
    new.load_state_dict(old.state_dict())
    with torch.no_grad():
        new.heads.bias[Heads.ONSET] += 1e-3
    with pytest.raises(SystemExit, match="have changed"):
        check_rest_is_same(old, new, tmp_path)
