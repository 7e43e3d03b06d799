"""The stream's time on the computer's own clock.

In: what PortAudio's stream clock shows, read together with `perf_counter`. Out: the difference. The stream's clock is
whatever the host API chose: the computer's monotonic clock, the wall clock, or (JACK) a count of the device's frames,
which drifts; so the difference is measured, and measured again every second.
"""

import time
from collections.abc import Callable

from vocalmidi.units import Seconds

AGAIN_S = 1.0
"""A count of frames that drifts by 200 ppm is off by 0.2 ms then."""
READINGS = 3
"""Of them the one that took least counts: a reading that was interrupted tells nothing."""


class HostTime:
    """Turns seconds of a stream's clock into seconds of `perf_counter`.

    stream_time: reads the stream's clock; any error it raises leaves the difference as it was.
    """

    def __init__(self, stream_time: Callable[[], float], clock: Callable[[], float] = time.perf_counter) -> None:
        self._stream_time = stream_time
        self._clock = clock
        self._ahead_s: float | None = None  # host minus stream
        self._again_s = 0.0

    def host_s(self, stream_s: float) -> Seconds | None:
        """Return the host's time of a moment of the stream; None while the stream's clock can't be read."""
        now_s = self._clock()
        if self._ahead_s is None or now_s >= self._again_s:
            self._again_s = now_s + AGAIN_S
            self._measure()
        return None if self._ahead_s is None else Seconds(stream_s + self._ahead_s)

    def _measure(self) -> None:
        best_s = float("inf")
        for _ in range(READINGS):
            before_s = self._clock()
            try:
                stream_s = self._stream_time()
            except Exception:  # noqa: BLE001 -- PortAudio's, of a module that is imported late: a closed stream has no time
                return
            after_s = self._clock()
            if after_s - before_s < best_s:
                best_s, self._ahead_s = after_s - before_s, (before_s + after_s) / 2 - stream_s
