"""The drum network's loops, examples, network and drawing, on a groove made up here."""

import hashlib
from dataclasses import asdict, replace

import numpy as np
import pytest

from needs import libraries

libraries("torch", "onnx", "zstandard")

import torch
from training.drums import card as card_module
from training.drums.data_drums import Mixture, Stock, features_of, pulse, settle
from training.drums.draw import Asked, Groove, as_tapped, drawn, likeliest, of_torch, opened, strokes, twice
from training.drums.export_onnx import SOFTER, difference, export, read
from training.drums.loops import STYLES, VOICES, Loops, loops_of, taps_of
from training.drums.model_drums import (
    COMPLETE,
    LOUD,
    MANY,
    SETTLED,
    SHIFT,
    TAPPED,
    TEMPO,
    TEMPO_KNOWN,
    Config,
    DrumModel,
)
from training.drums.model_rivals import DrumGan, DrumVae, VaeConfig
from training.drums.teach import Taught, Teacher, mean_word
from training.drums.train_drums import DrumTrainer, Recipe, lineage, losses, seen
from training.drums.train_rivals import OPEN, GanTrainer, VaeTrainer, read_rival, struck_of
from training.trainer import rate_at, save
from training.voice.export_onnx import session

SMALL = Config(width=32, heads=2, layers=1, widening=1, dropout=0.0)
SHORT = Recipe(steps=4, loops=4, warmup=2)
KICK, SNARE, HAT, CRASH = (list(VOICES).index(name) for name in ("kick", "snare", "hat_closed", "crash"))


def take(bars=4):
    """A rock beat whose snare is 0.02 beats late, with a crash on its first stroke."""
    strokes_of_take = [[0.0, 0.1, 49, 120]]
    for bar in range(bars):
        for half in (0, 2):
            strokes_of_take += [[4 * bar + half, 0.1, 36, 100], [4 * bar + half + 1.02, 0.1, 38, 110]]
        strokes_of_take += [[4 * bar + eighth / 2, 0.1, 42, 60] for eighth in range(8)]
    return {
        "id": "made up", "meter": [4, 4], "tempo": 120.0, "style": "rock/halftime", "beat_type": "beat",
        "genre": "Rock", "tracks": {"drums": strokes_of_take},
    }  # fmt: skip


@pytest.fixture(scope="module")
def loops():
    return loops_of(take(), hop_bars=1)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(1)
    return of_torch(DrumModel(SMALL).eval())


def test_a_loop_holds_strokes_loudness_and_distance_from_the_grid(loops):
    assert len(loops) == 3
    assert np.flatnonzero(loops.struck[0, :, KICK]).tolist() == [0, 8, 16, 24]
    assert np.flatnonzero(loops.struck[0, :, SNARE]).tolist() == [4, 12, 20, 28]
    assert loops.struck[0, :, HAT].sum() == 16
    assert loops.shift[0, 4, SNARE] == pytest.approx(0.08)
    assert loops.velocity[0, 4, SNARE] == pytest.approx(110 / 127)
    assert loops.struck[:, 0, CRASH].tolist() == [True, False, False]
    assert loops.step_ms[0] == pytest.approx(125.0)
    assert STYLES[loops.style[0] - 1] == "rock"


def test_a_tap_is_the_loudest_stroke_of_each_step(loops):
    taps = taps_of(loops)
    assert np.flatnonzero(taps.struck[0]).tolist() == list(range(0, 32, 2))
    assert taps.velocity[0, 0] == pytest.approx(120 / 127)
    assert taps.velocity[0, 4] == pytest.approx(110 / 127)
    assert taps.shift[0, 4] == pytest.approx(0.08)
    assert taps.shift[0, 2] == 0.0


def test_a_take_of_one_bar_is_a_loop_with_an_empty_bar():
    loops = loops_of(take(bars=1), hop_bars=2)
    assert len(loops) == 1
    assert not loops.struck[0, 16:].any()


def test_whole_taps_show_every_step_and_settled_cells_are_true(loops):
    stock = Stock(loops, Mixture(whole=1.0, open=0.0, later=0.0, louder=0.0), np.random.default_rng(1))
    batch = stock.draw(32)
    settled = batch.steps[..., SETTLED : SETTLED + MANY].bool()
    told = batch.steps[..., SETTLED + MANY : SETTLED + 2 * MANY].bool()
    assert torch.equal(batch.steps[..., TAPPED].bool(), batch.struck.bool().any(dim=2))
    assert settled.any()
    assert torch.equal(told, settled & batch.struck.bool())


def test_examples_that_are_not_whole_say_so(loops):
    batch = Stock(loops, Mixture(whole=0.0), np.random.default_rng(1)).draw(32)
    assert not batch.steps[..., COMPLETE].any()
    assert batch.struck.any()


