"""Performances made human: seeded, in order, as far from what is meant as was asked, with the truth kept."""

from dataclasses import replace

import numpy as np
import pytest

from needs import libraries

libraries("zstandard")

from training.context.performances import LIVELY, PLAIN, RATE_HZ, Kind, perform
from training.context.scores import Score, drum_phrases, melody_phrases, read_scores

EIGHTHS = np.arange(0, 32, 0.5)


def score(place_qn=EIGHTHS, tempo_qpm=100.0):
    place_qn = np.asarray(place_qn, np.float64)
    many = len(place_qn)
    length_qn = np.append(np.diff(place_qn), 1.0)
    return Score(
        "tune", "test", place_qn, length_qn, np.full(many, 60.0), np.full(many, 90.0), np.zeros(many), drums=False,
        tempo_qpm=tempo_qpm,
    )  # fmt: skip


def test_the_same_seed_sings_the_same_and_another_does_not():
    first, again, other = (perform(score(), LIVELY, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.events() == again.events()
    assert first.events() != other.events()


def test_onsets_spread_about_the_beats_as_asked_and_the_beats_about_the_tempo():
    steady = replace(PLAIN, drift=0.0, jitter_s=0.03)
    takes = [perform(score(), steady, np.random.default_rng(seed)) for seed in range(20)]
    late_s = np.concatenate([take.onset_s - (0.5 + take.place_qn * 0.6) for take in takes])
    assert np.std(late_s) == pytest.approx(0.03, abs=0.002)
    drifting = [perform(score(), replace(PLAIN, jitter_s=0.0), np.random.default_rng(seed)) for seed in range(20)]
    for take in drifting:
        beat_s = np.diff(take.beat_s)
        assert np.abs(beat_s / 0.6 - 1).max() == pytest.approx(0.05, abs=1e-9)
        assert np.corrcoef(beat_s[:-1], beat_s[1:])[0, 1] > 0.3  # it wanders and doesn't jump
        assert np.allclose(take.onset_s, np.interp(take.place_qn, np.arange(len(take.beat_s)), take.beat_s))


def test_a_singer_to_a_click_stays_with_it():
    manner = replace(PLAIN, click=True, jitter_s=0.0, drift=0.04)
    take = perform(score(), manner, np.random.default_rng(3))
    assert np.abs(take.onset_s - 0.5 - take.place_qn * 0.6).max() <= 0.04 + 1e-9


def test_what_is_added_is_marked_and_what_is_meant_is_kept():
    manner = replace(PLAIN, grace=0.2, doubled=0.2, missed=0.1, drift=0.0)
    take = perform(score(np.arange(0, 64, 1.0)), manner, np.random.default_rng(4))
    plain = take.place_qn[take.kind == Kind.PLAIN]
    assert set(plain.tolist()) < set(range(64))  # some are missed, none is moved
    assert np.isnan(take.place_qn[take.kind == Kind.DOUBLED]).all()
    grace = np.flatnonzero(take.kind == Kind.GRACE)
    assert len(grace) > 3
    assert np.all((take.place_qn[grace + 1] - take.place_qn[grace]) == 1 / 8)
    assert np.all(np.diff(take.onset_s)[grace] < 0.12)
    assert np.all(np.diff(take.onset_s) > 0)
    assert np.all(take.offset_s[:-1] <= take.onset_s[1:])


def test_swing_moves_offbeats_and_leaves_beats_and_triplets():
    manner = replace(PLAIN, swing=2 / 3, jitter_s=0.0, drift=0.0)
    take = perform(score([0, 0.5, 1, 4 / 3, 5 / 3, 2, 3, 4]), manner, np.random.default_rng(5))
    assert ((take.onset_s - 0.5) / 0.6).tolist() == pytest.approx([0, 2 / 3, 1, 4 / 3, 5 / 3, 2, 3, 4])
    assert take.kind.tolist() == [0, 1, 0, 0, 0, 0, 0, 0]
    assert take.place_qn.tolist() == pytest.approx([0, 0.5, 1, 4 / 3, 5 / 3, 2, 3, 4])


def test_events_are_the_performance_in_samples():
    take = perform(score(), PLAIN, np.random.default_rng(6))
    notes = take.events().notes
    assert [note.onset / RATE_HZ for note in notes] == pytest.approx(take.onset_s.tolist(), abs=1 / RATE_HZ)
    assert [note.offset / RATE_HZ for note in notes] == pytest.approx(take.offset_s.tolist(), abs=1 / RATE_HZ)


def record(**more):
    return {"id": "a", "meter": [4, 4], "key": None, "genre": None, "tempo": None, "tracks": {}, **more}


def test_a_phrase_begins_at_its_bar_line_with_its_upbeat_and_strays_are_left_out():
    melody = [[11 + at, 0.5, 60, 80] for at in EIGHTHS]
    (phrase,) = melody_phrases(record(tracks={"melody": melody}), "test", 8)
    assert phrase.place_qn[0] == 3
    assert phrase.place_qn[-1] < 32
    stray = [*melody[:5], [13.583, 0.1, 60, 80], *melody[6:]]
    assert list(melody_phrases(record(tracks={"melody": stray}), "test", 8)) == []


def test_drums_become_one_mouth_on_the_grid_meant():
    straight = [[beat + at + 0.02, 0.1, 42, 80] for beat in range(4) for at in (0, 0.25, 0.5, 0.75)]
    shuffle = [[4 + beat + at - 0.02, 0.1, 42, 80] for beat in range(4) for at in (0, 2 / 3)]
    kick = [[0.02, 0.1, 36, 90], [4.0, 0.1, 36, 10]]
    (take,) = drum_phrases(record(tracks={"drums": straight + shuffle + kick}), 8)
    thirds = [beat + at for beat in range(4, 8) for at in (0, 2 / 3)]
    assert take.place_qn.tolist() == pytest.approx([*np.arange(0, 4, 0.25), *thirds])
    assert take.label[0] == "kick"
    assert take.label[1:] == ["hihat_closed"] * (len(take.label) - 1)
    assert take.beside_qn.tolist() == pytest.approx([0.02] * 16 + [-0.02] * 8)


def test_what_may_not_train_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"GPL-3\.0"):
        next(read_scores(tmp_path, "nottingham", "train"))
