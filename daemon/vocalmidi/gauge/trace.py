"""The last so many stretches of work, each with its thread, beginning and end: what a trace is drawn from.

In: stretches, one at a time, from any thread. Out: those that are still there, oldest first. Its memory is made once;
when it is full the oldest are written over. It is only kept while somebody measures.
"""

from array import array
from dataclasses import dataclass
from itertools import count
from threading import get_native_id

from vocalmidi.gauge.stage import Stage

LENGTH = 1 << 18
"""Of a minute of live playing, about 3000 stretches a second, all; 8 MB."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of work: what, in which thread (the system's number), from when to when (`perf_counter_ns`)."""

    stage: Stage
    thread: int
    began_ns: int
    ended_ns: int


class Trace:
    """Stretches of work, as many as there is room for."""

    def __init__(self, length: int = LENGTH) -> None:
        if length < 1:
            raise ValueError(f"a trace of {length} stretches: it needs room for one at least")
        self._length = length
        self._places = count()  # its next number is taken in one step, whichever thread asks
        self._stages = array("b", b"\xff" * length)  # -1: nothing yet
        self._threads, self._began, self._ended = (array("q", bytes(8 * length)) for _ in range(3))
        self._written = 0

    def note(self, stage: Stage, began_ns: int, ended_ns: int) -> None:
        """Write down a stretch."""
        number = next(self._places)
        place = number % self._length
        self._threads[place] = get_native_id()
        self._began[place] = began_ns
        self._ended[place] = ended_ns
        self._stages[place] = stage
        self._written = number + 1

    @property
    def lost(self) -> int:
        """How many were written over; threads that write at once may make it one less."""
        return max(0, self._written - self._length)

    def spans(self) -> list[Span]:
        """Return what is there, in order of beginning; for when nothing is written any more."""
        rows = zip(self._stages, self._threads, self._began, self._ended, strict=True)
        spans = [Span(Stage(stage), *rest) for stage, *rest in rows if stage >= 0]
        return sorted(spans, key=lambda span: (span.began_ns, -span.ended_ns))
