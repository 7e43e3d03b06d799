"""What was open when the program died: a small file, written as a port is opened and gone when it is closed.

In: which port was opened on which channels. Out: those of a run that never closed it, so that the next start can send
panic there. It is written once a start, never while notes are played.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from vocalmidi.errors import MidiError
from vocalmidi.files import write_whole
from vocalmidi.live.messages import CHANNELS, KEYS, note_off, silence

VERSION = 1
MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """The port, as the settings name it, and the channels, 0–15, that were played on."""

    port: str
    channels: tuple[int, ...]


def remember(path: Path, opened: LeftOpen) -> None:
    """Write down what is open; raise MidiError where that can't be written."""
    table = {"version": VERSION, "port": opened.port, "channels": list(opened.channels)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(table).encode())
    except OSError as error:
        raise MidiError(
            f"{path}: can't write down which MIDI port is open ({error.strerror}); make its folder writable"
        ) from error


def forget(path: Path) -> None:
    """Drop what was written down: everything is closed."""
    path.unlink(missing_ok=True)


def left_open(path: Path) -> LeftOpen | None:
    """Return what an earlier run left open, None where it closed all; a damaged file stands for every channel."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES)
    except OSError:
        return None
    try:
        table = json.loads(content)
        channels = tuple(channel for channel in CHANNELS if channel in table["channels"])
        return LeftOpen(str(table["port"]), channels)
    except (ValueError, TypeError, KeyError, RecursionError):
        return LeftOpen("", tuple(CHANNELS))


def panic(channels: tuple[int, ...]) -> list[bytes]:
    """Return what ends every note: for receivers that heed "all notes off", and key by key for those that don't."""
    return [*quieted(channels), *(note_off(channel, key) for channel in channels for key in KEYS)]


def quieted(channels: tuple[int, ...]) -> list[bytes]:
    """Return what quiets channels in a few messages, for receivers that heed it."""
    return [message for channel in channels for message in silence(channel)]
