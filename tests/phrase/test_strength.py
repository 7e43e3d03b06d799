"""Strength is applied to a phrase that is there already, as often as wished, and means what it says."""

import numpy as np
import pytest

from phrase.sung import TWINKLE, beatbox, sing
from vocalmidi.phrase import PhraseSettings, build_phrase, with_strength


@pytest.fixture(scope="module")
def events():
    late_s = np.random.default_rng(7).normal(0, 0.025, len(TWINKLE)).tolist()
    return sing(TWINKLE, 100, late_s=late_s)


@pytest.fixture(scope="module")
def phrase(events):
    return build_phrase(events, PhraseSettings(tempo_qpm=100))


@pytest.mark.parametrize("strength", [0.0, 0.3, 0.75, 1.0])
def test_changing_it_afterwards_is_as_if_it_had_been_asked_for(events, phrase, strength):
    asked = build_phrase(events, PhraseSettings(tempo_qpm=100, quantise_strength=strength))
    afterwards = with_strength(phrase, strength)
    for name in ("start_qn", "length_qn", "played_start_qn", "played_length_qn"):
        assert [getattr(note, name) for note in afterwards.notes] == pytest.approx(
            [getattr(note, name) for note in asked.notes], abs=1e-6
        )


def test_half_the_way_is_half_the_way_for_onsets_ends_and_hits(phrase):
    half, none = with_strength(phrase, 0.5), with_strength(phrase, 0.0)
    for grid, between, played in zip(phrase.notes[1:-1], half.notes[1:-1], none.notes[1:-1], strict=True):
        assert played.start_qn == pytest.approx(grid.played_start_qn)
        assert between.start_qn == pytest.approx((grid.start_qn + played.start_qn) / 2)
    hits = build_phrase(
        beatbox([(0, "kick"), (1.1, "snare"), (2, "kick"), (3, "snare")], 100), PhraseSettings(tempo_qpm=100)
    )
    assert with_strength(hits, 0.0).hits[1].start_qn - with_strength(hits, 1.0).hits[1].start_qn == pytest.approx(
        hits.hits[1].played_start_qn - hits.hits[1].start_qn
    )


def test_a_strength_that_is_none_is_refused(phrase):
    with pytest.raises(ValueError, match="0–1"):
        with_strength(phrase, 1.01)
