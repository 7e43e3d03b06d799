"""What `vocalmidi calibrate` found for each microphone, kept between runs.

In and out: the file of the user's state. It is JSON that a person can read, one entry a device; the device's name, its
host API and the sample rate are the key, for each of them has latencies of its own.
"""

import json
from math import isfinite
from pathlib import Path
from typing import Any

from vocalmidi.capture import Device
from vocalmidi.errors import TransportError
from vocalmidi.files import write_whole
from vocalmidi.transport import Calibration
from vocalmidi.units import Seconds

VERSION = 1
MOST_BYTES = 1_000_000
"""Thousands of devices."""
MOST_SHIFT_S = 1.0
"""No chain of drivers is later; what claims to be is damage."""
Table = dict[str, Any]


def saved_shift_s(path: Path, device: Device, sample_rate_hz: int) -> Seconds:
    """Return how much later than said this device's sound comes, 0 while it has not been calibrated.

    Raises:
        TransportError: the file is damaged.
    """
    found = _devices(path).get(_key(device, sample_rate_hz))
    if found is None:
        return Seconds(0.0)
    shift_s = found.get("shift_s") if isinstance(found, dict) else None
    if not isinstance(shift_s, float) or not isfinite(shift_s) or abs(shift_s) > MOST_SHIFT_S:
        raise _damaged(path, f"shift_s of {_key(device, sample_rate_hz)} is {shift_s!r}")
    return Seconds(shift_s)


def save(path: Path, device: Device, sample_rate_hz: int, calibration: Calibration) -> None:
    """Keep what was found for this device; what was found before is replaced.

    Raises:
        TransportError: the file is damaged or can't be written; what was there before is still there.
    """
    entry = {"shift_s": calibration.shift_s, "sure_s": calibration.sure_s, "claps": calibration.claps}
    _write(path, {**_devices(path), _key(device, sample_rate_hz): entry})


def forget(path: Path, device: Device, sample_rate_hz: int) -> bool:
    """Drop what was found for this device, and return whether anything was; raise TransportError as `save` does."""
    devices = _devices(path)
    if _key(device, sample_rate_hz) not in devices:
        return False
    del devices[_key(device, sample_rate_hz)]
    _write(path, devices)
    return True


def _key(device: Device, sample_rate_hz: int) -> str:
    return f"{device.name} ({device.host_api}) at {sample_rate_hz} Hz"


def _devices(path: Path) -> Table:
    try:
        with path.open("rb") as file:
            table = json.loads(file.read(MOST_BYTES))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(table, dict) or table.get("version") != VERSION or not isinstance(table.get("devices"), dict):
        raise _damaged(path, f"it is not of version {VERSION}")
    return dict(table["devices"])


def _write(path: Path, devices: Table) -> None:
    content = json.dumps({"version": VERSION, "devices": devices}, indent=2, ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content.encode())
    except OSError as error:
        raise TransportError(
            f"{path} can't be written: {error.strerror}; free space or make its folder writable"
        ) from error


def _damaged(path: Path, why: str) -> TransportError:
    return TransportError(f"{path} can't be used: {why}; delete it and calibrate again")
