import threading

import pytest

from vocalmidi.gauge import NO_GAUGE, Gauges, Span, Stage, Trace


def test_a_stage_that_ended_is_counted_with_its_length():
    gauges = Gauges()
    began_ns = gauges.now()
    ended_ns = gauges.ended(Stage.MODEL, began_ns)
    assert len(gauges.of(Stage.MODEL)) == 1
    assert gauges.of(Stage.MODEL).max_ns == ended_ns - began_ns
    assert not len(gauges.of(Stage.PLAY))


def test_stages_follow_each_other_without_a_gap():
    gauges = Gauges()
    gauges.begin(trace := Trace())
    ended_ns = gauges.ended(Stage.FEATURES, gauges.now())
    gauges.ended(Stage.MODEL, ended_ns)
    first, second = trace.spans()
    assert (first.stage, second.stage) == (Stage.FEATURES, Stage.MODEL)
    assert first.ended_ns == second.began_ns == ended_ns


def test_what_was_counted_before_is_not_in_what_is_measured():
    gauges = Gauges()
    gauges.took(Stage.MIDI, 1_000_000)
    gauges.begin(Trace())
    gauges.took(Stage.MIDI, 2_000_000)
    gauges.ended(Stage.PLAY, gauges.now())
    measured = gauges.end()
    gauges.took(Stage.MIDI, 3_000_000)
    assert measured.histograms[Stage.MIDI].sum_ns == 2_000_000
    assert measured.trace is not None
    assert [span.stage for span in measured.trace.spans()] == [Stage.PLAY]
    assert measured.began_ns <= measured.ended_ns


def test_without_a_trace_none_is_written():
    gauges = Gauges()
    gauges.begin()
    gauges.ended(Stage.PLAY, gauges.now())
    assert gauges.end().trace is None


def test_no_gauge_looks_at_no_clock():
    assert NO_GAUGE.now() == 0
    assert NO_GAUGE.ended(Stage.MODEL, 0) == 0
    NO_GAUGE.took(Stage.MIDI, 1)


def test_a_full_trace_keeps_the_newest_and_counts_what_is_gone():
    trace = Trace(4)
    for number in range(10):
        trace.note(Stage.PLAY, number, number + 1)
    assert [span.began_ns for span in trace.spans()] == [6, 7, 8, 9]
    assert trace.lost == 6
    assert trace.spans()[0] == Span(Stage.PLAY, threading.get_native_id(), 6, 7)


def test_threads_write_one_trace_without_losing_a_stretch():
    trace = Trace()

    def write(stage: Stage) -> None:
        for number in range(5_000):
            trace.note(stage, number, number)

    threads = [threading.Thread(target=write, args=(stage,)) for stage in (Stage.PLAY, Stage.MODEL, Stage.HISTORY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spans = trace.spans()
    assert len(spans) == 15_000
    assert len({span.thread for span in spans}) == 3
    assert all(
        sorted(span.began_ns for span in spans if span.stage is stage) == list(range(5_000))
        for stage in (Stage.PLAY, Stage.MODEL, Stage.HISTORY)
    )


def test_a_trace_without_room_is_refused():
    with pytest.raises(ValueError, match="room"):
        Trace(0)


def test_every_stage_says_what_it_is():
    assert len({stage.label for stage in Stage}) == len(Stage)
    assert all(stage.meaning for stage in Stage)
    assert [stage.value for stage in Stage] == list(range(len(Stage)))
