"""The bridge's own life: one at a time, seen from outside, and the actions that speak to it."""

import pytest

from lua.signatures import SCRIPTS
from reaper.in_memory import InMemoryReaper
from reaper.music import small_arrangement, small_request
from reaper.test_bridge_insert import as_user
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import CommandName, ReceiptStatus, Wish, arrangement_file_bytes


def test_its_heartbeat_is_fresh_while_it_runs_and_gone_after_a_regular_end(reaper):
    spool = reaper.spool()
    for _ in range(10):
        reaper.turn(37)
        assert spool.bridge_state().is_alive
    assert spool.bridge_state().app == "Reaper 7.78/fake"
    reaper.fake.end_scripts(True)
    assert spool.bridge_state().silent_s is None


def test_a_silent_bridge_counts_as_dead_after_five_seconds(reaper):
    spool = reaper.spool()
    reaper.fake.end_scripts(False)
    reaper.turn(30 * 7)
    state = spool.bridge_state()
    assert not state.is_alive
    assert 5 < state.silent_s < 9
    with pytest.raises(ReaperError, match="has been silent for 7 s; close an open dialog"):
        spool.post(small_request())
    assert list((reaper.root / "inbox").iterdir()) == []


def test_starting_it_again_replaces_the_one_that_runs(reaper):
    reaper.start()
    reaper.start()
    before = reaper.fake.call_count
    reaper.turn(30)
    one_loop = reaper.fake.call_count - before
    reaper.spool().post(small_request())
    reaper.turn(30)
    assert reaper.item_count() == 4
    assert one_loop < 30 * 8
    assert reaper.spool().bridge_state().is_alive


def test_all_actions_of_its_folder_are_put_into_the_list_once_the_last_with_a_commit(reaper):
    names = sorted(path.name for path in (SCRIPTS / "actions").iterdir())
    added = [(each.path.rsplit("/", 1)[1], each.commit) for each in reaper.fake.actions.values()]
    assert added == [(name, name == names[-1]) for name in names]
    reaper.die()
    reaper.start()
    assert len(reaper.fake.actions) == len(names)


def test_a_request_is_picked_up_within_two_turns(reaper):
    spool = reaper.spool()
    for late in range(4):
        reaper.turn(late)
        request = small_request(f"abcdef-{late:04}")
        spool.post(request)
        reaper.turn(2)
        assert (reaper.root / "done" / f"{request.request_id}.vocalmidi").exists()


def test_an_idle_bridge_makes_few_calls(reaper):
    before = reaper.fake.call_count
    reaper.turn(300)
    # A turn asks for owner, clock and wish, every second one lists the inbox: ten seconds stay below 2500 calls.
    assert reaper.fake.call_count - before < 2500


def test_write_what_i_just_sang_reaches_the_daemon_with_the_transport(reaper):
    as_user(
        reaper,
        "project.cursor_s, project.play_s, project.play_state = 2.25, 7.5, 5 "
        "project.markers = { { time_s = 0, bpm = 120, beats = 4, unit = 4 }, "
        "{ time_s = 6, bpm = 90, beats = 3, unit = 4 } }",
    )
    spool = reaper.spool()
    spool.beat()
    reaper.action("Write what I just sang")
    reaper.turn()
    (command,) = spool.take_commands()
    transport = command.transport
    assert command.name is CommandName.WRITE
    assert command.sent_s == pytest.approx(reaper.now(), abs=1.1)
    assert (transport.play_state, transport.is_playing) == (5, True)
    assert (transport.play_s, transport.cursor_s) == (7.5, 2.25)
    assert transport.cursor_qn == pytest.approx(4.5)
    # 6 s at 120 BPM are 12 QN, three bars of 4/4; the play position is 2.25 QN into the first bar of 3/4.
    assert transport.bar_qn == pytest.approx(12.0)
    assert (transport.meter.beats, transport.meter.unit) == (3, 4)
    assert transport.tempo_qpm == pytest.approx(90.0)
    assert [p.time_s for p in transport.tempo_map.points] == [0.0, 6.0]
    assert transport.tempo_map.qn_at(7.5) == pytest.approx(14.25)
    assert spool.take_commands() == ()


def wished(reaper, action):
    """Run an action; return the command as it arrives at the daemon, None when there is none."""
    spool = reaper.spool()
    spool.beat()
    reaper.action(action)
    reaper.turn()
    return next(iter(spool.take_commands()), None)


