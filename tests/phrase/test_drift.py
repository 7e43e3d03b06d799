"""Voices without a click: the written rhythm comes back though the tempo wandered."""

import numpy as np
import pytest

from phrase.sung import sing
from vocalmidi.phrase import PhraseSettings, build_phrase

RHYTHM = (0, 1, 2, 2.5, 3, 4, 5.5, 6)
TUNE = [(8 * half + at, 0.5, 60 + n % 5) for half in range(8) for n, at in enumerate(RHYTHM)]
"""Sixteen bars in a rhythm that has one reading."""


def late_by(curve, tempo_qpm=100):
    """Return how late each onset of the tune is when the beat's length follows `curve` (1 is the tempo)."""
    beats = np.arange(0, 65)
    lines_s = np.concatenate([[0], np.cumsum(curve(beats[:-1] / 64))]) * 60 / tempo_qpm
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
    steady = starts(build_phrase(events, PhraseSettings(tempo_qpm=100)))
    assert np.mean(np.array(steady) == [at for at, _, _ in TUNE]) < 0.9  # the case is a hard one


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


def test_a_tempo_that_is_given_is_a_click_and_is_not_bent():
    phrase = build_phrase(
        sing(TUNE, 100, late_s=late_by(lambda place: 1 + 0.05 * place)), PhraseSettings(tempo_qpm=100)
    )
    assert [point.tempo_qpm for point in phrase.tempo_map.points] == [100]
