"""A curve within the note that is written for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.arrange.curves import bend_within, level_within
from vocalmidi.values import BendPointQn, ControlPointQn

GLIDE = (BendPointQn(0.0, -200.0), BendPointQn(1.0, 0.0))


def test_a_glide_that_is_cut_ends_on_its_way():
    assert bend_within(GLIDE, 0.25) == (BendPointQn(0.0, -200.0), BendPointQn(0.25, -150.0))


def test_a_curve_that_ends_in_its_note_is_left_as_it_is():
    assert bend_within(GLIDE, 1.0) == bend_within(GLIDE, 3.0) == GLIDE
    assert bend_within((), 1.0) == level_within((), 1.0) == ()


def test_levels_stay_whole_numbers():
    swell = (ControlPointQn(0.0, 10), ControlPointQn(0.3, 127))
    assert level_within(swell, 0.1) == (ControlPointQn(0.0, 10), ControlPointQn(0.1, 49))


rows = st.lists(st.tuples(st.integers(0, 4000), st.floats(-500.0, 500.0)), min_size=1, unique_by=lambda row: row[0])


@given(rows, st.floats(0.01, 5.0))
def test_within_the_note_the_curve_is_the_same(rows, length_qn):
    curve = tuple(BendPointQn(at / 1000, cents) for at, cents in sorted(rows))
    if curve[0].after_qn > length_qn:
        return
    cut = bend_within(curve, length_qn)
    places = np.linspace(0.0, min(length_qn, curve[-1].after_qn), 20)
    before, after = (
        np.interp(places, [p.after_qn for p in each], [p.bend_cents for p in each]) for each in (curve, cut)
    )
    assert after == pytest.approx(before, abs=1e-6 + 1e-6 * 500)
    assert all(point.after_qn <= length_qn for point in cut)
