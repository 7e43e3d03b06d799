"""The benchmark of tempo: what counts as right, and that its clips sound when they should."""

import numpy as np

from needs import libraries

libraries("torch", "pyworld", "zstandard", "mir_eval")

from benchmarks.tempo_accuracy import Take, octave_of, on_lines, our_row, tempo_row, threes
from benchmarks.tempo_clips import tones
from training.context.performances import RATE_HZ, Manner, perform
from training.context.scores import Score
from training.metre.data_metre import meant_of

from vocalmidi.phrase import Timing
from vocalmidi.values import Meter, TempoMap

CLOCKWORK = Manner(jitter_s=0.0, drift=0.0)


def take(meter=None):
    place_qn = np.arange(0, 24, 1.0)
    score = Score(
        "tune", "test", place_qn, np.full(24, 1.0), 60.0 + place_qn % 4, np.full(24, 90.0), np.zeros(24), drums=False,
        meter=meter or Meter(4, 4), tempo_qpm=100.0,
    )  # fmt: skip
    performance = perform(score, CLOCKWORK, np.random.default_rng(0))
    return Take(performance, meant_of(score, performance.mean_tempo_qpm))


def timing(origin_s, tempo_qpm=100.0, meter=None):
    return Timing(TempoMap.constant(tempo_qpm, origin_s), meter or Meter(4, 4), ())


def test_a_tempo_is_right_within_four_percent_and_its_octaves_are_octaves():
    row = tempo_row("g", "s", [103.9, 50.1, 140.0, 104.1], [100.0] * 4)
    assert (row.tempo, row.octave) == (25.0, 50.0)
    assert octave_of(3.0)
    assert not octave_of(1.5)


def test_bar_lines_are_held_against_the_true_ones():
    assert on_lines(timing(0.5), take()) == 1.0  # a performance begins half a second in
    assert on_lines(timing(0.5 + 0.6), take()) == 0.0
    assert on_lines(timing(0.5 + 8 * 0.6), take()) == 1.0
    assert on_lines(timing(0.5, meter=Meter(3, 4)), take()) < 0.5


def test_threes_are_of_bars_or_of_beats():
    assert len({threes(meter) for meter in (Meter(4, 4), Meter(3, 4), Meter(6, 8))}) == 3
    assert threes(Meter(2, 4)) == threes(Meter(4, 4))


def test_a_phrase_that_a_perfect_decoder_heard_has_a_row():
    one = take()
    row = our_row("g", [(one, one.performance.events())])
    assert (row.takes, row.octave) == (1, 100.0)


def test_tones_sound_where_notes_begin():
    one = take()
    sound = np.abs(tones(one.performance))
    for onset_s in one.performance.onset_s:
        at = int(onset_s * RATE_HZ)
        assert sound[at : at + 400].max() > 0.1
        assert sound[at - 800 : at].max() < 0.05
