"""What the bridge tells of the transport unasked: enough to place every sung second, and not more than is cheap."""

import pytest

from reaper.test_bridge_insert import as_user
from vocalmidi.values import Meter

TURN_S = 1 / 30


class Player:
    """Plays the project as Reaper would, turn by turn, and collects what the daemon is told."""

    def __init__(self, reaper):
        self.reaper, self.spool = reaper, reaper.spool()
        self.seen = {}
        self.reports = 0
        reaper.turn(6)
        self.listen()

    def user(self, code):
        as_user(self.reaper, code)

    def turn(self, count=1, rate=0.0):
        for _ in range(count):
            self.reaper.project.play_s += rate * TURN_S
            self.reaper.turn()
            self.listen()

    def listen(self):
        report = self.spool.take_report()
        if report is not None:
            self.reports += 1
            self.seen |= {seen.number: seen for seen in report.observations}

    @property
    def newest(self):
        return self.seen[max(self.seen)]


@pytest.fixture
def player(reaper):
    return Player(reaper)


def test_a_stopped_transport_is_told_at_the_cursor_and_then_hardly_ever(player):
    player.user("project.cursor_s = 4.5")
    player.turn(30)
    assert (player.newest.play_state, player.newest.play_s, player.newest.is_playing) == (0, 4.5, False)
    before = player.reports
    player.turn(300)
    assert player.reports - before == 5


def test_while_it_plays_every_turn_is_told_a_few_times_a_second_with_clock_and_position_together(player):
    player.user("project.play_state, project.play_s = 1, 10.0")
    before = player.reports
    player.turn(90, rate=1.0)
    assert 10 <= player.reports - before <= 20
    playing = [seen for seen in player.seen.values() if seen.is_playing]
    # Every turn is there, for a position that is read often can be told from the audio block that it is read in.
    assert 75 <= len(playing) <= 90
    shifts = [seen.play_s - seen.clock_s for seen in playing]
    assert max(shifts) - min(shifts) < 1e-6
    assert sorted(player.seen) == list(range(1, len(player.seen) + 1))


def test_a_start_is_told_within_four_turns_and_a_jump_within_one(player):
    player.turn(2)
    player.user("project.play_state, project.play_s = 5, 0.0")
    player.turn(4, rate=1.0)
    assert player.newest.play_state == 5
    player.turn(20, rate=1.0)
    player.user("project.play_s = 100.0")
    player.turn(1, rate=1.0)
    after, before = player.newest, player.seen[max(player.seen) - 1]
    assert after.play_s == pytest.approx(100.0 + TURN_S)
    # Where it was in the turn before is told too, so that the end of what was played is known to a turn.
    assert after.clock_s - before.clock_s == pytest.approx(TURN_S)
    assert before.play_s == pytest.approx(24 * TURN_S)


def test_a_stop_a_rate_and_a_loop_are_news(player):
    player.user("project.play_state = 1")
    player.turn(30, rate=1.0)
    player.user("project.play_rate, project.repeats, project.loop = 0.5, 1, { 2.0, 6.0 }")
    player.turn(10, rate=0.5)
    seen = player.newest
    assert (seen.rate, seen.loops, seen.loop_start_s, seen.loop_stop_s) == (0.5, True, 2.0, 6.0)
    player.user("project.play_state = 0")
    player.turn(1)
    assert player.newest.play_state == 0


def test_reports_that_nobody_read_are_repeated_in_later_ones(player):
    player.user("project.play_state = 1")
    for place in (10.0, 50.0, 20.0):
        player.user(f"project.play_s = {place}")
        player.reaper.turn(4)
    player.listen()
    assert sorted(player.seen) == list(range(1, len(player.seen) + 1))
    assert {10.0, 50.0, 20.0} <= {seen.play_s for seen in player.seen.values()}


def test_tempo_and_metre_come_apart_and_only_when_they_change(player):
    player.user(
        "project.markers = { { time_s = 0, bpm = 120, beats = 4, unit = 4 }, "
        "{ time_s = 6, bpm = 90, beats = 3, unit = 4 } }"
    )
    player.turn(30)
    known = player.spool.project_map()
    assert (known.number, known.project) == (player.newest.map_number, player.newest.project)
    assert [(point.qn, point.meter) for point in known.meters] == [(0.0, Meter(4, 4)), (12.0, Meter(3, 4))]
    assert known.tempo_map.qn_at(8.0) == pytest.approx(15.0)
    player.user("project.cursor_s = 1.0")
    player.turn(30)
    assert player.spool.project_map() == known


def test_another_project_has_another_number_and_its_own_map(player):
    first = player.newest.project
    player.user("fake.current = fake.add_project('/home/me/other.rpp')")
    player.turn(60)
    assert player.newest.project != first
    assert player.spool.project_map().project == player.newest.project
    player.user("fake.current = fake.projects[1]")
    player.turn(60)
    assert player.newest.project == first


def test_a_project_that_is_saved_for_the_first_time_stays_the_same_and_one_opened_in_its_tab_does_not(player):
    first = player.newest.project
    player.user("project.path = '/home/me/song.rpp'")
    player.turn(60)
    assert player.newest.project == first
    player.user("project.path = '/home/me/another.rpp'")
    player.turn(60)
    assert player.newest.project != first


def test_a_tempo_map_of_500_markers_is_told_once(player):
    player.user(
        "project.markers = {} for i = 0, 499 do project.markers[i + 1] = "
        "{ time_s = i * 0.5, bpm = 100 + i % 7, beats = 4, unit = 4 } end"
    )
    player.turn(30)
    number = player.newest.map_number
    assert len(player.spool.project_map().tempo_map.points) == 500
    before = player.reaper.fake.call_count
    player.turn(300)
    assert player.reaper.fake.call_count - before < 3000
    assert player.newest.map_number == number


def test_a_bridge_that_ends_takes_its_reports_away(player):
    player.reaper.fake.end_scripts(True)
    assert [path.name for path in player.spool.root.glob("bridge.*")] == ["bridge.actions"]
    assert player.spool.take_report() is None
    assert player.spool.project_map() is None
