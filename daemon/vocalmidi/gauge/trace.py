"""The last so many stretches of work, each with its thread, beginning and end: what a trace is drawn from.

In: stretches, one at a time, from who measures. Out: those that are still there, oldest first. Its memory is made once;
when it is full the oldest are written over.
"""

from array import array
from dataclasses import dataclass

from vocalmidi.gauge.stage import Stage

LENGTH = 1 << 18
"""Of a minute of live playing, about 1500 stretches a second, all; 7 MB."""


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
        self._written = 0
        self._stages = array("b", bytes(length))
        self._threads, self._began, self._ended = (array("q", bytes(8 * length)) for _ in range(3))

    def note(self, stage: Stage, thread: int, began_ns: int, ended_ns: int) -> None:
        """Write down a stretch."""
        place = self._written % self._length
        self._stages[place] = stage
        self._threads[place] = thread
        self._began[place] = began_ns
        self._ended[place] = ended_ns
        self._written += 1

    @property
    def lost(self) -> int:
        """How many were written over."""
        return max(0, self._written - self._length)

    def spans(self) -> list[Span]:
        """Return what is there, in order of beginning, who holds another before that."""
        places = range(min(self._written, self._length))
        spans = [Span(Stage(self._stages[i]), self._threads[i], self._began[i], self._ended[i]) for i in places]
        return sorted(spans, key=lambda span: (span.began_ns, -span.ended_ns))
