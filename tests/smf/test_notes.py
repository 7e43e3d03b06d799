import mido
import pytest

from vocalmidi.errors import SmfError
from vocalmidi.smf import read_notes


def written(path, *tracks, ticks=480):
    """Write tracks of (channel, key, start, length) in beats."""
    file = mido.MidiFile(type=1, ticks_per_beat=ticks)
    for notes in tracks:
        events = []
        for channel, key, start, length in notes:
            events += [(start + length, 0, channel, key, 0), (start, 1, channel, key, 80)]
        track, now = mido.MidiTrack(), 0
        for beat, _, channel, key, velocity in sorted(events):
            tick = round(beat * ticks)
            track.append(mido.Message("note_on", channel=channel, note=key, velocity=velocity, time=tick - now))
            now = tick
        file.tracks.append(track)
    file.save(path)
    return path


def heard(path):
    return [(note.start_qn, note.length_qn, note.pitch_midi) for note in read_notes(path)]


def test_notes_of_all_tracks_come_in_order(tmp_path):
    path = written(tmp_path / "a.mid", [(0, 60, 0, 1), (0, 64, 2, 0.5)], [(1, 36, 0, 4)])
    assert heard(path) == [(0, 4, 36), (0, 1, 60), (2, 0.5, 64)]


def test_drums_are_left_out(tmp_path):
    path = written(tmp_path / "a.mid", [(0, 60, 0, 1)], [(9, 36, 0, 1)])
    assert heard(path) == [(0, 1, 60)]


def test_a_note_struck_again_ends_where_it_begins_anew(tmp_path):
    path = written(tmp_path / "a.mid", [(0, 60, 0, 1), (0, 60, 1, 1)])
    assert heard(path) == [(0, 1, 60), (1, 1, 60)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged"),
        (b"RIFF and so on", "MIDI file"),
        (b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\0\4\0\xff", "damaged"),
        (b"MThd\0\0\0\6\0\1\0\1\xe7\x28MTrk\0\0\0\4\0\xff\x2f\0", "counts in seconds"),
        (b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0", "no note with a pitch"),
    ],
)
def test_what_is_no_music_is_refused_in_words(tmp_path, content, said):
    path = tmp_path / "a.mid"
    path.write_bytes(content)
    with pytest.raises(SmfError, match=said):
        read_notes(path)


def test_a_missing_file_is_refused_in_words(tmp_path):
    with pytest.raises(SmfError, match="can't be read"):
        read_notes(tmp_path / "none.mid")
