"""A program measured from inside: what was counted meanwhile, what went up and down, and what each thread took."""

import gc
import json
import threading
import time

import pytest

from vocalmidi.app.gauging import Measurable, Question, Stand, measure
from vocalmidi.errors import GaugeError
from vocalmidi.gauge import Counter, Fact, Gauges, Stage


class Program:
    """Works in a thread of its own, a block each 5 ms, and counts."""

    def __init__(self):
        self.gauges, self.blocks, self.ended = Gauges(), 7, threading.Event()
        self.thread = threading.Thread(target=self.work, name="worker")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def work(self):
        while not self.ended.wait(0.005):
            began_ns = self.gauges.now()
            until = time.thread_time() + 0.001
            while time.thread_time() < until:
                pass
            self.blocks += 1
            self.gauges.ended(Stage.BLOCK, began_ns)

    def measurable(self):
        return Measurable(
            self.gauges,
            counters=lambda: (Counter("blocks", self.blocks),),
            levels=lambda: (Stand("ring samples", float(self.blocks % 3), 512.0),),
            facts=lambda: (Fact("program", "a test's"),),
        )


def test_what_happens_meanwhile_is_counted_and_nothing_else():
    with Program() as program:
        time.sleep(0.2)
        report = measure(program.measurable(), "daemon", Question(1.0), threading.Event()).report
    (block,) = [row for row in report.stages if row.stage == "block"]
    (counter,) = report.counters
    assert report.seconds >= 1.0
    # Both are looked at one after the other, while blocks come each 5 ms.
    assert block.count > 20
    assert abs(counter.count - block.count) <= 10
    assert block.p50_ms >= 1.0
    assert block.total_s == pytest.approx(block.count * block.mean_ms / 1000.0, rel=0.01)
    assert report.facts == (Fact("program", "a test's"),)


def test_a_thread_has_the_share_of_a_core_that_its_work_took():
    with Program() as program:
        report = measure(program.measurable(), "daemon", Question(1.5), threading.Event()).report
    (worker,) = [row for row in report.threads if row.name == "worker"]
    (block,) = [row for row in report.stages if row.stage == "block"]
    # The system counts in ticks of 10 ms, and the least work of a block is a millisecond.
    assert worker.core_share >= block.count * 0.001 / report.seconds - 0.02
    assert worker.core_share <= report.core_share + 0.02
    assert [row.core_share for row in report.threads] == sorted((r.core_share for r in report.threads), reverse=True)


def test_levels_are_looked_at_meanwhile_and_memory_among_them():
    with Program() as program:
        report = measure(program.measurable(), "daemon", Question(1.0), threading.Event()).report
    levels = {level.name: level for level in report.levels}
    assert 0.0 <= levels["ring samples"].mean <= levels["ring samples"].max <= 2.0
    assert levels["ring samples"].most == 512.0
    assert levels["memory MB"].max == pytest.approx(report.memory.now_bytes / 1e6, rel=0.5)


def test_collections_are_counted_while_measuring_only():
    program = Program()
    timer = threading.Timer(0.3, gc.collect)
    timer.start()
    report = measure(program.measurable(), "daemon", Question(1.0), threading.Event()).report
    timer.join()
    (row,) = [row for row in report.stages if row.stage == "collect"]
    assert row.count >= 1
    program.gauges.begin()
    gc.collect()
    assert not len(program.gauges.end().histograms[Stage.COLLECT])


def test_a_trace_holds_the_stretches_their_threads_and_the_levels():
    with Program() as program:
        found = measure(program.measurable(), "daemon", Question(1.0, traced=True), threading.Event())
    events = json.loads(found.trace)["traceEvents"]
    blocks = [event for event in events if event["ph"] == "X" and event["name"] == "block"]
    (row,) = [row for row in found.report.stages if row.stage == "block"]
    assert abs(len(blocks) - row.count) <= 1
    names = {event["tid"]: event["args"]["name"] for event in events if event["name"] == "thread_name"}
    assert {names[event["tid"]] for event in blocks} == {"worker"}
    assert {event["name"] for event in events if event["ph"] == "C"} == {"ring samples", "memory MB"}
    assert found.report.trace_lost == 0


def test_without_being_asked_for_there_is_no_trace():
    program = Program()
    assert measure(program.measurable(), "daemon", Question(1.0), threading.Event()).trace == b""


def test_what_ends_is_measured_as_long_as_it_was_there():
    ended = threading.Event()
    threading.Timer(0.3, ended.set).start()
    report = measure(Program().measurable(), "daemon", Question(60.0), ended).report
    assert report.seconds < 30.0


@pytest.mark.parametrize("seconds", [0.0, -1.0, 601.0, float("nan"), float("inf")])
def test_what_is_too_short_or_too_long_is_refused(seconds):
    with pytest.raises(GaugeError, match="choose 1 to 600"):
        measure(Program().measurable(), "daemon", Question(seconds), threading.Event())
