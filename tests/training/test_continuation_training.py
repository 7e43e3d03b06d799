"""The continuation network's training and what it leaves, on a handful of made-up songs."""

import hashlib

import numpy as np
import pytest

from needs import libraries

libraries("torch", "onnx", "zstandard")

import torch
from training.continuation.card import card
from training.continuation.data_continuation import (
    IGNORED,
    Mixture,
    Stock,
    batch_of,
    read_tunes,
    steps_of_record,
    tune_of,
)
from training.continuation.export_onnx import difference, export, read
from training.continuation.model_continuation import Config, ContinuationModel
from training.continuation.train_continuation import ContinuationTrainer, Recipe, loss_of, nats_of
from training.trainer import save

from vocalmidi.arrange.continuation_input import CANDIDATES, CLASSES, HOLD, NUMBERS, OFF, Beat, Reader

SMALL = Config(taken=24, width=24, dropout=0.0)


def record(meter=(4, 4), **more):
    pitches = (60, 64, 67, 65, 62, 59, 60, 72)
    melody = [[4 + number, 0.75, pitch, 90] for number, pitch in enumerate(pitches * 4)]
    return {
        "id": "made/up",
        "meter": list(meter),
        "key": "C:maj",
        "split": "train",
        "tracks": {"melody": melody},
        **more,
    }


@pytest.fixture(scope="module")
def tune():
    return tune_of("made/up", "essen", *steps_of_record(record()))


def test_a_record_becomes_steps_from_the_bar_of_its_first_note():
    beat, steps = steps_of_record(record())
    assert beat == Beat(16, compound=False)
    assert steps[:8] == [60, HOLD, HOLD, OFF, 64, HOLD, HOLD, OFF]
    assert len(steps) == 8 * 16


def test_a_song_ends_where_its_metre_changes_and_a_short_one_is_left_out():
    assert len(steps_of_record(record(meter_changes=[[20, [3, 4]]]))[1]) == 4 * 16
    assert steps_of_record(record(meter_changes=[[8, [3, 4]]])) is None


def test_nottingham_is_never_trained_on(tmp_path):
    with pytest.raises(ValueError, match="GPL"):
        list(read_tunes(tmp_path, "nottingham", "train"))


def test_what_the_training_sees_is_what_the_package_sees(tune):
    reader = Reader(tune.beat)
    for now, step in enumerate(tune.steps):
        assert tune.indices[now].tolist() == reader.indices()
        np.testing.assert_allclose(tune.numbers[now], reader.numbers(), atol=1e-3)
        reader.push(step)


def test_a_shorter_tune_is_filled_up_and_what_fills_is_not_learnt(tune):
    batch = batch_of([(tune, slice(0, 64)), (tune, slice(0, 16))])
    assert (batch.classes[1, 16:] == IGNORED).all()
    model = ContinuationModel(SMALL).eval()
    with torch.no_grad():
        beside, _ = model(batch.indices, batch.numbers, model.begin(2))
        alone, _ = model(batch.indices[1:, :16], batch.numbers[1:, :16], model.begin(1))
    torch.testing.assert_close(beside[1, :16], alone[0])


def test_a_step_at_a_time_is_the_whole_at_once(tune):
    batch = batch_of([(tune, slice(0, 40))])
    model = ContinuationModel(Config(taken=24, width=24, layers=2)).eval()
    with torch.no_grad():
        whole, _ = model(batch.indices, batch.numbers, model.begin(1))
        state, singly = model.begin(1), []
        for now in range(40):
            logits, state = model(batch.indices[:, now : now + 1], batch.numbers[:, now : now + 1], state)
            singly.append(logits)
    torch.testing.assert_close(whole, torch.cat(singly, dim=1))


def test_trust_in_a_candidate_goes_to_its_class():
    model = ContinuationModel(SMALL).eval()
    with torch.no_grad():
        for weights in model.answer.parameters():
            weights.zero_()
        model.trust.weight.zero_()
        model.trust.bias.copy_(torch.arange(CANDIDATES).float())
        indices = torch.full((1, 1, CANDIDATES + 4), CLASSES)
        indices[..., 1:3] = 7
        indices[..., 3] = 0
        indices[..., -3:] = 1
        logits, _ = model(indices, torch.zeros(1, 1, NUMBERS), model.begin(1))
    wanted = torch.zeros(CLASSES)
    wanted[7], wanted[0] = 0.0 + 1.0, 2.0
    torch.testing.assert_close(logits[0, 0], wanted)


def test_a_tune_is_learnt_and_training_goes_on_from_its_checkpoint(tune, tmp_path):
    stock = Stock({"essen": [tune]}, Mixture(steps=512, longest=64), np.random.default_rng(1))
    trainer = ContinuationTrainer(SMALL, Recipe(steps=50, warmup=5, rate=1e-2))
    losses = [trainer.learn(stock.draw()) for _ in range(50)]
    assert np.mean(losses[-5:]) < 0.4 * np.mean(losses[:5])
    save(trainer.checkpoint("none"), tmp_path / "last.pt")
    other = ContinuationTrainer(SMALL, Recipe())
    other.resume(torch.load(tmp_path / "last.pt"))
    assert other.step == 50
    torch.testing.assert_close(other.model.taken.weight, trainer.model.taken.weight)
    assert nats_of(trainer.mean, [tune]) < nats_of(ContinuationTrainer(SMALL, Recipe()).mean, [tune])


def test_padding_is_not_in_the_loss():
    logits, classes = torch.randn(1, 4, CLASSES), torch.tensor([[3, 5, IGNORED, IGNORED]])
    torch.testing.assert_close(loss_of(logits, classes), loss_of(logits[:, :2], classes[:, :2]))


@pytest.mark.parametrize("layers", [1, 2])
def test_onnx_is_torch_at_once_and_step_by_step(layers, tmp_path):
    trainer = ContinuationTrainer(Config(taken=48, width=32, layers=layers), Recipe())
    save(trainer.checkpoint("none"), tmp_path / "last.pt")
    model = read(tmp_path / "last.pt")
    export(model, tmp_path / "continuation.onnx")
    for tunes, steps in ((1, 1), (8, 5), (2, 40)):
        assert difference(model, tmp_path / "continuation.onnx", tunes, steps) < 1e-4


def test_the_card_names_its_file_and_says_what_was_measured_or_that_nothing_was(tmp_path):
    save(ContinuationTrainer(SMALL, Recipe()).checkpoint("none"), tmp_path / "last.pt")
    onnx = tmp_path / "continuation.onnx"
    export(read(tmp_path / "last.pt"), onnx)
    plain = card(tmp_path / "last.pt", onnx, "1.0.0", None)
    assert hashlib.sha256(onnx.read_bytes()).hexdigest() in plain
    assert "Not measured" in plain
    found = {
        "nats": {"essen": {"network": {"whole": 0.625}}},
        "loops": {"essen": {"song": {"loops": 0.5}}},
        "steps": {"essen": {"p50": 0.81, "p99": 1.25, "worst": 7.0, "work p99": 1.01}},
    }
    told = card(tmp_path / "last.pt", onnx, "1.0.0", found)
    assert "| essen | network | 0.625 |" in told
    assert "| essen | song | 0.500 |" in told
    assert "essen: p50 0.8, p99 1.2 ms by the clock, 1.0 of work" in told
