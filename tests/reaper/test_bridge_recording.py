"""Record phrase inside Reaper: what is drawn while it is sung, and that nothing of it is left, however it ends."""

import os
import random
from dataclasses import replace

import pytest

from reaper.music import passes_request, small_request, sung_request
from reaper.mutations import mutated
from reaper.recordings import LOOK_TURNS, Recordist, drums, melody
from reaper.test_bridge_insert import as_user
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import Draft, ReceiptStatus, RecordWay, decode, encode
from vocalmidi.values import PartName

TITLE = "Vocal MIDI: record phrase (pop)"
KEPT = "Vocal MIDI: keep the edited draft"
SWEPT_TURNS = 40
DAMAGED = int(os.environ.get("VOCALMIDI_DRAFTS", "400"))
FIRST = "local item = project.tracks[1].items[1] "


@pytest.fixture
def recordist(reaper):
    return Recordist(reaper)


def test_it_is_drawn_as_it_grows_without_an_undo_point(reaper, recordist):
    recordist.begin()
    assert recordist.is_lit
    recordist.draw(melody(60, 62))
    (item,) = reaper.items("Melody")
    assert recordist.pitches() == [60, 62]
    assert (item.start_s, item.end_s) == (4.0, 6.0)
    recordist.draw(melody(60, 62, 64, 65, 67), drums(36, 42, 38), length_qn=8.0)
    assert [each.guid for each in reaper.items("Melody")] == [item.guid]
    assert recordist.pitches() == [60, 62, 64, 65, 67]
    assert recordist.pitches("Drums") == [36, 42, 38]
    assert item.end_s == 8.0
    assert reaper.track_names() == ["Melody", "Drums"]
    assert reaper.undo_titles() == []


def test_what_was_heard_wrongly_goes_and_what_begins_anew_moves(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60, 62), drums(36))
    (item,) = reaper.items("Melody")
    recordist.draw(melody(61), place_qn=16.0)
    assert recordist.pitches() == [61]
    assert (item.start_s, item.end_s, len(reaper.items("Drums"))) == (8.0, 10.0, 0)
    recordist.draw(melody(61), drums(38), place_qn=16.0)
    assert recordist.pitches("Drums") == [38]


def test_the_considered_notes_come_into_the_same_items_as_one_undo_point(reaper, recordist):
    before = reaper.state()
    recordist.begin()
    recordist.draw(melody(60, 62, 64), drums(36, 36))
    drawn = [reaper.items(name)[0].guid for name in ("Melody", "Drums")]
    assert recordist.write().status is ReceiptStatus.OK
    assert [reaper.items(name)[0].guid for name in ("Melody", "Drums")] == drawn
    assert reaper.track_names() == ["Melody", "Chords", "Bass", "Drums"]
    assert reaper.item_count() == 4
    assert reaper.undo_titles() == [TITLE]
    assert recordist.marked() == []
    assert not recordist.is_lit
    whole = reaper.state()
    reaper.fake.undo(reaper.project)
    assert reaper.state() == before
    reaper.fake.redo(reaper.project)
    assert reaper.state() == whole


