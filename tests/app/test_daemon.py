"""The daemon and the real Lua scripts together: what is sung lands in a Reaper in memory when its action is run."""

import time
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from app.studio import RATE, TUNE, Studio, quiet
from synth import SungNote, sing
from vocalmidi.app import writing
from vocalmidi.app.ears import open_ears
from vocalmidi.app.serving import serve, told_of_gaps
from vocalmidi.app.takes import Sung, Take
from vocalmidi.app.writing import Author, Band
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.phrase import build_phrase
from vocalmidi.reaper import BridgeCommand, CommandName, ProjectNote, Transport
from vocalmidi.values import AudioBlock, Meter, TempoMap

STANDING = Transport(0, 0.0, 0.0, 0.0, 0.0, 120.0, Meter(), TempoMap.constant(120.0))
EARLY = [SungNote(0.3 + 0.5 * step, 0.4, 72) for step in range(3)]
PITCHES = [note.pitch_midi for note in TUNE]


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    return Studio(tmp_path, ears)


def tune():
    return sing(TUNE, RATE).samples


def test_what_was_just_sung_lands_at_the_edit_cursor_once(studio):
    studio.play(np.concatenate([sing(EARLY, RATE).samples, quiet(2.5), sing(TUNE, RATE).samples, quiet(0.5)]))
    studio.write()
    assert studio.reaper.track_names() == ["Melody", "Chords", "Bass", "Drums"]
    melody = studio.reaper.notes("Melody")
    # The earlier phrase lies before a silence and is not part of this one.
    assert [note.pitch for note in melody] == [note.pitch_midi for note in TUNE]
    assert all(studio.reaper.notes(name) for name in ("Chords", "Bass", "Drums"))
    assert len(studio.reaper.undo_titles()) == 1
    studio.reaper.check()


@pytest.mark.parametrize("state", [1, 5])
def test_while_reaper_plays_or_records_the_phrase_lands_where_it_was_sung(studio, state):
    # 120 BPM: half a second is a quarter note. The tune's first note is sung 0.25 s after bar 3 began to play.
    studio.user(f"project.play_state, project.play_s = {state}, 4.0")
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    studio.write()
    starts = [note.start_qn for note in studio.reaper.notes("Melody")]
    assert starts == pytest.approx([8.5 + step for step in range(len(TUNE))], abs=0.02)
    assert [item.start_s for item in studio.reaper.items("Melody")] == [4.0]
    studio.reaper.check()


def test_the_project_s_own_music_tells_the_key_and_never_forces_it(ears):
    """E, G, A and B are of G major and of E minor alike; what is clearly in C major stays there."""
    command = BridgeCommand("0123456789", CommandName.WRITE, 0.0, STANDING)
    chords = [(64, 67, 71), (57, 60, 64), (59, 63, 66), (64, 67, 71)]  # Em Am B Em
    minor = tuple(ProjectNote(4.0 * n, 4.0, pitch) for n, chord in enumerate(chords * 2) for pitch in chord)
    for pitches, alone, beside in (
        ((71, 69, 67, 64, 67, 69, 71, 69), ("major", 7), ("minor", 4)),
        ((60, 64, 67, 65, 62, 59, 67, 60), ("major", 0), ("major", 0)),
    ):
        notes = [SungNote(0.25 + 0.5 * n, 0.42, pitch) for n, pitch in enumerate(pitches)]
        events = ears.hear([AudioBlock(0, RATE, np.concatenate([sing(notes, RATE).samples, quiet(1.0)]))])
        author = Author(Band(load_settings(), ears, load_style("pop"), None))
        take = Take((Sung(events, None),))
        keys = [author.request(take, each).arrangement.key for each in (command, replace(command, project_notes=minor))]
        assert [(key.mode, key.tonic) for key in keys] == [alone, beside]
        named = Author(Band(replace(load_settings(), key="C minor"), ears, load_style("pop"), None))
        assert named.request(take, replace(command, project_notes=minor)).arrangement.key.tonic == 0


