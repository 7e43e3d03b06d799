"""The voice models: what is exported is what was trained, and a live model streams what it would say of the whole."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from needs import libraries

libraries("torch", "onnx", "pyworld")

import torch
from training.voice import export_onnx
from training.voice.data_batches import Batch
from training.voice.model_voice import Config, VoiceModel, mflop_per_frame, parameter_count
from training.voice.model_voice_live import LiveConfig, LiveModel
from training.voice.train_voice import Recipe, Trainer, rate_at

from vocalmidi.frames.features import WIDTH
from vocalmidi.frames.heads import PAST, Heads, LiveHeads

SMALL = Config(first_channels=4, pitch_channels=4, pitch_features=8, mel_channels=8, hidden=8)


def pictures(frames: int, size: int = 1) -> "torch.Tensor":
    return torch.from_numpy(np.random.default_rng(0).random((size, frames, WIDTH), np.float32))


def some_batch(frames: int = 80) -> Batch:
    events = torch.zeros(2, frames, 3)
    events[:, 20, 0] = events[:, 60, 1] = 1.0
    events[:, 20:60, 2] = 1.0
    sung = events[..., 2]
    pitch = torch.where(sung > 0, 60.0, -100.0)
    hits, known = torch.zeros(2, frames, 5), torch.ones(2)
    shown = 0.1 * pictures(frames, 2)
    shown[:, 20:60, 96:99] = 1.0
    return Batch(shown, events, torch.ones(2, 6), sung, pitch, sung, hits, known)


def test_the_shipped_sizes_stay_within_four_megabytes() -> None:
    assert parameter_count(VoiceModel(Config())) * 4 < 4e6
    assert parameter_count(LiveModel(LiveConfig())) * 4 < 4e6
    assert mflop_per_frame(Config()) < 2.0


@pytest.mark.parametrize("frames", [1, 30, 333])
def test_onnx_says_what_torch_says_for_any_length(frames: int, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = VoiceModel(Config()).eval()
    export_onnx.export(model, tmp_path / "m.onnx")
    assert export_onnx.difference(model, tmp_path / "m.onnx", frames) <= 1e-4


@pytest.mark.parametrize("size", [1, 3, 64])
def test_live_onnx_in_blocks_says_what_torch_says_of_the_whole(size: int, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = LiveModel(LiveConfig()).eval()
    export_onnx.export_live(model, tmp_path / "l.onnx")
    session = export_onnx.session(tmp_path / "l.onnx")
    shown = pictures(100)
    with torch.no_grad():
        whole = model(*model.from_nothing(shown))[0].numpy()
    past, hidden, cell = (
        np.zeros((1, PAST, WIDTH), np.float32),
        *(np.zeros((1, 1, LiveConfig().hidden), np.float32),) * 2,
    )
    parts = []
    for at in range(0, 100, size):
        seen = np.concatenate([past, shown[:, at : at + size].numpy()], axis=1)
        heads, hidden, cell = session.run(None, {"picture": seen, "hidden": hidden, "cell": cell})
        parts.append(heads)
        past = seen[:, -PAST:]
    streamed = np.concatenate(parts, axis=1)
    assert streamed.shape == (1, 100, LiveHeads.OUTPUTS)
    np.testing.assert_allclose(streamed, whole, atol=1e-4)


def test_the_live_model_does_not_see_the_future() -> None:
    model = LiveModel(LiveConfig()).eval()
    shown = pictures(60)
    changed = shown.clone()
    changed[:, 40:] = 0.0
    with torch.no_grad():
        one, other = (model(*model.from_nothing(x))[0] for x in (shown, changed))
    torch.testing.assert_close(one[:, :40], other[:, :40])
    assert not torch.allclose(one[:, 40:], other[:, 40:])


@pytest.mark.parametrize("config", [SMALL, LiveConfig(4, 4, 8, 8, 8)])
def test_training_learns_one_batch(config: Config | LiveConfig) -> None:
    trainer = Trainer(config, Recipe(steps=60, warmup=5, rate=1e-2), "cpu")
    first = sum(trainer.learn(some_batch()).values())
    for _ in range(50):
        last = sum(trainer.learn(some_batch()).values())
    assert last < 0.6 * first


def test_a_resumed_training_goes_on_where_it_stopped(tmp_path: Path) -> None:
    one = Trainer(SMALL, Recipe(), "cpu")
    for _ in range(3):
        one.learn(some_batch())
    one.save(tmp_path / "c.pt", "material")
    other = Trainer(SMALL, Recipe(), "cpu")
    other.resume(tmp_path / "c.pt")
    assert other.step == 3
    for a, b in zip(one.model.parameters(), other.model.parameters(), strict=True):
        torch.testing.assert_close(a, b)
    with pytest.raises(ValueError, match="another size"):
        Trainer(replace(SMALL, hidden=4), Recipe(), "cpu").resume(tmp_path / "c.pt")


def test_heads_that_nobody_annotated_get_no_gradient() -> None:
    trainer = Trainer(SMALL, Recipe(), "cpu")
    batch = some_batch()
    trust = torch.tensor([[0.0] * 3 + [1.0] * 3] * 2)
    before = trainer.model.heads.weight.detach().clone()
    trainer.optimiser.param_groups[0]["weight_decay"] = 0.0
    trainer.learn(replace(batch, trust=trust, hits_known=torch.zeros(2)))
    moved = (trainer.model.heads.weight.detach() - before).abs().sum(dim=1)
    assert moved[Heads.ONSET : Heads.ACTIVE + 1].max() == 0.0
    assert moved[Heads.HITS].max() == 0.0
    assert moved[Heads.LABEL_ONSET] > 0.0


def test_the_rate_rises_then_falls_to_a_hundredth() -> None:
    recipe = Recipe(steps=1000, warmup=100)
    assert rate_at(0, recipe) < rate_at(50, recipe) < rate_at(100, recipe) == pytest.approx(recipe.rate)
    assert rate_at(1000, recipe) == pytest.approx(0.01 * recipe.rate)