WRITTEN = {
    "plain": small_request(),
    "with curves": sung_request(0.5),
    "passes as takes": passes_request(),
    "passes as lanes": replace(passes_request(), in_lanes=True),
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_is_written_is_as_if_it_had_never_been_drawn(reaper, recordist, tmp_path, kind):
    request = WRITTEN[kind]
    recordist.begin()
    recordist.draw(melody(60, 62, 64), drums(36, 36), place_qn=4.0, length_qn=12.0)
    recordist.write(replace(request, draft=recordist.draft_id))
    plain = Recordist(type(reaper)(tmp_path / "plain"))
    plain.reaper.start()
    plain.spool.post(request)
    assert plain.spool.receipt(request.request_id, 2.0).status is ReceiptStatus.OK
    assert reaper.track_names() == plain.reaper.track_names()
    for name in reaper.track_names():
        mine, theirs = reaper.items(name), plain.reaper.items(name)
        assert [said_of(reaper, item) for item in mine] == [said_of(plain.reaper, item) for item in theirs]


def said_of(reaper, item):
    """Return all that an item holds but its own id."""
    return reaper.fake.item_state(item).split(" ", 2)[2]


def test_tracks_are_made_in_their_order_whatever_is_heard_first(reaper, recordist):
    as_user(reaper, "api.InsertTrackInProject(0, 0, 0) project.tracks[1].strings.P_NAME = 'Guitar'")
    recordist.begin()
    recordist.draw(drums(36))
    recordist.draw(melody(60), drums(36))
    assert reaper.track_names() == ["Guitar", "Melody", "Drums"]
    recordist.write()
    assert reaper.track_names() == ["Guitar", "Melody", "Chords", "Bass", "Drums"]


def test_tracks_that_are_there_are_used_and_stay(reaper, recordist):
    as_user(reaper, "api.InsertTrackInProject(0, 0, 0) project.tracks[1].strings.P_NAME = 'Melody'")
    before = reaper.state()
    recordist.begin()
    recordist.draw(melody(60))
    assert reaper.track_names() == ["Melody"]
    recordist.answer(recordist.stop(), ReceiptStatus.REFUSED, "nothing was sung")
    assert reaper.state() == before


@pytest.mark.parametrize("status", [ReceiptStatus.REFUSED, ReceiptStatus.FAILED])
def test_where_nothing_is_written_nothing_is_left(reaper, recordist, status):
    before = reaper.state()
    recordist.begin()
    recordist.draw(melody(60, 62), drums(36))
    recordist.answer(recordist.stop(), status, "nothing was sung")
    assert reaper.state() == before
    assert reaper.undo_titles() == []
    assert reaper.fake.messages[1] == "nothing was sung"


def test_an_item_that_was_edited_is_the_users_and_the_notes_come_beside_it(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60, 62), drums(36))
    as_user(reaper, FIRST + "item.take.events[2].bytes = string.char(0x90, 50, 1) "
            "item.take.events[3].bytes = string.char(0x80, 50, 0)")  # fmt: skip
    edited = recordist.pitches()
    recordist.draw(melody(60, 62, 64), drums(36, 38))
    assert recordist.pitches() == edited
    assert recordist.pitches("Drums") == [36, 38]
    recordist.write()
    assert reaper.undo_titles() == [TITLE]
    mine, written = reaper.items("Melody")
    assert [note.pitch for note in reaper.fake.notes_of_take(mine.take).values()] == edited
    assert [note.pitch for note in reaper.fake.notes_of_take(written.take).values()] == [62, 65, 69]
    assert recordist.marked() == []


EDITS = {
    "moved": "fake.move(item, 1.0)",
    "locked": "item.lock = 1",
    "shortened": "item.end_s = item.end_s - 0.5",
    "muted": "item.take.events[2].flags = 2",
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_the_user_has_touched_is_kept_when_nothing_is_written(reaper, recordist, edit):
    recordist.begin()
    recordist.draw(melody(60, 62))
    as_user(reaper, FIRST + EDITS[edit])
    kept = reaper.fake.midi_text(reaper.items("Melody")[0].take)
    recordist.draw(melody(72, 74))
    recordist.answer(recordist.stop(), ReceiptStatus.REFUSED, "nothing was sung")
    (item,) = reaper.items("Melody")
    assert reaper.fake.midi_text(item.take) == kept
    assert recordist.marked() == []
    assert reaper.undo_titles() == [KEPT]


def test_what_the_user_has_only_selected_is_still_a_draft(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60, 62))
    as_user(reaper, FIRST + "item.selected = true for _, event in ipairs(item.take.events) do event.flags = 1 end")
    recordist.draw(melody(72, 74))
    assert recordist.pitches() == [72, 74]


