"""The figures of continuations, on melodies that are counted by hand."""

import numpy as np
import pytest

from needs import libraries

libraries("torch", "zstandard")

from benchmarks.continuation import Opening, means, notes_of, qualities, sounding
from benchmarks.continuation_rivals import Ngram, classes_of, nats_of
from training.continuation.data_continuation import tune_of

from arrange.phrases import TWINKLE, phrase_of
from vocalmidi.arrange.continuation_input import CLASSES, HOLD, OFF, Beat, steps_of

FOUR = Beat(4, compound=False)
SIXTEEN = Beat(16, compound=False)


def made(steps, beat=FOUR):
    return tune_of("made/up", "essen", beat, steps)


def test_a_bar_sounds_where_a_note_begins_or_goes_on():
    steps = [60, HOLD, HOLD, HOLD, HOLD, HOLD, OFF, HOLD, HOLD, HOLD, HOLD, HOLD, 62, HOLD, HOLD, HOLD]
    assert sounding(made(steps)).reshape(4, 4)[:, 0].tolist() == [True, True, False, True]


def test_silent_bars_do_not_count_and_the_opening_ends_after_eight():
    tune = made([60, HOLD, OFF, HOLD, *[HOLD] * 4, *[62, HOLD, HOLD, HOLD] * 8])
    nats = np.where(np.arange(40) < 4, 1.0, np.where(np.arange(40) < 8, 0.0, np.where(np.arange(40) < 32, 2.0, 5.0)))
    found = means([tune], [nats])
    assert found["whole"] == pytest.approx(nats.mean())
    assert found["sounding"] == pytest.approx((4 * 1 + 24 * 2 + 8 * 5) / 36, abs=1e-4)
    assert found["opening"] == pytest.approx((4 * 1 + 24 * 2) / 28, abs=1e-4)


def test_an_ngram_is_witten_bell_by_hand():
    ngram = Ngram(1)
    ngram.learn([3, 3, 4])
    zero = (1 / CLASSES * 2 + 2) / (3 + 2)
    assert ngram.share(3, []) == pytest.approx(zero)
    assert ngram.share(4, [3]) == pytest.approx((((1 / CLASSES * 2 + 1) / 5) * 2 + 1) / (2 + 2))
    assert sum(ngram.share(own, [3]) for own in range(CLASSES)) == pytest.approx(1.0)


def test_classes_are_those_that_the_network_is_asked_for():
    steps = [60, HOLD, 64, OFF, HOLD, 90, 91, HOLD]
    assert classes_of(steps) == made(steps).classes.tolist()


def test_a_bar_that_comes_back_is_told_by_its_share():
    tune = made([60, HOLD, 64, HOLD] * 3)
    ngram = Ngram(0)
    plain, shared = nats_of(tune, ngram, (0.0, 0.5))
    np.testing.assert_allclose(plain, np.log(CLASSES))
    # The bar's first note is told apart in the first bar only: from the second on it comes from the same note.
    np.testing.assert_allclose(shared[8:], -np.log(0.5 / CLASSES + 0.5))
    np.testing.assert_allclose(shared[:4], np.log(CLASSES))


def test_what_is_told_of_a_continuation():
    phrase = phrase_of(TWINKLE)
    rows = [(note.start_qn, note.length_qn, note.pitch_midi) for note in phrase.notes]
    given = steps_of(rows, 4, 64)
    opening = Opening(phrase, made(given, SIXTEEN), [])
    assert notes_of(given) == tuple(notes_of(given))
    assert [note.pitch_midi for note in notes_of(given)] == [note.pitch_midi for note in phrase.notes]
    again = qualities(opening, given * 2)
    assert again["loops"] == 1.0
    assert again["bars"] == pytest.approx(7 / 8)
    assert (again["tonic"], again["triad"], again["scale"], again["rhythm"]) == (1.0, 1.0, 1.0, 1.0)
    other = [61, *[HOLD] * 15] * 2
    assert qualities(opening, other)["scale"] == 0.0
    assert qualities(opening, other)["rhythm"] == pytest.approx((1 / 3 + 1 / 3) / 2)
