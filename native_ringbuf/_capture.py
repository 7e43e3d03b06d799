"""The Python face of capture_callback.h: the C callback with its state, for any library that opens PortAudio streams.

In: a ring, and what to take of the device's channels. Out: a C function pointer and its userdata, counters and a clock.
It opens no device and imports no audio library. The function pointer comes from this module's own cffi instance, which
sounddevice's `_StreamBase(callback=..., userdata=...)` allows ("CData from different FFI instance").
"""

from dataclasses import dataclass
from typing import Any

from native_ringbuf._native import ffi, lib
from native_ringbuf._ring import Ring

MAX_WAIT_S = 1000.0
MAX_CHANNELS = 1024
"""As in capture_callback.c: far above any device."""


@dataclass(frozen=True, slots=True)
class CaptureStatistics:
    """What the callback counted since its stream began; each number is exact, two may be a block apart.

    blocks: calls.
    min_block_samples, max_block_samples: fewest and most frames of a call; 0 before the first.
    total_written: samples that went into the ring.
    dropped_samples, overruns: samples and blocks refused because the ring was full.
    input_overflows: calls for which the device reported input lost before it came here; it can't say how much.
    missing_blocks: calls without any input; silence keeps their place.
    bad_samples: NaN or infinite device samples, replaced by 0.
    peak: highest absolute mono sample, 1.0 is full scale.
    """

    blocks: int
    min_block_samples: int
    max_block_samples: int
    total_written: int
    dropped_samples: int
    overruns: int
    input_overflows: int
    missing_blocks: int
    bad_samples: int
    peak: float


@dataclass(frozen=True, slots=True)
class CaptureClock:
    """At `adc_time_s` of the stream's clock the device took sample `position` of the source, dropped ones counted."""

    position: int
    adc_time_s: float


class CaptureState:
    """The callback's userdata: keep it until the stream is closed. The stream becomes the ring's one writer.

    channels: how many the stream is opened with; channel: which of them, from 0; None is the mean of all.
    """

    def __init__(self, ring: Ring, *, channels: int, channel: int | None = None) -> None:
        if not 1 <= channels <= MAX_CHANNELS or (channel is not None and not 0 <= channel < channels):
            raise ValueError(f"channel {channel} of {channels}: channels must be 1 to {MAX_CHANNELS}, channel below it")
        state = lib.nrb_capture_open(ring.handle, channels, -1 if channel is None else channel)
        if state == ffi.NULL:
            raise MemoryError("there is no memory for the state of an audio callback")
        self._ring = ring.handle
        self._ring_memory = ring.memory_owner
        self._state = ffi.gc(state, lib.nrb_capture_close)

    @property
    def callback(self) -> Any:
        """The `PaStreamCallback *`."""
        return ffi.addressof(lib, "nrb_capture_callback")

    @property
    def userdata(self) -> Any:
        """The `void *` that goes with `callback`."""
        return ffi.cast("void *", self._state)

    def request_stop(self) -> None:
        """Make the next call of the callback take nothing more and end the stream."""
        lib.nrb_capture_request_stop(self._state)

    def wait(self, samples: int, timeout_s: float) -> None:
        """Sleep until so many samples wait in the ring, `wake` or a stop: `timeout_s` at most; for its reader."""
        if samples < 0 or not 0.0 <= timeout_s <= MAX_WAIT_S:
            raise ValueError(f"can't wait {timeout_s} s for {samples} samples: 0 to {MAX_WAIT_S:g} s for 0 or more")
        lib.nrb_capture_wait(self._state, samples, timeout_s)

    def wake(self) -> None:
        """Wake who waits, or would next; from any thread."""
        lib.nrb_capture_wake(self._state)

    def statistics(self) -> CaptureStatistics:
        """Return the counters of this moment; also after the ring was closed."""
        counts = ffi.new("nrb_capture_counts_t *")
        lib.nrb_capture_counts(self._state, counts)
        return CaptureStatistics(
            blocks=counts.blocks,
            min_block_samples=counts.min_block,
            max_block_samples=counts.max_block,
            total_written=lib.nrb_total_written(self._ring),
            dropped_samples=lib.nrb_dropped_samples(self._ring),
            overruns=lib.nrb_overruns(self._ring),
            input_overflows=counts.input_overflows,
            missing_blocks=counts.missing_blocks,
            bad_samples=counts.bad_samples,
            peak=counts.peak,
        )

    def clock(self) -> CaptureClock | None:
        """Return the newest pair of position and device time; None before the first block."""
        pair = ffi.new("nrb_clock *")
        if not lib.nrb_capture_clock(self._state, pair):
            return None
        return CaptureClock(position=pair.position, adc_time_s=pair.adc_time)
