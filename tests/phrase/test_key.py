import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phrase.sung import TWINKLE, sing
from vocalmidi.phrase import KeyEvidence, KeyHint, PhraseSettings, build_phrase, estimate_key
from vocalmidi.phrase.key import KEYS, key_shares
from vocalmidi.phrase.key_features import LENGTH, key_features, turned

MAJOR, MINOR = (0, 2, 4, 5, 7, 5, 4, 2, 4, 0, 7, 0), (0, 2, 3, 5, 7, 8, 7, 5, 3, 2, 7, 0)
DORIAN_OF_NOWHERE = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)


def tune(steps, tonic):
    return KeyEvidence(tuple(60 + tonic + step for step in steps), (1.0,) * (len(steps) - 1) + (2.0,))


def key_of(steps, tonic):
    return estimate_key(tune(steps, tonic))


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize(("steps", "mode"), [(MAJOR, "major"), (MINOR, "minor")])
def test_a_tune_in_any_key_is_told(tonic, steps, mode):
    key = key_of(steps, tonic)
    assert (key.tonic, key.mode) == (tonic, mode)
    assert key.probability > 0.5


@given(st.lists(st.tuples(st.integers(40, 80), st.floats(0.1, 4.0)), min_size=1, max_size=20), st.integers(1, 11))
def test_the_same_tune_higher_is_the_same_key_higher(notes, higher):
    """Every pitch moved by some semitones moves the probability of every key by as many."""
    pitches, lengths = zip(*notes, strict=True)
    low = key_shares(KeyEvidence(pitches, lengths)).reshape(2, 12)
    high = key_shares(KeyEvidence(tuple(pitch + higher for pitch in pitches), lengths)).reshape(2, 12)
    assert np.roll(low, higher, axis=1) == pytest.approx(high, abs=1e-9)
    assert low.sum() == pytest.approx(1.0)


def test_few_notes_are_believed_less_than_many():
    assert key_of(MAJOR[:2], 0).probability < key_of(MAJOR, 0).probability


def test_all_twelve_notes_in_a_row_tell_hardly_a_key():
    assert key_of(DORIAN_OF_NOWHERE, 0).probability < key_of(MAJOR, 0).probability


def test_octaves_do_not_matter_to_what_sounds():
    low, high = ((48, 52, 55, 60), (60, 64, 67, 72))
    assert estimate_key(KeyEvidence(low, (1, 1, 1, 2))) == estimate_key(KeyEvidence(high, (1, 1, 1, 2)))


def test_the_order_tells_a_minor_tune_from_its_relative_major():
    """The same seven notes, equally long: which of them opens, closes and is led to decides."""
    a_minor = KeyEvidence((69, 71, 72, 74, 76, 77, 76, 72, 71, 67, 69), (1.0,) * 10 + (2.0,))
    c_major = KeyEvidence((72, 71, 69, 77, 76, 74, 72, 76, 67, 71, 72), (1.0,) * 10 + (2.0,))
    assert (estimate_key(a_minor).tonic, estimate_key(a_minor).mode) == (9, "minor")
    assert (estimate_key(c_major).tonic, estimate_key(c_major).mode) == (0, "major")


def test_without_notes_every_key_is_as_likely():
    assert estimate_key(KeyEvidence((), ())).probability == pytest.approx(1 / KEYS)


def test_an_earlier_phrase_decides_where_the_phrase_does_not():
    vague = KeyEvidence((67,), (1.0,))
    for tonic in (0, 7):
        helped = estimate_key(vague, [KeyHint(tune(MAJOR, tonic), 1.0)])
        assert (helped.tonic, helped.mode) == (tonic, "major")
        assert helped.probability > estimate_key(vague).probability


def test_a_phrase_that_is_sure_of_its_key_is_not_forced_into_a_foreign_one():
    for tonic in (1, 2, 3, 4, 6, 8, 9, 10, 11):
        key = estimate_key(tune(MAJOR * 2, 0), [KeyHint(tune(MAJOR, tonic), 0.6)])
        assert (key.tonic, key.mode) == (0, "major")


def test_a_hint_of_no_weight_says_nothing():
    with_hint = key_shares(tune(MINOR, 4), [KeyHint(tune(MAJOR, 1), 0.0)])
    assert with_hint == pytest.approx(key_shares(tune(MINOR, 4)))


def test_a_hint_without_notes_says_nothing():
    with_hint = key_shares(tune(MINOR, 4), [KeyHint(KeyEvidence((), ()), 1.0)])
    assert with_hint == pytest.approx(key_shares(tune(MINOR, 4)))


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_a_weight_that_is_no_probability_is_refused(weight):
    with pytest.raises(ValueError, match="outside 0"):
        KeyHint(tune(MAJOR, 0), weight)


def chords(tonic):
    """I IV V I, three notes at a time."""
    roots = (0, 5, 7, 0)
    pitches = tuple(48 + tonic + root + tone for root in roots for tone in (0, 4, 7))
    return KeyEvidence(pitches, (2.0,) * 12, tuple(2.0 * (n // 3) for n in range(12)))


@pytest.mark.parametrize("tonic", range(12))
def test_the_chords_of_a_project_tell_the_key(tonic):
    assert chords(tonic).is_harmony
    key = estimate_key(KeyEvidence((), ()), [KeyHint(chords(tonic), 1.0)])
    assert (key.tonic, key.mode) == (tonic, "major")


def test_the_order_of_notes_in_a_chord_does_not_matter():
    c = chords(0)
    mixed = KeyEvidence(c.pitch_midi[:3][::-1] + c.pitch_midi[3:], c.duration, c.onset)
    assert key_features(mixed) == pytest.approx(key_features(c))


def test_a_phrase_hears_what_its_settings_hint():
    events = sing(TWINKLE[2:3])
    plain = build_phrase(events, PhraseSettings(tempo_qpm=100.0))
    hinted = build_phrase(events, PhraseSettings(tempo_qpm=100.0, key_hints=(KeyHint(tune(MINOR, 4), 0.9),)))
    assert (hinted.key.tonic, hinted.key.mode) == (4, "minor") != (plain.key.tonic, plain.key.mode)
    assert hinted.notes == plain.notes


def test_features_turned_to_a_tonic_are_those_of_the_tune_moved_down_to_c():
    chance = random.Random(3)
    pitches, lengths = [chance.randint(60, 75) for _ in range(30)], tuple(chance.uniform(0.2, 2) for _ in range(30))
    there = turned(key_features(KeyEvidence(tuple(pitches), lengths)))
    assert there.shape == (12, LENGTH)
    for tonic in range(12):
        assert there[tonic] == pytest.approx(key_features(KeyEvidence(tuple(p - tonic for p in pitches), lengths)))


@pytest.mark.parametrize(
    "fault",
    [
        lambda: KeyEvidence((60,), (1.0, 2.0)),
        lambda: KeyEvidence((60, 62), (1.0, 0.0)),
        lambda: KeyEvidence((60, 62), (1.0, 1.0), (1.0, 0.0)),
        lambda: KeyEvidence((60, 62), (1.0, 1.0), (1.0,)),
    ],
)
def test_evidence_that_contradicts_itself_is_refused(fault):
    with pytest.raises(ValueError, match="must"):
        fault()
