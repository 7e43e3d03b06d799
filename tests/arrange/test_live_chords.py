"""Chords without look-ahead: what is known when a half bar begins, and nothing else."""

import numpy as np
import pytest

from arrange.phrases import TWINKLE
from vocalmidi.arrange.chord_guess import asked
from vocalmidi.arrange.chord_input import NONE, Tune, features_of, without_present
from vocalmidi.arrange.live_chords import LIVE_HARMONY_MODEL, LiveChords
from vocalmidi.inference import open_model
from vocalmidi.values import Key, Meter

G_MAJOR = Key(7, "major", 1.0)
METERS = [(Meter(4, 4), 2), (Meter(3, 4), 3), (Meter(6, 8), 1.5), (Meter(5, 4), 5)]
"""And how far apart chords are due, quarter notes."""
NOTES = np.array([[start + 16.0 * turn, length, pitch + 7] for turn in (0, 1) for start, length, pitch in TWINKLE])


@pytest.fixture(scope="module")
def model():
    return open_model(LIVE_HARMONY_MODEL, "cpu")


def known(notes, now_qn):
    """Return the notes begun by a time, cut there."""
    begun = notes[notes[:, 0] < now_qn].copy()
    begun[:, 1] = np.minimum(begun[:, 1], now_qn - begun[:, 0])
    return begun


def sing(model, notes, halves, meter=None, key=G_MAJOR):
    live = LiveChords(model, meter or Meter(), key)
    return [live.next_chord(known(notes, half * live.step_qn)) for half in range(halves)]


def test_live_chords_are_what_the_causal_network_says_of_the_whole_song(model):
    tune = Tune(NOTES, 4.0, 16, tonic=7)
    told = asked(lambda seen: model.run(features=seen)["chords"], without_present(features_of(tune)))[:, :NONE]
    chords = sing(model, NOTES, 16)
    assert [chord.root + 12 * (chord.quality == "min") for chord in chords] == told.argmax(axis=1).tolist()
    np.testing.assert_allclose([chord.probability for chord in chords], told.max(axis=1) / told.sum(axis=1), atol=1e-4)


def test_what_is_sung_later_changes_no_chord(model):
    other = NOTES.copy()
    other[other[:, 0] >= 8, 2] += 1
    assert sing(model, NOTES, 5) == sing(model, other, 5)


def test_a_key_that_was_not_given_is_found_and_nothing_is_said_before_a_note(model):
    chords = sing(model, NOTES, 12, key=None)
    assert chords[0] is None
    assert {(chord.key.tonic, chord.key.mode) for chord in chords[8:]} == {(7, "major")}
    given = sing(model, NOTES, 12)
    assert [chord.root for chord in chords[8:]] == [chord.root for chord in given[8:]]


def test_a_tune_heard_once_begins_again_on_its_tonic(model):
    chords = sing(model, NOTES, 10)
    assert chords[8].root == 7
    assert {chord.root for chord in chords} <= {7, 9, 11, 0, 2, 4}


@pytest.mark.parametrize(("meter", "step_qn"), METERS)
def test_chords_are_due_where_halves_are_whole_beats(model, meter, step_qn):
    live = LiveChords(model, meter, G_MAJOR)
    assert live.step_qn == step_qn
    chords = [live.next_chord(known(NOTES, place * step_qn)) for place in range(3)]
    assert [chord.start_qn for chord in chords] == [0, step_qn, 2 * step_qn]
