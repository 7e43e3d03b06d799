"""Reaper's own OSC feedback, as its surface sends it, read as positions; anything else is passed over."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transport.rig import clock_of, grid_of, report_of, sing_on_beats
from transport.simulated_reaper import HOST_EPOCH_S, WALL_EPOCH_S, Act, SimulatedReaper, Studio
from vocalmidi.transport import OscFeedback, OscSighting, ProjectClock

BEATS_S = tuple(np.arange(0.0, 100.0, 0.5))


def say(feedback, *messages):
    return [found for address, *arguments in messages if (found := feedback.heard(address, arguments))]


def test_play_and_positions_are_read_in_reapers_order():
    found = say(
        OscFeedback(),
        ("/play", 1.0),
        ("/time", 1.5),
        ("/time/str", "0:01.500"),
        ("/beat/str", "1.4.00"),
        ("/samples", 72000.0),
        ("/samples/str", "72000"),
        ("/time", 1.75),
        ("/stop", 1.0),
        ("/play", 0.0),
        ("/time", 2.0),
    )
    assert found == [
        OscSighting(1.5, True),
        OscSighting(1.75, True, 1.5, 4.0),
        OscSighting(2.0, False, 1.75, None),
    ]


def test_paused_is_not_playing_and_nothing_said_is_not_known():
    assert say(OscFeedback(), ("/time", 1.0))[0].is_playing is None
    assert say(OscFeedback(), ("/play", 1.0), ("/pause", 1.0), ("/time", 1.0))[0].is_playing is False
    assert say(OscFeedback(), ("/record", 1.0), ("/time", 1.0))[0].is_playing is True


def test_a_beat_shown_tells_whether_it_is_this_project():
    grid = grid_of((0.0, 120.0), (8.0, 90.0), meters=((0.0, 4, 4), (16.0, 6, 8)))
    assert OscSighting(9.0, True, 2.5, 2.0).fits(grid)
    assert not OscSighting(9.0, True, 2.5, 2.5).fits(grid)
    # From 8 s on a beat is an eighth: 90 quarter notes a minute make three beats a second.
    assert OscSighting(9.0, True, 9.0, 4.0).fits(grid)
    # A bar line is the first beat or, cut to hundredths, the end of the last.
    assert OscSighting(9.0, True, 2.0, 1.0).fits(grid)
    assert OscSighting(9.0, True, 2.0, 4.99).fits(grid)


values = st.one_of(st.floats(), st.integers(), st.text(), st.booleans(), st.none(), st.binary())
addresses = st.sampled_from(["/time", "/beat/str", "/play", "/stop", "/pause", "/record", "/samples", ""]) | st.text()


@given(st.lists(st.tuples(addresses, st.lists(values, max_size=3)), max_size=20))
def test_whatever_comes_a_position_is_a_finite_number(messages):
    feedback = OscFeedback()
    for address, arguments in messages:
        found = feedback.heard(address, arguments)
        assert found is None or abs(found.time_s) <= 1_000_000.0


@pytest.mark.parametrize("silent_from_s", [5.0, 99.0])
def test_positions_by_osc_carry_on_where_the_bridge_falls_silent(silent_from_s):
    reaper = SimulatedReaper(Studio(input_ppm=200.0), [Act(1.0, "play")], 30.0)
    clock = ProjectClock(48_000)
    for sample, host_s in reaper.sightings():
        clock.heard(sample, host_s)
    feedback = OscFeedback()
    for saw in reaper.reports():
        now_s = HOST_EPOCH_S + saw.read_s
        if saw.read_s < silent_from_s:
            clock.reported(report_of(saw), now_s, WALL_EPOCH_S + saw.read_s)
        sighting = feedback.heard("/time", [float(np.float32(saw.play_s))])
        clock.sighted(sighting, saw.stamp_s + 0.0003)
    written = sing_on_beats(reaper, clock, BEATS_S)
    assert len(written.errors_s) > 50
    assert written.missing == 0
    assert written.worst_ms <= 3.0


def test_positions_by_osc_alone_or_of_another_project_count_for_nothing():
    reaper = SimulatedReaper(Studio(), [Act(1.0, "play")], 10.0)
    clock = clock_of(reaper)
    before = clock.pieces(0, 9 * 48_000)
    clock.sighted(OscSighting(77.0, True, 76.6, 1.0), HOST_EPOCH_S + 9.9)
    clock.sighted(OscSighting(77.0, False), HOST_EPOCH_S + 9.95)
    assert clock.pieces(0, 9 * 48_000) == before
    alone = ProjectClock(48_000)
    alone.sighted(OscSighting(1.0, True), HOST_EPOCH_S)
    assert alone.latest is None
