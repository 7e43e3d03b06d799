"""The daemon and the real scripts together: an arrangement in the project is rolled, changed, locked and made again."""

import numpy as np
import pytest

from app.studio import RATE, TUNE, Studio, quiet
from reaper.test_bridge_insert import as_user
from reaper.test_bridge_remake import AGAIN, CHANGE, LOCK, ROLL, ROLL_ALL, TRACKS, deselect, transpose
from reaper.test_bridge_strength import select
from synth import sing
from vocalmidi.app.ears import open_ears
from vocalmidi.app.source import read_source
from vocalmidi.config import load_settings

PITCHES = [note.pitch_midi for note in TUNE]


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    """A studio in which the tune was sung at bar 3 and written."""
    made = Studio(tmp_path, ears)
    made.write_tune()
    yield made
    made.reaper.check()


@pytest.mark.parametrize(
    "said",
    [{"mood": "driving"}, {"density": 100}, {"complexity": 100}, {"melody": "simplify"}, {"continue_bars": 2}],
    ids=lambda said: next(iter(said)),
)
def test_the_daemon_obeys_the_settings_that_convert_does(tmp_path, ears, studio, said):
    (tmp_path / "other").mkdir()
    other = Studio(tmp_path / "other", ears, **said)
    other.user("project.play_state, project.play_s = 1, 4.0")
    other.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    other.write()
    assert other.told == []
    assert changed(takes(studio), takes(other))
    other.reaper.check()


def act(studio, action, *selected):
    deselect(studio.reaper)
    select(studio.reaper, *selected)
    studio.act(action)


def takes(studio):
    """Every item's MIDI, byte for byte, by track."""
    return {name: [studio.reaper.fake.midi_text(item.take) for item in studio.reaper.items(name)] for name in TRACKS}


def changed(before, after):
    return {name for name in TRACKS if before[name] != after[name]}


def test_one_part_is_rolled_again_and_the_others_stay_byte_for_byte(studio):
    before = takes(studio)
    act(studio, ROLL, "Drums")
    assert studio.told == []
    assert changed(before, takes(studio)) == {"Drums"}
    assert studio.reaper.undo_titles()[1:] == ["Vocal MIDI: rewrite Drums"]
    once = takes(studio)
    act(studio, ROLL, "Drums")
    assert changed(once, takes(studio)) == {"Drums"}
    studio.reaper.fake.undo(studio.reaper.project)
    assert takes(studio) == once


def test_all_but_what_is_locked_is_rolled_again(studio):
    act(studio, LOCK, "Bass")
    before = takes(studio)
    act(studio, ROLL_ALL, "Melody")
    assert studio.told == []
    assert "Drums" in changed(before, takes(studio))
    assert not {"Melody", "Bass"} & changed(before, takes(studio))


def test_what_was_sung_is_not_rolled(studio):
    before = studio.reaper.state()
    act(studio, ROLL, "Melody")
    assert "is what was sung, which no seed changes" in studio.told[-1]
    assert studio.reaper.state() == before


def test_an_edited_melody_stays_and_the_chords_follow_it(studio):
    # Everything a tritone up: other chords than those of the tune.
    for pitch in sorted(set(PITCHES), reverse=True):
        transpose(studio.reaper, "Melody", pitch, by=6)
    before = takes(studio)
    act(studio, ROLL_ALL, "Melody")
    assert studio.told == []
    after = takes(studio)
    assert after["Melody"] == before["Melody"]
    assert {"Chords", "Bass"} <= changed(before, after)
    sung = {(pitch + 6) % 12 for pitch in PITCHES}
    tones = {note.pitch % 12 for note in studio.reaper.notes("Chords")}
    assert len(tones & sung) >= len(tones) / 2


def test_an_edited_part_is_never_overwritten(studio):
    pitch = studio.reaper.notes("Bass")[0].pitch
    transpose(studio.reaper, "Bass", pitch)
    before = takes(studio)
    act(studio, ROLL_ALL, "Bass")
    assert studio.told == []
    assert takes(studio)["Bass"] == before["Bass"]
    assert "Drums" in changed(before, takes(studio))


def test_an_edited_part_that_is_rolled_plays_on_and_the_new_one_lies_beside_it(studio):
    transpose(studio.reaper, "Bass", studio.reaper.notes("Bass")[0].pitch)
    before = takes(studio)
    act(studio, ROLL, "Bass")
    assert studio.told == []
    edited, new = takes(studio)["Bass"]
    assert [edited] == before["Bass"]
    assert new != edited
    assert [item.lane or 0 for item in studio.reaper.items("Bass")] == [0, 1]
    assert "in a lane beside it" in studio.said[-1]
    assert studio.reaper.undo_titles()[-1] == "Vocal MIDI: rewrite Bass"
    # What plays is what the other parts go by, and is never overwritten.
    act(studio, ROLL_ALL, "Drums")
    assert studio.told == []
    assert takes(studio)["Bass"] == [edited, new]


