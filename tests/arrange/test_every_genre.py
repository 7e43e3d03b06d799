"""Every genre in every mood over real singing, and over what nobody expects to be sung.

All 10,000 arrangements are made by benchmarks/every_genre.py; here every phrase meets every genre, moods and seeds
taking turns.
"""

from dataclasses import replace
from itertools import combinations

import pytest
from benchmarks.arrangement_checks import faults, likeness, places
from benchmarks.every_genre import sung_phrases

from arrange.phrases import TWINKLE, arranged, phrase_of
from needs import shared
from vocalmidi.arrange import MelodyWish, load_mood, load_style, mood_names, open_networks, style_names
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import Key, Meter, Note, PartName, TempoMap, TempoPoint

GENRES, MOODS = style_names(), mood_names()[1:]
PHRASES = 10


@pytest.fixture(scope="module")
def sung():
    return [phrase for _, phrase in sung_phrases(shared("."), PHRASES)]


@pytest.fixture(scope="module")
def networks():
    return open_networks("cpu")


def band(phrase, number, networks=None, **wished):
    """Return the phrase in all ten genres; the number chooses mood and seed."""
    mood, seed = load_mood(MOODS[number % len(MOODS)]), number % 20
    return [arranged(phrase, load_style(genre), seed, networks=networks, mood=mood, **wished) for genre in GENRES]


def assert_valid(made):
    assert [fault for one in made for fault in faults(one)] == []


def assert_valid_and_distinct(made):
    assert_valid(made)
    for name in (PartName.DRUMS, PartName.BASS):
        for one, other in combinations(made, 2):
            alike = likeness(places(one, name), places(other, name))
            assert alike < 1.0, f"{one.genre} and {other.genre} have the same {name}"


@pytest.mark.parametrize("number", range(PHRASES))
def test_real_singing_is_arranged_in_every_genre_and_no_two_bands_are_the_same(sung, number):
    for round_ in range(3):
        assert_valid_and_distinct(band(sung[number], number + 7 * round_))


@pytest.mark.parametrize("number", range(0, PHRASES, 3))
def test_the_networks_arrange_real_singing_as_validly(sung, networks, number):
    assert_valid_and_distinct(band(sung[number], number, networks))


@pytest.mark.parametrize("wish", [MelodyWish.ORNAMENT, MelodyWish.SIMPLIFY, MelodyWish.ANSWER])
def test_variations_of_real_singing_are_valid(sung, wish):
    for number in range(PHRASES):
        mood = load_mood(MOODS[number % len(MOODS)])
        made = arranged(sung[number], load_style(GENRES[number]), number, melody=wish, mood=mood)
        assert faults(made) == []


def test_a_band_that_goes_on_alone_is_valid_to_its_end(sung, networks):
    phrase = sung[4]
    assert_valid_and_distinct(band(phrase, 4, continue_bars=4))
    for genre in ("afrobeat", "jazz", "trap"):
        made = arranged(phrase, load_style(genre), 4, networks=networks, continue_bars=3)
        assert faults(made) == []
        assert made.length_qn == pytest.approx(phrase.length_qn + 3 * phrase.meter.bar_qn)


@pytest.mark.parametrize("amounts", [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
def test_the_ends_of_density_and_complexity_are_valid(amounts):
    density, complexity = amounts
    assert_valid_and_distinct(band(phrase_of(TWINKLE), 3, density=density, complexity=complexity))


MINUTES = [(n / 2, 0.5, 55 + (n * 7) % 24) for n in range(2000)]
CLUSTER = [(n / 4, 0.25, 60 + n % 12) for n in range(64)]
SEVENS = [(n / 2, 0.5, 60 + (n * 3) % 8) for n in range(28)]


@pytest.mark.parametrize(
    "phrase",
    [
        phrase_of([(0, 1, 60)]),
        phrase_of([(3.5, 0.25, 100)]),
        phrase_of(MINUTES),
        phrase_of(SEVENS, meter=Meter(7, 8)),
        phrase_of(TWINKLE, tempo_qpm=190),
        phrase_of(CLUSTER, key=Key(6, "minor", 0.1)),  # all twelve tones in turn: no chord fits
        phrase_of([(0, 64, 61)], key=Key(0, "major", 0.3)),  # one tone foreign to the key throughout
        phrase_of([(n * 15, 15, 60 + n) for n in range(4)], meter=Meter(15, 4)),
        phrase_of(TWINKLE, tempo_qpm=20),
    ],
    ids=["one note", "one late high note", "2,000 notes", "7/8", "190 BPM", "no chord", "foreign", "15/4", "20 BPM"],
)
def test_what_nobody_expects_is_arranged_sensibly(phrase, networks):
    # In a single bar two basses may well play the same two notes.
    (assert_valid_and_distinct if phrase.length_qn > phrase.meter.bar_qn else assert_valid)(band(phrase, 1))
    short = phrase.length_qn < 100
    for genre in ("pop", "jazz", "trap", "cinematic") if short else ("pop",):
        assert faults(arranged(phrase, load_style(genre), 1, networks=networks)) == []


def test_a_singer_ahead_of_the_first_bar_line_is_arranged_from_it():
    phrase = phrase_of(TWINKLE)
    early = replace(phrase.notes[0], played_start_qn=QuarterNotes(-0.12))
    tempo = TempoMap((TempoPoint(Seconds(0.0), QuarterNotes(-0.12), 100.0),))
    made = band(replace(phrase, notes=(early, *phrase.notes[1:]), tempo_map=tempo), 2)
    assert_valid_and_distinct(made)
    first = made[0].parts[0].notes[0]
    assert first.start_qn == 0.0
    assert first.played.start_qn == pytest.approx(-0.12)


def test_the_checks_find_what_is_wrong():
    made = arranged(phrase_of(TWINKLE), load_style("pop"), 1)
    assert faults(made) == []

    def with_bass(*notes):
        bass = replace(made.parts[2], notes=notes)
        return faults(replace(made, parts=(*made.parts[:2], bass, made.parts[3])))

    def note(start, length, pitch):
        return Note(QuarterNotes(start), QuarterNotes(length), pitch, 90)

    assert with_bass() == ["pop, seed 1: bass is empty"]
    assert "lies outside" in with_bass(note(0, 17, 36))[0]
    assert "has no key 20" in with_bass(note(0, 16, 20))[0]
    assert "twice" in with_bass(note(0, 3, 36), note(2, 14, 36))[0]
    assert "two notes at once" in with_bass(note(0, 3, 36), note(2, 14, 40))[0]
    assert "silent in the last bar" in with_bass(note(0, 2, 36))[0]
    assert "shorter than a tick" in with_bass(note(0, 0.0005, 36), note(1, 15, 36))[0]
    assert any("chords end" in fault for fault in faults(replace(made, chords=made.chords[:-1])))
    assert likeness(places(made, PartName.BASS), places(made, PartName.BASS)) == 1.0
    assert likeness(places(made, PartName.MELODY), places(made, PartName.BASS)) == 0.0