def test_an_untaught_network_copies_the_tap_and_strikes_only_where_it_is(loops):
    model = DrumModel(SMALL).eval()
    torch.nn.init.zeros_(model.answer.weight)
    steps = torch.from_numpy(features_of(taps_of(loops), np.ones(3, np.bool_), None))
    nothing = torch.zeros(3, dtype=torch.long)
    with torch.no_grad():
        logits, velocity, shift = model(steps, nothing, nothing)
    tapped = steps[..., TAPPED] > 0
    assert (logits[~tapped] < -10).all()
    assert torch.allclose(shift, steps[..., SHIFT, None].expand_as(shift))
    assert velocity[0, 4, KICK] == pytest.approx(110 / 127)


def test_what_is_tapped_sounds_and_what_is_surer_than_the_threshold():
    logits = np.full((1, 32, 9), -5.0, np.float32)
    logits[0, 0, SNARE] = -3.0
    logits[0, 4, [KICK, HAT]] = 1.0
    tapped = np.zeros((1, 32), np.bool_)
    tapped[0, [0, 4]] = True
    struck = strokes(logits, 0.5, tapped)
    assert np.argwhere(struck[0]).tolist() == [[0, SNARE], [4, KICK], [4, HAT]]


def test_a_seed_draws_the_same_groove_again_and_another_seed_another(network):
    taps = pulse(4, np.full(4, 2), np.full(4, 0.5, np.float32))
    asked = Asked(features_of(taps, np.zeros(4, np.bool_), None), np.full(4, 3), np.ones(4, np.intp), 2.0)
    one, again, other = (drawn(network, asked, np.random.default_rng(seed)) for seed in (1, 1, 2))
    for name in ("struck", "velocity", "shift"):
        assert np.array_equal(getattr(one, name), getattr(again, name))
    assert not np.array_equal(one.struck, other.struck)
    assert one.velocity[one.struck].min() > 0
    assert not one.velocity[~one.struck].any()


def test_a_whole_tap_is_drawn_without_strokes_beside_it(loops, network):
    taps = taps_of(loops)
    asked = Asked(features_of(taps, np.ones(3, np.bool_), loops.tempo_qpm), loops.style, loops.kind, 3.0)
    for groove in (drawn(network, asked, np.random.default_rng(1)), likeliest(network, asked, 0.4)):
        assert not groove.struck[~taps.struck].any()


def test_a_whole_tap_is_the_loudest_stroke_of_its_step_and_nothing_is_louder(loops, network):
    taps = taps_of(loops)
    asked = Asked(features_of(taps, np.ones(3, np.bool_), loops.tempo_qpm), loops.style, loops.kind)
    groove = likeliest(network, asked, 0.2)
    loudest = groove.velocity.max(axis=2)
    assert (groove.struck.sum(axis=2) > 1).any()
    assert np.allclose(loudest, taps.velocity)
    at = groove.velocity.argmax(axis=2)[..., None]
    assert np.allclose(np.take_along_axis(groove.shift, at, 2)[..., 0], taps.shift)


def test_a_tap_that_is_not_whole_binds_nothing(loops):
    steps = features_of(taps_of(loops), np.zeros(3, np.bool_), None)
    groove = Groove(loops.struck, 0.5 * loops.velocity, loops.shift + 0.01 * loops.struck)
    same = as_tapped(steps, groove)
    assert np.array_equal(same.velocity, groove.velocity)
    assert np.array_equal(same.shift, groove.shift)


def test_a_second_bar_from_elsewhere_is_from_the_same_take():
    both = [loops_of(take(), hop_bars=1, take=0), loops_of(take() | {"tempo": 90.0}, hop_bars=1, take=1)]
    both[1].velocity[:] *= 0.5
    loops = Loops(*(np.concatenate([getattr(one, name) for one in both]) for name in Loops.__slots__))
    mixture = Mixture(
        whole=1.0, open=1.0, crossed=1.0, louder=0.0, later=0.0, uneven=0.0, loose=0.0, faster=0.0, timed=1
    )
    batch = Stock(loops, mixture, np.random.default_rng(1)).draw(64)
    slow = batch.steps[:, 0, TEMPO] < 0
    loudest = batch.velocity.amax(dim=2)[:, 16]
    assert slow.any()
    assert not slow.all()
    assert torch.allclose(loudest[slow], torch.tensor(0.5 * 100 / 127))
    assert torch.allclose(batch.velocity[~slow][:, 20, SNARE], torch.tensor(110 / 127))


def test_a_tempo_that_is_not_told_is_not_in_the_input(loops):
    batch = Stock(loops, Mixture(timed=0.0), np.random.default_rng(1)).draw(8)
    assert not batch.steps[..., TEMPO : TEMPO_KNOWN + 1].any()


