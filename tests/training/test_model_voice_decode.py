"""The whole way from a model's logits to notes, on logits written by hand: each case says what anyone would hear."""

import numpy as np
import pytest

from needs import libraries

libraries("torch", "pyworld", "mir_eval")

from training.voice.evaluate import found_in, frames_of

from vocalmidi.events import ScoreSettings
from vocalmidi.frames.heads import Heads


def heads(notes: list[tuple[int, int, float]], frames: int = 200, heard: float = 4.0) -> np.ndarray:
    """Logits as a sure model would give them for notes of (first, stop, pitch_midi) in frames of 10 ms."""
    out = np.full((frames, Heads.OUTPUTS), -6.0, np.float32)
    bins = np.arange(150)
    for first, stop, pitch in notes:
        for near in (-1, 0, 1):
            for side in (0, 3):
                out[max(0, first + near), side] = max(out[max(0, first + near), side], heard - 2 * abs(near))
                out[min(frames - 1, stop + near), side + 1] = heard - 2 * abs(near)
        out[first:stop, [2, 5, 6]] = 4.0
        out[first:stop, Heads.F0] = -0.5 * ((bins - (pitch - 36.0) * 3.0) / 0.8) ** 2
    return out


def heard_in(out: np.ndarray) -> np.ndarray:
    return found_in(frames_of(out, np.full(len(out), -20.0, np.float32)), ScoreSettings())


def test_notes_are_found_where_they_are() -> None:
    found = heard_in(heads([(20, 60, 60.0), (80, 120, 64.3)]))
    np.testing.assert_allclose(found[:, :2], [[0.2, 0.6], [0.8, 1.2]], atol=0.011)
    np.testing.assert_allclose(found[:, 2], [60.0, 64.3], atol=0.05)


def test_a_repeated_note_is_two_notes() -> None:
    assert len(heard_in(heads([(20, 60, 60.0), (60, 100, 60.0)]))) == 2


def test_a_legato_change_without_a_sure_onset_is_two_notes() -> None:
    found = heard_in(heads([(20, 60, 60.0), (60, 100, 64.0)], heard=-1.0))
    np.testing.assert_allclose(found[:, 2], [60.0, 64.0], atol=0.05)


def test_vibrato_is_one_note() -> None:
    out = heads([(20, 120, 60.0)])
    wobble = 60.0 + 0.8 * np.sin(2 * np.pi * 5.5 * np.arange(20, 120) / 100)
    out[20:120, Heads.F0] = -0.5 * ((np.arange(150) - (wobble[:, None] - 36.0) * 3.0) / 0.8) ** 2
    found = heard_in(out)
    assert len(found) == 1
    assert found[0, 2] == pytest.approx(60.0, abs=0.2)


def test_silence_and_a_lone_onset_are_no_notes() -> None:
    out = heads([])
    assert len(heard_in(out)) == 0
    out[100, [0, 3]] = 1.0
    assert len(heard_in(out)) == 0


def test_notes_never_overlap_whatever_the_heads() -> None:
    out = np.random.default_rng(0).normal(0.0, 2.0, (500, Heads.OUTPUTS)).astype(np.float32)
    intervals = heard_in(out)[:, :2]
    assert (intervals[:, 1] > intervals[:, 0]).all()
    assert (intervals[1:, 0] >= intervals[:-1, 1] - 0.011).all()
