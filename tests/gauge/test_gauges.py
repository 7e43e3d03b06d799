import threading
import time

import pytest

from vocalmidi.gauge import NO_GAUGE, Gauges, Span, Stage, Trace


def counting(trace=None):
    gauges = Gauges()
    gauges.begin(trace)
    return gauges


def test_a_stage_that_ended_is_counted_with_its_length():
    gauges = counting()
    began_ns = gauges.now()
    ended_ns = gauges.ended(Stage.MODEL, began_ns)
    measured = gauges.end()
    assert len(measured.histograms[Stage.MODEL]) == 1
    assert measured.histograms[Stage.MODEL].max_ns == ended_ns - began_ns
    assert not len(measured.histograms[Stage.PLAY])
    assert measured.began_ns <= began_ns <= ended_ns <= measured.ended_ns


def test_stages_follow_each_other_without_a_gap():
    gauges = counting(Trace())
    ended_ns = gauges.ended(Stage.FEATURES, gauges.now())
    gauges.ended(Stage.MODEL, ended_ns)
    first, second = gauges.end().trace.spans()
    assert (first.stage, second.stage) == (Stage.FEATURES, Stage.MODEL)
    assert first.ended_ns == second.began_ns == ended_ns


def test_only_what_happens_between_begin_and_end_is_counted():
    gauges = Gauges()
    gauges.took(Stage.MIDI, 1_000_000)
    gauges.begin(Trace())
    gauges.took(Stage.MIDI, 2_000_000)
    gauges.ended(Stage.PLAY, gauges.now())
    measured = gauges.end()
    gauges.took(Stage.MIDI, 3_000_000)
    gauges.begin()
    again = gauges.end()
    assert measured.histograms[Stage.MIDI].sum_ns == 2_000_000
    assert [span.stage for span in measured.trace.spans()] == [Stage.PLAY]
    assert not any(map(len, again.histograms))
    assert again.trace is None


def test_what_began_before_somebody_measured_is_not_counted_from_the_beginning_of_time():
    gauges = Gauges()
    began_ns = gauges.now()
    gauges.begin()
    next_ns = gauges.ended(Stage.MODEL, began_ns)
    gauges.ended(Stage.DECODE, next_ns)
    histograms = gauges.end().histograms
    assert not len(histograms[Stage.MODEL])
    assert len(histograms[Stage.DECODE]) == 1
    assert histograms[Stage.DECODE].max_ns < 10**9


@pytest.mark.parametrize("gauge", [NO_GAUGE, Gauges()], ids=["none", "nobody measures"])
def test_while_nothing_is_counted_no_clock_is_looked_at(gauge, monkeypatch):
    monkeypatch.setattr(time, "perf_counter_ns", None)
    assert gauge.now() == 0
    assert gauge.ended(Stage.MODEL, 0) == 0
    gauge.took(Stage.MIDI, 1)


def test_gathering_meanwhile_leaves_nothing_out_and_counts_nothing_twice():
    gauges = counting(Trace())
    for number in range(1, 101):
        gauges.took(Stage.MIDI, number)
        gauges.ended(Stage.PLAY, gauges.now())
        if number % 7 == 0:
            gauges.gather()
    measured = gauges.end()
    assert (len(measured.histograms[Stage.MIDI]), measured.histograms[Stage.MIDI].sum_ns) == (100, 5050)
    assert len(measured.trace.spans()) == len(measured.histograms[Stage.PLAY]) == 100


def test_threads_count_one_stage_at_once_without_losing_any():
    gauges, done = counting(Trace()), threading.Barrier(4)

    def work() -> None:
        for _ in range(5_000):
            gauges.ended(Stage.POST, gauges.now())
        done.wait(30)
        done.wait(30)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        gauges.gather()
    done.wait(30)
    measured = gauges.end()  # while they are still there: of a thread that is gone nobody knows the system's number
    done.wait(30)
    for thread in threads:
        thread.join()
    spans = measured.trace.spans()
    assert len(spans) == len(measured.histograms[Stage.POST]) == 15_000
    assert {span.thread for span in spans} == {thread.native_id for thread in threads}
    assert all(0 < span.began_ns <= span.ended_ns for span in spans)


def test_a_full_trace_keeps_the_newest_and_counts_what_is_gone():
    trace = Trace(4)
    for number in range(10):
        trace.note(Stage.PLAY, 42, number, number + 1)
    assert [span.began_ns for span in trace.spans()] == [6, 7, 8, 9]
    assert trace.lost == 6
    assert trace.spans()[0] == Span(Stage.PLAY, 42, 6, 7)


def test_a_trace_without_room_is_refused():
    with pytest.raises(ValueError, match="room"):
        Trace(0)


def test_every_stage_says_what_it_is():
    assert len({stage.label for stage in Stage}) == len(Stage)
    assert all(stage.meaning for stage in Stage)
    assert [stage.value for stage in Stage] == list(range(len(Stage)))
