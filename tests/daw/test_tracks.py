"""Case 4 of docs/DAW_TESTING.md: four tracks, each its own."""

import numpy as np
import soundfile

from app.studio import RATE, TUNE, quiet
from synth import sing
from vocalmidi.app.job import demo_voice
from vocalmidi.capture import open_recording

NAMES = ["Melody", "Chords", "Bass", "Drums"]
DRUM_CHANNEL = 9


def assert_four_distinct(studio):
    reaper = studio.reaper
    assert studio.told == []
    assert reaper.track_names() == NAMES
    assert len({track.guid for track in reaper.project.tracks.values()}) == 4
    notes = {name: reaper.notes(name) for name in NAMES}
    channels = {name: {note.channel for note in notes[name]} for name in NAMES}
    assert all(len(found) == 1 for found in channels.values())
    assert len(set.union(*channels.values())) == 4
    assert channels["Drums"] == {DRUM_CHANNEL}
    played = [[(note.start_qn, note.pitch) for note in notes[name]] for name in NAMES]
    assert all(one != other for at, one in enumerate(played) for other in played[:at])
    middle = {name: np.median([note.pitch for note in notes[name]]) for name in NAMES}
    assert middle["Bass"] < middle["Chords"]
    assert middle["Bass"] < middle["Melody"]


def test_what_is_sung_becomes_four_tracks_each_with_notes_of_its_own(open_studio):
    studio = open_studio()
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.write()
    assert_four_distinct(studio)
    # Everyone begins with the bar in which it was sung and holds whole bars.
    assert {item.start_s for item in studio.reaper.all_items()} == {4.0}


def test_so_does_a_real_voice(open_studio):
    studio = open_studio()
    # As the microphone would hand it over, at the studio's rate.
    sound, rate = soundfile.read(demo_voice(), dtype="float32")
    assert open_recording(demo_voice()).sample_rate_hz == rate
    at = np.arange(int(len(sound) / rate * RATE)) * rate / RATE
    width = rate // RATE + 1
    smooth = np.convolve(sound, np.ones(width) / width, mode="same")
    studio.play(np.concatenate([np.interp(at, np.arange(len(sound)), smooth).astype(np.float32), quiet(1.0)]))
    studio.write()
    assert_four_distinct(studio)


def test_tracks_that_the_user_renamed_and_moved_are_found_again(open_studio):
    studio = open_studio()
    for start_s in (4.0, 24.0):
        studio.user(f"project.play_state, project.play_s = 1, {start_s}")
        studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
        studio.write()
        studio.user(
            "project.tracks[1].strings.P_NAME = 'Lead' table.insert(project.tracks, table.remove(project.tracks, 1))"
        )
        if start_s == 4.0:
            guids = sorted(track.guid for track in studio.reaper.project.tracks.values())
    assert sorted(track.guid for track in studio.reaper.project.tracks.values()) == guids
    assert [len(track["items"]) for track in studio.reaper.project.tracks.values()] == [2, 2, 2, 2]
