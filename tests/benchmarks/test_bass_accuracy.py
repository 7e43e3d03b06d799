"""The benchmark of basses: what counts as standing on a chord and as playing with a kick."""

import math

import numpy as np
import pytest

from needs import libraries

libraries("zstandard")

from benchmarks.bass_accuracy import Song, figures, ours, rows_alone, tones_of

from arrange.phrases import TWINKLE, phrase_of
from vocalmidi.values import Chord

CHORDS = (Chord(0.0, 4.0, 0, "maj", 0), Chord(4.0, 4.0, 7, "7", 11))


@pytest.mark.parametrize(
    ("quality", "tones"),
    [
        ("maj", {0, 4, 7}),
        ("min7", {0, 3, 7, 10}),
        ("hdim7", {0, 3, 6, 10}),
        ("sus4", {0, 5, 7}),
        ("maj9", {0, 2, 4, 7, 11}),
        ("min6", {0, 3, 7, 9}),
    ],
)
def test_chords_have_the_tones_of_a_textbook(quality, tones):
    assert tones_of(quality) == tones


def test_a_line_is_measured_on_strong_beats_and_with_the_kick():
    line = [(0.02, 36), (1.0, 37), (2.0, 40), (4.0, 35), (6.0, 42)]  # C, then C#, E, and B under G7, F# on it
    found = figures(line, CHORDS, np.array([0.0, 2.5, 4.05, 7.0]), 33)
    assert (found.root, found.tone) == (0.5, 0.75)
    assert (found.kick, found.bass) == (0.5, 0.4)
    assert found.f1 == pytest.approx(2 * 0.5 * 0.4 / 0.9)
    assert found.outside == 0


def test_what_lies_below_the_lowest_string_is_outside():
    assert figures([(0.0, 27)], CHORDS, np.array([0.0]), 33).outside == 1
    assert figures([(0.0, 27)], CHORDS, np.array([0.0]), 38).outside == 0


def test_without_a_kick_there_is_no_agreement_to_tell():
    assert math.isnan(figures([(0.0, 36)], CHORDS, np.array([]), None).kick)


def test_every_genre_is_measured_beside_its_baselines():
    phrase = phrase_of(TWINKLE, bars=16)
    song = Song(phrase, (), [])
    rows = {row["name"]: row for row in ours([song], None)}
    assert len(rows) == 30
    assert rows["pop"]["tone"] >= 0.95
    assert rows["pop"]["f1"] > rows["pop: rows alone"]["f1"]
    assert rows_alone(song, "pop", CHORDS)[0][1] % 12 == 0
