"""A stand-in for sounddevice: devices as told, and a stream whose thread calls the real C callback.

Only what the capture room uses is here, with sounddevice's names; anything else is an AttributeError.
"""

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
from native_ringbuf._native import ffi


class PortAudioError(Exception):
    pass


def device(name: str, *, inputs: int = 2, rate_hz: float = 48_000.0, host_api: int = 0) -> dict[str, object]:
    return {"name": name, "hostapi": host_api, "max_input_channels": inputs, "default_samplerate": rate_hz}


class FakePortAudio:
    """To be put in sys.modules as `sounddevice`.

    frames: (n, channels) float32, what the device plays, once, in blocks; `pause_s` is its rest between blocks.
    after_block: is told how many samples have been played, and may hold the device up.
    """

    PortAudioError = PortAudioError

    def __init__(self, *devices: dict[str, object], default: int = 0, frames: np.ndarray | None = None) -> None:
        self.devices = list(devices)
        self.default = SimpleNamespace(device=[default, -1])
        self.frames = np.zeros((0, 2), np.float32) if frames is None else np.ascontiguousarray(frames, np.float32)
        self.pause_s = 0.0
        self.after_block: Callable[[int], object] = lambda _played_samples: None
        self.refuses: str | None = None
        self.streams: list[FakeStream] = []

    def query_hostapis(self):
        return ({"name": "Fake API"}, {"name": "Other API"})

    def query_devices(self):
        return tuple(self.devices)

    def _StreamBase(self, **settings):  # noqa: N802 -- sounddevice's name for it
        if self.refuses:
            raise PortAudioError(self.refuses)
        self.streams.append(FakeStream(self, settings))
        return self.streams[-1]


class FakeStream:
    """Plays the device's frames from a thread of its own; input is lost to no one, time is sample-exact from 100 s."""

    def __init__(self, portaudio: FakePortAudio, settings: dict) -> None:
        self.portaudio, self.settings = portaudio, settings
        self.calls: list[str] = []
        self.done = threading.Event()
        self.played_s = 0.0
        self._thread = threading.Thread(target=self._play)

    @property
    def time(self) -> float:
        if "close" in self.calls:
            raise PortAudioError("a closed stream has no time")
        return 100.0 + self.played_s

    def start(self) -> None:
        self.calls.append("start")
        self._thread.start()

    def stop(self) -> None:
        self.calls.append("stop")
        self._thread.join()

    def close(self) -> None:
        self.calls.append("close")

    def _play(self) -> None:
        frames, size = self.portaudio.frames[:, : self.settings["channels"]], self.settings["blocksize"]
        for start in range(0, len(frames), size):
            block = np.ascontiguousarray(frames[start : start + size])
            adc_time_s = 100.0 + start / self.settings["samplerate"]
            clock = ffi.new("nrb_stream_time *", [adc_time_s, 0.0, 0.0])
            settings = self.settings
            self.played_s = (start + len(block)) / settings["samplerate"]
            if settings["callback"](ffi.from_buffer(block), ffi.NULL, len(block), clock, 0, settings["userdata"]):
                break
            time.sleep(self.portaudio.pause_s)
            self.portaudio.after_block(start + len(block))
        self.done.set()
