"""The last minutes of a source, kept so that "write what I just sang" can look back.

In: consecutive blocks. Out: any span that is still there, addressed by sample index; a span that was overwritten or has
not come yet is an error of its own type. Samples lost on the way in (a jump of `start`) are silence here.
It never grows: the buffer is made once and overwrites its oldest part.

Threads: one lock around each call, so any thread may append and any may ask. The longest hold is the copy of a whole
span (5 minutes at 48 kHz: 25–40 ms on a busy machine), during which the sound waits in the C ring, which holds seconds.
"""

import threading

import numpy as np

from vocalmidi.errors import CaptureError
from vocalmidi.units import SampleIndex, samples_to_seconds, seconds_to_samples
from vocalmidi.values import AudioBlock, Floats

MAX_HISTORY_MINUTES = 60
"""At 192 kHz this is 2.8 GB; at 48 kHz 0.7 GB. More than that is a recorder's work."""


class SpanGoneError(CaptureError):
    """The span asked for, or its beginning, has been overwritten."""


class SpanAheadError(CaptureError):
    """The span asked for, or its end, has not been recorded yet."""


class History:
    """The last `minutes` of a source at `sample_rate_hz`, overwriting."""

    def __init__(self, minutes: float, sample_rate_hz: int) -> None:
        if not 0 < minutes <= MAX_HISTORY_MINUTES:
            raise ValueError(f"a history of {minutes} minutes: above 0 to {MAX_HISTORY_MINUTES} are possible")
        if sample_rate_hz <= 0:
            raise ValueError(f"sample rate {sample_rate_hz} Hz must be above 0")
        self.sample_rate_hz = sample_rate_hz
        self._memory = np.zeros(max(1, seconds_to_samples(minutes * 60, sample_rate_hz)), np.float32)
        self._lock = threading.Lock()
        self._start = 0  # first sample that was ever given
        self._stop = 0  # sample after the newest; equal to _start before anything came

    @property
    def available(self) -> range:
        """The samples that can be asked for, as a range of indices; empty before the first block."""
        with self._lock:
            return self._available()

    def append(self, block: AudioBlock) -> None:
        """Add the next block; a jump ahead of the last is filled with silence, a step back is a ValueError."""
        if block.sample_rate_hz != self.sample_rate_hz:
            raise ValueError(f"a block at {block.sample_rate_hz} Hz does not fit a history at {self.sample_rate_hz} Hz")
        with self._lock:
            if self._start == self._stop:
                self._start = self._stop = block.start
            gap = block.start - self._stop
            if gap < 0:
                raise ValueError(f"a block at sample {block.start} lies before the history's end at {self._stop}")
            self._write(np.zeros(min(gap, len(self._memory)), np.float32), block.start)
            self._write(block.samples, block.start + len(block.samples))

    def span(self, start: SampleIndex, stop: SampleIndex) -> AudioBlock:
        """Return the samples [start, stop); raise SpanGoneError or SpanAheadError when not all are here."""
        if not 0 <= start <= stop:
            raise ValueError(f"a span can't run from sample {start} to {stop}")
        with self._lock:
            self._refuse_absent(start, stop)
            samples = self._copy(start, stop)
        return AudioBlock(start, self.sample_rate_hz, samples)

    def before(self, stop: SampleIndex, count: int) -> AudioBlock:
        """Return the `count` samples before `stop`, or what is left of them; raise SpanGoneError when none is."""
        with self._lock:
            start = max(self._available().start, stop - count, 0)
            self._refuse_absent(min(start, stop), stop)
            samples = self._copy(start, stop)
        return AudioBlock(SampleIndex(start), self.sample_rate_hz, samples)

    def _available(self) -> range:
        return range(max(self._start, self._stop - len(self._memory)), self._stop)

    def _refuse_absent(self, start: int, stop: int) -> None:
        here = self._available()
        if stop > here.stop:
            late_s = samples_to_seconds(stop - here.stop, self.sample_rate_hz)
            raise SpanAheadError(f"the last {late_s:.2f} s asked for have not been recorded yet; ask again later")
        if start < here.start:
            gone_s = samples_to_seconds(here.start - start, self.sample_rate_hz)
            kept_s = samples_to_seconds(len(self._memory), self.sample_rate_hz)
            raise SpanGoneError(
                f"the first {gone_s:.2f} s asked for are gone: the history keeps {kept_s:.0f} s; keep more"
            )

    def _copy(self, start: int, stop: int) -> Floats:
        first = start % len(self._memory)
        end = first + stop - start
        return np.concatenate([self._memory[first:end], self._memory[: max(0, end - len(self._memory))]])

    def _write(self, samples: Floats, stop: int) -> None:
        """Put `samples` so that they end before index `stop`; of more than fit only the newest stay."""
        samples = samples[max(0, len(samples) - len(self._memory)) :]
        first = (stop - len(samples)) % len(self._memory)
        to_end = min(len(samples), len(self._memory) - first)
        self._memory[first : first + to_end] = samples[:to_end]
        self._memory[: len(samples) - to_end] = samples[to_end:]
        self._stop = stop
