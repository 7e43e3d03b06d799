"""Voices without a click: the written rhythm comes back though the tempo wandered."""

import numpy as np
import pytest

from phrase.sung import JINGLE, RATE_HZ, sing
from vocalmidi.phrase import PhraseSettings, build_phrase

TUNE = JINGLE


def late_by(curve, tempo_qpm=100):
    """Return how late each onset of the tune is when the beat's length follows `curve` (1 is the tempo)."""
    beats = np.arange(0, 33)
    lines_s = np.concatenate([[0], np.cumsum(curve(beats[:-1] / 32))]) * 60 / tempo_qpm
    return [float(np.interp(at, beats, lines_s) - at * 60 / tempo_qpm) for at, _, _ in TUNE]


def starts(phrase):
    return [note.start_qn for note in phrase.notes]


@pytest.mark.parametrize(
    "curve",
    [
        lambda place: 1 + 0.05 * place,  # slows down by 5 %
        lambda place: 1 - 0.05 * place,  # hurries
        lambda place: 1 + 0.03 * np.sin(2 * np.pi * place),  # breathes
    ],
)
def test_a_singer_who_slows_down_or_hurries_still_writes_the_same_tune(curve):
    events = sing(TUNE, 100, late_s=late_by(curve))
    assert starts(build_phrase(events, PhraseSettings())) == [at for at, _, _ in TUNE]
    steady = np.round(4 * (np.array([note.onset for note in events.notes]) / RATE_HZ - 0.5) / 0.6) / 4
    assert np.mean(steady == [at for at, _, _ in TUNE]) < 0.9  # the case is a hard one


def test_the_map_tells_when_each_bar_was_sung():
    late_s = late_by(lambda place: 1 + 0.05 * place)
    phrase = build_phrase(sing(TUNE, 100, late_s=late_s), PhraseSettings())
    for (at, _, _), late in list(zip(TUNE, late_s, strict=True))[::8]:
        assert phrase.tempo_map.time_at(at) == pytest.approx(0.5 + at * 0.6 + late, abs=0.04)


def test_a_steady_take_keeps_one_tempo():
    late_s = np.random.default_rng(5).normal(0, 0.02, len(TUNE)).tolist()
    phrase = build_phrase(sing(TUNE, 100, late_s=late_s), PhraseSettings())
    assert len(phrase.tempo_map.points) == 1
    assert phrase.tempo_map.points[0].tempo_qpm == pytest.approx(100, rel=0.002)


def test_a_tempo_that_is_given_is_a_click_unless_the_take_says_otherwise():
    late_s = np.random.default_rng(6).normal(0, 0.03, len(TUNE)).tolist()
    phrase = build_phrase(sing(TUNE, 100, late_s=late_s), PhraseSettings(tempo_qpm=100))
    assert [point.tempo_qpm for point in phrase.tempo_map.points] == [pytest.approx(100)]
    slowing = build_phrase(
        sing(TUNE, 100, late_s=late_by(lambda place: 1 + 0.05 * place)), PhraseSettings(tempo_qpm=100)
    )
    assert starts(slowing) == [at for at, _, _ in TUNE]
