"""The Reaper in memory: projects saved, loaded into other tabs and closed; sources and how long they are."""

import struct

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.test_bridge_insert import as_user

SET_PATH, CLOSE_TAB, NEW_TAB = 8, 40860, 41929


@pytest.fixture(params=["lua53", "lua54"])
def host(tmp_path, request) -> InMemoryReaper:
    """A project with a marked track, a MIDI item of 8 quarter notes and a ramp."""
    host = InMemoryReaper(tmp_path, request.param)
    as_user(
        host,
        "project.markers = { { time_s = 0, bpm = 90, beats = 3, unit = 4, glides = true }, "
        "{ time_s = 9, bpm = 120, beats = 4, unit = 4 } } api.InsertTrackInProject(0, 0, 0) "
        "project.tracks[1].strings['P_EXT:mark'] = 'it' project.ext['a\\0b'] = 'c' "
        "fake.item = api.CreateNewMIDIItemInProj(project.tracks[1], 2, 10, true)",
    )
    return host


def test_a_saved_project_comes_back_in_any_tab_as_it_was_and_what_was_open_there_is_gone(host, tmp_path):
    fake, path = host.fake, str(tmp_path / "song.rpp")
    before = host.state()
    fake.api.Main_SaveProjectEx(host.project, path, 0)
    as_user(host, "project.tracks[1].strings.P_NAME = 'later'")
    old = host.project.tracks[1]
    fake.api.Main_OnCommand(NEW_TAB, 0)
    second = fake.current
    fake.api.Main_openProject(f"noprompt:{path}")
    assert fake.state(second) == before
    assert second.path == path
    assert len(second.undo) == len(second.redo) == 0
    assert old.alive
    # Its items are its own: their place is by its own tempo map.
    item = second.tracks[1]["items"][1]
    as_user(host, "fake.set_markers(fake.current, {})")
    assert item.end_s == pytest.approx(5.0)
    assert fake.item.end_s != pytest.approx(5.0)
    fake.api.Main_openProject(f"noprompt:{path}")
    assert fake.state(second) == before
    assert not item.alive


def test_only_what_was_changed_since_it_was_saved_asks_before_it_closes(host, tmp_path):
    fake = host.fake
    assert fake.api.IsProjectDirty(0) == 1
    fake.api.Main_SaveProjectEx(0, str(tmp_path / "copy.rpp"), 0)
    assert fake.api.IsProjectDirty(0) == 1
    fake.api.Main_SaveProjectEx(0, str(tmp_path / "song.rpp"), SET_PATH)
    assert fake.api.IsProjectDirty(0) == 0
    fake.api.Main_OnCommand(NEW_TAB, 0)
    as_user(host, "api.InsertTrackInProject(fake.current, 0, 0)")
    fake.api.Main_OnCommand(CLOSE_TAB, 0)
    assert len(fake.questions) == 1
    # Whatever the user does counts as a change of every project; here nothing was done to this one.
    as_user(host, "fake.projects[1].saved_changes = fake.projects[1].changes + 1")
    fake.api.Main_OnCommand(CLOSE_TAB, 0)
    assert len(fake.questions) == 1
    assert not host.project.alive
    assert len(fake.projects) == 1


def test_a_source_is_as_long_as_its_midi_in_quarter_notes_or_its_sound_in_seconds(host, tmp_path):
    api = host.fake.api
    as_user(
        host,
        "api.MIDI_SetAllEvts(fake.item.take, string.pack('<i4Bs4', 8 * 960, 0, string.char(0xB0, 123, 0))) "
        "api.MIDI_Sort(fake.item.take)",
    )
    assert api.GetMediaSourceLength(api.GetMediaItemTake_Source(host.fake.item.take)) == (8.0, True)
    samples = bytes(2 * 12_000)
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16_000, 2, 16)
    chunk = struct.pack("<4sI", b"data", len(samples)) + samples
    sound = tmp_path / "sound.wav"
    sound.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(head) + len(chunk)) + b"WAVE" + head + chunk)
    assert api.GetMediaSourceLength(api.PCM_Source_CreateFromFile(str(sound))) == (1.5, False)
