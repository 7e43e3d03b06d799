"""What goes with a command of the project's own music: enough to tell its key, and nothing that would mislead."""

import struct

import pytest

from reaper.music import small_request
from reaper.test_bridge_insert import as_user
from reaper.test_bridge_life import wished

PPQ = 960


def events(notes, length_qn, channel=0):
    """Return notes (start_qn, length_qn, key) as a MIDI take holds them, packed by hand."""
    moments = [(start, 1, bytes([0x90 | channel, key, 90])) for start, _, key in notes]
    moments += [(start + length, 0, bytes([0x80 | channel, key, 0])) for start, length, key in notes]
    packed, last = b"", 0
    for qn, _, message in [*sorted(moments), (length_qn, 2, b"\xb0\x7b\x00")]:
        packed += struct.pack("<iBI", round(qn * PPQ) - last, 0, len(message)) + message
        last = round(qn * PPQ)
    return "".join(f"\\x{byte:02x}" for byte in packed)


def add_item(reaper, start_qn, length_qn, notes, *, channel=0, is_muted=False):
    """Put a MIDI item of the user's own on a track of its own."""
    as_user(
        reaper,
        "api.InsertTrackInProject(0, #project.tracks, 0) "
        f"local item = api.CreateNewMIDIItemInProj(project.tracks[#project.tracks], {start_qn}, "
        f"{start_qn + length_qn}, true) item.is_muted = {str(is_muted).lower()} "
        f'api.MIDI_SetAllEvts(item.take, "{events(notes, length_qn, channel)}") api.MIDI_Sort(item.take)',
    )


def told(reaper):
    return [
        (note.start_qn, note.length_qn, note.pitch_midi)
        for note in wished(reaper, "Write what I just sang").project_notes
    ]


def test_the_project_s_notes_go_with_a_command_in_their_places(reaper):
    add_item(reaper, 8.0, 4.0, [(0.0, 1.0, 64), (1.0, 0.5, 60), (1.0, 2.0, 67)])
    add_item(reaper, 2.0, 4.0, [(0.5, 0.25, 50)])
    assert told(reaper) == [(2.5, 0.25, 50), (8.0, 1.0, 64), (9.0, 0.5, 60), (9.0, 2.0, 67)]


def test_drums_and_muted_items_tell_nothing(reaper):
    add_item(reaper, 0.0, 4.0, [(0.0, 1.0, 36)], channel=9)
    add_item(reaper, 0.0, 4.0, [(0.0, 1.0, 61)], is_muted=True)
    assert told(reaper) == []


def test_a_lane_that_does_not_play_tells_nothing(reaper):
    add_item(reaper, 0.0, 4.0, [(0.0, 1.0, 61)])
    add_item(reaper, 0.0, 4.0, [(0.0, 1.0, 67)])
    as_user(
        reaper,
        "local track = project.tracks[1] track.free_mode = 2 track.items[1].lane = 1 "
        "api.SetMediaTrackInfo_Value(track, 'C_LANEPLAYS:1', 0)",
    )
    assert [pitch for _, _, pitch in told(reaper)] == [67]


def test_what_vocal_midi_wrote_itself_is_no_witness(reaper):
    spool = reaper.spool()
    spool.post(small_request())
    reaper.turn(6)
    assert reaper.notes("Melody")
    assert told(reaper) == []


def test_of_a_long_project_the_notes_nearest_to_the_play_position_go(reaper):
    add_item(reaper, 0.0, 1000.0, [(n, 1.0, 40 + n % 40) for n in range(1000)])
    as_user(reaper, "project.play_s, project.play_state = 250.0, 1")  # quarter note 500 at 120 BPM
    starts = [start for start, _, _ in told(reaper)]
    assert starts == pytest.approx(list(range(300, 700)), abs=1.0)
    assert len(starts) == 400
