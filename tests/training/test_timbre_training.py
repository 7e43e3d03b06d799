"""The timbre encoder's training and what it leaves, on a handful of made-up takes."""

import hashlib
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from needs import libraries

libraries("torch", "onnx", "pyworld")

import torch
from training.timbre import card as card_module
from training.timbre import train_timbre
from training.timbre.data_batches import SHARES, Pool, weights
from training.timbre.data_performances import Stock, take
from training.timbre.data_takes import SCALE, cut
from training.timbre.export_onnx import difference, export, read, shown, write_pair
from training.timbre.few_shot import RULES, Seen
from training.timbre.model_timbre import Config, TimbreModel, mflop_per_patch, parameter_count
from training.timbre.sounds import CLASSES, NOISE, SYLLABLE, Heard, Recorded
from training.timbre.train_timbre import Recipe, Trainer, class_loss, cosines, kit_losses, step
from training.voice.data_conditions import Places

from vocalmidi.frames.patches import AFTER, BEFORE, BEHIND, ROW
from vocalmidi.inference.card import _heading

SMALL = Config(first=4, second=4, third=4, fourth=4, last=4, features=8)
SHORT = Recipe(takes=2, steps=4, warmup=2)


@pytest.fixture(scope="module")
def stock() -> Stock:
    """Computed sounds, a hiss that is none, no recorded room."""
    rng = np.random.default_rng(0)
    hiss = [
        Recorded(f"hiss {k}", frozenset({label}), "test", Heard(rng.standard_normal(8000), 3200), joined=True)
        for k, label in enumerate((SYLLABLE, NOISE))
    ]
    places = Places({"box": np.eye(1, 800)[0]}, {"hiss": 0.1 * rng.standard_normal(64_000)})
    return Stock("train", {}, {}, hiss[:1], hiss[1:], places)


