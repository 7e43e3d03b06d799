"""Rows fuller or emptier, plainer or busier: what a genre is known by stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.arrange import Wish, load_style
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.drum_rows import wished_row
from vocalmidi.arrange.kit import DRUM_KEYS
from vocalmidi.arrange.style import DrumRow


def wished(drum, steps, **amounts):
    return wished_row(DrumRow(DRUM_KEYS[drum], steps), 4, Wish(load_style("rock"), 0, **amounts), Dice(1, "rows")).steps


@given(st.sampled_from(sorted(DRUM_KEYS)), st.text("Xxo?rt.-", min_size=1, max_size=32))
def test_as_written_is_as_written(drum, steps):
    assert wished(drum, steps) == steps


@given(st.text("Xx.", min_size=1, max_size=32), st.floats(0, 1), st.floats(0, 1))
def test_kicks_and_snares_stay_whatever_is_wished(steps, density, complexity):
    for drum in ("kick", "snare", "rim", "clap"):
        assert wished(drum, steps, density=density, complexity=complexity) == steps


@pytest.mark.parametrize("drum", ["agogo_high", "shaker", "conga_low"])
def test_a_bell_gets_no_strokes_that_its_clave_lacks(drum):
    assert wished(drum, "x..x..x...x.x...", density=1.0) == "x..x..x...x.x..."


def test_hats_fill_up_with_ghosts_and_thin_out_to_beats():
    assert wished("hat", "X.x.x.x.", density=1.0) == "Xoxoxoxo"
    assert wished("hat", "xoxoxoxo", density=0.0) == "x...x..."


def test_an_open_hat_between_beats_stays_alone():
    assert wished("hat_open", "..x...x...x...x.", density=1.0) == "..x...x...x...x."


def test_the_plainest_rolls_are_single_strokes():
    assert wished("hat", "x.xr..xt", complexity=0.0) == "x.xx..xx"
