"""Two trainings made one: weight by weight, on record, and only where the models are of one size."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from needs import libraries

libraries("torch")

import torch
from training.voice.average_weights import average
from training.voice.model_voice import Config
from training.voice.train_voice import Recipe, Trainer

SMALL = Config(first_channels=4, pitch_channels=4, pitch_features=8, mel_channels=8, hidden=8)


def checkpoint(path: Path, seed: int, config: Config = SMALL) -> Path:
    Trainer(config, Recipe(seed=seed), "cpu").save(path, "nothing")
    return path


def test_each_weight_lies_between_the_two_by_the_share(tmp_path: Path) -> None:
    first, second = checkpoint(tmp_path / "a.pt", 1), checkpoint(tmp_path / "b.pt", 2)
    held = average(first, second, 0.25)
    before, after = torch.load(first)["mean"], torch.load(second)["mean"]
    for name, weight in held["mean"].items():
        assert torch.allclose(weight, 0.75 * before[name] + 0.25 * after[name], atol=1e-6)


def test_the_whole_share_is_the_second_alone_and_the_first_training_is_on_record(tmp_path: Path) -> None:
    first, second = checkpoint(tmp_path / "a.pt", 1), checkpoint(tmp_path / "b.pt", 2)
    held, after = average(first, second, 1.0), torch.load(second)
    assert all(torch.equal(weight, after["mean"][name]) for name, weight in held["mean"].items())
    assert held["recipe"] == after["recipe"]
    assert held["averaged"] == {"recipe": asdict(Recipe(seed=1)), "steps": 0, "share": 1.0}


def test_models_of_two_sizes_and_shares_beyond_the_whole_are_refused(tmp_path: Path) -> None:
    first = checkpoint(tmp_path / "a.pt", 1)
    other = checkpoint(tmp_path / "b.pt", 1, replace(SMALL, hidden=16))
    with pytest.raises(ValueError, match="different sizes"):
        average(first, other, 0.5)
    with pytest.raises(ValueError, match="outside 0–1"):
        average(first, first, 1.5)
