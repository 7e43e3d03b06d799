import gc
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.gauge import BIN_ERROR, Histogram

DURATIONS_NS = st.integers(1_000, 100_000_000_000)


def counted(durations_ns) -> Histogram:
    histogram = Histogram()
    for each in durations_ns:
        histogram.add(each)
    return histogram


@given(st.lists(DURATIONS_NS, min_size=1), st.floats(0, 100))
def test_a_percentile_is_the_nearest_rank_within_the_width_of_a_bin(durations_ns, percent):
    truth = np.percentile(durations_ns, percent, method="inverted_cdf")
    found = counted(durations_ns).percentile_ns(percent)
    assert truth <= max(found, 1_024)
    assert found <= truth * (1 + BIN_ERROR) + 1_024 * BIN_ERROR


@given(st.lists(st.integers(0, 10**12)))
def test_count_sum_and_maximum_are_exact(durations_ns):
    histogram = counted(durations_ns)
    assert len(histogram) == len(durations_ns)
    assert histogram.sum_ns == sum(durations_ns)
    assert histogram.max_ns == max(durations_ns, default=0)


@given(st.integers(1 << 10, (1 << 37) - 1))
def test_every_nanosecond_lies_in_the_bin_that_reaches_up_to_it(duration_ns):
    histogram = counted([duration_ns, 1 << 40])
    assert duration_ns <= histogram.percentile_ns(50) <= duration_ns * (1 + BIN_ERROR)


def test_what_lies_outside_the_bins_is_counted_at_their_ends():
    histogram = counted([-5, 0, 1, 1_000_000_000_000])
    assert len(histogram) == 4
    assert histogram.percentile_ns(50) <= 1_023
    assert histogram.percentile_ns(100) == histogram.max_ns == 1_000_000_000_000


def test_nothing_counted_is_zero():
    histogram = Histogram()
    assert (len(histogram), histogram.mean_ns, histogram.percentile_ns(99), histogram.max_ns) == (0, 0.0, 0, 0)


@pytest.mark.parametrize("percent", [-1, 100.5, float("nan")])
def test_a_percentile_that_there_is_not_is_refused(percent):
    with pytest.raises(ValueError, match="0 to 100"):
        Histogram().percentile_ns(percent)


@given(st.lists(DURATIONS_NS), st.lists(DURATIONS_NS))
def test_two_absorbed_are_as_one_that_counted_all(first, second):
    both = counted(first)
    both.absorb(counted(second))
    alone = counted(first + second)
    assert [both.percentile_ns(p) for p in (0, 50, 90, 99, 100)] == [
        alone.percentile_ns(p) for p in (0, 50, 90, 99, 100)
    ]
    assert (len(both), both.sum_ns, both.max_ns) == (len(alone), alone.sum_ns, alone.max_ns)


def test_counting_keeps_no_memory():
    histogram = counted(range(1_000, 1_000_000, 997))
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for duration_ns in range(1_000, 20_000_000, 997):
            histogram.add(duration_ns)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 1_000
