"""A second DAW is the judge of the whole file: in the real Ardour our .mid is four tracks of the right names, each note
at its beat with its length, and at its tempo the music is as long as it should be.
"""

import mido
import pytest

from interop.ardour_session import TICKS, in_ardour
from interop.test_ardour import by_hand, converted
from needs import program
from vocalmidi.app.job import demo_voice
from vocalmidi.smf import write_smf

SAMPLE_RATE_HZ = 48_000
NAMES = ["Melody", "Chords", "Bass", "Drums"]


@pytest.fixture(autouse=True, scope="module")
def ardour():
    program("ardour7-lua")


def file_notes(mid):
    """Return what mido reads: a track's name, and its notes as Ardour would tell them."""
    file = mido.MidiFile(mid)
    for track in file.tracks[1:]:
        now, sounding, notes = 0, {}, []
        for message in track:
            now += message.time
            at = round(now * TICKS / file.ticks_per_beat)
            if message.type == "note_on" and message.velocity:
                sounding[message.note] = at, message
            elif message.type in ("note_on", "note_off"):
                start, began = sounding.pop(message.note)
                notes.append((start, at - start, began.note, began.velocity, began.channel))
        yield track.name, notes


def assert_as_in_the_file(mid, folder):
    tracks = {track.name: track for track in in_ardour(mid, folder)}
    tempo = next(message.tempo for message in mido.MidiFile(mid).tracks[0] if message.type == "set_tempo")
    for name, notes in file_notes(mid):
        assert sorted(tracks[name].notes) == sorted(notes), name
        ticks = sum(message.time for message in next(t for t in mido.MidiFile(mid).tracks if t.name == name))
        seconds = ticks / mido.MidiFile(mid).ticks_per_beat * tempo / 1e6
        assert tracks[name].region_samples == pytest.approx((0, seconds * SAMPLE_RATE_HZ), abs=2), name
    return tracks


def test_four_tracks_come_under_their_names_with_every_note_at_its_beat(tmp_path):
    write_smf(by_hand(), tmp_path / "hand.mid")
    tracks = assert_as_in_the_file(tmp_path / "hand.mid", tmp_path)
    assert [name for name in tracks if name in NAMES] == NAMES
    assert all(tracks[name].notes for name in NAMES)
    # By what was written, not by what mido reads: a triplet, and the drums' channel.
    third = TICKS / 3
    assert (2 * TICKS, round(third), 64, 127, 0) in tracks["Melody"].notes
    assert {note[4] for note in tracks["Drums"].notes} == {9}
    # Eight quarter notes at 97.3 a minute.
    assert tracks["Drums"].region_samples[1] == pytest.approx(8 * 60 / 97.3 * SAMPLE_RATE_HZ, abs=3)


def test_so_does_what_the_bundled_clip_becomes(tmp_path):
    tracks = assert_as_in_the_file(converted(demo_voice(), tmp_path), tmp_path)
    assert all(tracks[name].notes for name in NAMES)


def test_the_judge_sees_a_note_that_was_moved(tmp_path):
    write_smf(by_hand(), tmp_path / "hand.mid")
    file = mido.MidiFile(tmp_path / "hand.mid")
    bass = next(track for track in file.tracks if track.name == "Bass")
    first, second = [message for message in bass if message.type == "note_on" and message.velocity][:2]
    tracks = {track.name: track for track in in_ardour(tmp_path / "hand.mid", tmp_path)}
    second.time += file.ticks_per_beat
    file.save(tmp_path / "moved.mid")
    moved = dict(file_notes(tmp_path / "moved.mid"))
    assert first.note != second.note
    assert sorted(tracks["Bass"].notes) != sorted(moved["Bass"])
