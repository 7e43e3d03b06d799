"""Record phrase, end to end: what is sung appears in the items while it is sung, and the considered notes take them."""

import numpy as np
import pytest

from app.studio import RATE, TUNE, Studio, quiet
from synth import BeatboxHit, beatbox, sing
from vocalmidi.app.ears import open_ears
from vocalmidi.reaper import BridgeCommand, CommandName, Recording, RecordWay, Transport, Wish, encode
from vocalmidi.values import Meter, TempoMap

PITCHES = [note.pitch_midi for note in TUNE]
ACTION = "Record phrase"


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    studio = Studio(tmp_path, ears)
    studio.play(quiet(0.5))
    return studio


def tune():
    return sing(TUNE, RATE).samples


def marks(studio):
    return [item.strings["P_EXT:vocalmidi_draft"] for item in studio.reaper.all_items()]


def lit(studio):
    return studio.reaper.fake.toggles[ACTION]


def test_notes_appear_while_they_are_sung_and_become_the_considered_ones_in_the_same_item(studio):
    studio.user("project.cursor_s = 4.0")
    before = studio.reaper.state()
    studio.act(ACTION)
    assert lit(studio) == 1
    assert studio.reaper.project.play_state == 1
    studio.play(tune()[: 2 * RATE])
    (drawn,) = studio.reaper.items("Melody")
    assert marks(studio) == [drawn.strings["P_EXT:vocalmidi_draft"]]
    early = [note.pitch for note in studio.reaper.notes("Melody")]
    # Four notes a second apart at half a second each: all but the last have been heard, 0.5 s behind at most.
    assert early[:3] == PITCHES[:3]
    assert studio.reaper.undo_titles() == []
    guid = drawn.guid
    studio.play(np.concatenate([tune()[2 * RATE :], quiet(1.0)]))
    studio.act(ACTION)
    assert lit(studio) == 0
    assert studio.reaper.project.play_state == 0
    (written,) = studio.reaper.items("Melody")
    assert written.guid == guid
    assert marks(studio) == [None] * 4
    assert [pitch for _, pitch in studio.melody()] == PITCHES
    starts = [note.start_qn for note in studio.reaper.notes("Melody")]
    assert np.diff(starts) == pytest.approx([1.0] * 7, abs=0.02)
    assert studio.reaper.undo_titles() == ["Vocal MIDI: record phrase (pop)"]
    assert not (studio.spool.root / "daemon.draft").exists()
    studio.reaper.fake.undo(studio.reaper.project)
    assert studio.reaper.state() == before
    studio.reaper.check()


def test_a_recording_that_plays_already_goes_on_and_lands_where_it_was_sung(studio):
    studio.user("project.play_state, project.play_s = 1, 20.0")
    studio.play(quiet(0.5))
    studio.act(ACTION)
    at_s = studio.reaper.project.play_s
    studio.play(np.concatenate([tune(), quiet(0.5)]))
    drawn = [(note.start_qn, note.pitch) for note in studio.reaper.notes("Melody")]
    studio.act(ACTION)
    assert studio.reaper.project.play_state == 1
    starts = [note.start_qn for note in studio.reaper.notes("Melody")]
    wanted = [2 * (at_s + note.onset_s) for note in TUNE]
    # Written as meant (on the eighths nearest), drawn as sung.
    assert starts == pytest.approx(wanted, abs=0.26)
    assert [start for start, _ in drawn] == pytest.approx(wanted, abs=0.1)
    assert [pitch for _, pitch in drawn] == PITCHES
    assert studio.told == []


def test_what_was_sung_before_it_was_begun_is_not_in_it(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([sing(TUNE[:3], RATE).samples, quiet(0.4)]))
    studio.act(ACTION)
    studio.play(np.concatenate([tune(), quiet(0.5)]))
    assert [note.pitch for note in studio.reaper.notes("Melody")] == PITCHES
    studio.act(ACTION)
    assert [pitch for _, pitch in studio.melody()] == PITCHES


def test_of_a_loop_the_last_pass_is_drawn_and_all_are_written(studio):
    # 120 BPM: a loop of two bars lasts as long as the tune.
    studio.user("project.cursor_s, project.repeats, project.loop = 4.0, 1, { 4.0, 8.0 }")
    studio.act(ACTION)
    studio.play(np.concatenate([tune()[: 4 * RATE], sing(TUNE[:2], RATE).samples, quiet(0.4)]))
    (item,) = studio.reaper.items("Melody")
    assert [note.pitch for note in studio.reaper.notes("Melody")] == PITCHES[:2]
    assert item.start_s == 4.0
    studio.play(np.concatenate([quiet(0.2), sing(TUNE[2:], RATE).samples[round(1.0 * RATE) :], quiet(0.5)]))
    studio.act(ACTION)
    (written,) = studio.reaper.items("Melody")
    assert written.guid == item.guid
    assert len(written.takes) >= 2
    assert studio.reaper.undo_titles() == ["Vocal MIDI: record phrase (pop)"]
    studio.reaper.check()