def test_asked_twice_two_like_bars_get_the_same_strokes(network):
    taps = pulse(1, np.array([4]), np.array([0.5], np.float32))
    told = twice(network)(features_of(taps, np.ones(1, np.bool_), None), np.zeros(1, np.intp), np.zeros(1, np.intp))
    for part in told:
        assert np.allclose(part[0, :16], part[0, 16:], atol=1e-5)


def test_settled_cells_are_not_learnt_again(loops):
    batch = Stock(loops, Mixture(whole=1.0, open=1.0), np.random.default_rng(1)).draw(4)
    steps = batch.steps.numpy()
    settle(steps, np.ones((4, 32, 9), np.bool_), batch.struck.numpy() > 0)
    told = tuple(torch.zeros(4, 32, 9) for _ in range(3))
    assert losses(told, batch)["stroke"] == 0.0


def test_the_rate_rises_then_falls():
    recipe = Recipe(steps=100, warmup=10)
    rates = [rate_at(step, recipe) for step in range(100)]
    assert int(np.argmax(rates)) in (9, 10)
    assert rates[-1] == pytest.approx(0.02 * recipe.rate, rel=0.1)


def test_a_network_learns_a_groove_it_hears_often(loops):
    trainer = DrumTrainer(SMALL, Recipe(steps=60, loops=16, warmup=3, rate=2e-2, ema=0.5))
    stock = Stock(loops, Mixture(whole=1.0, open=1.0), np.random.default_rng(2))
    for _ in range(60):
        trainer.learn(stock.draw(16))
    found = seen(trainer.mean, loops, styled=True)
    assert found["F1"] > 0.9
    assert found["velocity"] < 0.1


def test_training_goes_on_where_it_was_and_what_is_exported_is_what_was_trained(loops, tmp_path):
    stock = Stock(loops, Mixture(), np.random.default_rng(3))
    trainer = DrumTrainer(SMALL, SHORT)
    trainer.learn(stock.draw(4))
    path = tmp_path / "last.pt"
    save(trainer.checkpoint("abc"), path)
    assert lineage(path, [path]).endswith("taught by 1 networks (1 steps of seed 1, dropout 0.0)")
    again = DrumTrainer(SMALL, SHORT)
    again.resume(torch.load(path, map_location="cpu"))
    batch = stock.draw(4)
    assert again.step == 1
    assert trainer.learn(batch) == again.learn(batch)
    model = read(path)
    onnx = tmp_path / "drums.onnx"
    export(model, onnx)
    assert max(difference(model, onnx, many) for many in (1, 5)) < 1e-4
    assert {given.type for given in session(onnx).get_inputs()} == {"tensor(float)"}  # all that Model.run feeds
    asked = Asked(features_of(taps_of(loops), np.ones(3, np.bool_), None), loops.style, loops.kind)
    here, there = (likeliest(network, asked, 0.4) for network in (of_torch(model), opened(onnx)))
    assert np.array_equal(here.struck, there.struck)
    text = card_module.card([path], onnx, "1.0.0", {"drums": None})
    assert hashlib.sha256(onnx.read_bytes()).hexdigest() in text
    assert "Not measured" in text


def test_a_student_learns_what_its_teachers_say_on_average(loops):
    torch.manual_seed(3)
    teachers = [Teacher(DrumModel(SMALL).eval(), narrow=False) for _ in range(2)]
    stock = Stock(loops, Mixture(whole=0.0, open=1.0, settled=0.0), np.random.default_rng(1))
    batch = Taught(stock, teachers, 1, 16).draw(16)
    shown = (batch.steps, batch.style, batch.kind)
    untimed = batch.steps.clone()
    untimed[..., [TEMPO, TEMPO_KNOWN]] = 0.0
    with torch.no_grad():
        logits = [one.model(steps, *shown[1:])[0] for one in teachers for steps in (batch.steps, untimed)]
    assert torch.allclose(batch.taught[0], sum(logits) / 4, atol=0.02)  # the teachers are asked in bfloat16
    student = DrumTrainer(SMALL, Recipe(steps=150, loops=16, warmup=3, rate=1e-2, ema=0.5))
    loud = replace(batch, taught=(batch.taught[0] + 3.0 * batch.struck.flip(2), *batch.taught[1:]))
    for _ in range(150):
        student.learn(loud)
    with torch.no_grad():
        said = torch.sigmoid(student.mean(*shown)[0])
    wanted = 0.1 * batch.struck + 0.9 * torch.sigmoid(loud.taught[0])
    assert (said - wanted).abs().mean() < 0.05


