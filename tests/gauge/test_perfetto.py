"""The trace is held to the rules of the Trace Event Format, written down here from its document."""

import json
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.gauge import Sample, Span, Stage, trace_json

PROCESS = 4711
BEGAN_NS = 1_000_000_000


def faults(content: bytes) -> list[str]:
    """Return what a viewer would stumble over."""
    table = json.loads(content)
    events = table["traceEvents"]
    timed = [event for event in events if event["ph"] != "M"]
    named = {event["tid"] for event in events if event["ph"] == "M" and event["name"] == "thread_name"}
    spans = [event for event in events if event["ph"] == "X"]
    found = [f"{event}: {fault}" for event in events for fault in faults_of(event)]
    found += [f"thread {event['tid']} has no name" for event in spans if event["tid"] not in named]
    if [event["ts"] for event in timed] != sorted(event["ts"] for event in timed):
        found.append("the events are not in order of time")
    return found + [f"{event}: overlaps one that it is not part of" for event in overlapping(spans)]


def is_time(value) -> bool:
    return isinstance(value, int | float) and value >= 0


RULES = {
    "M": lambda event: event["name"] in ("process_name", "thread_name") and isinstance(event["args"]["name"], str),
    "X": lambda event: is_time(event.get("ts")) and is_time(event.get("dur")) and isinstance(event["tid"], int),
    "C": lambda event: (
        is_time(event.get("ts"))
        and event["args"] != {}
        and all(isinstance(value, int | float) for value in event["args"].values())
    ),
}


def faults_of(event) -> list[str]:
    if not isinstance(event.get("name"), str) or not isinstance(event.get("pid"), int):
        return ["no name, or no process"]
    if event["ph"] not in RULES:
        return [f"phase {event['ph']!r}"]
    return [] if RULES[event["ph"]](event) else ["a field is missing or wrong"]


def overlapping(spans) -> list:
    """Return the complete events that begin within another one of their thread and end after it."""
    found, around = [], defaultdict(list)
    for event in (event for event in spans if "dur" in event):
        outer, stop = around[event["tid"]], event["ts"] + event["dur"]
        while outer and outer[-1] <= event["ts"] + 0.0005:  # half a nanosecond: ends are sums of floats
            outer.pop()
        if outer and stop > outer[-1] + 0.0005:
            found.append(event)
        outer.append(stop)
    return found


def test_a_block_and_its_stages_are_nested_in_their_thread():
    spans = [
        Span(Stage.BLOCK, 7, BEGAN_NS + 1_000, BEGAN_NS + 9_000),
        Span(Stage.FEATURES, 7, BEGAN_NS + 1_000, BEGAN_NS + 3_500),
        Span(Stage.MODEL, 7, BEGAN_NS + 3_500, BEGAN_NS + 9_000),
        Span(Stage.HISTORY, 8, BEGAN_NS + 2_000, BEGAN_NS + 2_001),
    ]
    samples = [Sample("ring samples", BEGAN_NS + 4_000, 128.0), Sample("memory", BEGAN_NS, 190.5)]
    content = trace_json(spans, samples, {7: "live", 8: "reader"}, PROCESS, BEGAN_NS)
    assert faults(content) == []
    events = json.loads(content)["traceEvents"]
    assert {event["args"]["name"] for event in events if event["ph"] == "M"} == {"vocalmidi", "live", "reader"}
    assert [(event["name"], event["ts"], event["dur"]) for event in events if event["ph"] == "X"] == [
        ("block", 1.0, 8.0),
        ("features", 1.0, 2.5),
        ("history", 2.0, 0.001),
        ("model", 3.5, 5.5),
    ]
    assert [(event["name"], event["args"]) for event in events if event["ph"] == "C"] == [
        ("memory", {"memory": 190.5}),
        ("ring samples", {"ring samples": 128.0}),
    ]


def test_what_had_begun_before_is_shown_from_zero_on():
    content = trace_json([Span(Stage.COMMAND, 7, BEGAN_NS - 5_000, BEGAN_NS + 2_000)], [], {}, PROCESS, BEGAN_NS)
    assert faults(content) == []
    (event,) = [event for event in json.loads(content)["traceEvents"] if event["ph"] == "X"]
    assert (event["ts"], event["dur"]) == (0.0, 2.0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**11), st.integers(0, 10**9)), max_size=30))
def test_whatever_follows_each_other_in_a_thread_is_a_valid_trace(lengths):
    spans, free_ns = [], defaultdict(lambda: BEGAN_NS)
    for thread, pause_ns, length_ns in lengths:
        start = free_ns[thread] + pause_ns
        spans.append(Span(Stage.BLOCK, thread, start, start + length_ns))
        spans.append(Span(Stage.MODEL, thread, start, start + length_ns // 2))
        free_ns[thread] = start + length_ns
    assert faults(trace_json(spans, [], {}, PROCESS, BEGAN_NS)) == []


@pytest.mark.parametrize(
    "event",
    [
        {"ph": "X", "name": "a", "pid": 1, "tid": 1, "ts": 0.0},
        {"ph": "X", "name": "a", "pid": 1, "tid": 1, "ts": -1.0, "dur": 2.0},
        {"ph": "B", "name": "a", "pid": 1, "tid": 1, "ts": 1.0},
        {"ph": "C", "name": "a", "pid": 1, "ts": 1.0, "args": {}},
    ],
)
def test_the_rules_find_what_breaks_them(event):
    assert faults(json.dumps({"traceEvents": [event]}).encode())


def test_the_rules_find_two_that_overlap_and_two_out_of_order():
    begin = {"ph": "X", "name": "a", "pid": 1, "tid": 1, "ts": 0.0, "dur": 2.0}
    name = {"ph": "M", "name": "thread_name", "pid": 1, "tid": 1, "args": {"name": "live"}}
    later = begin | {"ts": 1.0}
    assert "overlaps" in faults(json.dumps({"traceEvents": [name, begin, later]}).encode())[0]
    apart = begin | {"ts": 5.0}
    assert faults(json.dumps({"traceEvents": [name, begin, apart]}).encode()) == []
    assert "order" in faults(json.dumps({"traceEvents": [name, apart, begin]}).encode())[0]
