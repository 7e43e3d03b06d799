"""The figures of every table, on notes and pitches whose score can be counted by hand."""

import numpy as np
import pytest

from needs import libraries

libraries("mir_eval")

from training.voice.scores import NoteScores, PitchScores, mean_scores, note_scores, pitch_scores

TRUTH = np.array([[1.0, 1.5, 60.0], [2.0, 2.5, 62.0]])


def moved(onset_s: float = 0.0, offset_s: float = 0.0, semitones: float = 0.0) -> NoteScores:
    return note_scores(TRUTH, TRUTH + np.array([onset_s, offset_s, semitones]))


def test_each_figure_asks_for_what_its_name_says() -> None:
    assert moved() == NoteScores(1.0, 1.0, 1.0, 1.0)
    assert moved(onset_s=0.07) == NoteScores(0.0, 0.0, 0.0, 1.0)
    assert moved(offset_s=0.2) == NoteScores(1.0, 1.0, 0.0, 1.0)
    assert moved(semitones=0.7) == NoteScores(1.0, 0.0, 0.0, 0.0)


def test_a_ghost_costs_precision() -> None:
    ghost = np.vstack([TRUTH, [[3.0, 3.5, 60.0]]])
    assert note_scores(TRUTH, ghost).conp == pytest.approx(0.8)


def test_silence_is_right_only_without_notes() -> None:
    none = np.zeros((0, 3))
    assert note_scores(none, none).con == 1.0
    assert note_scores(none, TRUTH).con == note_scores(TRUTH, none).con == 0.0
    assert mean_scores([note_scores(none, none), note_scores(none, TRUTH)]).con == 0.5


def test_frames_of_unknown_truth_count_nowhere() -> None:
    truth_hz = np.array([440.0, 440.0, 0.0, 0.0, -1.0])
    pitch = np.array([69.4, 69.6, 50.0, 50.0, 50.0])
    voiced = np.array([False, True, True, False, True])
    assert pitch_scores(truth_hz, pitch, voiced) == PitchScores(right=1, pitched=2, alarms=1, silent=2)