def test_what_was_sung_to_a_project_that_has_stopped_since_lands_where_it_was_sung(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(tune())
    studio.user("project.play_state = 0 project.cursor_s = 20.0")
    studio.play(quiet(1.0))
    studio.write()
    assert studio.melody() == [(8.5 + step, pitch) for step, pitch in enumerate(PITCHES)]


def test_after_a_jump_in_mid_phrase_each_note_lands_where_it_was_sung(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(tune()[: 2 * RATE])
    studio.user("project.play_s = 34.0")
    studio.play(np.concatenate([tune()[2 * RATE :], quiet(0.5)]))
    studio.write()
    # 4 s later in the phrase is 2 s after 34 s.
    places = [8.5, 9.5, 10.5, 11.5, 68.5, 69.5, 70.5, 71.5]
    assert studio.melody() == list(zip(places, PITCHES, strict=True))
    assert len(studio.reaper.undo_titles()) == 2
    assert "written in 2 pieces" in studio.said[-1]
    assert studio.told == []


def test_written_twice_it_is_there_once(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    studio.write()
    before = studio.reaper.state()
    studio.write()
    assert studio.reaper.state() == before
    assert "already inserted" in studio.said[-1]


def test_written_twice_at_the_cursor_it_is_there_once_and_once_more_where_the_cursor_went(studio):
    studio.play(np.concatenate([tune(), quiet(0.6)]))
    studio.write()
    studio.play(quiet(0.6))
    studio.write()
    assert len(studio.melody()) == len(TUNE)
    studio.user("project.cursor_s = 30.0")
    studio.write()
    assert len(studio.melody()) == 2 * len(TUNE)


def test_a_phrase_is_read_ahead_once_it_is_quiet_and_not_again_when_asked_for(studio, monkeypatch):
    read = []
    monkeypatch.setattr(writing, "build_phrase", lambda *given: read.append(1) or build_phrase(*given))
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    assert read == [1]
    studio.write()
    assert read == [1]
    assert studio.melody() == [(8.5 + step, pitch) for step, pitch in enumerate(PITCHES)]


def test_undone_it_can_be_written_again(studio):
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    studio.write()
    studio.reaper.fake.undo(studio.reaper.project)
    assert studio.melody() == []
    studio.write()
    assert len(studio.melody()) == len(TUNE)


def test_a_phrase_goes_to_no_other_project_than_it_was_sung_to(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(0.5)]))
    studio.user("project.play_state = 0 fake.current = fake.add_project('/home/me/other.rpp')")
    studio.play(quiet(0.5))
    before = studio.reaper.fake.state(studio.reaper.fake.current)
    studio.write()
    assert "sung to another project" in studio.told[-1]
    assert studio.reaper.fake.state(studio.reaper.fake.current) == before
    studio.user("fake.current = project")
    studio.turns(40)
    studio.write()
    assert len(studio.melody()) == len(TUNE)


def test_after_a_bridge_was_started_anew_what_is_sung_then_lands_and_what_was_sung_before_is_refused(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    studio.reaper.start()
    studio.play(quiet(3.0))
    studio.write()
    assert "before the bridge was started anew" in studio.told[-1]
    assert studio.reaper.item_count() == 0
    position = studio.reaper.project.play_s
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    studio.write()
    first_qn = 2 * (position + TUNE[0].onset_s)
    assert studio.reaper.notes("Melody")[0].start_qn == pytest.approx(first_qn, abs=0.3)
    assert [pitch for _, pitch in studio.melody()] == PITCHES


def test_a_tempo_map_of_500_markers_is_followed(studio):
    studio.user(
        "project.markers = {} for i = 0, 499 do project.markers[i + 1] = "
        "{ time_s = i * 0.5, bpm = i % 2 == 0 and 100 or 140, beats = 4, unit = 4 } end"
    )
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    studio.write()
    sung_qn = [studio.reaper.fake.time_to_qn(studio.reaper.project, 4.0 + note.onset_s) for note in TUNE]
    starts = [note.start_qn for note in studio.reaper.notes("Melody")]
    # On the grid of sixteenths: no further off than half a step and a singer's jitter.
    assert starts == pytest.approx(sung_qn, abs=0.15)
    assert studio.told == []


FOUR = [SungNote(0.02 + 0.5 * step, 0.42, pitch) for step, pitch in enumerate((60, 62, 64, 65))]
ODD = [SungNote(0.02 + 0.5 * step, 0.42, pitch) for step, pitch in enumerate((60, 62, 67, 65))]


def bar_of(notes):
    """Return two seconds, a bar at 120 QN a minute, in which these are sung."""
    return np.pad(sing(notes, RATE).samples, (0, 2 * RATE))[: 2 * RATE]


def test_passes_of_a_loop_are_one_item_that_they_agree_on_with_a_take_each(studio):
    # Bars 3 and on: the loop is bar 3, and play begins at its first beat.
    studio.user("project.play_state, project.play_s, project.repeats, project.loop = 1, 4.0, 1, { 4.0, 6.0 }")
    studio.play(np.concatenate([bar_of(FOUR), bar_of(ODD), bar_of(FOUR), quiet(0.7)]))
    studio.write()
    assert studio.told == []
    (item,) = studio.reaper.items("Melody")
    assert (item.start_s, item.end_s) == pytest.approx((4.0, 6.0), abs=0.01)
    assert studio.melody() == [(8.0, 60), (9.0, 62), (10.0, 64), (11.0, 65)]
    takes = list(item.takes.values())
    assert len(takes) == 4
    keys = [[note.pitch for note in studio.reaper.fake.notes_of_take(take).values()] for take in takes]
    assert keys == [[60, 62, 64, 65], [60, 62, 64, 65], [60, 62, 67, 65], [60, 62, 64, 65]]
    assert len(studio.reaper.undo_titles()) == 1
    studio.reaper.check()


def test_what_was_sung_on_the_way_to_a_loop_is_an_item_of_its_own(studio):
    studio.user("project.play_state, project.play_s, project.repeats, project.loop = 1, 2.0, 1, { 4.0, 6.0 }")
    studio.play(np.concatenate([bar_of(ODD), bar_of(FOUR), bar_of(FOUR), quiet(0.7)]))
    studio.write()
    starts = [(round(item.start_s, 2), len(item.takes)) for item in studio.reaper.items("Melody")]
    assert starts == [(2.0, 1), (4.0, 3)]
    assert [pitch for _, pitch in studio.melody()] == [60, 62, 67, 65, 60, 62, 64, 65]


def test_of_a_loop_of_broken_bars_the_last_pass_is_written(studio):
    studio.user("project.play_state, project.play_s, project.repeats, project.loop = 1, 4.0, 1, { 4.0, 5.5 }")
    studio.play(np.concatenate([bar_of(FOUR[:3])[:24000], bar_of(ODD[:3])[:24000], quiet(0.7)]))
    studio.write()
    assert [pitch for _, pitch in studio.melody()] == [60, 62, 67]
    assert studio.told == []


def test_with_its_sound_each_note_lies_over_where_it_was_sung(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    studio.act("Write what I just sang with audio")
    (item,) = studio.reaper.items("Voice")
    sound, rate = soundfile.read(item.take.source)
    assert rate == RATE
    assert item.take.play_rate == 1.0
    assert item.end_s - item.start_s == pytest.approx(len(sound) / rate, abs=0.001)
    # The tune's first sample was heard as the project played 4 s: where in the file does it lie?
    skipped = round((item.start_s - 4.0) * rate)
    like = [np.dot(sound[:RATE], tune()[skipped + lag :][:RATE]) for lag in range(-40, 41)]
    assert abs(int(np.argmax(like)) - 40) <= 0.002 * RATE
    assert len(studio.reaper.undo_titles()) == 1
    assert studio.told == []


def test_sound_that_is_asked_for_later_comes_beside_the_notes_and_neither_comes_twice(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    for action in ("Write what I just sang", "Write what I just sang with audio") * 2:
        studio.act(action)
    assert len(studio.melody()) == len(TUNE)
    assert len(studio.reaper.items("Voice")) == 1
    assert len(studio.reaper.undo_titles()) == 2
    assert studio.told == []


def test_at_the_edit_cursor_the_sound_follows_the_projects_tempo(studio):
    studio.user("project.markers = { { time_s = 0, bpm = 150, beats = 4, unit = 4 } } project.cursor_s = 8.0")
    studio.play(np.concatenate([tune(), quiet(1.0)]))
    studio.act("Write what I just sang with audio")
    (item,) = studio.reaper.items("Voice")
    project = studio.reaper.project
    starts = [studio.reaper.fake.qn_to_time(project, note.start_qn) for note in studio.reaper.notes("Melody")]
    # The tune's seven steps were sung in 3.5 s.
    assert item.take.play_rate == pytest.approx(3.5 / (starts[-1] - starts[0]), rel=0.03)


def test_a_time_selection_gives_what_was_sung_in_it_and_nothing_else(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(3.0), sing(EARLY, RATE).samples, quiet(1.0)]))
    studio.user("project.selection = { 5.0, 7.0 }")
    studio.act("Write time selection")
    assert studio.melody() == [(10.5, 64), (11.5, 65), (12.5, 67), (13.5, 65)]


def test_of_a_selection_played_twice_the_last_time_counts(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([sing(EARLY, RATE).samples, quiet(1.0)]))
    studio.user("project.play_state = 0")
    studio.play(quiet(0.5))
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(0.5)]))
    studio.user("project.selection = { 4.0, 8.5 }")
    studio.act("Write time selection")
    assert [pitch for _, pitch in studio.melody()] == PITCHES


