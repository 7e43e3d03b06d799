"""The input devices of this machine, and finding one by what a user calls it.

Comes in: an index, a name or part of one, or nothing. Goes out: `Device` values. Opens no device.
"""

import difflib
from dataclasses import dataclass

from vocalmidi.capture.portaudio import load_portaudio
from vocalmidi.errors import CaptureError


@dataclass(frozen=True, slots=True)
class Device:
    """A device that sound can be taken from.

    index: PortAudio's number for it, valid until devices are plugged in or out; below 0 it has none.
    name, host_api: as PortAudio calls it and the system it is reached by (ALSA, JACK, Core Audio).
    input_channels: at least 1.
    default_rate_hz: its own sample rate.
    is_default: whether it is used when none is named.
    """

    index: int
    name: str
    host_api: str
    input_channels: int
    default_rate_hz: int
    is_default: bool

    @property
    def label(self) -> str:
        """Index, name and host API, as messages show it; the name of what PortAudio has no number for."""
        if self.index < 0:
            return self.name
        return f"{self.index} {self.name!r} ({self.host_api})"


def list_devices() -> tuple[Device, ...]:
    """Return all devices with an input, in PortAudio's order; empty when there are none."""
    portaudio = load_portaudio()
    host_apis = [api["name"] for api in portaudio.query_hostapis()]
    default_index = portaudio.default.device[0]
    return tuple(
        Device(
            index=index,
            name=device["name"],
            host_api=host_apis[device["hostapi"]],
            input_channels=device["max_input_channels"],
            default_rate_hz=round(device["default_samplerate"]),
            is_default=index == default_index,
        )
        for index, device in enumerate(portaudio.query_devices())
        if device["max_input_channels"] > 0
    )


def find_device(wanted: int | str | None) -> Device:
    """Return the device with this index or name (a part that fits only one will do), or the default for None."""
    devices = list_devices()
    if not devices:
        raise CaptureError("there is no audio input device; plug in a microphone or start the sound server")
    if wanted is None:
        return _default(devices)
    fitting = _fitting(devices, wanted)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        choices = ", ".join(device.label for device in fitting)
        raise CaptureError(f"several audio inputs are called {wanted!r}: {choices}; give the number of one")
    raise CaptureError(f"there is no audio input {wanted!r}; {_suggestion(devices, wanted)}")


def _default(devices: tuple[Device, ...]) -> Device:
    for device in devices:
        if device.is_default:
            return device
    choices = ", ".join(device.label for device in devices)
    raise CaptureError(f"the system names no default audio input; choose one of {choices}")


def _fitting(devices: tuple[Device, ...], wanted: int | str) -> list[Device]:
    if isinstance(wanted, int) or wanted.isdecimal():
        return [device for device in devices if device.index == int(wanted)]
    name = wanted.casefold().strip()
    exact = [device for device in devices if device.name.casefold() == name]
    return exact or [device for device in devices if name and name in device.name.casefold()]


def _suggestion(devices: tuple[Device, ...], wanted: int | str) -> str:
    by_name = {device.name.casefold(): device for device in devices}
    near = difflib.get_close_matches(str(wanted).casefold(), by_name, n=3, cutoff=0.5)
    if near:
        return "did you mean " + " or ".join(by_name[name].label for name in near) + "?"
    return "there are " + ", ".join(device.label for device in devices)
