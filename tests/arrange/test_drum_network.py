"""The drum network asked: it is the one that was trained, what is settled stays, chance is the caller's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from needs import libraries
from vocalmidi.arrange.drum_hands import playable
from vocalmidi.arrange.drum_network import CELLS, GROOVE, STEPS, Asked, Chance, answered, drawn, played
from vocalmidi.arrange.drum_voices import STYLES, VOICES
from vocalmidi.arrange.networks import DRUM_MODEL
from vocalmidi.inference import open_model

KICK, SNARE, HAT, OPEN, RIDE = (VOICES.index(name) for name in ("kick", "snare", "hat_closed", "hat_open", "ride"))
ROCK = STYLES.index("rock") + 1


@pytest.fixture(scope="module")
def model():
    return open_model(DRUM_MODEL, "cpu")


def asked(loops=2, style=ROCK, guidance=2.0):
    """Eighths of one loudness, a kick settled on one and no snare there."""
    tap = np.zeros((loops, STEPS), np.float32)
    tap[:, ::2] = 0.6
    settled = np.zeros((loops, *CELLS), np.bool_)
    struck = settled.copy()
    settled[:, 0, [KICK, SNARE]] = struck[:, 0, KICK] = True
    return Asked(tap, np.zeros_like(tap), np.zeros(loops, bool), settled, struck, style, GROOVE, 120.0, guidance)


def chance(loops=2, seed=0, heat=0.5):
    rng = np.random.default_rng(seed)
    shape = (loops, *CELLS)
    return Chance(rng.random(shape, np.float32), (heat * rng.logistic(size=shape)).astype(np.float32))


def test_what_is_settled_stays_and_the_rest_follows_it(model):
    struck = drawn(model, asked(), chance(), rounds=12)
    assert struck[:, 0, KICK].all()
    assert not struck[:, 0, SNARE].any()
    assert struck[:, [4, 12, 20, 28], SNARE].mean() >= 0.75  # rock's backbeat


def test_the_same_chance_draws_the_same_however_many_are_drawn_at_once(model):
    one = drawn(model, asked(1), chance(1), 4)
    many = drawn(model, asked(70), Chance(*(np.repeat(part, 70, 0) for part in (chance(1).turn, chance(1).noise))), 4)
    assert (many == one).mean() > 0.999  # sums are taken in another order


def test_a_tapped_step_that_stayed_silent_sounds_in_its_likeliest_voice(model):
    nothing = np.zeros((2, *CELLS), np.bool_)
    here = asked()
    steps = np.zeros((2, STEPS), np.bool_)
    steps[:, 8:16] = True
    answer = answered(model, here, nothing, steps)
    assert (answer.sum(axis=2) == (steps & (here.tap > 0))).all()


def test_numbers_mean_what_they_meant_in_training():
    libraries("torch", "zstandard")
    from training.drums import loops, model_drums  # noqa: PLC0415 - needs torch

    assert tuple(loops.VOICES) == VOICES
    assert loops.STYLES == STYLES
    assert (loops.STEPS, model_drums.MANY) == CELLS


def test_velocity_and_timing_are_what_the_drawing_in_training_says(model):
    libraries("torch", "zstandard", "onnx")
    from training.drums import draw  # noqa: PLC0415 - needs torch
    from training.drums.data_drums import features_of  # noqa: PLC0415 - needs torch
    from training.drums.loops import Taps  # noqa: PLC0415 - needs torch

    from needs import ROOT  # noqa: PLC0415 - beside the others

    here, struck = asked(), drawn(model, asked(), chance(), 4)
    taps = Taps(here.tap > 0, here.tap, here.late)
    steps = features_of(taps, here.whole, np.full(2, 120.0, np.float32))
    there = draw.Asked(steps, np.full(2, ROCK), np.full(2, GROOVE), here.guidance)
    groove = draw.finished(draw.opened(ROOT / "models" / "drums.onnx"), there, struck)
    velocity, late = played(model, here, struck)
    assert np.abs(velocity * struck - groove.velocity).max() < 1e-5
    assert np.abs(late * struck - groove.shift).max() < 1e-5


strokes = arrays(np.bool_, (1, *CELLS))


@settings(max_examples=60, deadline=None)
@given(strokes, strokes)
def test_a_drummer_has_two_hands_and_one_hat(struck, stays):
    stays = playable(struck & stays, np.zeros_like(stays))  # what is settled can be played by itself
    kit = playable(struck | stays, stays)
    assert (kit[stays]).all()
    assert not (kit[..., HAT] & kit[..., OPEN] & ~stays[..., HAT]).any()
    by_hand = kit.sum(axis=2) - kit[..., KICK] - (kit[..., HAT] & kit[..., RIDE])
    assert by_hand.max() <= 2
    assert not (kit & ~(struck | stays)).any()
