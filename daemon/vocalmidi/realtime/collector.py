"""Python's collector of garbage, out of the way of sound: never by itself, only when somebody says that it is quiet.

Comes in: moments, and whether it is quiet in them. Goes out: pauses, counted. What was open when it began is frozen and
never looked at again. So that nothing grows without bound, a crowd of new objects is collected also while somebody
sings; that is the youngest generation only.
"""

import gc
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

YOUNG, ALL = 0, 2
QUIET_EVERY_S = 5.0
"""Between collections while it is quiet."""
FEW = 500
"""New objects that are not worth a collection: Python itself begins at 700."""
CROWD = 20_000
"""New objects that are too many whether it is quiet or not: some ms of looking through."""
ALL_EVERY = 12
"""Quiet collections between two that look at everything that came since the beginning: once a minute."""


class Collector:
    """Collects when it is told to.

    runs: how often; pause_s, longest_s: for how long in all, and at most.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.runs = 0
        self.pause_s = self.longest_s = 0.0
        self._clock = clock
        self._last_s = clock()
        self._quiet_runs = 0

    @contextmanager
    def in_charge(self) -> Generator[None]:
        """Freeze what there is, and let nobody else collect meanwhile."""
        was_on = gc.isenabled()
        gc.collect()
        gc.freeze()
        gc.disable()
        try:
            yield
        finally:
            gc.unfreeze()
            if was_on:
                gc.enable()

    def turn(self, *, is_quiet: bool) -> None:
        """Collect, where that is due."""
        new = gc.get_count()[0]
        if new >= CROWD:
            self._collect(YOUNG)
        elif is_quiet and new >= FEW and self._clock() - self._last_s >= QUIET_EVERY_S:
            self._quiet_runs += 1
            self._collect(ALL if self._quiet_runs % ALL_EVERY == 0 else YOUNG)

    def _collect(self, generation: int) -> None:
        began_s = self._clock()
        gc.collect(generation)
        self._last_s = self._clock()
        took_s = self._last_s - began_s
        self.runs += 1
        self.pause_s += took_s
        self.longest_s = max(self.longest_s, took_s)
