"""The harmony network's training and what it leaves, on a handful of made-up songs."""

import hashlib

import numpy as np
import pytest

from needs import libraries

libraries("torch", "onnx", "zstandard")

import torch
from training.harmony.card import COLUMNS, card
from training.harmony.data_harmony import IGNORED, HarmonySong, Mixture, Stock, batch_of, class_of, read_songs, song_of
from training.harmony.export_onnx import difference, export, read
from training.harmony.fit_chain import fit
from training.harmony.model_harmony import Config, HarmonyModel
from training.harmony.train_harmony import HarmonyTrainer, Recipe
from training.trainer import save

from vocalmidi.arrange.chord_input import FEATURES, MINOR, NONE, ROWS

SMALL = Config(width=24, layers=1, widening=1, dropout=0.0)


def record(semitones=0, chords=True):
    names = ("C:maj", "F:maj", "G:7", "C:maj") if not semitones else ("D:maj", "G:maj", "A:7", "D:maj")
    roots = (60, 65, 67, 60, 60, 65, 67, 60)
    return {
        "id": "made/up", "meter": [4, 4], "key": "D:maj" if semitones else "C:maj", "split": "train",
        "tracks": {
            "melody": [[4 + 4 * bar, 4, root + semitones, 90] for bar, root in enumerate(roots)],
            **({} if chords else {
                "piano_rh": [[4 + 4 * bar, 4, root + by, 90] for bar, root in enumerate(roots) for by in (4, 7)],
                "bass_derived": [[4 + 4 * bar, 4, root - 24, 90] for bar, root in enumerate(roots)],
            }),
        },
        "chords": [[4 + 4 * bar, 4, names[bar % 4]] for bar in range(8)] if chords else [],
    }  # fmt: skip


@pytest.fixture(scope="module")
def song():
    return song_of(record(), "pop909")


def test_half_bars_begin_with_the_bar_of_the_first_note(song):
    assert song.classes.tolist() == [0, 0, 5, 5, 7, 7, 0, 0] * 2
    assert song.features.shape == (16, FEATURES)


def test_labels_are_triads():
    assert class_of("A:min7/b3") == MINOR + 9
    assert class_of("Bb:hdim7") == MINOR + 10
    assert class_of("F#:sus4(b7)") == 6
    assert class_of("Cb:maj") == 11
    assert class_of("N") == NONE


def test_harmony_is_heard_where_none_is_written(song):
    assert song_of(record(chords=False), "openscore_lieder").classes.tolist() == song.classes.tolist()


def test_nottingham_is_never_trained_on(tmp_path):
    with pytest.raises(ValueError, match="GPL"):
        list(read_songs(tmp_path, "nottingham", "train"))


def test_every_stretch_is_the_song_in_some_key(song):
    stock = Stock({"pop909": [song]}, Mixture(lengths=(8,), frames=80, key=1.0), np.random.default_rng(1))
    batch = stock.draw()
    tonic = batch.features[:, 0, (ROWS - 2) * 12 : (ROWS - 1) * 12].argmax(dim=-1)
    above = (batch.classes - tonic[:, None]) % 12
    assert len(set(tonic.tolist())) > 3
    bars = (0, 0, 5, 5, 7, 7, 0, 0)
    assert {tuple(row) for row in above.tolist()} <= {bars[first:] + bars[:first] for first in (0, 2, 4, 6)}


def test_a_shorter_song_is_filled_up_and_what_fills_is_not_learnt(song):
    batch = batch_of([(song.features, song.classes), (song.features[:4], song.classes[:4])])
    assert (batch.classes[1, 4:] == IGNORED).all()
    model = HarmonyModel(SMALL).eval()
    with torch.no_grad():
        alone = model(torch.from_numpy(song.features[None, :4]))
        beside = model(batch.features, batch.hidden)[1, :4]
    torch.testing.assert_close(alone[0], beside)


def test_the_live_variant_does_not_see_what_follows(song):
    torch.manual_seed(0)
    model = HarmonyModel(Config(width=24, layers=2, widening=1, live=True)).eval()
    features = torch.from_numpy(song.features[None])
    changed = features.clone()
    changed[:, 9:] += 1.0
    with torch.no_grad():
        here, there = model(features), model(changed)
    torch.testing.assert_close(here[:, :9], there[:, :9])
    assert (here[:, 9:] - there[:, 9:]).abs().max() > 1e-3


def test_one_song_in_all_keys_is_learnt_and_training_goes_on_from_its_checkpoint(song, tmp_path):
    stock = Stock({"pop909": [song]}, Mixture(lengths=(16,), frames=256), np.random.default_rng(1))
    trainer = HarmonyTrainer(SMALL, Recipe(steps=60, warmup=5, rate=1e-2))
    losses = [trainer.learn(stock.draw()) for _ in range(60)]
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])
    save(trainer.checkpoint("none"), tmp_path / "last.pt")
    other = HarmonyTrainer(SMALL, Recipe())
    other.resume(torch.load(tmp_path / "last.pt"))
    assert other.step == 60
    torch.testing.assert_close(other.model.taken.weight, trainer.model.taken.weight)


@pytest.mark.parametrize("live", [False, True])
def test_onnx_is_torch(live, tmp_path):
    trainer = HarmonyTrainer(Config(width=48, layers=2, widening=2, live=live), Recipe())
    save(trainer.checkpoint("none"), tmp_path / "last.pt")
    model = read(tmp_path / "last.pt")
    export(model, tmp_path / "harmony.onnx")
    for songs, frames in ((1, 1), (12, 8), (2, 70)):
        assert difference(model, tmp_path / "harmony.onnx", songs, frames) < 1e-4


def test_a_chain_counts_the_same_in_every_key(song):
    here, there = fit([song]), fit([song_of(record(2), "pop909")])
    for name in ("tones", "steps", "keyed_tones", "keyed_steps"):
        np.testing.assert_allclose(getattr(here, name), getattr(there, name), atol=1e-6)
    assert here.steps[0].argmax() == 0  # it stays
    assert here.keyed_steps[0, 7].argmax() in (0, 7)  # G leads on to C


def test_a_song_of_noise_alone_is_no_song():
    silent = record()
    silent["chords"] = []
    assert song_of(silent, "pop909") is None
    assert isinstance(song_of(record(), "pop909"), HarmonySong)


def test_the_card_names_its_file_and_says_what_was_measured_or_that_nothing_was(tmp_path):
    save(HarmonyTrainer(SMALL, Recipe()).checkpoint("none"), tmp_path / "last.pt")
    export(read(tmp_path / "last.pt"), tmp_path / "harmony.onnx")
    row = dict.fromkeys(COLUMNS, 0.25)
    text = card(tmp_path / "last.pt", tmp_path / "harmony.onnx", "1.0.0", {"sets": {"pop909": {"generate": row}}})
    assert hashlib.sha256((tmp_path / "harmony.onnx").read_bytes()).hexdigest() in text
    assert "| pop909 | generate | 0.250 |" in text
    assert "nottingham |" not in text.partition("## Made from")[2]
    assert "Not measured" in card(tmp_path / "last.pt", tmp_path / "harmony.onnx", "1.0.0", None)
