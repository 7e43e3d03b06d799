"""Times stages of work where they are done: always into histograms, and into a trace while somebody wants one.

In: when a stage began, or how long it was. Out: histograms and a trace, to who measures. Who is given `NO_GAUGE` counts
nothing and looks at no clock. A stage is timed by one thread.
"""

import time
from dataclasses import dataclass
from typing import Protocol

from vocalmidi.gauge.histogram import Histogram
from vocalmidi.gauge.stage import Stage
from vocalmidi.gauge.trace import Trace


class Gauge(Protocol):
    """What the work is given."""

    def now(self) -> int:
        """Return the time, in ns of `perf_counter`; 0 where nothing is counted."""
        ...

    def ended(self, stage: Stage, began_ns: int) -> int:
        """Count a stage that has ended now, and return the time, at which the next one may begin."""
        ...

    def took(self, stage: Stage, lasted_ns: int) -> None:
        """Count a stage that is not told by this clock, such as one that began at the device."""
        ...


class _NoGauge:
    """Counts nothing."""

    __slots__ = ()

    def now(self) -> int:
        return 0

    def ended(self, stage: Stage, began_ns: int) -> int:
        _ = stage, began_ns
        return 0

    def took(self, stage: Stage, lasted_ns: int) -> None:
        _ = stage, lasted_ns


NO_GAUGE: Gauge = _NoGauge()


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was counted between two moments.

    histograms: of each stage, in their order.
    trace: None where none was asked for.
    """

    began_ns: int
    ended_ns: int
    histograms: tuple[Histogram, ...]
    trace: Trace | None


class Gauges:
    """Counts all stages of one program."""

    __slots__ = ("_began_ns", "_histograms", "_trace")

    now = staticmethod(time.perf_counter_ns)

    def __init__(self) -> None:
        self._trace: Trace | None = None
        self._histograms = _fresh()
        self._began_ns = self.now()

    def ended(self, stage: Stage, began_ns: int) -> int:
        """Count a stage that has ended now, and return the time, at which the next one may begin."""
        now_ns = self.now()
        self._histograms[stage].add(now_ns - began_ns)
        trace = self._trace
        if trace is not None:
            trace.note(stage, began_ns, now_ns)
        return now_ns

    def took(self, stage: Stage, lasted_ns: int) -> None:
        """Count a stage that is not told by this clock, such as one that began at the device."""
        self._histograms[stage].add(lasted_ns)

    def of(self, stage: Stage) -> Histogram:
        """Return what has been counted of a stage since it began, or since `begin`."""
        return self._histograms[stage]

    def begin(self, trace: Trace | None = None) -> None:
        """Count from now on, afresh; with a trace, where one is given."""
        self._histograms = _fresh()
        self._began_ns = self.now()
        self._trace = trace

    def end(self) -> Measured:
        """Return what was counted since `begin`, and go on afresh, without a trace."""
        measured = Measured(self._began_ns, self.now(), self._histograms, self._trace)
        self.begin()
        return measured


def _fresh() -> tuple[Histogram, ...]:
    return tuple(Histogram() for _ in Stage)
