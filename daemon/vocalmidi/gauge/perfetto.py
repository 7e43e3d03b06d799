"""A trace as a file that ui.perfetto.dev and chrome://tracing open.

In: stretches of work, the names of their threads, and levels over time. Out: JSON in the Trace Event Format
(docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsChNAySU): metadata first, then complete events ("X") and
counters ("C") in order of time, in microseconds since measuring began. It keeps no more than that: no sound, no names.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vocalmidi.gauge.trace import Span

_NS_PER_US = 1000.0
_US_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A level at a moment (`perf_counter_ns`)."""

    name: str
    at_ns: int
    value: float


def trace_json(
    spans: Iterable[Span], samples: Iterable[Sample], threads: Mapping[int, str], process: int, began_ns: int
) -> bytes:
    """Return the trace of a process; threads: their names by number; began_ns: the moment that is shown as 0."""
    stretches = list(spans)
    events = [_complete(span, process, began_ns) for span in stretches]
    events += [_counter(sample, process, began_ns) for sample in samples]
    # Who holds another begins before it, or with it and ends later: a viewer nests them in this order.
    events.sort(key=lambda event: (event["ts"], -event.get("dur", 0.0)))
    seen = sorted({span.thread for span in stretches})
    return json.dumps(
        {
            "traceEvents": [*_metadata(seen, threads, process), *events],
            "displayTimeUnit": "ms",
        },
        separators=(",", ":"),
    ).encode()


def _metadata(seen: Sequence[int], threads: Mapping[int, str], process: int) -> list[dict[str, Any]]:
    named = [_named("process_name", process, process, "vocalmidi")]
    return named + [_named("thread_name", process, each, threads.get(each, f"thread {each}")) for each in seen]


def _named(what: str, process: int, thread: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "name": what, "pid": process, "tid": thread, "args": {"name": name}}


def _complete(span: Span, process: int, began_ns: int) -> dict[str, Any]:
    # What had begun before is shown from 0 on.
    start_ns = max(0, span.began_ns - began_ns)
    return {
        "ph": "X",
        "name": span.stage.label,
        "cat": "stage",
        "pid": process,
        "tid": span.thread,
        "ts": _us(start_ns),
        "dur": _us(max(0, span.ended_ns - began_ns - start_ns)),
    }


def _counter(sample: Sample, process: int, began_ns: int) -> dict[str, Any]:
    at_us = _us(sample.at_ns - began_ns)
    return {"ph": "C", "name": sample.name, "pid": process, "ts": at_us, "args": {sample.name: sample.value}}


def _us(ns: int) -> float:
    return round(ns / _NS_PER_US, _US_DIGITS)
