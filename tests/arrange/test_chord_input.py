"""What the harmony network sees of a melody, and the chain beside it, on tunes whose harmony anybody knows."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.arrange.chord_chain import likeliest, likeliest_moving, posterior, read_chain, without_none
from vocalmidi.arrange.chord_guess import FLATNESS, asked, best_guess, generated, ranked, sung_weights
from vocalmidi.arrange.chord_input import (
    CLASSES,
    FEATURES,
    MINOR,
    NONE,
    Tune,
    features_of,
    turned,
    turned_classes,
    without_present,
)

CHAIN = read_chain()
ARPEGGIOS = ((60, 64, 67, 64), (65, 69, 72, 69), (67, 71, 74, 71), (60, 64, 67, 60))
"""C, F, G, C: a bar each, in quarters."""


def tune(semitones=0, **known):
    notes = [
        [4.0 * bar + beat, 1.0, pitch + semitones]
        for bar, four in enumerate(ARPEGGIOS)
        for beat, pitch in enumerate(four)
    ]
    return Tune(np.array(notes), 4.0, 8, **known)


@given(st.integers(-11, 11))
def test_a_melody_higher_is_its_features_turned(semitones):
    here = turned(features_of(tune(tonic=0)), semitones)
    there = features_of(tune(semitones, tonic=semitones % 12))
    here[:, 86] = there[:, 86] = 0.0  # the height of the melody doesn't turn
    np.testing.assert_allclose(here, there, atol=1e-6)


def test_chords_turn_as_the_melody_does():
    classes = turned_classes(2)
    assert classes[0] == 2
    assert classes[11] == 1
    assert classes[MINOR + 9] == MINOR + 11
    assert classes[NONE] == NONE


def test_what_is_known_at_a_half_bar_s_start_is_blind_to_its_melody_and_to_what_follows():
    whole, other = tune(tonic=0), tune(tonic=0)
    other.notes[other.notes[:, 0] >= 8.0, 2] += 1
    here, there = (without_present(features_of(each)) for each in (whole, other))
    np.testing.assert_array_equal(here[:5], there[:5])
    assert (here[5] != there[5]).any()


@pytest.mark.parametrize("semitones", [0, 3, 8])
def test_arpeggios_are_harmonised_with_their_own_chords_in_any_key(semitones):
    weights = sung_weights(features_of(tune(semitones)))
    meant = [(root + semitones) % 12 for root in (0, 0, 5, 5, 7, 7, 0, 0)]
    assert CHAIN.keyed(weights).argmax(axis=1).tolist() == meant


def test_probabilities_are_probabilities():
    scores = CHAIN.heard(sung_weights(features_of(tune())))
    for told in (posterior(scores, CHAIN.transitions()), CHAIN.keyed(sung_weights(features_of(tune())))):
        np.testing.assert_allclose(told.sum(axis=1), 1.0, atol=1e-9)
    np.testing.assert_allclose(np.exp(CHAIN.transitions()).sum(axis=1), 1.0, atol=1e-9)
    assert posterior(without_none(scores), CHAIN.transitions())[:, NONE].max() == 0.0


def test_the_likeliest_path_is_the_best_of_all_paths():
    chance = np.random.default_rng(3)
    scores, steps = chance.normal(size=(3, 4)), chance.normal(size=(4, 4))
    every = {
        (a, b, c): scores[0, a] + steps[a, b] + scores[1, b] + steps[b, c] + scores[2, c]
        for a in range(4) for b in range(4) for c in range(4)
    }  # fmt: skip
    assert tuple(likeliest(scores, steps)) == max(every, key=every.__getitem__)


def knows_nothing(features):
    """Return logits of a network that likes the pitch class that begins each half bar as a major root."""
    logits = np.zeros((*features.shape[:2], CLASSES), np.float32)
    logits[..., :12] = 5.0 * features[..., :12]
    return logits


def test_a_network_asked_in_all_keys_answers_in_the_key_it_was_asked():
    features = features_of(tune())
    told = asked(knows_nothing, features)
    np.testing.assert_allclose(told, asked(knows_nothing, features, turns=1), atol=1e-9)
    assert told[2].argmax() == 5


def test_paths_are_the_seed_s_and_differ_between_seeds():
    told = best_guess(asked(knows_nothing, features_of(tune())), features_of(tune()), CHAIN)
    paths = [generated(told, CHAIN, np.random.default_rng(seed).random(8)).tolist() for seed in (1, 1, 2, 3, 4)]
    assert paths[0] == paths[1]
    assert len({tuple(path) for path in paths}) > 1


def test_paths_are_drawn_as_often_as_they_are_likely():
    told = np.full((1, CLASSES), 1e-12)
    told[0, 0], told[0, 7] = 0.75, 0.25
    draws = [generated(told, CHAIN, np.array([place]))[0] for place in np.linspace(0.0005, 0.9995, 1000)]
    expected = 0.75**FLATNESS / (0.75**FLATNESS + 0.25**FLATNESS)
    assert np.mean(np.array(draws) == 0) == pytest.approx(expected, abs=0.002)
    assert set(draws) == {0, 7}


def test_a_ranking_names_every_chord_once_and_the_likeliest_first():
    told = CHAIN.keyed(sung_weights(features_of(tune())))
    assert sorted(ranked(told)[0].tolist()) == list(range(CLASSES))
    assert ranked(told)[0, 0] == told[0].argmax()


def test_silence_and_one_note_are_harmonised_too():
    for notes in (np.zeros((0, 3)), np.array([[0.5, 0.25, 61.0]])):
        features = features_of(Tune(notes, 4.0, 2))
        assert features.shape == (2, FEATURES)
        assert np.isfinite(CHAIN.keyed(sung_weights(features))).all()


def test_a_chord_tires_after_so_many_frames_and_not_before():
    scores = np.zeros((12, 2))
    scores[:, 0] = 0.25
    steps = np.zeros((2, 2))
    np.testing.assert_array_equal(likeliest_moving(scores, steps, 12, 1.0), likeliest(scores, steps))
    assert likeliest_moving(scores, steps, 4, 0.0).tolist() == [0] * 12
    path = likeliest_moving(scores, steps, 4, 1.0).tolist()
    assert sorted(set(path)) == [0, 1]
    longest = max(len(run) for run in "".join(map(str, path)).replace("01", "0 1").replace("10", "1 0").split())
    assert longest <= 6


def test_the_likeliest_path_that_moves_is_the_best_of_all_such_paths():
    chance = np.random.default_rng(5)
    scores, steps = chance.normal(size=(5, 3)), chance.normal(size=(3, 3))

    def worth(path):
        total, age = scores[0, path[0]], 0
        for frame in range(1, 5):
            age = age + 1 if path[frame] == path[frame - 1] else 0
            total += scores[frame, path[frame]] + steps[path[frame - 1], path[frame]] - (0.7 if age >= 2 else 0.0)
        return total

    found = likeliest_moving(scores, steps, 2, 0.7)
    assert tuple(found) == max(product(range(3), repeat=5), key=worth)
