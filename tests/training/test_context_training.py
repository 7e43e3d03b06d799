"""The context network's training and what it leaves, on a handful of made-up tunes."""

import hashlib
import json

import numpy as np
import pytest

from needs import libraries

libraries("torch", "onnx", "zstandard")

import torch
from training.context import card as card_module
from training.context.data_context import (
    UNKNOWN,
    Mixture,
    Stock,
    batch_of,
    classes_of,
    example,
    moments_of,
    place_beats,
)
from training.context.export_onnx import difference, export, read
from training.context.model_context import Config, ContextModel
from training.context.performances import PLAIN, Kind, perform
from training.context.scores import Score
from training.context.train_context import ContextTrainer, Recipe, losses
from training.trainer import rate_at, save

from vocalmidi.phrase.context_input import FARTHEST_TICKS, FEATURES, HEADS, TICKS, Setting
from vocalmidi.values import Meter

SMALL = Config(width=24, layers=1, widening=1)
SHORT = Recipe(steps=4, takes=4, warmup=2)


def tune(name="tune", meter=None, drums=False):
    place_qn = np.array([0, 1, 1.5, 2, 8 / 3, 3, 4, 5.25, 6, 7, 8, 13.0])
    many = len(place_qn)
    length_qn = np.append(np.diff(place_qn), 1.0)
    return Score(
        name, "pop909", place_qn, length_qn, np.full(many, 0.0 if drums else 60.0), np.full(many, 90.0),
        np.zeros(many), drums=drums, meter=meter or Meter(), tempo_qpm=100.0, genre="Pop",
    )  # fmt: skip


@pytest.fixture(scope="module")
def stock():
    return Stock({"pop909": [tune()], "gmd": [tune("beat", drums=True)]}, Mixture(), np.random.default_rng(1))


def test_classes_are_the_places_that_were_meant():
    take = perform(tune(), PLAIN, np.random.default_rng(2))
    told = classes_of(place_beats(take, 1.0), take, moments_of(take), Setting(0.6, 4, compound=False), 1.0)
    assert told["phase"].tolist() == [0, 0, 12, 0, 16, 0, 0, 6, 0, 0, 0, 0]
    assert (told["apart"] + 1).tolist()[:5] == [24, 12, 12, 16, 8]
    assert told["apart"][10] == FARTHEST_TICKS  # five beats: farther than any class
    assert told["apart"][11] == UNKNOWN
    assert told["bar"].tolist() == [0, 1, 1, 2, 2, 3, 0, 1, 2, 3, 0, 1]
    assert (told["length"][:3] + 1).tolist() == [24, 12, 12]


def test_in_six_eight_the_beat_is_a_dotted_quarter():
    score = tune(meter=Meter(6, 8))
    take = perform(score, PLAIN, np.random.default_rng(2))
    told = classes_of(place_beats(take, 1.5), take, moments_of(take), Setting(0.6, 2, compound=True), 1.5)
    assert told["phase"][:4].tolist() == [0, 16, 0, 8]  # quarter notes 0, 1, 1.5 and 2


def test_examples_hold_graces_and_doubled_notes_without_breaking_the_order():
    mixture = Mixture(beaten=1.0)
    rng = np.random.default_rng(3)
    for _ in range(10):
        one = example(tune(), mixture, rng)
        assert one.features.shape == (len(one.beats), FEATURES)
        assert np.isfinite(one.features).all()
        assert np.all(np.diff(one.beats) > 0)
        for name, classes in HEADS.items():
            assert one.classes[name].max() < max(classes, 2)
            assert one.classes[name].min() >= UNKNOWN


def test_padding_is_not_seen_and_not_counted(stock):
    batch = stock.draw(3)
    model = ContextModel(SMALL).eval()
    rng = np.random.default_rng(4)
    short, long = example(tune(), Mixture(), rng), example(tune("b", drums=True), Mixture(), rng)
    both = batch_of([short, long, *[long] * 2])
    with torch.no_grad():
        alone = model(torch.from_numpy(short.features)[None], torch.from_numpy(short.beats.astype(np.float32))[None])
        together = model(both.features, both.beats, both.hidden)
    for one, many in zip(alone, together, strict=True):
        assert torch.allclose(one[0], many[0, : len(short.beats)], atol=1e-4)
    assert all(torch.isfinite(loss) for loss in losses(together, both).values())
    assert set(batch.classes) == set(HEADS)


def test_the_rate_rises_then_falls():
    recipe = Recipe(steps=100, warmup=10)
    rates = [rate_at(step, recipe) for step in range(100)]
    assert int(np.argmax(rates)) in (9, 10)
    assert rates[-1] == pytest.approx(0.05 * recipe.rate, rel=0.1)


def test_training_goes_on_where_it_was_and_what_is_exported_is_what_was_trained(stock, tmp_path):
    trainer = ContextTrainer(SMALL, SHORT)
    first = trainer.learn(stock.draw(4))
    assert set(first) == set(HEADS)
    trainer.learn(stock.draw(4))
    path = tmp_path / "last.pt"
    save(trainer.checkpoint("abc"), path)
    again = ContextTrainer(SMALL, SHORT)
    again.resume(torch.load(path, map_location="cpu"))
    assert again.step == 2
    batch = stock.draw(4)
    assert trainer.learn(batch) == again.learn(batch)
    model = read(path)
    export(model, tmp_path / "context.onnx")
    for takes, moments in ((1, 1), (2, 33)):
        assert difference(model, tmp_path / "context.onnx", takes, moments) < 1e-4
    figures = {"grid": {"manner": "plain", "sets": {"pop909": {"hmm": {"known grid": 96.0}}}}, "lively": None}
    text = card_module.card(path, tmp_path / "context.onnx", "1.0.0", figures)
    assert hashlib.sha256((tmp_path / "context.onnx").read_bytes()).hexdigest() in text
    assert "| pop909 | hmm | 96.0 |" in text
    assert "Not measured" in text
    assert json.dumps(figures)


def test_a_network_learns_a_tune_it_hears_often():
    steady = Mixture(click=1.0, wrong=0.0, swung=0.0, beaten=0.0)
    stock = Stock({"pop909": [tune()]}, steady, np.random.default_rng(5))
    trainer = ContextTrainer(SMALL, Recipe(steps=30, takes=4, warmup=3, rate=1e-2))
    told = [trainer.learn(stock.draw(4))["phase"] for _ in range(30)]
    assert np.mean(told[-5:]) < 0.75 * np.mean(told[:5])
    assert np.mean(told[:5]) < 2 * np.log(TICKS)


def test_kinds_of_the_performances_are_the_classes_of_the_head():
    assert HEADS["kind"] == len(Kind)
