"""The bridge's clock and ours: which moment of our clock a stamp means.

In: a stamp of Reaper's `time_precise`, and what our clock and the wall clock showed when it was read here. Out: host
seconds. Which clock `time_precise` is, WDL's time_precise.h tells (github.com/justinfrankel/WDL): CLOCK_MONOTONIC on
Linux and QueryPerformanceCounter on Windows, both Python's `perf_counter` to the last bit of epoch, and `gettimeofday`
on macOS, Python's `time`. So the clock is recognised, not measured: a stamp that was read here within `NEAR_S` of being
made, by one of those two clocks, is of that clock, for the chance that another epoch lies so close is one in millions.
Round trips through the spool would bound the same offset only to their own 10–100 ms.
A clock that is neither is followed by a line under the delays: the smallest is taken for none, which leaves an error of
that delay, a few milliseconds, that calibration takes away.
"""

from enum import Enum, auto

from vocalmidi.transport.late_line import LateLine, Line
from vocalmidi.units import Seconds

NEAR_S = 5.0
"""A report older than this is not read at all; the spool calls it stale."""
EARLY_S = 0.002
"""How much before it was made a stamp may seem to be read: the resolution of the slowest of these clocks."""
BUCKET_S, LONG_ENOUGH_S, KEPT_S = 1.0, 20.0, 60.0
"""Of a foreign clock's line: what remains of the delay in a second, about 1 ms, tilts 20 s by 50 ppm."""


class _Clock(Enum):
    HOST = auto()
    WALL = auto()
    FOREIGN = auto()


class StampClock:
    """Which clock the bridge stamps with: once it is recognised, for good; a stamp that was read late may not tell."""

    def __init__(self) -> None:
        self._clock = _Clock.FOREIGN
        self._foreign = _new_line()

    def host_s(self, stamp_s: float, host_now_s: float, wall_now_s: float) -> Seconds:
        """Return the host time that a stamp read now means."""
        if self._clock is _Clock.FOREIGN:
            self._clock = _recognise(stamp_s, host_now_s, wall_now_s)
        if self._clock is _Clock.HOST:
            return Seconds(stamp_s)
        if self._clock is _Clock.WALL:
            return Seconds(stamp_s - wall_now_s + host_now_s)
        return Seconds(self._follow(stamp_s, host_now_s))

    def _follow(self, stamp_s: float, host_now_s: float) -> float:
        """Return what a stamp of a foreign clock means; one that began anew is learned anew."""
        if len(self._foreign) and abs(self._line(host_now_s).y_at(stamp_s) - host_now_s) > NEAR_S:
            self._foreign = _new_line()
        self._foreign.add(stamp_s, host_now_s)
        self._foreign.forget_before(host_now_s - KEPT_S)
        return self._line(host_now_s).y_at(stamp_s)

    def _line(self, host_now_s: float) -> Line:
        return self._foreign.line(host_now_s - KEPT_S, host_now_s)


def _new_line() -> LateLine:
    return LateLine(1.0, BUCKET_S, LONG_ENOUGH_S)


def _recognise(stamp_s: float, host_now_s: float, wall_now_s: float) -> _Clock:
    if -EARLY_S <= host_now_s - stamp_s <= NEAR_S:
        return _Clock.HOST
    if -EARLY_S <= wall_now_s - stamp_s <= NEAR_S:
        return _Clock.WALL
    return _Clock.FOREIGN
