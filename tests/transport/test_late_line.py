"""A line through sightings that only ever come late."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.transport.late_line import Earliest, LateLine, steady_from


def line_of(x, y, slope=1.0, bucket_s=0.1, long_enough_s=5.0):
    line = LateLine(slope, bucket_s, long_enough_s)
    for pair in zip(x, y, strict=True):
        line.add(*pair)
    return line


@pytest.mark.parametrize("ppm", [-200.0, 0.0, 200.0])
def test_neither_delays_nor_hiccups_move_or_tilt_it(ppm):
    rng = np.random.default_rng(1)
    x = np.arange(0.0, 60.0, 0.01)
    late = rng.exponential(0.003, len(x))
    late[2000:2030] += 0.1
    line = line_of(x, (x * (1 + ppm * 1e-6)) + 100.0 + late)
    found = line.line(0.0, 1e9)
    assert line.drift(60.0) == pytest.approx(ppm * 1e-6, abs=15e-6)
    errors = [found.y_at(at) - (at * (1 + ppm * 1e-6) + 100.0) for at in (0.0, 30.0, 60.0)]
    assert max(np.abs(errors)) < 0.0006


def test_a_mean_would_be_off_by_what_the_line_is_not():
    rng = np.random.default_rng(1)
    x = np.arange(0.0, 60.0, 0.01)
    y = x + rng.exponential(0.003, len(x)) + 0.1 * (x > 50)
    slope, offset = np.polyfit(x, y, 1)
    assert abs(slope * 30 + offset - 30) > 0.01
    assert line_of(x[x <= 50], y[x <= 50]).line(0.0, 1e9).y_at(30.0) == pytest.approx(30.0, abs=0.0005)


def test_a_short_line_takes_the_slope_it_is_told():
    line = line_of([0.0, 1.0], [10.0, 11.4])
    assert line.drift(60.0) is None
    assert line.line(0.0, 99.0, drift=1e-4).slope == pytest.approx(1.0001)
    assert line.line(0.0, 99.0).y_at(0.0) == pytest.approx(10.0)


def test_what_was_made_at_another_time_does_not_count():
    x = np.arange(0.0, 100.0, 0.1)
    y = np.where(x < 50, x, x + 0.005)
    line = line_of(x, y)
    assert line.line(60.0, 90.0).y_at(75.0) == pytest.approx(75.005, abs=1e-6)
    assert line.line(10.0, 40.0).y_at(20.0) == pytest.approx(20.0, abs=1e-6)
    assert line.line(500.0, 600.0).y_at(99.9) == pytest.approx(99.905, abs=1e-6)
    line.forget_before(70.0)
    assert line.line(10.0, 40.0).x0 >= 69.9
    line.forget_before(1e9)
    assert len(line) == 1


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 0.5)), min_size=1, max_size=80),
    st.floats(-4e-4, 4e-4),
    st.floats(-1e4, 1e4),
)
def test_it_lies_under_every_sighting_and_above_the_truth_never_by_more_than_the_least_delay(pairs, drift, offset):
    pairs = sorted(pairs)
    x = [at for at, _ in pairs]
    y = [offset + at * (1 + drift) + late for at, late in pairs]
    line = line_of(x, y, bucket_s=0.0).line(-1e9, 1e9)
    assert all(line.y_at(at) <= seen + 1e-6 for at, seen in zip(x, y, strict=True))
    # It touches one of them.
    assert min(seen - line.y_at(at) for at, seen in zip(x, y, strict=True)) < 1e-6


def test_the_earliest_lag_is_forgotten_no_faster_than_a_clock_can_drift():
    earliest = Earliest(0.1, 0.0)
    earliest.take(0.05, 10.0)
    assert earliest.late_s(0.06, 10.0) == pytest.approx(0.01)
    assert earliest.late_s(0.06, 20.0) == pytest.approx(0.005)
    earliest.take(0.9, 20.0)
    assert earliest.least_s(20.0) == pytest.approx(0.055)


def test_what_came_before_the_last_level_is_another_lines():
    assert steady_from([]) == 0
    assert steady_from([0.1, 0.11, 0.1]) == 0
    assert steady_from([0.09, 0.07, 0.05, 0.1, 0.12, 0.1, 0.11, 0.1, 0.13]) == 3
