"""A histogram of durations whose memory is made once: bins of equal ratio from a microsecond to a hundred seconds.

In: nanoseconds, one at a time, from one thread. Out: exact count, sum and maximum, and percentiles, each the upper end
of its bin. An octave has 32 bins of equal width, as in HdrHistogram (Gil Tene), so that a bin is found by shifts.
"""

from array import array
from typing import Self

BITS = 5
"""Of a duration's mantissa: 32 bins an octave."""
BIN_ERROR = 2.0**-BITS
"""A percentile is at most this share above the truth: 3 %."""
LOW_BITS, HIGH_BITS = 10, 37
"""From 2**10 ns, a microsecond, to 2**37 ns, 137 s; what is shorter or longer has the first bin or the last."""
BINS = ((HIGH_BITS - LOW_BITS) << BITS) + 2
_FIRST = 1 - (LOW_BITS + 1 << BITS) - (1 << BITS)
"""What makes the bin of 2**LOW_BITS the second one."""
PERCENT = 100.0


class Histogram:
    """Durations, counted."""

    __slots__ = ("_counts", "max_ns", "sum_ns")

    def __init__(self) -> None:
        self._counts = array("q", bytes(8 * BINS))
        self.sum_ns = 0
        self.max_ns = 0

    def add(self, lasted_ns: int) -> None:
        """Count one; what is below zero counts as zero."""
        # The clocks of a device and of the computer may differ by a little: such a duration comes out below zero.
        bits = lasted_ns.bit_length() if lasted_ns > 0 else 0
        if bits <= LOW_BITS:
            place = 0
        elif bits > HIGH_BITS:
            place = BINS - 1
        else:
            place = _FIRST + (bits << BITS) + (lasted_ns >> bits - BITS - 1)
        self._counts[place] += 1
        if lasted_ns > 0:
            self.sum_ns += lasted_ns
            if lasted_ns > self.max_ns:  # noqa: PLR1730 -- a call of max takes a quarter of all the time here
                self.max_ns = lasted_ns

    def __len__(self) -> int:
        return sum(self._counts)

    @property
    def mean_ns(self) -> float:
        """Their mean; 0 where there are none."""
        return self.sum_ns / (len(self) or 1)

    def percentile_ns(self, percent: float) -> int:
        """Return a duration that so many percent do not exceed, at most BIN_ERROR above the least one; 0 for none.

        Raises:
            ValueError: percent is not within 0 to 100.
        """
        if not 0.0 <= percent <= PERCENT:
            raise ValueError(f"percentile {percent} must be 0 to 100")
        needed = len(self) * percent / PERCENT
        reached = 0
        for place, count in enumerate(self._counts):
            reached += count
            if count and reached >= needed:
                return min(_upper_ns(place), self.max_ns)
        return 0

    def absorb(self, other: Self) -> None:
        """Count what another one has counted, too."""
        for place, count in enumerate(other._counts):
            self._counts[place] += count
        self.sum_ns += other.sum_ns
        self.max_ns = max(self.max_ns, other.max_ns)


def _upper_ns(place: int) -> int:
    """Return the longest duration that a bin holds; of the last one it is not known here."""
    if place == 0:
        return (1 << LOW_BITS) - 1
    if place == BINS - 1:
        return 1 << 63
    octave, within = divmod(place - 1, 1 << BITS)
    return ((1 << BITS) + within + 1 << octave + LOW_BITS - BITS) - 1
