"""Each stage of the daemon's work is timed where it is done: sing, write, and look at what was counted."""

import pytest

from app.studio import Studio
from vocalmidi.app.ears import open_ears
from vocalmidi.gauge import Gauges, Stage, Trace


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    studio, gauges = Studio(tmp_path_factory.mktemp("reaper"), open_ears("cpu")), Gauges()
    studio.writer.gauge = studio.hearing.gauge = gauges
    gauges.begin(Trace())
    studio.write_tune()
    return studio, gauges.end()


def test_every_block_is_timed_into_the_history_and_each_turn_of_drawing(measured):
    studio, done = measured
    blocks = len(done.histograms[Stage.HISTORY])
    assert blocks >= studio.heard // 1600
    assert len(done.histograms[Stage.DRAFT]) == blocks


def test_a_command_is_timed_with_all_that_it_is_made_of(measured):
    _, done = measured
    counts = {stage: len(done.histograms[stage]) for stage in Stage}
    assert [counts[stage] for stage in (Stage.COMMAND, Stage.ARRANGE, Stage.POST, Stage.RECEIPT)] == [1, 1, 1, 1]
    assert counts[Stage.CONSIDERED] >= 1
    spans = {span.stage: span for span in done.trace.spans()}
    command = spans[Stage.COMMAND]
    inner = [spans[stage] for stage in (Stage.ARRANGE, Stage.POST, Stage.RECEIPT)]
    assert all(command.began_ns <= span.began_ns <= span.ended_ns <= command.ended_ns for span in inner)
    assert [span.began_ns for span in inner] == sorted(span.began_ns for span in inner)


def test_what_was_sung_is_read_ahead_once_it_is_quiet(measured):
    _, done = measured
    assert len(done.histograms[Stage.READ]) >= 1
    assert done.histograms[Stage.READ].max_ns > 1_000_000
