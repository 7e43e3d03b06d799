"""Sound comes in: from a recording or a device, through one ring, out as `AudioBlock`s that know their place."""

from native_ringbuf import CaptureStatistics

from vocalmidi.capture.devices import Device, find_device, list_devices
from vocalmidi.capture.history import History, SpanAheadError, SpanGoneError
from vocalmidi.capture.microphone import LISTENING_S, Microphone
from vocalmidi.capture.pacing import paced
from vocalmidi.capture.rates import MAX_SAMPLE_RATE_HZ, MIN_SAMPLE_RATE_HZ
from vocalmidi.capture.reastream import ReaStream
from vocalmidi.capture.reastream_senders import Sender, list_senders
from vocalmidi.capture.recording import MAX_RECORDING_HOURS, Recording, open_recording
from vocalmidi.capture.source import allowed_addresses, open_source

__all__ = [
    "LISTENING_S",
    "MAX_RECORDING_HOURS",
    "MAX_SAMPLE_RATE_HZ",
    "MIN_SAMPLE_RATE_HZ",
    "CaptureStatistics",
    "Device",
    "History",
    "Microphone",
    "ReaStream",
    "Recording",
    "Sender",
    "SpanAheadError",
    "SpanGoneError",
    "allowed_addresses",
    "find_device",
    "list_devices",
    "list_senders",
    "open_recording",
    "open_source",
    "paced",
]
