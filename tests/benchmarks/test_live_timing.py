"""What counts as a late, a wrong, a false and a second note-on, on live events written by hand."""

from pathlib import Path

import numpy as np
import pytest

from needs import libraries

libraries("pyworld", "mir_eval")

from benchmarks.live_timing import Timing, summary, timing_of
from benchmarks.voice_sets import Annotated

from vocalmidi.values import NoteOff, NoteOn, NoteRevision

RATE = 1000
"""So that a sample is a millisecond."""
SUNG = np.array([[1.0, 1.5, 60.0], [1.5, 2.0, 62.0], [3.0, 3.5, 64.0]])


def timing(*events: NoteOn | NoteRevision | NoteOff) -> Timing:
    return timing_of(Annotated(Path("x"), "clean", SUNG), events, RATE, 60.0)


def on(number: int, decided: int, pitch: float, onset: int | None = None) -> NoteOn:
    return NoteOn(number, decided - 20 if onset is None else onset, pitch, 90, 0.9, decided)


def test_each_sung_note_is_timed_by_its_first_note_on() -> None:
    found = timing(on(1, 1030, 60.1), NoteOff(1, 1500, 1540), on(2, 1540, 62.0), NoteOff(2, 2000, 2060))
    np.testing.assert_allclose(found.on_ms, [30.0, 40.0, np.nan])
    np.testing.assert_allclose(found.right_ms, [30.0, 40.0, np.nan])
    np.testing.assert_allclose(found.off_ms, [40.0, 60.0, np.nan])
    assert (found.false, found.again) == (0, 0)


def test_a_revision_makes_a_wrong_note_right_later() -> None:
    found = timing(on(1, 1020, 72.0), NoteRevision(1, 60.2, 0.9, 1080))
    assert found.on_ms[0] == pytest.approx(20.0)
    assert found.right_ms[0] == pytest.approx(80.0)


def test_a_note_that_stays_wrong_is_never_right() -> None:
    found = timing(on(1, 1020, 60.6))
    assert found.on_ms[0] == pytest.approx(20.0)
    assert np.isnan(found.right_ms[0])


def test_a_note_on_in_silence_is_false_and_a_second_one_is_again() -> None:
    found = timing(on(1, 2500, 60.0), on(2, 3030, 64.0), on(3, 3200, 64.0))
    assert (found.false, found.again) == (1, 1)
    figures = summary([found])
    assert figures["false"] == pytest.approx(1.0)
    assert figures["again"] == pytest.approx(1.0)
    assert figures["never_begun"] == pytest.approx(2 / 3)


def test_a_late_word_belongs_to_the_note_whose_onset_it_claims() -> None:
    late = timing(on(1, 1480, 60.0, onset=1010))
    np.testing.assert_allclose(late.on_ms, [480.0, np.nan, np.nan])
    early = timing(on(1, 1480, 62.0, onset=1490))
    np.testing.assert_allclose(early.on_ms, [np.nan, -20.0, np.nan])
