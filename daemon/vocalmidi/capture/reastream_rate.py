"""Sound lost or doubled on the way, told by rate: the packets have neither number nor time.

In: how many samples have come by when. Out: how many are missing (above 0) or too many (below 0), when that is sure.
Arrivals are never early, only late: the earliest of a stretch stands for the sender's clock. Where all of a stretch are
later than those before, sound is missing; where they are earlier, some came twice. The sender's clock drifts against
ours by parts in ten thousand, which the line follows.
"""

from vocalmidi.units import SampleIndex, samples_to_seconds, seconds_to_samples

LEARN_S = 2.0
"""At first all packets may come late: for so long the earliest only moves the line."""
STRETCH_S = 1.0
"""Within it some packet comes in time, however busy the computer is."""
LEAST_S = 0.012
"""Two packets of 300 samples at 48 kHz; what is less drowns in the sender's own bursts of a block."""
DRIFT = 0.0005
"""Of time by which the line may follow: more than a sound card is off (0.0002)."""


class RateWatch:
    """Watches one sender at one rate."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self.restart()

    def restart(self) -> None:
        """Begin anew: after a pause nothing tells how the samples go on."""
        self._began_s: float | None = None
        self._line_s = 0.0
        self._earliest_s: float | None = None
        self._stretch_began_s = 0.0

    def came(self, samples: SampleIndex, now_s: float) -> int:
        """Take in that so many samples have come by now; return how many are missing, 0 where none surely is."""
        lag_s = now_s - samples_to_seconds(samples, self._rate_hz)
        if self._began_s is None:
            self._began_s = self._stretch_began_s = now_s
            self._line_s = self._earliest_s = lag_s
            return 0
        if now_s - self._began_s < LEARN_S:
            self._line_s = min(self._line_s, lag_s)
            self._stretch_began_s, self._earliest_s = now_s, None
            return 0
        self._earliest_s = lag_s if self._earliest_s is None else min(self._earliest_s, lag_s)
        if now_s - self._stretch_began_s < STRETCH_S:
            return 0
        late_s = self._earliest_s - self._line_s
        return self._judged(late_s, now_s)

    def _judged(self, late_s: float, now_s: float) -> int:
        """Return what a whole stretch tells, and begin the next one."""
        stretch_s = now_s - self._stretch_began_s
        self._stretch_began_s, self._earliest_s = now_s, None
        if abs(late_s) >= LEAST_S:
            return seconds_to_samples(late_s, self._rate_hz)  # once counted, the samples lie on the line again
        most_s = DRIFT * stretch_s
        self._line_s += min(max(late_s, -most_s), most_s)
        return 0
