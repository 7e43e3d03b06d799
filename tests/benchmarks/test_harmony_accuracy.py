"""The measures of harmony on tunes that are counted by hand."""

import numpy as np
import pytest

from needs import libraries

libraries("torch", "zstandard")

from benchmarks.harmony_accuracy import Row, mean_row, not_better, one, row_of, tonic
from benchmarks.harmony_measures import measured, place, tones
from training.harmony.data_harmony import HarmonySong

from vocalmidi.arrange.chord_input import MINOR, Tune, features_of

SCALE = np.array([[0.5 * n, 0.5, pitch] for n, pitch in enumerate((60, 62, 64, 66, 72, 61, 67, 67))])
"""Over C: a chord tone, one led, a chord tone, one not led (F♯ up to C), a chord tone, not led, two chord tones."""


def test_notes_outside_the_chord_count_where_the_next_is_a_step_away():
    found = measured(SCALE, 2.0, np.array([0, 0]))
    assert found.tones == pytest.approx(5 / 8)
    assert found.ctnctr == pytest.approx(6 / 8)


def test_a_root_over_its_triad_is_consonant_by_hand():
    found = measured(np.array([[0.0, 2.0, 72.0]]), 2.0, np.array([0]))
    # C above C is 1, above E a minor sixth 1, above G a fourth 0.
    assert found.pcs == pytest.approx(2 / 3)
    assert found.mctd == pytest.approx(float(np.linalg.norm(place([0, 4, 7]) - place([0]))))


def test_entropy_and_change_are_those_of_the_chords():
    found = measured(SCALE, 0.5, np.array([0, 0, 7, 7, 0, 0, 7, 7]))
    assert found.entropy == pytest.approx(np.log(2))
    assert found.change == pytest.approx(3 / 7)


def test_triads_are_spelt():
    assert tones(0) == [0, 4, 7]
    assert tones(MINOR + 9) == [9, 0, 4]


def song():
    tune = Tune(SCALE, 4.0, 2, tonic=0)
    return HarmonySong("made/up", "pop909", tune, features_of(tune), np.array([0, 7]))


def test_rows_count_first_answers_and_the_first_three():
    row = row_of([song()], [tonic(song())])
    assert row.figures()["top1"] == 0.5
    assert mean_row([row, row_of([song()], [one(song().classes)])]).figures()["top1"] == 0.75


def test_a_bootstrap_is_sure_of_what_always_wins_and_of_nothing_else():
    frames = np.full(40, 10.0)
    low, high = (Row(np.full(40, right), np.zeros(40), frames, []) for right in (4.0, 6.0))
    mixed = Row(np.where(np.arange(40) % 2, 6.0, 2.0), np.zeros(40), frames, [])
    assert not_better(high, low, 500) < 0.01
    assert not_better(low, high, 500) > 0.99
    assert 0.1 < not_better(mixed, low, 500) < 0.9