def test_the_time_selection_is_asked_for_with_its_ends(reaper):
    as_user(reaper, "project.selection, project.loop = { 2.5, 6.0 }, { 1.0, 9.0 }")
    command = wished(reaper, "Write time selection")
    assert command.name is CommandName.WRITE_SELECTION
    assert command.wish == Wish(project=1, selection_s=(2.5, 6.0))


def test_without_a_time_selection_the_user_is_told(reaper):
    assert wished(reaper, "Write time selection") is None
    assert "no time selection" in reaper.fake.messages[1]


def test_the_last_bars_are_asked_for_and_their_number_is_remembered(reaper):
    reaper.fake.typed = "8"
    command = wished(reaper, "Write last bars")
    assert (command.name, command.wish) == (CommandName.WRITE_BARS, Wish(project=1, bars=8))
    assert reaper.fake.offered == "4"
    reaper.fake.typed = None
    assert wished(reaper, "Write last bars") is None
    assert reaper.fake.offered == "8"


@pytest.mark.parametrize("typed", ["0", "four", "1001", "2.5", ""])
def test_a_number_of_bars_that_is_none_is_told(reaper, typed):
    reaper.fake.typed = typed
    assert wished(reaper, "Write last bars") is None
    assert "is no number of bars" in reaper.fake.messages[1]


def test_the_sound_is_asked_for_beside_the_notes(reaper):
    command = wished(reaper, "Write what I just sang with audio")
    assert (command.name, command.wish) == (CommandName.WRITE, Wish(project=1, with_audio=True))


def test_a_tempo_counted_in_eighths_or_gliding_is_measured_in_quarter_notes(reaper):
    as_user(
        reaper,
        "project.markers = { { time_s = 0, bpm = 240, beats = 7, unit = 8, glides = true }, "
        "{ time_s = 10, bpm = 120, beats = 7, unit = 8 } }",
    )
    spool = reaper.spool()
    spool.beat()
    reaper.action("Write what I just sang")
    reaper.turn()
    tempo_map = spool.take_commands()[0].transport.tempo_map
    # From 120 QPM evenly down to 60 in 10 s: 15 QN, and at half time 8.75 QN, by the area under the line.
    assert tempo_map.qn_at(10.0) == pytest.approx(15.0)
    assert tempo_map.qn_at(5.0) == pytest.approx(8.75)
    for time_s in (0.1, 1.234, 7.77, 9.99):
        area = 2 * time_s - 0.05 * time_s**2
        assert abs(tempo_map.qn_at(time_s) - area) < 0.001
    assert tempo_map.points[-1].tempo_qpm == pytest.approx(60.0)


def asked(reaper):
    """Ask for the last phrase; return the daemon's side and the command as it arrives there."""
    spool = reaper.spool()
    spool.beat()
    reaper.action("Write what I just sang")
    reaper.turn()
    (command,) = spool.take_commands()
    return spool, command


def test_a_refusal_of_the_daemon_is_shown_once_and_its_file_is_gone(reaper):
    spool, command = asked(reaper)
    spool.answer(command, ReceiptStatus.REFUSED, "nothing was sung — sing first")
    reaper.turn(20)
    assert list(reaper.fake.messages.values()) == ["nothing was sung — sing first"]
    assert list((reaper.root / "commands").iterdir()) == []


def test_a_success_is_logged_and_bothers_nobody(reaper):
    spool, command = asked(reaper)
    spool.answer(command, ReceiptStatus.OK, "inserted 4 items")
    reaper.turn(20)
    assert list(reaper.fake.messages.values()) == []
    assert list(reaper.fake.console.values()) == ["!SHOW:Vocal MIDI: inserted 4 items\n"]


def test_no_answer_within_half_a_minute_is_told_once(reaper):
    asked(reaper)
    reaper.turn(30 * 29)
    assert list(reaper.fake.messages.values()) == []
    reaper.turn(30 * 10)
    (message,) = reaper.fake.messages.values()
    assert "has not answered" in message


def test_an_answer_that_is_none_is_logged(reaper):
    _, command = asked(reaper)
    (reaper.root / "commands" / f"{command.command_id}.answer").write_bytes(b"status ok\n")
    reaper.turn(20)
    assert list(reaper.fake.messages.values()) == []
    assert "can't be read: the end line is missing" in reaper.fake.console[1]


def test_without_a_daemon_the_user_is_told_in_words(reaper):
    reaper.action("Write what I just sang")
    reaper.turn()
    (message,) = reaper.fake.messages.values()
    assert "Vocal MIDI is not listening" in message
    assert list((reaper.root / "commands").iterdir()) == []


