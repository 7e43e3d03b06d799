"""The benchmark of the grid counts as its words say, on performances whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from needs import libraries

libraries("zstandard")

from benchmarks.grid_accuracy import Placed, lengths_right, measure, nearest, shares
from training.context.performances import PLAIN, Kind, perform
from training.context.scores import Score

EXACT = replace(PLAIN, jitter_s=0.0, drift=0.0, legato=(1.0, 1.0))


def tune():
    place_qn = np.array([0, 1, 1.5, 2, 3, 3.5, 4, 5, 6, 7, 8, 9.0])
    many = len(place_qn)
    return Score(
        "tune", "test", place_qn, np.append(np.diff(place_qn), 1.0), np.full(many, 60.0), np.full(many, 90.0),
        np.zeros(many), drums=False, tempo_qpm=100.0,
    )  # fmt: skip


def test_places_are_right_up_to_one_shift_and_beats_and_bars_ask_for_more():
    take = perform(tune(), EXACT, np.random.default_rng(1))
    for shift, wanted in ((0.0, (1, 1, 1)), (4.0, (1, 1, 1)), (1.0, (1, 1, 0)), (0.5, (1, 0, 0))):
        found = shares(take.place_qn + shift, take)
        assert (found["grid"], found["beat"], found["bar"]) == pytest.approx(wanted)
    one_off = take.place_qn + np.eye(len(take.place_qn))[3] * 0.25
    assert shares(one_off, take)["bar"] == pytest.approx(1 - 1 / len(one_off))


def test_double_the_tempo_is_read_at_double_the_places():
    take = perform(tune(), EXACT, np.random.default_rng(1))
    assert shares(take.place_qn * 2, take, 2.0)["bar"] == 1.0
    assert shares(take.place_qn * 2, take)["grid"] < 0.5


def test_a_grace_note_is_right_before_its_main_note_only():
    take = perform(tune(), replace(EXACT, grace=1.0), np.random.default_rng(1))
    grace = take.kind == Kind.GRACE
    assert grace.any()
    assert shares(take.place_qn, take)["grid"] == 1.0
    early = take.place_qn - np.where(grace, 0.2, 0.0)
    assert shares(early, take)["grid"] == pytest.approx(np.mean(~grace))


def test_lengths_are_counted_exactly():
    take = perform(tune(), EXACT, np.random.default_rng(1))
    assert lengths_right(Placed(take.place_qn, take.length_qn, 100.0), take) == 1.0
    assert lengths_right(Placed(take.place_qn, take.length_qn + 0.25, 100.0), take) == 0.0


def test_who_plays_like_a_machine_is_right_everywhere_on_the_nearest_grid():
    figures = measure([tune()], nearest, EXACT)
    assert figures["known bar"] == 100
    assert figures["length"] == 100
    assert figures["tempo"] == 100
