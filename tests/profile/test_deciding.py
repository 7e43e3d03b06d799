"""Sounds like the examples are known, all others are not forced into a name."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teaching import direction, near, profile, strike, taught
from vocalmidi.profile import AGES_S, Example, Recogniser, Taught
from vocalmidi.values import HIT_LABELS, SPECTRUM, HitLabel, Trigger

KICK, PFF, CLAP, UNKNOWN = (direction(*np.eye(4)[n]) for n in range(4))
KIT = profile(taught("kick", KICK), taught("pff", PFF, pitch_midi=56), taught("clap", CLAP, pitch_midi=39))
SURE_KICK = (0.96, 0.01, 0.01, 0.01, 0.01)


def label(known):
    return HIT_LABELS[int(known.label_share.argmax())]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("age_s", [0.008, 0.024, 0.12, 0.16])
def test_a_sound_like_its_examples_has_its_name_and_key(seed, age_s):
    known = Recogniser(KIT).known(strike(near(PFF, seed, 0.4), age_s=age_s))
    assert known.trigger == Trigger("pff", 56)
    assert label(known) is HitLabel.OTHER


@pytest.mark.parametrize("seed", range(20))
def test_the_user_s_own_kick_is_a_kick_whatever_the_encoder_thinks(seed):
    known = Recogniser(KIT).known(strike(near(KICK, seed, 0.4), (0.05, 0.05, 0.8, 0.05, 0.05)))
    assert known.trigger is None
    assert label(known) is HitLabel.KICK


def test_a_kick_taught_with_a_key_plays_that_key():
    own = profile(taught("kick", KICK, pitch_midi=35))
    known = Recogniser(own).known(strike(near(KICK, 1)))
    assert (label(known), known.trigger) == (HitLabel.KICK, Trigger("kick", 35))


@pytest.mark.parametrize("seed", range(20))
def test_an_unknown_sound_is_not_forced_into_a_name(seed):
    known = Recogniser(KIT).known(strike(near(UNKNOWN, seed, 0.3), SURE_KICK))
    assert known.trigger is None
    assert label(known) is HitLabel.OTHER


@pytest.mark.parametrize("seed", range(10))
def test_likeness_to_what_is_taught_speaks_for_a_hit_and_unlikeness_against_it(seed):
    """A kick like the user's own is surer a hit, one unlike them less, and what nobody taught is judged as before."""
    recogniser = Recogniser(KIT)
    alike = recogniser.known(replace(strike(near(KICK, seed, 0.1), SURE_KICK), onset=1))
    unlike = recogniser.known(replace(strike(near(UNKNOWN, seed, 0.1), SURE_KICK), onset=2))
    snare = recogniser.known(replace(strike(near(UNKNOWN, seed, 0.1), (0.0, 1.0, 0.0, 0.0, 0.0)), onset=3))
    assert alike.likeness > 1.0
    assert unlike.likeness < -1.0
    assert snare.likeness == 0.0


def test_a_class_that_was_not_taught_is_still_the_encoder_s():
    known = Recogniser(KIT).known(strike(UNKNOWN, (0.01, 0.96, 0.01, 0.01, 0.01)))
    assert label(known) is HitLabel.SNARE


def test_without_a_profile_nothing_changes():
    one = strike(UNKNOWN)
    assert Recogniser(profile()).known(one).same_as(one)


@given(st.integers(0, 10_000), st.floats(0.0, 1.4), st.floats(0, 1), st.sampled_from(AGES_S))
def test_what_is_known_is_always_a_strike(seed, away, hit_share, age_s):
    share = np.random.default_rng(seed).dirichlet(np.ones(5))
    one = strike(near(KICK, seed, away), share, hit_share=hit_share, age_s=age_s)
    known = Recogniser(KIT).known(one)
    assert known.label_share.sum() == pytest.approx(1.0, abs=1e-5)
    assert 0.0 <= known.hit_share <= 1.0
    assert (known.onset, known.heard, known.age_s, known.level_db) == (one.onset, one.heard, one.age_s, one.level_db)


def test_a_sound_that_the_encoder_takes_for_noise_is_a_hit_once_taught():
    click = profile(taught("click", CLAP, pitch_midi=75, hit_share=0.1))
    recogniser = Recogniser(click)
    assert recogniser.known(strike(near(CLAP, 3), hit_share=0.1)).hit_share >= 0.89
    assert recogniser.known(strike(UNKNOWN, hit_share=0.1)).hit_share == pytest.approx(0.1)


