"""Times stages of work where they are done, while somebody measures; else nothing is counted and no clock looked at.

In: when a stage began, or how long it was, from any thread. Out: histograms and a trace, to who measures. Who works
leaves three numbers, in one call of C that nothing interrupts; who measures gathers them a few times a second. So the
work waits for no lock and is hardly held up. Who is given `NO_GAUGE` never counts.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import enumerate as running
from threading import get_ident
from typing import Protocol

from vocalmidi.gauge.histogram import Histogram
from vocalmidi.gauge.stage import Stage
from vocalmidi.gauge.trace import Trace


class Gauge(Protocol):
    """What the work is given."""

    @property
    def now(self) -> Callable[[], int]:
        """Returns the time, in ns of `perf_counter`; 0 while nothing is counted."""
        ...

    @property
    def ended(self) -> Callable[[Stage, int], int]:
        """Counts a stage that has ended now, and returns the time, at which the next one may begin.

        One that began at 0, when nothing was counted, is not counted.
        """
        ...

    @property
    def took(self) -> Callable[[Stage, int], None]:
        """Counts the length, in ns, of a stage that is not told by this clock, such as one that began at the device."""
        ...


def _no_time() -> int:
    return 0


def _not_ended(stage: Stage, began_ns: int, /) -> int:
    _ = stage, began_ns
    return 0


def _not_taken(stage: Stage, lasted_ns: int, /) -> None:
    _ = stage, lasted_ns


_Marks = tuple[deque[int], ...]
"""What the work has left, by stage: three numbers each time, when it began, when it ended, in which thread; 0 for the
thread where no trace is wanted, and for the beginning, too, where only the length is known."""


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
    """Counts all stages of one program, from `begin` to `end`; who has begun gathers now and then."""

    def __init__(self) -> None:
        self._trace: Trace | None = None
        self._histograms: tuple[Histogram, ...] = ()
        self._marks: _Marks = ()
        self._began_ns = 0
        self.now: Callable[[], int] = _no_time
        self.ended: Callable[[Stage, int], int] = _not_ended
        self.took: Callable[[Stage, int], None] = _not_taken

    def begin(self, trace: Trace | None = None) -> None:
        """Count from now on, afresh; with a trace, where one is given."""
        self._histograms = tuple(Histogram() for _ in Stage)
        self._marks = tuple(deque[int]() for _ in Stage)
        self._trace = trace
        self._began_ns = time.perf_counter_ns()
        self.now = time.perf_counter_ns
        self.ended, self.took = _counting(self._marks, _no_time if trace is None else get_ident)

    def gather(self) -> None:
        """Sort in what the work has left since the last time."""
        # The system's number of a thread takes a call of the system, Python's does not: the work leaves that one.
        numbers = {each.ident: each.native_id for each in running()}
        for stage, marks, histogram in zip(Stage, self._marks, self._histograms, strict=True):
            for _ in range(len(marks) // 3):
                began_ns, ended_ns, thread = marks.popleft(), marks.popleft(), marks.popleft()
                histogram.add(ended_ns - began_ns)
                if thread and self._trace is not None:
                    self._trace.note(stage, numbers.get(thread) or thread, began_ns, ended_ns)

    def end(self) -> Measured:
        """Count no more, and return what was counted since `begin`."""
        self.now, self.ended, self.took = _no_time, _not_ended, _not_taken
        ended_ns = time.perf_counter_ns()
        self.gather()
        return Measured(self._began_ns, ended_ns, self._histograms, self._trace)


def _counting(
    marks: _Marks, thread: Callable[[], int]
) -> tuple[Callable[[Stage, int], int], Callable[[Stage, int], None]]:
    """Return what counts into `marks`: a stage that has ended, in which thread, and one whose length is known."""
    leave = tuple(each.extend for each in marks)
    clock = time.perf_counter_ns

    def ended(stage: Stage, began_ns: int, /) -> int:
        now_ns = clock()
        if began_ns:
            leave[stage]((began_ns, now_ns, thread()))
        return now_ns

    def took(stage: Stage, lasted_ns: int, /) -> None:
        leave[stage]((0, lasted_ns, 0))

    return ended, took


NO_GAUGE: Gauge = Gauges()
