"""Writes our OSC device into a Reaper's settings, and takes it out again: only while no Reaper runs, and with a backup.

Comes in: a resource folder and a device. Goes out: reaper.ini with one line more or less, the file as it was beside it,
and the pattern file OSC/VocalMIDI.ReaperOSC. Nobody calls it but a user who has asked for it by name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.disk import make_folder, put_file
from vocalmidi.reaper.install import spool_root
from vocalmidi.reaper.osc_device import PATTERN_FILE, OscDevice, device_line, with_device, without_device
from vocalmidi.reaper.resource_path import SETTINGS_FILE
from vocalmidi.reaper.running import RunningReaper, running_reapers
from vocalmidi.reaper.spool import Spool

BACKUP_FILE = "reaper.ini.before-vocalmidi"
Running = Callable[[], Iterable[RunningReaper]]


@dataclass(frozen=True, slots=True)
class OscChange:
    """What came of it: whether the settings were changed, and where they lie as they were before, None if not."""

    is_changed: bool
    backup: Path | None


def osc_device_line(resource_path: Path) -> str | None:
    """Return our device as it stands in a Reaper's settings, None where there is none."""
    return device_line(_settings(resource_path))


def write_osc_device(resource_path: Path, device: OscDevice, running: Running = running_reapers) -> OscChange:
    """Put our device among Reaper's control surfaces, in place of an earlier one of ours.

    Raises:
        ReaperError: Reaper runs, or its settings can't be understood or written; then they are as they were.
    """
    before = _settings(resource_path)
    after = with_device(before, device)
    if after != before:
        _require_closed(resource_path, running)
    patterns = resource_path / PATTERN_FILE
    make_folder(patterns.parent)
    put_file(patterns, device.patterns.encode())
    return _change(resource_path, before, after)


def remove_osc_device(resource_path: Path, running: Running = running_reapers) -> OscChange:
    """Take our device out of Reaper's control surfaces; raise ReaperError as `write_osc_device`."""
    before = _settings(resource_path)
    after = without_device(before)
    if after != before:
        _require_closed(resource_path, running)
    change = _change(resource_path, before, after)
    try:
        (resource_path / PATTERN_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise ReaperError(
            f"can't remove {resource_path / PATTERN_FILE}: {error.strerror}; remove it by hand"
        ) from error
    return change


def _change(resource_path: Path, before: bytes, after: bytes) -> OscChange:
    if after == before:
        return OscChange(is_changed=False, backup=None)
    backup = resource_path / BACKUP_FILE
    put_file(backup, before)
    put_file((resource_path / SETTINGS_FILE).resolve(), after)
    return OscChange(is_changed=True, backup=backup)


def _settings(resource_path: Path) -> bytes:
    try:
        return (resource_path / SETTINGS_FILE).read_bytes()
    except OSError as error:
        raise ReaperError(
            f"can't read {resource_path / SETTINGS_FILE}: {error.strerror}; name Reaper's folder with --resource-path"
        ) from error


def _require_closed(resource_path: Path, running: Running) -> None:
    """Refuse while a Reaper runs: it writes its settings at its end, over whatever was changed meanwhile."""
    programs = [str(each.program) for each in running()]
    if Spool(spool_root(resource_path)).bridge_state().is_alive:
        programs = programs or ["its bridge has just given a sign of life"]
    if programs:
        raise ReaperError(f"Reaper runs ({', '.join(programs)}); close it, then run this again")