def same(name, pitch_midi, rows):
    """Return a sound whose four examples are one, described by these embeddings, a row an age."""
    ages = len(AGES_S)
    one = Example(np.ones(4, np.int16), rows, np.full((ages, 5), 0.2), np.full(ages, 0.9), np.zeros((ages, SPECTRUM)))
    return Taught(name, pitch_midi, (one,) * 4)


def test_each_age_has_its_own_prototype():
    """Two hats begin alike and part later: only then are they told apart."""
    begin, closed, opened = direction(1), direction(1, 1), direction(1, 0, 1)

    def hat(name, pitch_midi, later):
        return same(name, pitch_midi, np.stack([begin, *(near(later, n, 0.05) for n in range(1, len(AGES_S)))]))

    hats = profile(hat("tss", 46, opened), hat("ts", 42, closed))
    for age_s in AGES_S[1:]:
        assert Recogniser(hats).known(strike(opened, age_s=age_s)).trigger == Trigger("tss", 46)
        assert Recogniser(hats).known(strike(closed, age_s=age_s)).trigger == Trigger("ts", 42)
    assert Recogniser(hats).known(strike(begin, age_s=AGES_S[0])).trigger is not None


def test_a_strike_is_looked_at_together_with_what_it_was_when_younger():
    """Two sounds that only their beginning tells apart: who hears a strike at 160 ms alone can't know."""
    later, begin = direction(1), (direction(0, 1), direction(0, 0, 1))

    def sound(name, pitch_midi, first):
        rows = [near(first, 1, 0.05), near(first, 2, 0.05), *(near(later, n, 0.05) for n in range(3))]
        return same(name, pitch_midi, np.stack(rows))

    recogniser = Recogniser(profile(sound("pa", 60, begin[0]), sound("ta", 61, begin[1])))
    for number, pitch_midi in enumerate((60, 61)):
        known = [
            recogniser.known(replace(strike(embedding, age_s=age_s), onset=1000 * number))
            for embedding, age_s in ((begin[number], 0.024), (later, 0.064), (later, 0.16))
        ]
        assert [one.trigger.pitch_midi for one in known] == [pitch_midi] * 3


def test_spectra_are_compared_at_the_same_age():
    """A sound's ring after 64 ms differs from its beginning: the examples' beginning is no measure for it."""
    ages = len(AGES_S)
    low, high, ring = (np.zeros(SPECTRUM) for _ in range(3))
    low[:10], high[10:20], ring[10:20] = 0.8, 0.8, 1.6

    def sound(name, pitch_midi, spectrum):
        (taught_one, *_) = same(name, pitch_midi, np.tile(PFF, (ages, 1))).examples
        rows = np.array([spectrum] * (ages - 2) + [spectrum + ring] * 2)
        return Taught(name, pitch_midi, tuple(replace(taught_one, spectrum=rows + 0.02 * n) for n in range(4)))

    recogniser = Recogniser(profile(sound("boo", 60, low), sound("bee", 61, high)))
    for n, (spectrum, pitch_midi) in enumerate(((low, 60), (high, 61))):
        younger = [replace(strike(PFF, age_s=age_s), spectrum=spectrum, onset=n) for age_s in (0.024, 0.064)]
        known = recogniser.known(replace(strike(PFF), spectrum=spectrum + ring, onset=n, younger=tuple(younger)))
        assert known.trigger.pitch_midi == pitch_midi


def test_the_plain_spectrum_tells_apart_what_the_encoder_takes_for_the_same():
    dull, bright = np.zeros(SPECTRUM), np.zeros(SPECTRUM)
    dull[:10], bright[10:20] = 0.8, 0.8

    def sound(name, pitch_midi, spectrum):
        rows = np.tile(PFF, (len(AGES_S), 1))
        (taught_one, *_) = same(name, pitch_midi, rows).examples
        examples = tuple(replace(taught_one, spectrum=np.tile(spectrum, (len(AGES_S), 1)) + 0.02 * n) for n in range(4))
        return Taught(name, pitch_midi, examples)

    recogniser = Recogniser(profile(sound("boo", 60, dull), sound("bee", 61, bright)))
    for spectrum, pitch_midi in ((dull, 60), (bright, 61)):
        known = recogniser.known(replace(strike(PFF), spectrum=spectrum))
        assert known.trigger.pitch_midi == pitch_midi