def test_a_selection_in_which_nothing_was_sung_is_said(studio):
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune(), quiet(0.5)]))
    studio.user("project.selection = { 60.0, 70.0 }")
    studio.act("Write time selection")
    assert "nothing was sung while the project played through the time selection" in studio.told[-1]
    assert studio.reaper.item_count() == 0


def test_a_selection_older_than_the_history_is_said_and_the_rest_is_still_there(tmp_path, ears):
    studio = Studio(tmp_path, ears, minutes=0.1)
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([sing(EARLY, RATE).samples, quiet(4.0), tune()]))
    studio.user("project.selection = { 4.0, 6.0 }")
    studio.act("Write time selection")
    assert "the history keeps 6 s" in studio.told[-1]
    assert studio.reaper.item_count() == 0
    studio.write()
    assert [pitch for _, pitch in studio.melody()] == PITCHES


def test_the_last_bars_are_those_before_the_nearest_bar_line(studio):
    # The tune lasts from 4.25 to 8.2 s: bars 3 and 4 at 120 BPM, and the button is pressed 0.5 s into the fifth.
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([tune()[: 4 * RATE], quiet(0.5)]))
    studio.reaper.fake.typed = "1"
    studio.act("Write last bars")
    assert studio.melody() == [(12.5, 67), (13.5, 65), (14.5, 64), (15.5, 60)]