def test_edited_drums_stay_and_the_bass_goes_by_them(studio):
    kick, cowbell = 36, 56
    before = takes(studio)
    assert any(note.pitch == kick for note in studio.reaper.notes("Drums"))
    transpose(studio.reaper, "Drums", kick, by=cowbell - kick)
    drums = takes(studio)["Drums"]
    act(studio, ROLL_ALL, "Bass")
    assert studio.told == []
    assert takes(studio)["Drums"] == drums
    starts = [note.start_qn for note in studio.reaper.notes("Bass")]
    # Without the edit the bass of the same seed plays with the kicks that were there.
    studio.reaper.fake.undo(studio.reaper.project)
    transpose(studio.reaper, "Drums", cowbell, by=kick - cowbell)
    assert takes(studio) == before
    act(studio, LOCK, "Drums")
    act(studio, ROLL_ALL, "Bass")
    assert [note.start_qn for note in studio.reaper.notes("Bass")] != starts


def test_the_same_again_is_byte_identical_as_new_items_at_the_cursor(studio):
    act(studio, ROLL, "Drums")
    before = takes(studio)
    studio.user("project.play_state, project.cursor_s = 0, 20.0")
    # What was done to the items by hand does not matter: it is as it was written.
    transpose(studio.reaper, "Bass", studio.reaper.notes("Bass")[0].pitch)
    act(studio, AGAIN, "Bass")
    assert studio.told == []
    after = takes(studio)
    assert [texts[1] for texts in after.values()] == [texts[0] for texts in before.values()]
    assert [studio.reaper.items(name)[1].start_s for name in TRACKS] == pytest.approx([20.0] * 4)


def test_mood_and_genre_are_changed_and_what_is_locked_stays(studio):
    act(studio, LOCK, "Drums")
    before = takes(studio)
    studio.reaper.fake.typed = "jazz,dark,70,"
    act(studio, CHANGE, "Chords")
    assert studio.told == []
    after = takes(studio)
    assert after["Drums"] == before["Drums"]
    assert {"Chords", "Bass"} <= changed(before, after)
    assert studio.melody() == [(8.5 + step, pitch) for step, pitch in enumerate(PITCHES)]
    said = studio.reaper.items("Bass")[0].strings.P_NOTES
    assert "jazz, seed 1" in said
    assert "8 notes and 0 hits sung, mood dark, density 70, vocalmidi" in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("polka,,,", "unknown genre"),
        (",hapy,,", "did you mean 'happy'"),
        (",,a lot,", "music.density is 'a lot'"),
        (",,101,", "outside 0 to 100"),
    ],
)
def test_what_cannot_be_changed_to_is_told_and_nothing_happens(studio, typed, said):
    before = studio.reaper.state()
    studio.reaper.fake.typed = typed
    act(studio, CHANGE, "Chords")
    assert said in studio.told[-1]
    assert studio.reaper.state() == before


def test_what_stays_keeps_the_chords_it_was_written_to(studio):
    """Jazz chords over a bass that stayed: both go by the bass's own chords, also when the chords are rolled after."""
    act(studio, LOCK, "Bass")
    studio.reaper.fake.typed = "jazz,dark,,"
    act(studio, CHANGE, "Melody")
    act(studio, ROLL, "Chords")
    assert studio.told == []
    assert chord_names(studio, "Chords") == chord_names(studio, "Bass")


def chord_names(studio, name):
    source = read_source(studio.reaper.items(name)[0].strings["P_EXT:vocalmidi_source"], load_settings())
    return [(chord.start_qn, chord.root, chord.quality) for chord in source.chords]


def test_after_the_daemon_was_started_anew_and_the_project_opened_it_still_works(tmp_path, ears, studio):
    before = takes(studio)
    saved = studio.reaper.fake.saved(studio.reaper.project)
    (tmp_path / "later").mkdir()
    later = Studio(tmp_path / "later", ears)
    studio.reaper.die(saved)
    studio.reaper.start()
    studio.writer = later.writer
    studio.writer._spool = studio.spool
    act(studio, ROLL, "Drums")
    assert studio.told == []
    assert changed(before, takes(studio)) == {"Drums"}


def test_a_part_whose_item_was_deleted_is_not_missed(studio):
    as_user(studio.reaper, "api.DeleteTrackMediaItem(project.tracks[4], project.tracks[4].items[1])")
    before = takes(studio)
    act(studio, ROLL, "Chords")
    assert studio.told == []
    assert changed(before, takes(studio)) == {"Chords"}
