"""Going on from an earlier result: what stays, what is rolled, and the settings that come along."""

from dataclasses import replace

import mido
import pytest

from arrange.phrases import TWINKLE, arranged, phrase_of
from vocalmidi.app.earlier_file import recipe, rework
from vocalmidi.app.source import Source, source_text
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.errors import ConfigError, ReaperError, SmfError
from vocalmidi.reaper import arrangement_file_bytes
from vocalmidi.smf import write_smf
from vocalmidi.values import PART_NAMES, PartName

PHRASE = phrase_of(TWINKLE)
MADE = arranged(PHRASE, load_style("jazz"), 5)
ALL = set(PART_NAMES)


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "config.toml").touch()
    return load_settings(tmp_path / "config.toml")


@pytest.fixture(params=["mid", "vocalmidi"])
def path(request, tmp_path, settings):
    path = tmp_path / f"old.{request.param}"
    made_with = replace(settings, genre="jazz", seed=5, reseed="drums=7", mood="sad")
    if request.param == "mid":
        write_smf(MADE, path, recipe(made_with))
    else:
        source = source_text(Source(PHRASE, "lead", made_with, MADE.chords))
        path.write_bytes(arrangement_file_bytes(MADE, source=source))
    return path


def kept(again):
    return {part.name for part in again.earlier.parts}


def test_its_settings_come_along_and_without_a_word_everything_stays(path, settings):
    again = rework(path, settings, {})
    assert again.settings == replace(settings, genre="jazz", seed=5, reseed="drums=7", mood="sad")
    assert kept(again) == ALL
    assert [(c.root, c.quality) for c in again.earlier.chords] == [(c.root, c.quality) for c in MADE.chords]


def test_a_part_rolled_again_gets_the_next_seed_and_the_others_stay(path, settings):
    again = rework(path, settings, {"reseed": "drums, bass"})
    assert again.settings.reseed == "bass=6, drums=8"
    assert kept(again) == {PartName.MELODY, PartName.CHORDS}
    assert rework(path, settings, {"reseed": "drums=40"}).settings.reseed == "drums=40"


def test_something_else_asked_for_makes_all_anew_but_what_is_locked(path, settings):
    again = rework(path, settings, {"mood": "happy", "density": 70}, "drums, bass")
    assert (again.settings.mood, again.settings.density, again.settings.genre) == ("happy", 70, "jazz")
    assert kept(again) == {PartName.DRUMS, PartName.BASS}
    assert again.earlier.edited == frozenset()


def test_another_seed_is_that_of_all_parts(path, settings):
    again = rework(path, settings, {"seed": 9})
    assert (again.settings.seed, again.settings.reseed) == (9, "")
    assert kept(again) == set()


def edit_bass(path):
    file = mido.MidiFile(path)
    for track in file.tracks:
        if track.name == "Bass":
            track[:] = [m.copy(velocity=1) if m.type == "note_on" and m.velocity else m for m in track]
    file.save(path)


def test_an_edited_part_stays_whatever_is_asked_for_unless_it_is_named(tmp_path, settings):
    path = tmp_path / "old.mid"
    write_smf(MADE, path, recipe(settings))
    edit_bass(path)
    again = rework(path, settings, {"genre": "pop"})
    assert (kept(again), again.earlier.edited) == ({PartName.BASS}, {PartName.BASS})
    assert {note.velocity for note in again.earlier.parts[0].notes} == {1}
    assert rework(path, settings, {"genre": "pop", "reseed": "bass"}).earlier.parts == ()


def test_a_file_of_another_program_stays_but_for_what_is_named(tmp_path, settings):
    path = tmp_path / "exported.mid"
    write_smf(MADE, path)
    file = mido.MidiFile(path)
    for track in file.tracks:
        track[:] = [message for message in track if message.type != "text"]
    file.save(path)
    again = rework(path, settings, {"genre": "rock", "reseed": "drums"})
    assert kept(again) == ALL - {PartName.DRUMS}
    assert again.settings == replace(settings, genre="rock", reseed="drums=2")


@pytest.mark.parametrize(
    ("said", "locked", "fault"),
    [
        ({"reseed": "bass"}, "bass", "both locked and rolled"),
        ({}, "brass", "did you mean bass"),
        ({"reseed": "drums=x"}, "", "whole number"),
    ],
)
def test_what_contradicts_itself_is_refused(path, settings, said, locked, fault):
    with pytest.raises(ConfigError, match=fault):
        rework(path, settings, said, locked)


def test_a_part_that_is_not_there_cannot_be_locked(tmp_path, settings):
    write_smf(replace(MADE, parts=MADE.parts[:2]), tmp_path / "old.mid")
    with pytest.raises(ConfigError, match="bass is not in the file"):
        rework(tmp_path / "old.mid", settings, {}, "bass")


@pytest.mark.parametrize(
    ("music", "fault"),
    [
        ("{", "can't be read"),
        ("3", "no table"),
        ('{"mood": 3}', "a str is needed"),
        ('{"moot": "sad"}', "did you mean mood"),
    ],
)
def test_settings_that_are_none_are_refused(tmp_path, settings, music, fault):
    write_smf(MADE, tmp_path / "old.mid", music)
    with pytest.raises(ConfigError, match=fault):
        rework(tmp_path / "old.mid", settings, {})


def test_what_is_no_result_is_refused_in_words(tmp_path, settings):
    with pytest.raises(SmfError, match="can't be read"):
        rework(tmp_path / "none.mid", settings, {})
    (tmp_path / "beat.vocalmidi").write_bytes(b"VOCALMIDI 2 heartbeat 01234567\n")
    with pytest.raises(ReaperError, match="refused"):
        rework(tmp_path / "beat.vocalmidi", settings, {})