def test_last_bars_of_a_project_that_never_played_are_said_not_to_be(studio):
    studio.play(np.concatenate([tune(), quiet(0.5)]))
    studio.reaper.fake.typed = "2"
    studio.act("Write last bars")
    assert "has not played since listening began" in studio.told[-1]


def test_a_phrase_from_before_the_transport_stood_still_is_not_drawn_onto_the_timeline(studio):
    studio.play(tune())
    studio.user("project.play_state, project.play_s, project.cursor_s = 1, 60.0, 60.0")
    studio.play(quiet(1.0))
    studio.write()
    assert studio.melody()[0][0] >= 120.0
    assert [pitch for _, pitch in studio.melody()] == PITCHES


def test_nothing_sung_is_said_and_changes_nothing(studio):
    before = studio.reaper.state()
    studio.play(quiet(3.0))
    studio.write()
    assert studio.reaper.state() == before
    assert "nothing was sung" in studio.said[-1]
    # The user, who waits inside Reaper, is told there; the answer is not left lying about.
    assert "nothing was sung" in list(studio.reaper.fake.messages.values())[-1]
    assert not list((studio.spool.root / "commands").iterdir())


def test_a_daemon_that_never_answers_is_told_to_the_user(studio):
    studio.reaper.action("Write what I just sang")
    studio.reaper.turn(30 * 32)
    assert "has not answered" in list(studio.reaper.fake.messages.values())[-1]


def test_a_phrase_longer_than_the_first_look_is_written_whole(studio):
    long = [SungNote(0.5 * step + 0.2, 0.42, 60 + step % 5) for step in range(56)]
    studio.play(np.concatenate([sing(long, RATE).samples, quiet(0.3)]))
    studio.write()
    assert len(studio.reaper.notes("Melody")) == len(long)


def test_serving_ends_with_the_sound_and_leaves_no_sign_of_life(studio):
    blocks = [AudioBlock(0, RATE, quiet(0.1))]
    serve(blocks, studio.writer, studio.spool)
    assert not (studio.spool.root / "daemon.heartbeat").exists()


def test_the_action_stop_daemon_ends_it_in_good_order(studio):
    asked = iter(range(10**6))

    def blocks():
        for number in asked:
            if number == 3:
                studio.reaper.action("Stop daemon")
                studio.reaper.turn(2)
            time.sleep(0.005)
            yield AudioBlock(1600 * number, RATE, quiet(0.1))

    serve(blocks(), studio.writer, studio.spool)
    assert next(asked) < 10_000
    assert studio.said[-1] == "stopped; nothing is listened to now"
    assert not (studio.spool.root / "daemon.heartbeat").exists()
    # The user is told, and the next wish finds nobody.
    studio.reaper.turn(10)
    assert "stopped" in list(studio.reaper.fake.console.values())[-1]
    studio.reaper.action("Stop daemon")
    studio.reaper.turn(2)
    assert "Vocal MIDI is not listening" in list(studio.reaper.fake.messages.values())[-1]


def test_a_command_before_the_first_sound_is_answered_too(studio):
    studio.write()
    assert "nothing was sung" in studio.said[-1]


def test_sound_that_was_lost_is_said_once_where_it_was_lost():
    said = []
    blocks = [AudioBlock(start, RATE, quiet(0.1)) for start in (0, 1600, 4800, 6400)]
    assert list(told_of_gaps(blocks, said.append)) == blocks
    assert len(said) == 1
    assert "0.100 s of sound were lost" in said[0]