@pytest.fixture(scope="module")
def pool(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Pool:
    folder = tmp_path_factory.mktemp("takes")
    for number in range(4):
        one = take(stock, number, 1)
        sound, classes = cut(one)
        numbers = np.full(len(sound), number, np.int32)
        member = np.array([event.member for event in one.events], np.int16)
        source = np.array([event.sound.source for event in one.events])
        np.savez(folder / f"{number}.npz", sound=sound, classes=classes, take=numbers, member=member, source=source)
    return Pool(folder)


def test_a_take_is_of_its_number_alone_and_holds_each_sound_several_times(stock: Stock) -> None:
    one, again, other = take(stock, 3, 1), take(stock, 3, 1), take(stock, 4, 1)
    assert np.array_equal(one.audio, again.audio)
    assert not np.array_equal(one.audio[:1000], other.audio[:1000])
    plays = np.bincount([event.member for event in one.events if event.member >= 0])
    assert len(plays) >= 3
    assert plays.max() <= 5
    assert all(a.onset <= b.onset for a, b in zip(one.events, one.events[1:], strict=False))
    by_member = {event.member: event.sound.identity for event in one.events if event.member >= 0}
    assert all(event.sound.identity == by_member[event.member] for event in one.events if event.member >= 0)


def test_patches_of_a_batch_are_those_of_the_program_and_know_no_more_than_their_age(pool: Pool) -> None:
    rows = np.array([2, 6, 40])
    b = pool.at(np.arange(3), rows, np.zeros(3, int))
    for k, known in enumerate(rows):
        assert b.age[k] == pytest.approx(known / AFTER)
        assert (b.patch[k, BEFORE + known :] == 0).all()
        assert b.patch[k].max() == pytest.approx(1.0, abs=0.3)
    assert pool.sound.shape[1] >= BEHIND + AFTER * ROW
    assert SCALE > 0


def test_what_follows_the_age_does_not_move_the_answer() -> None:
    model = TimbreModel(SMALL).eval()
    patch, age = torch.rand(1, 64, 40), torch.tensor([6 / AFTER])
    patch[:, BEFORE + 6 :] = 0
    silent = model(patch, torch.tensor([1.0]))
    assert torch.linalg.vector_norm(model(patch, age)[0], dim=1).item() == pytest.approx(1.0, abs=1e-5)
    assert not torch.allclose(silent[1], model(patch, age)[1])  # silence heard is not silence to come


def test_the_class_loss_takes_any_class_that_a_sound_may_be() -> None:
    logits = torch.tensor([[0.0, 9.0, 9.0, 0.0, 0.0, 0.0, 0.0]])
    either = torch.zeros(1, 7, dtype=torch.bool)
    either[0, 1:3] = True
    first = either.clone()
    first[0, 2] = False
    assert class_loss(logits, either, torch.ones(1)).item() < 0.01
    assert class_loss(logits, first, torch.ones(1)).item() == pytest.approx(np.log(2), abs=0.01)


def test_classes_count_as_often_as_in_takes_however_many_examples_they_have() -> None:
    classes = np.zeros((1000, len(CLASSES)), bool)
    classes[
        np.arange(1000), np.random.default_rng(0).choice(len(CLASSES), 1000, p=[0.05, 0.5, 0.05, 0.1, 0.1, 0.1, 0.1])
    ] = True
    counted = weights(classes) @ classes
    assert counted / counted.sum() == pytest.approx(np.array(SHARES), abs=1e-4)
    assert weights(classes).mean() == pytest.approx(1.0)


def test_an_event_is_compared_with_its_sounds_other_plays_alone() -> None:
    a, b = torch.eye(2)
    points, member = torch.stack([a, b, b, b, a]), torch.tensor([0, 0, 1, 1, -1])
    near, mine = cosines(points, member)
    assert near[:, 0].tolist() == pytest.approx([0.0, 0.0, 0.7071, 0.7071, 0.7071], abs=1e-3)
    assert mine[:, 1].tolist() == [False, False, True, True, False]


def test_a_take_with_hardly_a_kit_teaches_no_kit(pool: Pool) -> None:
    b = pool.at(np.arange(4), np.full(4, 40), np.zeros(4, int))
    for member in ([0, -1, -1, -1], [-1, -1, -1, -1], [0, 0, 1, -1]):
        alone = replace(b, take=torch.zeros(4, dtype=torch.int64), member=torch.tensor(member))
        which, same = kit_losses(torch.nn.functional.normalize(torch.rand(4, 8), dim=1), alone, torch.ones(2), 10.0)
        assert which.item() == same.item() == 0.0


def test_a_training_learns_stops_and_goes_on_the_same(pool: Pool, tmp_path: Path) -> None:
    whole = Trainer(SMALL, SHORT)
    for _ in range(4):
        step(whole, pool)
    stopped = Trainer(SMALL, SHORT)
    for _ in range(2):
        step(stopped, pool)
    stopped.save(tmp_path / "c.pt", pool.fingerprint())
    held = torch.load(tmp_path / "c.pt")
    assert held["recipe"] == asdict(SHORT)
    assert held["material"] == pool.fingerprint()
    torch.manual_seed(99)
    resumed = Trainer(SMALL, SHORT)
    resumed.resume(tmp_path / "c.pt")
    for _ in range(2):
        step(resumed, pool)
    for one, other in zip(whole.mean.state_dict().values(), resumed.mean.state_dict().values(), strict=True):
        assert torch.equal(one, other)
    with pytest.raises(ValueError, match="another size"):
        Trainer(Config(), SHORT).resume(tmp_path / "c.pt")


def test_the_loss_falls(pool: Pool) -> None:
    trainer = Trainer(SMALL, Recipe(takes=4, steps=30, warmup=3, rate=1e-2))
    first = np.mean([sum(step(trainer, pool).values()) for _ in range(3)])
    for _ in range(24):
        step(trainer, pool)
    assert np.mean([sum(step(trainer, pool).values()) for _ in range(3)]) < 0.8 * first


@pytest.mark.parametrize("autoencoder", [False, True])
def test_the_exported_file_computes_what_torch_does(pool: Pool, tmp_path: Path, *, autoencoder: bool) -> None:
    trainer = Trainer(SMALL, Recipe(takes=2, steps=4, warmup=2, autoencoder=autoencoder))
    step(trainer, pool)
    trainer.save(tmp_path / "c.pt", "x")
    model = read(tmp_path / "c.pt")
    export(model, tmp_path / "timbre.onnx")
    assert max(difference(model, tmp_path / "timbre.onnx", count) for count in (1, 5, 64)) < 1e-4


def test_a_pair_has_the_embedding_of_one_encoder_and_the_classes_of_the_other(tmp_path: Path) -> None:
    paths = [tmp_path / "first.pt", tmp_path / "second.pt"]
    for seed, path in enumerate(paths):
        Trainer(SMALL, Recipe(seed=seed, steps=4)).save(path, f"material {seed}")
    write_pair(*paths, tmp_path / "pair.pt")
    pair = read(tmp_path / "pair.pt")
    given = shown(5)
    (embedding, *_), (_, logits, instrument) = (read(path)(*given) for path in paths)
    for found, wanted in zip(pair(*given), (embedding, logits, instrument), strict=True):
        assert torch.equal(found, wanted)
    export(pair, tmp_path / "timbre.onnx")
    assert difference(pair, tmp_path / "timbre.onnx", 5) < 1e-4
    told = card_module.card(
        tmp_path / "pair.pt", tmp_path / "timbre.onnx", "1.2.3", "", dict.fromkeys(card_module.COMMANDS)
    )
    assert all(f"material {seed}" in told for seed in range(2))
    assert f"{2 * parameter_count(read(paths[0])):,} parameters" in told


def test_the_encoder_is_as_small_as_promised() -> None:
    assert parameter_count(TimbreModel(Config())) * 4 < 1e6
    assert mflop_per_patch(Config()) < 10


def test_the_card_names_the_file_and_what_was_not_measured(pool: Pool, tmp_path: Path) -> None:
    trainer = Trainer(SMALL, SHORT)
    trainer.save(tmp_path / "c.pt", pool.fingerprint())
    export(read(tmp_path / "c.pt"), tmp_path / "timbre.onnx")
    text = card_module.card(
        tmp_path / "c.pt", tmp_path / "timbre.onnx", "1.2.3", "|a|", dict.fromkeys(card_module.COMMANDS)
    )
    assert _heading(text)["sha256"] == hashlib.sha256((tmp_path / "timbre.onnx").read_bytes()).hexdigest()
    assert text.count("Not measured") == 2
    assert pool.fingerprint() in text


@pytest.mark.parametrize("rule", [name for name in RULES if name != "default"])
def test_every_rule_tells_three_clouds_apart(rule: str) -> None:
    rng = np.random.default_rng(0)
    centres = np.linalg.qr(rng.standard_normal((8, 8)))[0][:3]
    kinds = np.repeat([0, 1, 2], 20)
    points = centres[kinds] + 0.15 * rng.standard_normal((60, 8))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    seen = Seen(points[:, None], np.full((60, 1, len(CLASSES)), -2.0), points)
    taught = np.concatenate([np.arange(8) + 20 * kind for kind in range(3)])
    scores = RULES[rule](seen.at(taught), kinds[taught], seen)
    assert (scores.argmax(axis=1) == kinds).mean() > 0.95


def test_the_command_line_trains(pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "takes" / "train").mkdir(parents=True)
    for name in ("sound", "classes", "take", "member", "source"):
        assert hasattr(pool, name)
    held = {name: getattr(pool, name) for name in ("sound", "classes", "take", "member", "source")}
    np.savez(tmp_path / "takes" / "train" / "0.npz", **held)
    asked = ["train_timbre", "--out", str(tmp_path / "out"), "--takes", str(tmp_path / "takes"), "--steps", "0"]
    monkeypatch.setattr(sys, "argv", asked)
    train_timbre.main()
    assert torch.load(tmp_path / "out" / "last.pt")["step"] == 0
