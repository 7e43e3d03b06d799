"""The benchmarks of hits: what counts as the same hit, as a class, as a minute."""

from pathlib import Path

import pytest

from needs import libraries

libraries("torch", "mir_eval", "pyworld")

from benchmarks.compare_hits import class_f, onset_f
from benchmarks.false_hits import Count
from benchmarks.hit_timing import Beat, drum_of, matched, synthetic

TRUE = [(0.5, "kick"), (1.0, "snare_k"), (1.5, "hihat_closed"), (2.0, "breath")]


def test_all_right_is_1_and_nothing_is_0():
    found = [(0.51, "kick"), (1.0, "snare"), (1.49, "hihat_open"), (2.0, "other")]
    assert onset_f(TRUE, found, 0.025) == pytest.approx(1.0)
    assert class_f(TRUE, found) == pytest.approx(1.0)
    assert onset_f(TRUE, [], 0.025) == 0.0


def test_a_wrong_drum_counts_once_as_missed_and_once_as_false():
    found = [(0.5, "snare"), (1.0, "snare"), (1.5, "hihat_closed")]
    assert class_f(TRUE, found) == pytest.approx(2 * 2 / (2 * 2 + 2))


def test_what_falls_on_a_breath_counts_neither_way_for_the_classes():
    found = [(0.5, "kick"), (1.0, "snare"), (1.5, "hihat_closed")]
    assert class_f(TRUE, [*found, (2.0, "kick")]) == class_f(TRUE, found)


def test_late_onsets_are_right_at_50_ms_and_wrong_at_25():
    found = [(onset_s + 0.03, label) for onset_s, label in TRUE]
    assert onset_f(TRUE, found, 0.05) == pytest.approx(1.0)
    assert onset_f(TRUE, found, 0.025) == 0.0


def test_each_hit_said_belongs_to_one_true_hit():
    beat = Beat(Path("x"), ((1.0, "kick"), (1.01, "snare"), (2.0, "kick")))
    said = [{"onset_s": 1.011}, {"onset_s": 3.0}]
    assert matched(beat, said) == [said[0], None, None]


def test_hats_are_one_drum():
    assert drum_of("hihat_open") == drum_of("hihat_closed") == "hihat"


def test_synthetic_beats_are_the_same_each_time_and_keep_their_truth(tmp_path):
    first, second = (next(iter(synthetic("hum", 1, tmp_path))) for _ in range(2))
    assert first.hits == second.hits
    assert len(first.hits) > 15


def test_hits_are_counted_by_the_minute():
    assert Count("live", "sung", 2.0, 3).a_minute == 1.5
    assert Count("live", "sung", 0.0, 0).a_minute == 0.0
