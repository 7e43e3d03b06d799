"""Sound comes in: from a recording or a device, through one ring, out as `AudioBlock`s that know their place."""

from native_ringbuf import CaptureStatistics

from vocalmidi.capture.devices import Device, find_device, list_devices
from vocalmidi.capture.history import History, SpanAheadError, SpanGoneError
from vocalmidi.capture.microphone import Microphone
from vocalmidi.capture.pacing import paced
from vocalmidi.capture.rates import MAX_SAMPLE_RATE_HZ, MIN_SAMPLE_RATE_HZ
from vocalmidi.capture.recording import MAX_RECORDING_HOURS, Recording, open_recording

__all__ = [
    "MAX_RECORDING_HOURS",
    "MAX_SAMPLE_RATE_HZ",
    "MIN_SAMPLE_RATE_HZ",
    "CaptureStatistics",
    "Device",
    "History",
    "Microphone",
    "Recording",
    "SpanAheadError",
    "SpanGoneError",
    "find_device",
    "list_devices",
    "open_recording",
    "paced",
]