def test_an_item_that_was_deleted_is_not_drawn_again_and_the_notes_come_all_the_same(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60, 62), drums(36))
    as_user(reaper, FIRST + "api.DeleteTrackMediaItem(item.track, item)")
    recordist.draw(melody(60, 62, 64), drums(36, 38))
    assert recordist.pitches() == []
    assert recordist.pitches("Drums") == [36, 38]
    recordist.write()
    assert recordist.pitches() == [62, 65, 69]
    assert reaper.item_count() == 4
    assert recordist.marked() == []


def test_an_undo_while_it_is_recorded_takes_the_draft_with_it(reaper, recordist):
    as_user(reaper, "fake.user_point(project, 'Change volume')")
    recordist.begin()
    recordist.draw(melody(60))
    reaper.fake.undo(reaper.project)
    recordist.draw(melody(60, 62))
    assert reaper.all_items() == []
    recordist.write()
    assert reaper.item_count() == 4
    assert recordist.marked() == []


def test_a_draft_that_an_undo_brings_back_is_taken_away(reaper, recordist):
    """The user has done something while it was drawn, so that Reaper's undo history holds the draft."""
    recordist.begin()
    recordist.draw(melody(60))
    as_user(reaper, "fake.user_point(project, 'Change volume')")
    recordist.write()
    written = reaper.state()
    reaper.fake.undo(reaper.project)
    assert len(recordist.marked()) == 2
    recordist.spool.beat()
    reaper.turn(SWEPT_TURNS)
    assert recordist.marked() == []
    assert reaper.all_items() == []
    assert reaper.undo_titles() == ["Change volume"]
    reaper.fake.redo(reaper.project)
    reaper.turn(SWEPT_TURNS)
    assert reaper.state() == written


def test_a_track_that_was_made_for_it_and_used_since_stays(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60), drums(36))
    as_user(reaper, "project.tracks[1].fx_count = 1")
    recordist.answer(recordist.stop(), ReceiptStatus.REFUSED, "nothing was sung")
    assert reaper.track_names() == ["Melody"]
    assert reaper.all_items() == []
    assert recordist.marked() == []
    assert reaper.undo_titles() == [KEPT]


def test_a_part_that_is_not_written_goes_with_its_track(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60), drums(36))
    music = small_request().arrangement
    parts = tuple(part for part in music.parts if part.name is not PartName.DRUMS)
    recordist.write(recordist.request(arrangement=replace(music, parts=parts)))
    assert reaper.track_names() == ["Melody", "Chords", "Bass"]
    assert recordist.marked() == []


def test_a_phrase_written_meanwhile_takes_the_tracks_and_leaves_the_draft(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60))
    other = small_request("abcdef-01", 32.0)
    recordist.spool.post(other)
    assert recordist.spool.receipt(other.request_id, 2.0).status is ReceiptStatus.OK
    recordist.draw(melody(60, 62))
    assert len(reaper.items("Melody")) == 2
    recordist.answer(recordist.stop(), ReceiptStatus.REFUSED, "nothing was sung")
    assert recordist.marked() == []
    assert len(reaper.items("Melody")) == 1
    assert reaper.undo_titles() == ["Vocal MIDI: insert arrangement (pop)"]


def test_a_standing_transport_is_started_and_stopped(reaper, recordist):
    as_user(reaper, "project.cursor_s = 3.0")
    recordist.press()
    assert reaper.project.play_state == 0  # not before the daemon has agreed
    command = recordist.take()
    recordist.draft_id = command.wish.recording.draft_id
    recordist.answer(command)
    assert (reaper.project.play_state, reaper.project.play_s) == (1, 3.0)
    recordist.stop()
    assert reaper.project.play_state == 0


@pytest.mark.parametrize("state", [1, 5])
def test_a_transport_that_moves_goes_on(reaper, recordist, state):
    as_user(reaper, f"project.play_state = {state}")
    recordist.begin()
    recordist.write()
    assert reaper.project.play_state == state


