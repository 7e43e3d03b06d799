"""What else `vocalmidi devices` lists: ReaStreams that can be heard, MIDI ports that can be played at.

Comes in: settings. Goes out: what is there, or why that can't be told; neither keeps the list from being shown.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from vocalmidi.capture import Sender, allowed_addresses, list_senders
from vocalmidi.config import Settings
from vocalmidi.errors import CaptureError, MidiError
from vocalmidi.live import port_names

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Looked(Generic[T]):
    """What was found, and why nothing could be."""

    found: tuple[T, ...] = ()
    fault: str = ""


def senders(settings: Settings) -> Looked[Sender]:
    """Listen for a moment and return the ReaStreams that were heard."""
    try:
        return Looked(list_senders(allowed=allowed_addresses(settings.reastream_from)))
    except CaptureError as error:
        return Looked(fault=f"ReaStreams: {error}")


def midi_ports() -> Looked[str]:
    """Return the names of the MIDI outputs."""
    try:
        return Looked(port_names())
    except MidiError as error:
        return Looked(fault=f"MIDI: {error}")