def test_after_a_jump_each_piece_is_written_where_it_was_sung_and_no_draft_is_left(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(quiet(0.1))
    studio.act(ACTION)
    studio.play(tune()[: 2 * RATE])
    studio.user("project.play_s = 34.0")
    studio.play(np.concatenate([tune()[2 * RATE :], quiet(0.5)]))
    assert studio.melody()[0][0] > 60
    studio.act(ACTION)
    assert "written in 2 pieces" in studio.said[-1]
    assert [pitch for _, pitch in studio.melody()] == PITCHES
    assert set(marks(studio)) == {None}
    assert len(studio.reaper.undo_titles()) == 2


def test_nothing_sung_is_told_and_nothing_is_left(studio):
    before = studio.reaper.state()
    studio.act(ACTION)
    studio.play(quiet(2.0))
    studio.act(ACTION)
    assert "nothing was sung while the phrase was recorded" in studio.told[0]
    assert studio.reaper.state() == before
    assert studio.reaper.undo_titles() == []


def test_while_it_is_switched_off_nothing_is_recorded(studio):
    studio.act("Start or stop listening")
    studio.act(ACTION)
    assert "switched off" in studio.told[0]
    assert studio.reaper.project.play_state == 0
    assert lit(studio) == 0


def test_stopping_the_transport_writes_what_was_sung(studio):
    studio.act(ACTION)
    studio.play(np.concatenate([tune(), quiet(0.5)]))
    studio.user("project.play_state = 0")
    studio.answer()
    assert [pitch for _, pitch in studio.melody()] == PITCHES
    assert lit(studio) == 0


def test_two_recordings_are_two_arrangements(studio):
    for cursor_s in (4.0, 24.0):
        studio.user(f"project.cursor_s = {cursor_s}")
        studio.act(ACTION)
        studio.play(np.concatenate([tune(), quiet(0.5)]))
        studio.act(ACTION)
    assert [pitch for _, pitch in studio.melody()] == PITCHES * 2
    assert len(studio.reaper.items("Melody")) == 2
    assert len(studio.reaper.undo_titles()) == 2


def test_written_by_another_action_meanwhile_it_is_there_once(studio):
    studio.act(ACTION)
    studio.play(np.concatenate([tune(), quiet(0.5)]))
    studio.write()
    studio.act(ACTION)
    assert [pitch for _, pitch in studio.melody()] == PITCHES
    assert set(marks(studio)) == {None}
    studio.reaper.check()


def test_a_bridge_that_starts_anew_ends_the_recording_here_too(studio):
    studio.act(ACTION)
    studio.play(tune()[: 2 * RATE])
    studio.reaper.start()
    assert studio.reaper.all_items() == []
    studio.play(np.concatenate([tune()[2 * RATE :], quiet(0.5)]))
    assert studio.reaper.all_items() == []
    assert not (studio.spool.root / "daemon.draft").exists()
    assert lit(studio) == 0


def test_a_daemon_that_knows_nothing_of_a_recording_says_so(studio):
    """It was started anew in between."""
    still = Transport(0, 0.0, 0.0, 0.0, 0.0, 120.0, Meter(), TempoMap.constant(120.0))
    wish = Wish(project=1, recording=Recording(RecordWay.STOP, "abcdef-01"))
    command = BridgeCommand("abcdef-02", CommandName.RECORD, studio.reaper.now(), still, wish)
    (studio.spool.root / "commands" / "abcdef-02.command").write_bytes(encode(command))
    studio.writer.answer_commands()
    assert "that recording has ended already" in studio.said[-1]


def test_a_project_that_is_closed_ends_the_recording_here_too(studio):
    studio.act(ACTION)
    studio.play(tune()[: 2 * RATE])
    studio.user("fake.open('other.rpp') fake.close(project)")
    studio.answer()
    assert "the recording was dropped" in studio.said
    assert not (studio.spool.root / "daemon.draft").exists()
    assert studio.reaper.all_items() == []


def test_what_is_sung_to_another_tab_is_neither_drawn_nor_written_there(studio):
    studio.act(ACTION)
    studio.play(np.concatenate([tune(), quiet(0.3)]))
    first = studio.reaper.project
    studio.user("project.play_state = 2 local other = fake.open('other.rpp') other.play_state, other.play_s = 1, 50.0")
    studio.reaper.project = studio.reaper.fake.current
    studio.play(np.concatenate([tune(), quiet(0.5)]))
    drawn = len(studio.reaper.all_items())
    studio.act(ACTION)
    assert drawn == 1
    assert studio.reaper.item_count() == 0
    studio.reaper.project = first
    assert [pitch for _, pitch in studio.melody()] == PITCHES
    studio.reaper.check()


def test_a_recording_longer_than_the_history_is_written_as_far_as_that_reaches(tmp_path, ears):
    studio = Studio(tmp_path, ears, minutes=0.1)
    studio.act(ACTION)
    studio.play(np.concatenate([sing(TUNE[:3], RATE).samples, quiet(1.0), tune(), quiet(1.0)]))
    studio.act(ACTION)
    assert [pitch for _, pitch in studio.melody()] == PITCHES
    assert set(marks(studio)) == {None}


def test_hits_are_drawn_on_the_drums(studio):
    made = beatbox([BeatboxHit(0.5 + 0.5 * at, label) for at, label in enumerate(("kick", "snare") * 3)], RATE)
    studio.act(ACTION)
    studio.play(np.concatenate([made.samples, quiet(0.5)]))
    drawn = studio.reaper.notes("Drums")
    assert [note.pitch for note in drawn] == [36, 38] * 3
    assert np.diff([note.start_qn for note in drawn]) == pytest.approx([1.0] * 5, abs=0.05)
    guid = studio.reaper.items("Drums")[0].guid
    studio.act(ACTION)
    assert [item.guid for item in studio.reaper.items("Drums")] == [guid]
    assert set(marks(studio)) == {None}
    studio.reaper.check()