def test_stopping_the_transport_ends_the_recording_and_pausing_does_not(reaper, recordist):
    recordist.begin()
    reaper.turn(LOOK_TURNS)
    as_user(reaper, "project.play_state = 2")
    reaper.turn(LOOK_TURNS)
    assert recordist.take() is None
    as_user(reaper, "project.play_state = 1")
    reaper.turn(LOOK_TURNS)
    as_user(reaper, "project.play_state = 0")
    reaper.turn(LOOK_TURNS)
    command = recordist.take()
    assert command.wish.recording.way is RecordWay.STOP
    assert not recordist.is_lit


def test_without_a_daemon_nothing_begins(reaper):
    reaper.action("Record phrase")
    reaper.turn(LOOK_TURNS)
    assert "not listening" in reaper.fake.messages[1]
    assert reaper.fake.toggles["Record phrase"] == 0
    assert reaper.project.play_state == 0


def test_a_daemon_that_does_not_agree_is_told_and_nothing_begins(reaper, recordist):
    recordist.press()
    recordist.answer(recordist.take(), ReceiptStatus.REFUSED, "it is switched off")
    assert reaper.fake.messages[1] == "it is switched off"
    assert not recordist.is_lit
    assert reaper.project.play_state == 0
    recordist.begin()
    assert recordist.is_lit


def test_a_daemon_that_ends_meanwhile_leaves_nothing(reaper, recordist):
    before = reaper.state()
    recordist.begin()
    recordist.draw(melody(60))
    recordist.spool.rest()
    reaper.turn(SWEPT_TURNS)
    assert reaper.state() == before
    assert "has ended while you were recording" in reaper.fake.messages[1]
    assert not recordist.is_lit


def test_a_daemon_that_never_answers_leaves_nothing(reaper, recordist):
    before = reaper.state()
    recordist.begin()
    recordist.draw(melody(60))
    recordist.stop()
    for _ in range(32):
        recordist.spool.beat()
        reaper.turn(30)
    assert "has not answered" in reaper.fake.messages[1]
    assert reaper.state() == before
    recordist.begin()


def test_pressed_again_before_the_answer_it_is_ended_and_then_waits(reaper, recordist):
    recordist.press()
    begun = recordist.take()
    recordist.press()
    ended = recordist.take()
    assert (begun.wish.recording.way, ended.wish.recording.way) == (RecordWay.START, RecordWay.STOP)
    recordist.press()
    assert recordist.take() is None
    assert "still being written" in reaper.fake.messages[1]
    recordist.answer(begun)
    assert reaper.project.play_state == 0
    recordist.answer(ended, ReceiptStatus.REFUSED, "nothing was sung")
    recordist.begin()


def test_a_project_that_is_closed_ends_it(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60))
    as_user(reaper, "fake.close(project)")
    reaper.turn(LOOK_TURNS)
    command = recordist.take()
    assert command.wish.recording.way is RecordWay.DROP
    assert command.wish.recording.draft_id == recordist.draft_id
    recordist.answer(command)
    assert not recordist.is_lit
    assert reaper.all_items() == []


def test_another_tab_in_front_gets_nothing_of_it(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60))
    number = recordist.commands[-1].wish.project
    as_user(reaper, "fake.open('other.rpp')")
    recordist.draw(melody(60, 62))
    assert recordist.pitches() == [60, 62]
    command = recordist.stop()
    assert command.wish.project == number
    recordist.spool.post(recordist.request())
    assert recordist.spool.receipt(recordist.request().request_id, 2.0).status is ReceiptStatus.OK
    recordist.answer(command)
    assert reaper.item_count() == 4
    assert len(reaper.all_items()) == 4


def test_a_bridge_that_starts_anew_takes_the_draft_away(reaper, recordist):
    before = reaper.state()
    recordist.begin()
    recordist.draw(melody(60), drums(36))
    reaper.start()
    assert reaper.state() == before
    assert reaper.undo_titles() == []
    assert not recordist.is_lit
    assert "taken away" in list(reaper.fake.console.values())[-1]


