"""Measures a program that runs, from inside it, for some seconds.

Comes in: what may be measured of it. Goes out: a report, and a trace where one is asked for. What runs is not touched:
it counts in any case; only the trace and the collections of memory are counted for as long as somebody measures.
"""

import gc
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from vocalmidi.errors import GaugeError
from vocalmidi.gauge import (
    Counter,
    Fact,
    Gauges,
    Level,
    Report,
    Sample,
    Stage,
    ThreadRow,
    ThreadTime,
    Trace,
    memory,
    memory_bytes,
    process_cpu_s,
    stage_rows,
    thread_times,
    trace_json,
)

MIN_S, MAX_S = 1.0, 600.0
"""Of measuring: below a second there is hardly a percentile, beyond ten minutes the samples of levels have no end."""
LOOK_S = 0.1
"""Between two looks at what goes up and down."""
MEMORY = "memory MB"
BYTES_PER_MB = 1e6


@dataclass(frozen=True, slots=True)
class Stand:
    """A level as it is now; most: all that there is room for, or 0."""

    name: str
    value: float
    most: float = 0.0


@dataclass(frozen=True, slots=True)
class Measurable:
    """What may be measured of a program: its gauges, counts since it began, levels now, and what it runs on.

    main: what its first thread does, in a word.
    """

    gauges: Gauges
    counters: Callable[[], tuple[Counter, ...]]
    levels: Callable[[], tuple[Stand, ...]]
    facts: Callable[[], tuple[Fact, ...]]
    main: str = "main"


@dataclass(frozen=True, slots=True)
class Question:
    """For how long to measure, and whether with a trace."""

    seconds: float
    traced: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A report, and the trace as a file's bytes; empty where none was asked for."""

    report: Report
    trace: bytes


def check_seconds(seconds: float) -> None:
    """Raise GaugeError where so long can't be measured."""
    if not MIN_S <= seconds <= MAX_S:
        raise GaugeError(f"{seconds:g} s can't be measured; choose {MIN_S:g} to {MAX_S:g}")


def measure(program: Measurable, measured: str, question: Question, ended: threading.Event) -> Found:
    """Measure for so many seconds, or until it has ended.

    measured: what it is, as in `Report`.

    Raises:
        GaugeError: the seconds are out of range.
    """
    check_seconds(question.seconds)
    before = _spent(program)
    program.gauges.begin(Trace() if question.traced else None)
    try:
        with _collections(program.gauges):
            samples = _levels(program, question.seconds, ended)
    finally:
        done = program.gauges.end()
    after = _spent(program)
    took_s = (after.at_ns - before.at_ns) / 1e9
    report = Report(
        measured=measured,
        seconds=round((done.ended_ns - done.began_ns) / 1e9, 3),
        core_share=round((after.cpu_s - before.cpu_s) / took_s, 4),
        memory=memory(),
        stages=stage_rows(done),
        threads=_shares(before.threads, after.threads, took_s),
        counters=_since(before.counters, after.counters),
        levels=_summed_up(samples, {stand.name: stand.most for stand in program.levels()}),
        facts=program.facts(),
        trace_lost=done.trace.lost if done.trace else 0,
    )
    if done.trace is None:
        return Found(report, b"")
    names = {each.thread: each.name for each in after.threads}
    return Found(report, trace_json(done.trace.spans(), samples, names, os.getpid(), done.began_ns))


@dataclass(frozen=True, slots=True)
class _Spent:
    """What was used and counted until a moment (`perf_counter_ns`)."""

    at_ns: int
    cpu_s: float
    threads: tuple[ThreadTime, ...]
    counters: tuple[Counter, ...]


def _spent(program: Measurable) -> _Spent:
    return _Spent(time.perf_counter_ns(), process_cpu_s(), thread_times(program.main), program.counters())


def _levels(program: Measurable, seconds: float, ended: threading.Event) -> list[Sample]:
    """Look at the levels until the time is over."""
    samples: list[Sample] = []
    until_ns = time.perf_counter_ns() + round(seconds * 1e9)
    while (now_ns := time.perf_counter_ns()) < until_ns:
        program.gauges.gather()
        samples += [Sample(stand.name, now_ns, stand.value) for stand in program.levels()]
        samples.append(Sample(MEMORY, now_ns, round(memory_bytes() / BYTES_PER_MB, 1)))
        if ended.wait(min(LOOK_S, (until_ns - now_ns) / 1e9)):
            break
    return samples


@contextmanager
def _collections(gauges: Gauges) -> Generator[None]:
    """Count each collection of unused memory meanwhile, whoever asked for it."""
    began_ns = 0

    def heard(phase: str, _facts: dict[str, Any]) -> None:
        nonlocal began_ns
        if phase == "start":
            began_ns = gauges.now()
        elif began_ns:
            gauges.ended(Stage.COLLECT, began_ns)

    gc.callbacks.append(heard)
    try:
        yield
    finally:
        gc.callbacks.remove(heard)


def _shares(before: Iterable[ThreadTime], now: Iterable[ThreadTime], took_s: float) -> tuple[ThreadRow, ...]:
    """Return what the threads of each name took meanwhile, the busiest first."""
    known_s = {each.thread: each.cpu_s for each in before}
    used_s, threads = defaultdict[str, float](float), defaultdict[str, int](int)
    for each in now:
        used_s[each.name] += each.cpu_s - known_s.get(each.thread, 0.0)
        threads[each.name] += 1
    rows = (ThreadRow(name, threads[name], round(used_s[name] / took_s, 4)) for name in threads)
    return tuple(sorted(rows, key=lambda row: (-row.core_share, row.name)))


def _since(before: tuple[Counter, ...], now: tuple[Counter, ...]) -> tuple[Counter, ...]:
    started = {each.name: each.count for each in before}
    return tuple(Counter(each.name, each.count - started.get(each.name, 0)) for each in now)


def _summed_up(samples: list[Sample], most: dict[str, float]) -> tuple[Level, ...]:
    names = dict.fromkeys(sample.name for sample in samples)
    return tuple(_level(name, [s.value for s in samples if s.name == name], most.get(name, 0.0)) for name in names)


def _level(name: str, values: list[float], most: float) -> Level:
    return Level(name, round(sum(values) / len(values), 3), max(values), most)
