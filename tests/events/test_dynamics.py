"""The level of a note in few points: what is heard of it stays, and no controller is flooded."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.scores import HOP_S, RATE_HZ, frames_of, held, melody, rest
from vocalmidi.events import transcribe
from vocalmidi.events.dynamics import MOST_A_SECOND, level_points


def shape(points, count):
    """Return what is heard, dB, of straight lines between the values of a controller of volume."""
    frames, levels = zip(*points, strict=True)
    return 40.0 * np.log10(np.interp(np.arange(count), frames, 10.0 ** (np.array(levels) / 40.0)))


@pytest.mark.parametrize("tremolo_hz", [0.5, 2.0, 5.0])
def test_a_swell_and_a_tremolo_stay_within_two_db(tremolo_hz):
    levels = -20.0 + 6.0 * np.sin(2 * np.pi * tremolo_hz * np.arange(200) * HOP_S)
    error = np.abs(shape(level_points(levels, HOP_S), 200) - levels)[5:-5]
    assert error.max() < 2.0  # 1 of thinning, 1 of smoothing at 5 Hz


def test_a_long_fade_is_as_soft_on_its_way_as_it_was_sung():
    levels = np.linspace(-12.0, -42.0, 400)
    points = level_points(levels, HOP_S)
    assert np.abs(shape(points, 400) - levels).max() < 1.0
    assert len(points) < 8


def test_a_steady_level_needs_two_points():
    assert level_points(np.full(100, -20.0), HOP_S) == [(0, pytest.approx(-20.0)), (99, pytest.approx(-20.0))]


@given(st.lists(st.floats(-120.0, 0.0), min_size=1, max_size=300))
def test_however_wild_the_level_its_points_are_few_and_in_order(levels):
    points = level_points(np.array(levels), HOP_S)
    assert len(points) <= 2 + MOST_A_SECOND * HOP_S * len(levels)
    assert [frame for frame, _ in points] == sorted({frame for frame, _ in points})
    assert {0, len(levels) - 1} == {points[0][0], points[-1][0]}
    assert all(min(levels) - 1e-9 <= level <= max(levels) + 1e-9 for _, level in points)


def with_levels(frames, levels):
    return replace(frames, level_db=np.asarray(levels, np.float32))


@pytest.mark.parametrize("gain_db", [0.0, -20.0])
def test_a_crescendo_is_told_against_the_takes_middle_however_near_the_microphone(gain_db):
    sung = melody(rest(0.4), held(60, 1.0), rest(0.4), held(64, 1.0), rest(0.4))
    frames = frames_of(sung)
    levels = np.full(len(frames), -80.0)
    levels[40:140], levels[180:280] = np.linspace(-30.0, -20.0, 100) + gain_db, -20.0 + gain_db
    soft, even = transcribe(with_levels(frames, levels)).notes
    assert [point.at for point in soft.level] == sorted(point.at for point in soft.level)
    assert soft.level[0].at == soft.onset
    assert soft.level[-1].at < soft.offset
    assert soft.level[0].level_db == pytest.approx(-9.0, abs=1.5)
    middle = np.interp(soft.onset + 0.5 * RATE_HZ, *zip(*((p.at, p.level_db) for p in soft.level), strict=True))
    assert middle == pytest.approx(-4.0, abs=1.5)
    assert [point.level_db for point in even.level] == pytest.approx([1.0] * len(even.level), abs=1.0)
