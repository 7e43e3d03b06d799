"""What was measured, as a value: tables of stages, threads, counters, memory, and what all that ran on.

In: histograms and what the program says of itself. Out: a `Report`, and that as JSON (docs/CLI.md) and back.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from vocalmidi.errors import GaugeError
from vocalmidi.gauge.cost import Memory
from vocalmidi.gauge.gauges import Measured
from vocalmidi.gauge.histogram import Histogram
from vocalmidi.gauge.stage import Stage

JSON_VERSION = 1
_NS_PER_MS = 1e6


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: its name, how often it was, and how long, ms; total_s: all of them together."""

    stage: str
    count: int
    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float
    mean_ms: float
    total_s: float


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """The threads of a name: how many, and what share of one core they took, 0–1 each."""

    name: str
    threads: int
    core_share: float


@dataclass(frozen=True, slots=True)
class Counter:
    """Something that was counted while it was measured, such as samples lost."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Level:
    """Something that goes up and down, as it was found meanwhile; most: all that there is room for, or 0."""

    name: str
    mean: float
    max: float
    most: float


@dataclass(frozen=True, slots=True)
class Fact:
    """What it ran on: a name, and words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured.

    measured: what was: `daemon`, `microphone`, or `recording`.
    seconds: for how long; core_share: of one core, all threads together.
    trace_lost: stretches of work that the trace had no room for.
    """

    measured: str
    seconds: float
    core_share: float
    memory: Memory
    stages: tuple[StageRow, ...]
    threads: tuple[ThreadRow, ...]
    counters: tuple[Counter, ...]
    levels: tuple[Level, ...]
    facts: tuple[Fact, ...]
    trace_lost: int = 0


def stage_rows(measured: Measured) -> tuple[StageRow, ...]:
    """Return a row for each stage that was there."""
    return tuple(_row(stage, measured.histograms[stage]) for stage in Stage if len(measured.histograms[stage]))


def _row(stage: Stage, histogram: Histogram) -> StageRow:
    p50, p90, p99 = (round(histogram.percentile_ns(percent) / _NS_PER_MS, 4) for percent in (50, 90, 99))
    return StageRow(
        stage.label,
        len(histogram),
        p50,
        p90,
        p99,
        round(histogram.max_ns / _NS_PER_MS, 4),
        round(histogram.mean_ns / _NS_PER_MS, 4),
        round(histogram.sum_ns / 1e9, 6),
    )


def report_table(report: Report) -> dict[str, Any]:
    """Return a report as the object that JSON has of it."""
    return {"version": JSON_VERSION, **asdict(report)}


def report_of(text: str | bytes) -> Report:
    """Return the report that is written as JSON.

    Raises:
        GaugeError: it is none, or of another version.
    """
    try:
        table = json.loads(text)
        if table["version"] != JSON_VERSION:
            raise GaugeError(
                f"the report is of version {table['version']}, not {JSON_VERSION}; start the daemon of this version"
            )
        rows: dict[str, Any] = {name: tuple(_values(kind, table[name])) for name, kind in _ROWS.items()}
        return Report(
            measured=str(table["measured"]),
            seconds=float(table["seconds"]),
            core_share=float(table["core_share"]),
            trace_lost=int(table["trace_lost"]),
            memory=_value(Memory, table["memory"]),
            **rows,
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise GaugeError(f"that is no report: {error}") from error


_ROWS = {"stages": StageRow, "threads": ThreadRow, "counters": Counter, "levels": Level, "facts": Fact}


def _values(kind: Any, tables: Iterable[dict[str, Any]]) -> Iterable[Any]:
    return (_value(kind, table) for table in tables)


def _value(kind: Any, table: dict[str, Any]) -> Any:
    """Return a row of a table; what a later program adds is left out."""
    return kind(**{field.name: _plain(field.type, table[field.name]) for field in fields(kind)})


def _plain(kind: Any, value: Any) -> Any:
    """Return a value as the row wants it: str, int or float."""
    return kind(value)
