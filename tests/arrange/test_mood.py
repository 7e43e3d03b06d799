"""Moods: found by name, checked as files, and heard in the sounds of every genre."""

import re
from pathlib import Path

import pytest

from arrange.phrases import TWINKLE, arranged, phrase_of
from vocalmidi.arrange import library, load_mood, load_style, mood_names, style_names
from vocalmidi.arrange.mood import coloured
from vocalmidi.arrange.mood_file import read_moods
from vocalmidi.arrange.style_file import NARROWEST_BASS, NARROWEST_CHORDS
from vocalmidi.errors import ArrangeError
from vocalmidi.values import PartName

FIVE = ("happy", "sad", "calm", "driving", "dark")
FILE = (Path(library.__file__).parent / "moods.toml").read_text("utf-8")


def mean_velocity(genre, mood, name):
    made = arranged(phrase_of(TWINKLE), load_style(genre), 1, {name}, mood=load_mood(mood))
    velocities = [note.velocity for note in made.parts[0].notes]
    return sum(velocities) / len(velocities)


def test_there_is_the_plain_mood_and_five_others():
    assert mood_names() == ("plain", *FIVE)
    assert len({(mood.energy, mood.brightness, mood.tension, mood.legato) for mood in map(load_mood, FIVE)}) == 5


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Happy", "happy"), (" SAD ", "sad"), ("chill", "calm"), ("Melancholy", "sad"), ("epic", "driving")],
)
def test_moods_are_taken_as_people_write_them(written, meant):
    assert load_mood(written).name == meant


def test_an_unknown_mood_is_answered_with_the_nearest():
    with pytest.raises(ArrangeError, match="unknown mood 'hapy'; did you mean 'happy'"):
        load_mood("hapy")
    with pytest.raises(ArrangeError, match="known are plain, happy, sad, calm, driving, dark"):
        load_mood("zzz")


@pytest.mark.parametrize("genre", style_names())
def test_the_plain_mood_leaves_a_genre_as_it_is_written(genre):
    style = load_style(genre)
    assert coloured(style, load_mood("plain")) is style


@pytest.mark.parametrize("mood", FIVE)
@pytest.mark.parametrize("genre", style_names())
def test_a_genre_in_a_mood_is_still_a_genre_that_could_be_played(genre, mood):
    plain, style = load_style(genre), coloured(load_style(genre), load_mood(mood))
    for velocity in (style.chords.velocity, style.bass.velocity, style.drum_velocity):
        assert 1 <= velocity.low < velocity.high <= 127
    assert style.chords.register.high - style.chords.register.low >= NARROWEST_CHORDS
    assert style.bass.register.high - style.bass.register.low >= NARROWEST_BASS
    assert style.bass.register.low == plain.bass.register.low
    assert style != plain
    assert (style.grooves, style.fills, style.harmony) == (plain.grooves, plain.fills, plain.harmony)


@pytest.mark.parametrize("genre", style_names())
def test_driving_is_louder_than_calm_by_what_a_listener_hears(genre):
    for name in (PartName.CHORDS, PartName.BASS, PartName.DRUMS):
        assert mean_velocity(genre, "driving", name) > mean_velocity(genre, "calm", name) + 8


@pytest.mark.parametrize("genre", style_names())
def test_happy_chords_lie_higher_than_dark_ones(genre):
    keys = {}
    for mood in ("happy", "dark"):
        made = arranged(phrase_of(TWINKLE), load_style(genre), 1, {PartName.CHORDS}, mood=load_mood(mood))
        keys[mood] = sum(note.pitch_midi for note in made.parts[0].notes) / len(made.parts[0].notes)
    assert keys["happy"] > keys["dark"] + 2


def test_a_mood_takes_a_mellower_or_a_sharper_sound_of_the_same_kind():
    assert coloured(load_style("pop"), load_mood("happy")).chords.program == 1  # bright acoustic piano
    assert coloured(load_style("pop"), load_mood("calm")).bass.program == 35  # fretless bass
    assert coloured(load_style("jazz"), load_mood("sad")).drum_kit == 40  # brushes
    assert coloured(load_style("rock"), load_mood("driving")).drum_kit == 16  # there is none louder than power


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("energy = 0.4", "energy = 4", "mood.happy.energy: 4 must be a number from -1 to 1"),
        ("legato = 0.6", "legatto = 0.6", "did you mean 'legato'"),
        ("legato = 0.6", "", "mood.sad.legato: is missing"),
        ('"chill"', '"happy"', "'happy' is the name of more than one"),
        ("[mood.dark]", "[mood.plain]", "'plain' is the name of more than one"),
        ('"0 1"', '"0 200"', "two programs from 0 to 127 or more"),
        ('"0 1"', '"0"', "two programs from 0 to 127 or more"),
        ('"0 1"', '"0 27"', "program 27 stands in it twice"),
        ('title = "Sad"', "", "mood.sad.title: is missing"),
    ],
)
def test_a_fault_in_the_file_of_moods_is_named(old, new, complaint):
    assert old in FILE
    with pytest.raises(ArrangeError, match=re.escape(complaint)):
        read_moods(FILE.replace(old, new, 1))


def test_all_faults_are_told_at_once():
    with pytest.raises(ArrangeError) as caught:
        read_moods(FILE.replace("energy = 0.4", "energy = 4").replace('title = "Sad"', ""))
    assert "mood.happy.energy" in str(caught.value)
    assert "mood.sad.title" in str(caught.value)
