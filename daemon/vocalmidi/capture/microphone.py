"""A device, live: its samples as blocks in the order the device took them.

In: which device, rate and channel. Out: `AudioBlock`s with the time they were taken at, and counters. The C callback
fills the ring without Python; a reader that falls behind by more than `ring_seconds` loses samples, and that is never
silent: the counters tell, and the next block's `start` jumps by exactly the samples lost. What the system lost before
it reached the callback can't be counted by anyone; `input_overflows` tells how often that happened.
"""

import threading
import time
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from native_ringbuf import CaptureClock, CaptureState, CaptureStatistics, Ring

from vocalmidi.capture.devices import Device, find_device
from vocalmidi.capture.host_time import HostTime
from vocalmidi.capture.portaudio import load_portaudio
from vocalmidi.capture.rates import complain_if_unusable
from vocalmidi.capture.ring_reader import MOST_AT_ONCE, RingReader
from vocalmidi.errors import CaptureError
from vocalmidi.values import AudioBlock

BLOCK_SAMPLES = 128
"""The usual block of an interface set for playing live: 2.7 ms at 48 kHz."""
RING_SECONDS = 10.0
"""Room for a reader that is stalled for seconds (a model being loaded, a machine that swaps); 2 MB at 48 kHz."""
SILENT_DEVICE_S = 3.0
"""A running device gives a block every few ms; the rest is patience with wireless ones that take long to begin."""

LONGEST_SLEEP_S = 0.3
"""Without a block: then it is looked whether the device is still there."""
LISTENING_S = 0.02
"""Of sound that may wait where nobody plays along: a panel or a meter shows no more often."""


class Microphone:
    """An input device: a context manager, open from `with` to its end or to `stop`; used once.

    device: index, name or part of a name; None is the system's default.
    sample_rate_hz: None is the device's own.
    channel: counted from 1, as printed on the device; None is the mean of all.
    block_samples: of the device's blocks and of ours.
    prompt: whether somebody plays along: each block is handed over when it comes.

    patience_s: how much sound may wait until it is handed over; anyone may set it at any time. It changes how often the
        reader wakes, never what it gets.
    """

    def __init__(
        self,
        device: int | str | None = None,
        *,
        sample_rate_hz: int | None = None,
        channel: int | None = 1,
        block_samples: int = BLOCK_SAMPLES,
        ring_seconds: float = RING_SECONDS,
        prompt: bool = False,
    ) -> None:
        self.device: Device = find_device(device)
        self.sample_rate_hz: int = self.device.default_rate_hz if sample_rate_hz is None else sample_rate_hz
        complain_if_unusable(self.sample_rate_hz, f"audio input {self.device.label}", "choose 44100 or 48000 Hz")
        self._channels = _channels_to_open(self.device, channel)
        ring = Ring(max(2 * block_samples, round(ring_seconds * self.sample_rate_hz)))
        self.ring_samples = ring.capacity_samples
        self._state = CaptureState(ring, channels=self._channels, channel=None if channel is None else channel - 1)
        self._reader = RingReader(ring, self.sample_rate_hz, block_samples, self._clock, most_at_once=MOST_AT_ONCE)
        self._block_samples, self._most_waiting = block_samples, ring.capacity_samples // 2
        self.patience_s = 0.0 if prompt else LISTENING_S
        self._ended = threading.Event()
        self._host_time: HostTime | None = None
        self._close_stream: weakref.finalize[[Any, CaptureState], Self] | None = None

    def __enter__(self) -> Self:
        if self._close_stream is not None:
            raise ValueError("a Microphone is used once; make a new one")
        stream = self._open_stream()
        # PortAudio calls into the state's memory until the stream is closed: the finalizer keeps it until then,
        # even when the Microphone is dropped without having been left.
        self._close_stream = weakref.finalize(self, _stop_and_close, stream, self._state)
        self._host_time = HostTime(lambda: stream.time)
        self._start(stream)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the capture; from any thread. `blocks` gives out what still waits in the ring and ends."""
        if self._close_stream is not None:
            self._close_stream()
        self._ended.set()
        self._state.wake()

    @property
    def waiting_samples(self) -> int:
        """How many samples wait in the ring, of `ring_samples` that it holds."""
        return self._reader.waiting_samples

    def statistics(self) -> CaptureStatistics:
        """Return what the callback has counted so far."""
        return self._state.statistics()

    def blocks(self, timeout_s: float = SILENT_DEVICE_S) -> Iterator[AudioBlock]:
        """Yield the blocks as they come, until `stop`; raise CaptureError when nothing comes for `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while True:
            ended = self._ended.is_set()  # asked before the last drain: nothing can come after it
            for block in self._reader.ready():
                yield block
                deadline = time.monotonic() + timeout_s
            if ended:
                yield from self._reader.rest()
                return
            if time.monotonic() > deadline:
                raise CaptureError(
                    f"audio input {self.device.label} has given nothing for {timeout_s:g} s; is it plugged in and on?"
                )
            self._state.wait(self._wanted_samples(), min(LONGEST_SLEEP_S, timeout_s))

    def _wanted_samples(self) -> int:
        blocks = int(self.patience_s * self.sample_rate_hz / self._block_samples)
        return min(max(blocks, 1) * self._block_samples, self._most_waiting)

    def _clock(self) -> CaptureClock | None:
        """Return the newest pair of position and time, on the computer's clock."""
        pair = self._state.clock()
        host_s = self._host_time.host_s(pair.adc_time_s) if pair and self._host_time else None
        return CaptureClock(pair.position, host_s) if pair and host_s is not None else None

    def _open_stream(self) -> Any:
        portaudio = load_portaudio()
        try:
            # The class that sounddevice offers to libraries with a C callback.
            return portaudio._StreamBase(  # noqa: SLF001 -- see its docstring: "for library authors"
                kind="input",
                samplerate=self.sample_rate_hz,
                blocksize=self._block_samples,
                device=self.device.index,
                channels=self._channels,
                dtype="float32",
                latency="low",
                callback=self._state.callback,
                userdata=self._state.userdata,
            )
        except portaudio.PortAudioError as error:
            raise self._refusal(error) from None

    def _start(self, stream: Any) -> None:
        try:
            stream.start()
        except load_portaudio().PortAudioError as error:
            self.stop()
            raise self._refusal(error) from None

    def _refusal(self, error: Exception) -> CaptureError:
        return CaptureError(
            f"audio input {self.device.label} can't be opened at {self.sample_rate_hz} Hz: {error}; try its own rate "
            f"of {self.device.default_rate_hz} Hz, or close other programs that use it"
        )


def _channels_to_open(device: Device, channel: int | None) -> int:
    if channel is None:
        return device.input_channels
    if not 1 <= channel <= device.input_channels:
        raise CaptureError(f"audio input {device.label} has no channel {channel}; choose 1 to {device.input_channels}")
    return channel


def _stop_and_close(stream: Any, state: CaptureState) -> None:
    state.request_stop()
    stream.stop()
    stream.close()