def test_a_narrow_teacher_is_heard_of_whole_taps_alone(loops):
    torch.manual_seed(4)
    wide, narrow = (Teacher(DrumModel(SMALL).eval(), narrow=which) for which in (False, True))
    for whole in (0.0, 1.0):
        batch = Stock(loops, Mixture(whole=whole, open=1.0, settled=0.0), np.random.default_rng(1)).draw(8)
        given = (batch.steps, batch.style, batch.kind)
        alone, both = (mean_word(teachers, *given)[0] for teachers in ([wide], [wide, narrow]))
        assert torch.equal(alone, both) == (whole == 0.0)


def test_several_networks_in_one_file_say_their_mean_word(loops, tmp_path):
    paths = [tmp_path / f"{name}.pt" for name in ("wide", "other", "narrow")]
    for seed, path in enumerate(paths):
        trainer = DrumTrainer(SMALL, Recipe(steps=4, loops=4, warmup=2, seed=seed))
        mixture = Mixture(whole=1.0, open=1.0) if path.stem == "narrow" else Mixture()
        save(trainer.checkpoint("abc") | {"mixture": asdict(mixture)}, path)
    onnx = tmp_path / "drums_tap.onnx"
    together = read(*paths)
    export(together, onnx)
    assert max(difference(together, onnx, many) for many in (1, 2, 5)) < 1e-4
    timed, untimed = (features_of(taps_of(loops), np.ones(3, np.bool_), qpm) for qpm in (loops.tempo_qpm, None))
    alone = [of_torch(read(path)) for path in paths]
    for settled, heard in ((False, alone), (True, alone[:2])):
        given = [timed.copy(), untimed.copy()]
        for steps in given:
            settle(steps, np.full_like(loops.struck, settled), loops.struck)
        given[1][..., LOUD] *= SOFTER
        said = opened(onnx)(given[0], loops.style, loops.kind)
        words = [one(steps, loops.style, loops.kind) for one in heard for steps in given]
        logits, velocity, shift = (np.mean(parts, axis=0) for parts in zip(*words, strict=True))
        tapped = timed[..., TAPPED, None] > 0
        back = np.where(tapped, np.minimum(velocity * 2 / (1 + SOFTER), 1.0), velocity)
        for part, mean in zip(said, (logits, back, shift), strict=True):
            assert np.allclose(part, mean, atol=1e-4)
    text = card_module.card(paths, onnx, "1.0.0", {"drums_tap": None})
    assert hashlib.sha256(onnx.read_bytes()).hexdigest() in text
    assert "the mean of 3 networks" in text
    with pytest.raises(ValueError, match="narrow"):
        read(paths[2], paths[2])


@pytest.mark.parametrize(
    ("name", "trainer"),
    [
        ("vae", VaeTrainer(Recipe(rate=1e-2, warmup=3, ema=0.5), VaeConfig(width=24, latent=8))),
        ("gan", GanTrainer(Recipe(rate=2e-2, warmup=3, ema=0.5), SMALL)),
    ],
)
def test_a_rival_learns_a_groove_it_hears_often(name, trainer, loops, tmp_path):
    stock = Stock(loops, OPEN, np.random.default_rng(2))
    before = seen(trainer.mean, loops, styled=True)["F1"]
    for _ in range(60):
        trainer.learn(stock.draw(8))
    after = seen(trainer.mean, loops, styled=True)
    assert after["F1"] > max(0.7, before)
    save(
        {"rival": name, "config": asdict(trainer.config), "step": 60, "mean": trainer.mean.state_dict()}, tmp_path / "r"
    )
    _, step, read_again = read_rival(tmp_path / "r")
    assert step == 60
    assert seen(read_again, loops, styled=True) == after


@pytest.mark.parametrize("rival", [DrumVae(VaeConfig(width=8, latent=4)), DrumGan(SMALL)])
def test_a_rival_strikes_only_where_a_whole_tap_is_and_looks_at_nothing_settled(loops, rival):
    rival.eval()
    steps = features_of(taps_of(loops), np.ones(3, np.bool_), None)
    told = of_torch(rival)(steps, loops.style, loops.kind)
    assert (told[0][steps[..., TAPPED] == 0] < -10).all()
    settle(steps, np.ones((3, 32, 9), np.bool_), loops.struck)
    for first, second in zip(told, of_torch(rival)(steps, loops.style, loops.kind), strict=True):
        assert np.allclose(first, second, atol=1e-6)


def test_a_drawn_groove_is_nought_or_one_and_can_be_taught():
    logits = torch.zeros(2, 32, 9, requires_grad=True)
    groove = struck_of(logits, torch.full((2, 32, 9), 0.5), torch.zeros(2, 32, 9))
    assert set(groove[..., :9].detach().round(decimals=5).unique().tolist()) == {0.0, 1.0}
    groove.sum().backward()
    assert (logits.grad != 0).all()
