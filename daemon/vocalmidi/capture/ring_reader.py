"""The one door: whatever fills the ring, a device's callback or a file, comes out here as `AudioBlock`s.

In: a ring, and for a device the clock of its callback. Out: blocks of the size asked for, or of several times that
where more waits, each with its place in the source; a block is shorter only before a gap (samples dropped because the
ring was full) and at the end. A gap is never hidden: the next block's `start` jumps by exactly the samples lost. It
does not wait.
"""

from collections.abc import Callable, Iterator

from native_ringbuf import CaptureClock, Ring

from vocalmidi.units import SampleIndex, Seconds, samples_to_seconds
from vocalmidi.values import AudioBlock

Clock = Callable[[], CaptureClock | None]
MOST_AT_ONCE = 32
"""Blocks in one where so many wait: who was held up catches up at a hundred times the speed of sound, while the longest
is still a moment (85 ms of 128 at 48 kHz)."""


class RingReader:
    """The reader side of a ring; one thread at a time."""

    def __init__(
        self, ring: Ring, sample_rate_hz: int, block_samples: int, clock: Clock | None = None, *, most_at_once: int = 1
    ) -> None:
        """Read `ring`; most_at_once: blocks that may be given as one."""
        if not 1 <= block_samples <= ring.capacity_samples:
            raise ValueError(f"blocks of {block_samples} samples: 1 to the ring's {ring.capacity_samples} are possible")
        self._ring = ring
        self._sample_rate_hz = sample_rate_hz
        self._block_samples = block_samples
        self._clock = clock
        self._taken = 0
        self._most = most_at_once

    @property
    def waiting_samples(self) -> int:
        """How many samples wait in the ring; for any thread, and a block more or less."""
        return max(0, self._ring.total_written - self._taken)

    def ready(self) -> Iterator[AudioBlock]:
        """Take the full blocks that wait in the ring, several as one."""
        while (blocks := self._ring.readable // self._block_samples) > 0:
            yield self._take(min(blocks, self._most) * self._block_samples)

    def rest(self) -> Iterator[AudioBlock]:
        """Take everything that waits in the ring; for the end of the source."""
        while self._ring.readable > 0:
            yield self._take(self._block_samples)

    def _take(self, samples: int) -> AudioBlock:
        window = self._ring.peek(samples)
        start = self._ring.window_start
        block = AudioBlock(SampleIndex(start), self._sample_rate_hz, window, self._adc_time_s(start))  # copies
        self._ring.advance(len(window))
        self._taken += len(window)
        return block

    def _adc_time_s(self, position: int) -> Seconds | None:
        """Return the device's time of a sample, reckoned from the newest pair of position and time."""
        pair = self._clock() if self._clock else None
        if pair is None:
            return None
        return Seconds(pair.adc_time_s + samples_to_seconds(position - pair.position, self._sample_rate_hz))
