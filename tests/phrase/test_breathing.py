"""Tempo maps are held against the times that were played."""

import numpy as np
import pytest

from vocalmidi.phrase.breathing import SPREAD, Pulse, beat_map
from vocalmidi.phrase.moments import Moments

EIGHTHS = np.arange(0, 32, 0.5)
STEADY = Pulse(0.6, SPREAD, 0.0)


def moments(time_s):
    count = len(time_s)
    nothing = np.zeros(count)
    return Moments(
        np.asarray(time_s), np.ones(count), nothing, nothing, nothing, np.zeros(count, bool), np.zeros((count, 4))
    )


def test_a_steady_take_has_one_tempo():
    late_s = np.random.default_rng(1).normal(0, 0.02, len(EIGHTHS))
    found = beat_map(moments(2.0 + 0.6 * EIGHTHS + late_s), EIGHTHS, STEADY, 1.0)
    assert len(found.points) == 1
    assert found.points[0].tempo_qpm == pytest.approx(100, rel=0.003)
    assert found.time_at(0) == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize("slower", [0.05, -0.05])
def test_a_take_that_slows_down_or_hurries_is_followed_to_a_hundredth(slower):
    true_s = 1.0 + 0.6 * (EIGHTHS + slower * EIGHTHS**2 / 32)
    late_s = np.random.default_rng(2).normal(0, 0.02, len(EIGHTHS))
    found = beat_map(moments(true_s + late_s), EIGHTHS, STEADY, 1.0)
    told_s = np.array([found.time_at(at) for at in EIGHTHS])
    assert np.abs(told_s - true_s).max() < 0.04
    assert np.sqrt(np.mean((told_s - true_s) ** 2)) < 0.012  # nearer than what was played


def test_a_dotted_beat_is_counted_in_quarter_notes():
    found = beat_map(moments(0.6 * EIGHTHS), EIGHTHS, STEADY, 1.5)
    assert found.points[0].tempo_qpm == pytest.approx(150, rel=1e-3)
    assert found.qn_at(6.0) == pytest.approx(15, abs=0.01)


def test_places_before_the_first_bar_line_are_before_it():
    found = beat_map(moments(3.0 + 0.6 * EIGHTHS), EIGHTHS - 1.5, STEADY, 1.0)
    assert found.time_at(0) == pytest.approx(3.0 + 0.9, abs=0.01)


def test_a_click_keeps_its_tempo_exactly_through_a_singer_s_leaning():
    late_s = 0.03 * np.sin(EIGHTHS / 3.0)
    found = beat_map(moments(0.6 * EIGHTHS + late_s), EIGHTHS, Pulse(0.6, 0.0, 0.0), 1.0)
    assert [point.tempo_qpm for point in found.points] == [pytest.approx(100, rel=1e-9)]


def test_a_tempo_that_was_only_named_is_not_held_against_the_whole_take():
    true_s = 0.6 * (EIGHTHS + 0.05 * EIGHTHS**2 / 32)
    found = beat_map(moments(true_s), EIGHTHS, Pulse(0.6, 0.0, 0.0), 1.0)
    assert found.time_at(31) == pytest.approx(float(np.interp(31, EIGHTHS, true_s)), abs=0.03)


def test_one_moment_has_the_tempo_it_is_told():
    found = beat_map(moments([4.0]), np.array([0.0]), STEADY, 1.0)
    assert found.points[0].tempo_qpm == pytest.approx(100)
    assert found.time_at(0) == pytest.approx(4.0)
