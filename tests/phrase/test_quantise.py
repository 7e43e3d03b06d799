"""The quantiser against exhaustive search and against what a musician would write."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocalmidi.phrase.quantise import pool_adjacent_violators, quantise_ends, quantise_starts


def test_a_grace_note_does_not_fall_on_its_main_note():
    assert quantise_starts(np.array([0.0, 0.9, 1.0, 2.0]), 0.25).tolist() == [0.0, 0.75, 1.0, 2.0]


def test_a_trill_finer_than_the_grid_is_written_finer_and_moves_nothing_else():
    trill = np.array([0.0, 1.0, *(2.0 + n / 12 for n in range(12)), 3.0, 4.0])
    placed = quantise_starts(trill, 0.25)
    assert placed[[0, 1, 2, -2, -1]].tolist() == [0, 1, 2, 3, 4]
    assert np.abs(placed - trill).max() <= 0.2
    assert np.all(np.diff(placed) > 0)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 5), min_size=1, max_size=5).map(sorted))
def test_pooling_gives_the_best_rising_whole_numbers(places):
    played = np.array(places)
    index = np.arange(len(played))
    points = np.floor(pool_adjacent_violators(played - index) + 0.5) + index
    best = min(
        sum((at - point) ** 2 for at, point in zip(places, chosen, strict=True))
        for chosen in combinations(range(-5, 12), len(places))
    )
    assert np.sum((played - points) ** 2) == pytest.approx(best, abs=1e-9)


@given(st.lists(st.floats(0, 50), min_size=1, max_size=60, unique=True).map(sorted))
def test_no_two_notes_share_a_place_and_order_is_kept(places):
    played = np.array(places)
    placed = quantise_starts(played, 0.25)
    assert np.all(np.diff(placed) > 0)
    assert np.allclose(placed * 32, np.round(placed * 32))  # 128th notes at the finest


def test_a_breath_is_filled_and_a_rest_is_kept():
    start = np.array([0.0, 1.0, 2.0])
    ends = quantise_ends(np.array([0.8, 1.4, 2.9]), start, 0.25)
    assert ends.tolist() == [1.0, 1.5, 3.0]


def test_a_note_too_short_for_the_grid_still_has_a_length():
    assert quantise_ends(np.array([0.01, 4.0]), np.array([0.0, 3.0]), 0.25)[0] == 0.25