def test_a_daemon_that_went_silent_counts_as_none(reaper):
    reaper.spool().beat()
    reaper.turn(30 * 8)
    reaper.action("Write what I just sang")
    reaper.turn()
    assert len(reaper.fake.messages) == 1


def test_without_a_bridge_an_action_says_what_to_do(tmp_path):
    reaper = InMemoryReaper(tmp_path)
    reaper.action("Write what I just sang")
    (message,) = reaper.fake.messages.values()
    assert 'Run the action "Vocal MIDI_Start bridge"' in message
    reaper.check()


def test_a_bridge_that_ended_without_goodbye_counts_as_none(reaper):
    reaper.fake.end_scripts(False)
    reaper.turn(30 * 4)
    reaper.action("Write what I just sang")
    reaper.turn(40)
    (message,) = reaper.fake.messages.values()
    assert "The bridge is not running" in message


def test_an_arrangement_from_a_file_lands_at_the_cursor_as_often_as_asked(reaper, tmp_path):
    path = tmp_path / "my song.vocalmidi"
    path.write_bytes(arrangement_file_bytes(small_arrangement(), "from my song.wav"))
    reaper.fake.chosen_file = str(path)
    for cursor_s in (1.0, 11.0):
        as_user(reaper, f"project.cursor_s = {cursor_s}")
        reaper.action("Insert arrangement from file")
        reaper.turn()
    assert [item.start_s for item in reaper.items("Bass")] == [1.0, 11.0]
    assert len(reaper.undo_titles()) == 2
    assert list(reaper.fake.messages.values()) == []
    assert path.exists()


def test_a_bad_file_is_refused_in_words_and_stays(reaper, tmp_path):
    path = tmp_path / "not music.vocalmidi"
    path.write_bytes(b"not music")
    before = reaper.state()
    reaper.fake.chosen_file = str(path)
    reaper.action("Insert arrangement from file")
    reaper.turn()
    (message,) = reaper.fake.messages.values()
    assert "can't be inserted: the end line is missing" in message
    assert reaper.state() == before
    assert path.read_bytes() == b"not music"


def test_a_closed_file_dialog_does_nothing(reaper):
    reaper.action("Insert arrangement from file")
    reaper.turn()
    assert list(reaper.fake.messages.values()) == []
    assert reaper.undo_titles() == []


def test_an_unwritable_spool_is_told_once_and_the_loop_goes_on(tmp_path):
    reaper = InMemoryReaper(tmp_path)
    (tmp_path / "Data").mkdir()
    (tmp_path / "Data" / "vocalmidi").write_text("a file where the folder should be")
    reaper.lua.eval("function(fake) fake.options.make_folder, fake.options.list_files = print, tostring end")(
        reaper.fake
    )
    reaper.start()
    reaper.turn(100)
    told = list(reaper.fake.console.values())
    assert len(told) == 1
    assert "can't write to" in told[0]
    reaper.check()


def test_wishes_of_one_turn_are_all_granted_in_their_order(reaper):
    spool = reaper.spool()
    spool.beat()
    for wish in ("set\ngenre=jazz", "set\nmood=dark", "write\n"):
        waiting = reaper.fake.api.GetExtState("vocalmidi", "wishes")
        reaper.fake.api.SetExtState("vocalmidi", "wishes", f"{waiting}{wish}\n", False)
    reaper.turn(4)
    asked = spool.take_commands()
    assert [(command.name, command.wish.change) for command in asked] == [
        (CommandName.SET, "genre=jazz"),
        (CommandName.SET, "mood=dark"),
        (CommandName.WRITE, ""),
    ]


def test_a_wish_given_after_a_long_dialog_during_which_nothing_turned_is_granted(reaper):
    spool = reaper.spool()
    reaper.fake.clock_s += 60.0
    spool.beat()
    reaper.action("Next genre")
    reaper.turn(40)
    assert list(reaper.fake.messages.values()) == []
    assert [command.wish.change for command in spool.take_commands()] == ["genre=next"]


def test_a_wish_that_no_bridge_turns_for_is_told_after_a_second_and_not_granted_by_the_next(reaper):
    spool = reaper.spool()
    spool.beat()
    reaper.fake.end_scripts(False)
    reaper.fake.clock_s += 60.0
    reaper.action("Next genre")
    reaper.turn(25)
    assert list(reaper.fake.messages.values()) == []
    reaper.turn(10)
    (message,) = reaper.fake.messages.values()
    assert "bridge is not running" in message
    reaper.start()
    reaper.turn(4)
    assert spool.take_commands() == ()