def test_a_draft_that_was_saved_with_the_project_is_gone_when_reaper_comes_back(reaper, recordist):
    before = reaper.state()
    recordist.begin()
    recordist.draw(melody(60), drums(36))
    reaper.die(reaper.fake.saved(reaper.project))
    assert len(recordist.marked()) == 4
    reaper.start()
    reaper.turn(LOOK_TURNS)
    assert reaper.state() == before
    assert not recordist.is_lit


def test_a_draft_in_a_project_that_is_opened_later_is_taken_away(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60))
    saved = reaper.fake.saved(reaper.project)
    recordist.answer(recordist.stop(), ReceiptStatus.REFUSED, "nothing was sung")
    as_user(reaper, "fake.open('later.rpp')")
    reaper.fake.restore(reaper.fake.current, saved)
    assert len(recordist.marked()) == 2
    recordist.spool.beat()
    reaper.turn(SWEPT_TURNS)
    assert recordist.marked() == []


def test_a_regular_end_takes_the_draft_away(reaper, recordist):
    before = reaper.state()
    recordist.begin()
    recordist.draw(melody(60))
    reaper.fake.end_scripts(True)
    assert reaper.state() == before
    assert not recordist.is_lit


def test_only_pictures_of_this_recording_are_drawn_and_each_once(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60, 62))
    state, calls = reaper.state(), reaper.fake.call_count
    reaper.turn(30)
    idle = reaper.fake.call_count - calls
    for draft_id, number in (("abcdef-99", 9), (recordist.draft_id, 1)):
        draft = Draft(draft_id, number, 8.0, 4.0, (melody(72),))
        recordist.file.show(draft)
        reaper.turn(LOOK_TURNS)
        assert reaper.state() == state
    # A transport that moves is told of every turn; looking for a picture adds little.
    assert idle < 30 * 15


def test_a_picture_that_cannot_be_read_changes_nothing_and_the_next_is_drawn(reaper, recordist):
    recordist.begin()
    recordist.draw(melody(60, 62))
    state = reaper.state()
    path = recordist.spool.root / "daemon.draft"
    whole = path.read_bytes()
    for broken in (b"", whole[:-20], whole.replace(b"melody", b"voices"), b"\x00" * 5000):
        path.write_bytes(broken)
        reaper.turn(LOOK_TURNS)
        assert reaper.state() == state
    recordist.draw(melody(60, 62, 64))
    assert recordist.pitches() == [60, 62, 64]


def test_its_notes_say_nothing_of_the_key_of_the_project(recordist):
    recordist.begin()
    recordist.draw(melody(60, 62, 64))
    assert recordist.stop().project_notes == ()


def test_damaged_pictures_never_raise_and_draw_only_what_python_reads_too(reaper, recordist):
    """Each is one whole draft after one to three changes, most of them with an end line that fits.

    VOCALMIDI_DRAFTS=100000 .venv/bin/pytest tests/reaper/test_bridge_recording.py -k damaged
    """
    rng = random.Random(1)
    recordist.begin()
    path, drawn = recordist.spool.root / "daemon.draft", 0
    for number in range(DAMAGED):
        if number % 50 == 0:
            recordist.spool.beat()
        whole = encode(replace(recordist.draft(melody(60, 62, 64), drums(36, 42)), number=1 + 2 * number))
        content = mutated(rng, whole)
        path.write_bytes(content)
        before = reaper.state()
        reaper.turn(2)
        changed = reaper.state() != before
        assert not changed or read(content).draft_id == recordist.draft_id, content
        drawn += changed
    assert 0 < drawn < DAMAGED / 2
    recordist.answer(recordist.stop(), ReceiptStatus.REFUSED, "nothing was sung")
    assert reaper.all_items() == []
    assert reaper.undo_titles() == []


def read(content):
    """Return the draft that Python reads, None where it refuses."""
    try:
        return decode(content)
    except ReaperError:
        return None
