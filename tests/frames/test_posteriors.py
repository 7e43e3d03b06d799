"""Logits to probabilities, against posteriors whose pitches are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocalmidi.frames.features import F0_BINS, LOWEST_MIDI
from vocalmidi.frames.heads import Heads
from vocalmidi.frames.posteriors import read_heads
from vocalmidi.values import Convention

BINS = np.arange(F0_BINS)


def logits_of(pitches_midi, weights=(1.0,), voicing=5.0):
    """Return one frame: bumps as in training at these pitches, of these weights."""
    share = np.full(F0_BINS, 1e-7)
    for pitch, weight in zip(pitches_midi, weights, strict=True):
        bump = np.exp(-0.5 * ((BINS - 3 * (pitch - LOWEST_MIDI)) / 0.8) ** 2)
        share += weight * bump / bump.sum()
    frame = np.zeros((1, Heads.OUTPUTS), np.float32)
    frame[0, Heads.F0] = np.log(share)
    frame[0, Heads.VOICING] = voicing
    return frame


@settings(max_examples=50, deadline=None)
@given(st.floats(38.0, 84.0))
def test_a_pitch_between_bins_is_read_within_3_cents(pitch):
    said = read_heads(logits_of([pitch]))
    assert abs(said.candidate_midi[0, 0] - pitch) < 0.03
    assert said.candidate_share[0, 0] > 0.98
    assert abs(69 + 12 * np.log2(said.f0_hz[0] / 440) - pitch) < 0.03


def test_an_octave_in_doubt_is_kept_with_its_share():
    said = read_heads(logits_of([60.0, 48.0, 67.0], [0.6, 0.3, 0.1]))
    np.testing.assert_allclose(said.candidate_midi[0], [60.0, 48.0, 67.0], atol=0.03)
    np.testing.assert_allclose(said.candidate_share[0], [0.6, 0.3, 0.1], atol=0.02)


def test_neighbouring_peaks_share_what_lies_between_them():
    said = read_heads(logits_of([60.0, 61.0], [0.5, 0.5]))
    assert said.candidate_share[0].sum() <= 1.0001
    assert sorted(said.candidate_midi[0, :2].round()) == [60.0, 61.0]


@pytest.mark.parametrize("pitch", [36.0, 85.6])
def test_the_edges_of_the_axis_are_pitches_too(pitch):
    assert abs(read_heads(logits_of([pitch])).candidate_midi[0, 0] - pitch) < 0.3


def test_without_a_voice_there_is_no_f0_but_its_candidates_stay():
    said = read_heads(logits_of([60.0], voicing=-6.0))
    assert said.f0_hz[0] == 0.0
    assert abs(said.candidate_midi[0, 0] - 60.0) < 0.03


def test_each_convention_has_its_own_column():
    frame = np.full((1, Heads.OUTPUTS), -20.0, np.float32)
    frame[0, [Heads.ONSET, Heads.LABEL_OFFSET]] = 20.0
    said = read_heads(frame)
    assert said.onset[0, Convention.SOUND] == pytest.approx(1.0)
    assert said.onset[0, Convention.SYLLABLE] == pytest.approx(0.0)
    assert said.offset[0, Convention.SYLLABLE] == pytest.approx(1.0)
    assert said.active.max() == pytest.approx(0.0)


def test_huge_logits_are_no_nan():
    extreme = np.random.default_rng(0).choice([-1e30, 0.0, 1e30], (20, Heads.OUTPUTS)).astype(np.float32)
    said = read_heads(extreme)
    for array in (said.f0_hz, said.voicing, said.onset, said.candidate_midi, said.candidate_share):
        assert np.isfinite(array).all()
