"""A file that we wrote is read again as it was, and what was done to it since is known."""

from dataclasses import replace

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrange.phrases import TWINKLE, arranged, phrase_of
from vocalmidi.arrange import load_style
from vocalmidi.errors import SmfError
from vocalmidi.smf import read_written, smf_bytes, write_smf
from vocalmidi.values import (
    PART_NAMES,
    Arrangement,
    BendPointQn,
    Chord,
    Key,
    Meter,
    Note,
    Origin,
    Part,
    PartName,
)

MUSIC = '{"genre": "pop"}'
MADE = arranged(phrase_of(TWINKLE), load_style("trap"), 1)
TICK = 960


def ticks(part):
    return sorted(
        (round(note.start_qn * TICK), note.pitch_midi, round((note.start_qn + note.length_qn) * TICK), note.velocity)
        for note in part.notes
    )


@pytest.fixture
def path(tmp_path):
    write_smf(MADE, tmp_path / "a.mid", MUSIC)
    return tmp_path / "a.mid"


def test_parts_chords_settings_and_origins_come_back(path):
    found = read_written(path)
    assert (found.music, found.edited) == (MUSIC, frozenset())
    assert [(part.name, part.channel, part.program) for part in found.parts] == [
        (part.name, part.channel, part.program) for part in MADE.parts
    ]
    assert list(map(ticks, found.parts)) == list(map(ticks, MADE.parts))
    assert [note.origin for note in found.parts[0].notes] == [Origin.SUNG] * len(TWINKLE)
    assert [(c.root, c.quality, c.bass) for c in found.chords] == [(c.root, c.quality, c.bass) for c in MADE.chords]
    assert [c.start_qn for c in found.chords] == pytest.approx([c.start_qn for c in MADE.chords], abs=1 / TICK)


def test_written_again_it_has_the_same_bytes(path):
    found = read_written(path)
    again = replace(MADE, parts=found.parts, chords=found.chords)
    assert smf_bytes(again, found.music) == path.read_bytes()


origins = st.sampled_from(Origin)
starts = st.integers(0, 16000).map(lambda tick: tick / TICK)
lengths = st.integers(1, 2000).map(lambda tick: tick / TICK)


@given(st.lists(st.builds(Note, starts, lengths, st.integers(0, 127), st.integers(1, 127), origin=origins), max_size=9))
def test_any_notes_that_do_not_overlap_come_back_with_their_origins(tmp_path_factory, notes):
    by_pitch = {note.pitch_midi: note for note in notes}
    ordered = tuple(sorted(by_pitch.values(), key=lambda note: (note.start_qn, note.pitch_midi)))
    music = Arrangement(
        "pop", 1, 100.0, Meter(), Key(0, "major", 1.0), 16.0, (), (Part(PartName.BASS, 2, 33, ordered),)
    )
    path = tmp_path_factory.mktemp("smf") / "a.mid"
    write_smf(music, path)
    found = read_written(path)
    assert found.edited == frozenset()
    assert found.parts[0].notes == ordered


def test_a_bent_melody_comes_back_bent(tmp_path):
    curve = (BendPointQn(0.0, -50.0), BendPointQn(0.25, 25.0), BendPointQn(0.5, 0.0))
    notes = (Note(0.0, 1.0, 60, 80, curve), Note(1.0, 1.0, 62, 80), Note(2.0, 1.0, 64, 80, curve))
    music = replace(MADE, parts=(Part(PartName.MELODY, 0, 5, notes),))
    write_smf(music, tmp_path / "a.mid")
    (part,) = read_written(tmp_path / "a.mid").parts
    assert [bool(note.bend) for note in part.notes] == [True, False, True]
    found = {point.after_qn: point.bend_cents for point in part.notes[2].bend}
    assert [found[at] for at in (0.0, 0.25, 0.5)] == pytest.approx([-50.0, 25.0, 0.0], abs=0.1)
    assert smf_bytes(replace(music, parts=(part,))) == (tmp_path / "a.mid").read_bytes()


def edit(path, change):
    """Open the file as another program would, change what `change` does to each message of a track, and save it."""
    file = mido.MidiFile(path)
    for track in file.tracks:
        track[:] = [made for message in track for made in change(track.name, message)]
    file.save(path)


def louder(name, message):
    return [message.copy(velocity=1) if name == "Bass" and message.type == "note_on" else message]


def without_texts(_, message):
    return [] if message.type == "text" else [message]


def test_a_part_that_was_changed_counts_as_edited_and_its_notes_as_somebodys(path):
    edit(path, louder)
    found = read_written(path)
    assert found.edited == {PartName.BASS}
    assert {note.origin for note in found.parts[2].notes} == {Origin.KEPT}
    assert {note.velocity for note in found.parts[2].notes} == {1}
    assert {note.origin for note in found.parts[0].notes} == {Origin.SUNG}


def test_a_file_that_another_program_exported_holds_edited_parts_and_no_chords(path):
    edit(path, without_texts)
    found = read_written(path)
    assert found.edited == set(PART_NAMES)
    assert (found.chords, found.music) == ((), "")
    assert list(map(ticks, found.parts)) == list(map(ticks, MADE.parts))


def test_another_resolution_is_no_edit(path):
    file = mido.MidiFile(path)
    file.ticks_per_beat *= 2
    for track in file.tracks:
        track[:] = [message.copy(time=message.time * 2) for message in track]
    file.save(path)
    assert read_written(path).edited == frozenset()


def test_notes_of_one_tick_are_the_same_bytes_in_whatever_order_they_lie_within_it(tmp_path):
    tick = 1 / TICK
    later = (Note(0.0, 1.0, 50, 80), Note(0.1 * tick, 1.0, 40, 80))
    for name, notes in (("a.mid", later), ("b.mid", (Note(0.0, 1.0, 40, 80), Note(0.0, 1.0, 50, 80)))):
        write_smf(replace(MADE, parts=(Part(PartName.DRUMS, 9, 0, notes),)), tmp_path / name)
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_a_gap_without_a_chord_comes_back_as_one(tmp_path):
    chords = (Chord(0.0, 2.0, 9, "min7", 4), Chord(4.0, 12.0, 3, "maj", 3))
    write_smf(replace(MADE, chords=chords), tmp_path / "a.mid")
    assert read_written(tmp_path / "a.mid").chords == chords


@pytest.mark.parametrize(
    "remark",
    ["part", "part 0000", "part zz*3", "part {crc} sung*3", "part {crc} hummed*14", "part {crc} sung*99999999"],
)
def test_a_remark_that_says_nothing_right_is_an_edit(path, remark):
    def spoiled(name, message):
        if name != "Melody" or message.type != "text":
            return [message]
        return [message.copy(text="vocalmidi " + remark.format(crc=message.text.split()[2]))]

    edit(path, spoiled)
    assert read_written(path).edited == {PartName.MELODY}


def test_a_file_without_our_tracks_is_refused_in_words(tmp_path):
    file = mido.MidiFile()
    file.tracks.append(mido.MidiTrack([mido.MetaMessage("track_name", name="Piano")]))
    file.save(tmp_path / "a.mid")
    with pytest.raises(SmfError, match="no track is called Melody, Chords, Bass, Drums"):
        read_written(tmp_path / "a.mid")
