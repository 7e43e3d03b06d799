"""What is timed is an insertion that succeeded: every note there, one undo point, the answer in time."""

import pytest
from benchmarks.insert_cost import ALLOWED_LUA_MS, ALLOWED_TURNS, idle, insertion, request_of


def test_the_request_has_as_many_notes_as_asked_for():
    for count in (10, 103):
        assert sum(len(part.notes) for part in request_of(count, "abcdef-00").arrangement.parts) == count


@pytest.mark.parametrize("lua", ["lua53", "lua54"])
def test_ten_thousand_notes_are_one_undo_point_within_two_turns(lua):
    measured = insertion(lua, 10_000, 1)
    assert (measured.notes, measured.undo_points) == (10_000, 1)
    assert measured.turns <= ALLOWED_TURNS
    # The figure itself is the benchmark's; a machine that does other things too may take four times as long.
    assert 0.0 < measured.lua_ms < 4 * ALLOWED_LUA_MS


def test_an_idle_turn_is_timed_with_the_heartbeat_in_it():
    measured = idle("lua54", is_playing=False)
    assert 0.0 < measured.mean_ms < measured.worst_ms
