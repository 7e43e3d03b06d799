"""The measures of keys and passes, held against examples worked out by hand."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from key_accuracy import Said, calibration_error
from key_labels import checked_key, labelled_key
from loop_passes import wrong
from phrase_accuracy import Cut

from vocalmidi.units import QuarterNotes
from vocalmidi.values import Key, Meter, Phrase, PhraseNote, TempoMap


def song(name, key, melody, chords=()):
    return {"id": name, "key": key, "tracks": {"melody": melody}, "chords": [list(chord) for chord in chords]}


A_MINOR = [(0, 1, 69), (1, 2, 72), (3, 1, 76), (4, 4, 69)]


def test_a_folk_song_in_minor_that_lost_its_mode_gets_it_back():
    assert labelled_key(song("essen/x/1", "A:maj", A_MINOR)) == (9, "major")
    assert checked_key(song("essen/x/1", "A:maj", A_MINOR)) == (9, "minor")


def test_a_folk_song_in_major_stays():
    assert checked_key(song("essen/x/1", "A:maj", [(0, 1, 69), (1, 2, 73), (3, 1, 72)])) == (9, "major")


def test_a_lead_sheet_that_ends_on_its_sixth_degree_is_in_minor():
    chords = [(0, 4, "C:maj"), (4, 4, "A:min")]
    assert checked_key(song("openewld/x", "C:maj", A_MINOR, chords)) == (9, "minor")
    assert checked_key(song("openewld/x", "C:maj", A_MINOR, chords[:1])) == (0, "major")


def test_a_pop_song_takes_the_relative_key_only_where_chord_and_note_both_end_on_it():
    ends = [(0, 4, "A:min")]
    assert checked_key(song("pop909/1", "C:maj", A_MINOR, ends)) == (9, "minor")
    assert checked_key(song("pop909/1", "C:maj", [*A_MINOR, (8, 1, 72)], ends)) == (0, "major")
    assert checked_key(song("pop909/1", "C:maj", A_MINOR, [(0, 4, "N")])) == (0, "major")


@pytest.mark.parametrize(
    ("found", "true", "near"),
    [
        ((9, "minor"), (0, "major"), True),
        ((0, "major"), (9, "minor"), True),
        ((7, "major"), (0, "major"), True),
        ((5, "minor"), (0, "minor"), True),
        ((0, "minor"), (0, "major"), False),
        ((4, "minor"), (0, "major"), False),
        ((2, "major"), (0, "major"), False),
    ],
)
def test_near_is_the_relative_key_or_a_fifth_away(found, true, near):
    assert Said(found, true, None).is_near is near


def test_calibration_error_is_the_mean_gap_between_what_is_said_and_what_is_so():
    sure, right = np.array([0.95] * 10 + [0.55] * 10), np.array([True] * 9 + [False] + [True] * 8 + [False] * 2)
    assert calibration_error(sure, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.25)
    assert calibration_error(np.ones(4), np.ones(4, bool)) == 0.0


def test_a_note_missing_and_one_that_nobody_meant_are_two_errors():
    notes = tuple(
        PhraseNote(QuarterNotes(at), QuarterNotes(1), QuarterNotes(at), QuarterNotes(1), key, 90, 0.9)
        for at, key in ((0, 60), (1, 63))
    )
    phrase = Phrase(notes, (), Key(0, "major", 1.0), Meter(), TempoMap.constant(100.0), QuarterNotes(4))
    assert wrong(phrase, Cut("x", ((0, 1, 60), (1, 1, 62)), None, Meter(), 100.0)) == 2
