"""The one door for live sound: a device, or a ReaStream, by what the settings call it.

In: the setting. Out: a source that is not open yet: a context manager with `device`, `sample_rate_hz` (known once it is
open) and `blocks()`.
"""

import ipaddress

from vocalmidi.capture.microphone import Microphone
from vocalmidi.capture.reastream import ReaStream
from vocalmidi.capture.reastream_format import name_bytes
from vocalmidi.errors import CaptureError

REASTREAM = "reastream:"


def open_source(device: str, reastream_from: str = "", *, prompt: bool = False) -> Microphone | ReaStream:
    """Return the source called `reastream:IDENTIFIER`, or the device of that name; "" is the system's default.

    reastream_from: addresses of other machines that are heard too, with commas between.
    prompt: whether somebody plays along; a ReaStream always is.
    """
    if not device.startswith(REASTREAM):
        return Microphone(device or None, prompt=prompt)
    identifier = device.removeprefix(REASTREAM)
    try:
        name_bytes(identifier)
    except ValueError as error:
        raise CaptureError(f"{error}; shorten it in [microphone] and in the effect") from None
    return ReaStream(identifier, allowed=allowed_addresses(reastream_from))


def allowed_addresses(text: str) -> tuple[str, ...]:
    """Return the IPv4 addresses of a setting; CaptureError where one is none."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    try:
        return tuple(str(ipaddress.IPv4Address(word)) for word in words)
    except ValueError as error:
        raise CaptureError(f"reastream_from {text!r}: {error}; write addresses such as 192.168.1.20") from None
