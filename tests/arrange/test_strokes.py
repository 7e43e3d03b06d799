"""Step notation in time, as a drummer would read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.arrange.plan import Plan, Section
from vocalmidi.arrange.strokes import lay_row, swing_at
from vocalmidi.arrange.style import Groove
from vocalmidi.values import Meter


def played(row, bar_qn=4.0, bars=1, *, steps_per_qn=4, swing=0.5, pace=1.0):
    groove = Groove(Meter(), 1.0, steps_per_qn, ("x",), ("R",), ())
    section = Section(0, bars, groove, "x", "R", None)
    plan = Plan((section,), bar_qn, bar_qn * bars, pace, swing, 0.25 * pace)
    return [
        (round(stroke.start_qn, 3), round(stroke.stop_qn, 3), stroke.symbol)
        for stroke in lay_row(row, steps_per_qn, section, plan)
    ]


def test_rests_rest_and_holds_hold():
    assert played("x--.X..." + ".-..x---") == [(0, 0.75, "x"), (1, 1.25, "X"), (3, 4, "x")]


def test_a_row_of_one_bar_is_repeated_and_one_of_two_bars_runs_on():
    assert [at for at, _, _ in played("x..." * 4, bars=2)] == list(range(8))
    assert [at for at, _, _ in played("x" + "." * 15 + "." * 12 + "x...", bars=4)] == [0, 7, 8, 15]


def test_a_bar_too_short_for_a_row_cuts_it_and_begins_again():
    assert [at for at, _, _ in played("x...o...X...o...", bar_qn=3.0, bars=2)] == [0, 1, 2, 3, 4, 5]


def test_a_bar_too_long_for_a_row_repeats_it():
    assert [(at, symbol) for at, _, symbol in played("X...x...", bar_qn=5.0, bars=2)][5:7] == [(5, "X"), (6, "x")]


def test_sixteenths_swing_and_triplets_stay():
    assert [at for at, _, _ in played("xxxx............", swing=0.6)] == [0, 0.3, 0.5, 0.8]
    assert [at for at, _, _ in played("xxx.........", steps_per_qn=3, swing=0.6)] == [0, 0.333, 0.667]


def test_double_time_plays_two_written_bars_in_one():
    assert [at for at, _, _ in played("x..............." + "o...............", pace=0.5)] == [0, 2]


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0.5, 0.75))
def test_swing_never_changes_the_order(one, other, swing):
    plan = Plan((), 4.0, 100.0, 1.0, swing, 0.5)
    early, late = sorted((one, other))
    assert swing_at(early, plan) <= swing_at(late, plan) + 1e-5
    assert swing_at(float(int(one)), plan) == pytest.approx(int(one), abs=1e-4)  # beats stay where they are
