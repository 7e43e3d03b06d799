"""What is sung is written keys plus a tuning of one's own choice; the keys written are the oracle."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phrase.sung import RATE_HZ, TWINKLE, sing
from vocalmidi.phrase import PhraseSettings, build_phrase
from vocalmidi.phrase.tuning import keys_meant, tuning_shifts
from vocalmidi.values import Events

TWICE = [(on + 16 * k, long, key) for k in range(2) for on, long, key in TWINKLE]
"""28 notes, 19 seconds."""


def take(tune, cents, spread=10.0, seed=0):
    """Return the tune sung so many cents beside the piano; cents: of how far through the take it is, 0-1."""
    chance = random.Random(seed)
    events = sing(tune)
    last = events.notes[-1].onset
    notes = tuple(
        replace(note, pitch_midi=note.pitch_midi + (cents(note.onset / last) + chance.gauss(0.0, spread)) / 100)
        for note in events.notes
    )
    return replace(events, notes=notes)


def keys(events):
    return keys_meant(events, tuning_shifts(events)).tolist()


def written(tune):
    return [key for _, _, key in tune]


@given(st.floats(-42, 42), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_a_whole_take_beside_the_piano_is_in_key(shift, seed):
    assert keys(take(TWICE, lambda _: shift, seed=seed)) == written(TWICE)


@given(st.floats(-60, 60), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_a_take_that_drifts_by_60_cents_is_in_key(drift, seed):
    assert keys(take(TWICE, lambda done: drift * done, spread=8.0, seed=seed)) == written(TWICE)


@pytest.mark.parametrize("drift", [-60, -30, 30, 60])
def test_the_key_and_the_tune_of_a_drifting_take_are_those_written(drift):
    phrase = build_phrase(take(TWICE, lambda done: drift * done), PhraseSettings(tempo_qpm=100.0))
    assert [note.pitch_midi for note in phrase.notes] == written(TWICE)
    assert (phrase.key.tonic, phrase.key.mode) == (0, "major")


def test_a_singer_who_sinks_after_a_pause_is_followed():
    assert keys(take(TWICE * 1, lambda done: 0.0 if done < 0.5 else -35.0)) == written(TWICE)


def test_a_long_take_that_goes_up_and_down_again_is_in_key():
    tune = [(on + 16 * k, long, key) for k in range(6) for on, long, key in TWINKLE]
    assert keys(take(tune, lambda done: 30.0 * np.sin(2 * np.pi * done))) == written(tune)


@pytest.mark.parametrize("shift", [-40, 0, 25])
def test_the_tuning_found_is_the_one_sung(shift):
    found = tuning_shifts(take(TWICE, lambda _: shift))
    assert found == pytest.approx(np.full(len(TWICE), shift), abs=12.0)


def test_a_steady_take_in_tune_is_left_where_it_is():
    assert np.abs(tuning_shifts(sing(TWICE))).max() < 1.0


def test_one_note_alone_is_the_nearest_key():
    assert keys(sing([(0, 1, 60)], detune=0.3)) == [60]


def test_notes_of_one_moment_and_of_no_confidence_do_no_harm():
    events = sing([(0, 1, 60), (0, 1, 64), (0, 1, 67)], detune=-0.3)
    unsure = replace(events, notes=tuple(replace(note, confidence=0.0) for note in events.notes))
    assert keys(unsure) == [60, 64, 67]


def test_bends_are_about_the_key_with_the_tuning_taken_away():
    """Thirty cents flat throughout, a scoop of forty cents: what is left is the scoop."""
    events = sing(TWINKLE, detune=-0.3, bend_cents=(-40.0, 0.0))
    for note in build_phrase(events, PhraseSettings(tempo_qpm=100.0)).notes:
        assert [point.bend_cents for point in note.bend] == pytest.approx([-40.0, 0.0], abs=3.0)


def test_without_notes_there_is_no_tuning():
    assert len(tuning_shifts(Events(0, RATE_HZ, RATE_HZ, (), ()))) == 0
