"""What the room gives out keeps its promises: grids, pieces and the tempo maps made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transport.rig import STEADY, grid_of
from vocalmidi.transport import BarLine, Began, Knot, LoopRange, Piece, ProjectGrid, TransportReport
from vocalmidi.values import Meter, TempoMap

RATE = 48_000
CHANGING = grid_of((0.0, 120.0), (8.0, 90.0), (20.0, 140.0), meters=((0.0, 4, 4), (16.0, 6, 8), (34.0, 3, 4)))
MARKERS = grid_of(*((0.5 * at, 60.0 + at * 37 % 120) for at in range(500)))


def piece_of(*knots, grid=STEADY, start=0, stop=100 * RATE):
    return Piece(start, stop, tuple(Knot(RATE * at_s, project_s) for at_s, project_s in knots), grid, RATE, Began.PLAY)


def test_a_bar_is_found_through_changes_of_metre_and_before_the_first():
    assert CHANGING.bar_at(15.9) == BarLine(12.0, Meter(4, 4))
    assert CHANGING.bar_at(16.0) == BarLine(16.0, Meter(6, 8))
    assert CHANGING.bar_at(20.0) == BarLine(19.0, Meter(6, 8))
    assert CHANGING.bar_at(40.5) == BarLine(40.0, Meter(3, 4))
    assert CHANGING.bar_at(-0.5) == BarLine(-4.0, Meter(4, 4))


def test_a_play_rate_that_changes_is_two_slopes_of_one_piece():
    piece = piece_of((0.0, 10.0), (10.0, 20.0), (20.0, 25.0))
    assert piece.project_s(5 * RATE) == pytest.approx(15.0)
    assert piece.project_s(30 * RATE) == pytest.approx(30.0)
    assert piece.sample_at(22.5) == pytest.approx(15 * RATE)
    tempi = {round(point.tempo_qpm, 6) for point in piece.source_map().points}
    assert tempi == {120.0, 60.0}


@pytest.mark.parametrize("grid", [STEADY, CHANGING, MARKERS], ids=["steady", "changing", "500 markers"])
@given(at_s=st.floats(0.0, 90.0), rate=st.floats(0.25, 4.0), begin_s=st.floats(0.0, 60.0), origin=st.integers(0, 64))
def test_the_tempo_map_of_the_source_tells_the_same_as_the_piece(grid, at_s, rate, begin_s, origin):
    piece = piece_of((0.0, begin_s), (40.0, begin_s + 40.0 * rate), (80.0, begin_s + 60.0 * rate), grid=grid)
    source = piece.source_map(origin)
    assert source.qn_at(at_s) + origin == pytest.approx(piece.qn_at(at_s * RATE), abs=1e-6)


@given(at_s=st.floats(-20.0, 120.0))
def test_project_time_and_sample_lead_back_to_each_other(at_s):
    piece = piece_of((0.0, 3.0), (10.0, 13.01), (10.1, 13.011), (50.0, 53.0))
    assert piece.sample_at(piece.project_s(at_s * RATE)) == pytest.approx(at_s * RATE, abs=0.01)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ProjectGrid(TempoMap.constant(120.0), ()),
        lambda: ProjectGrid(TempoMap.constant(120.0), (BarLine(4.0, Meter()), BarLine(4.0, Meter()))),
        lambda: LoopRange(2.0, 2.0),
        lambda: TransportReport(0.0, 1, 0.0, 0.0, STEADY, play_rate=0.0),
        lambda: piece_of((0.0, 0.0)),
        lambda: piece_of((0.0, 0.0), (1.0, 0.0)),
        lambda: piece_of((0.0, 0.0), (1.0, 1.0), start=5, stop=5),
    ],
)
def test_what_makes_no_sense_can_not_be_made(make):
    with pytest.raises(ValueError, match=r"."):
        make()


@pytest.mark.parametrize(("state", "plays"), [(0, False), (1, True), (2, False), (3, False), (5, True), (6, False)])
def test_playing_is_playing_or_recording_and_not_paused(state, plays):
    assert TransportReport(0.0, state, 0.0, 0.0, STEADY).is_playing is plays
