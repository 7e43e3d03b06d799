"""Beats through onsets whose places are known, held against the beats that they were made from."""

import numpy as np
import pytest

from vocalmidi.phrase.beat_line import beat_line

BEATS = np.arange(0, 64, 0.5)


def played(curve, jitter_s, seed=1):
    """Return when each place was played, and when it should have been, for tempo deviations by beat."""
    period_s = 0.6 * (1 + curve(np.arange(65) / 64))
    line_s = np.concatenate([[0.0], np.cumsum(period_s)])[:65] + 3.0
    true_s = np.interp(BEATS, np.arange(65), line_s)
    return true_s + np.random.default_rng(seed).normal(0, jitter_s, len(BEATS)), true_s


def test_one_tempo_stays_one_tempo():
    time_s, _ = played(np.zeros_like, 0.02)
    line = beat_line(time_s, BEATS, 1.0)
    assert len(line.points) == 1
    assert line.points[0].tempo_qpm == pytest.approx(100, rel=2e-3)


@pytest.mark.parametrize(
    "curve", [lambda at: 0.05 * at, lambda at: -0.05 * at, lambda at: 0.05 * np.sin(2 * np.pi * at)]
)
def test_a_singer_s_drift_is_kept_and_his_jitter_is_not(curve):
    time_s, true_s = played(curve, 0.03)
    line = beat_line(time_s, BEATS, 1.0)
    found_s = np.array([line.time_at(beat) for beat in BEATS])
    assert np.sqrt(np.mean((found_s - true_s) ** 2)) < 0.5 * np.sqrt(np.mean((time_s - true_s) ** 2))
    assert np.abs(found_s - true_s).max() < 0.05


def test_places_are_quarter_notes_of_the_felt_beat():
    line = beat_line(np.arange(20) * 0.5, np.arange(20) / 1.0, 1.5)
    assert line.points[0].tempo_qpm == pytest.approx(180)
    assert line.qn_at(1.0) == pytest.approx(3.0)


def test_onsets_in_wild_disorder_still_make_a_map():
    rng = np.random.default_rng(3)
    line = beat_line(np.sort(rng.uniform(0, 10, 60)), np.cumsum(rng.integers(1, 30, 60)) / 24, 1.0)
    assert all(point.tempo_qpm > 0 for point in line.points)
