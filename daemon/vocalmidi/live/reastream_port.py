"""MIDI to a ReaStream on a Reaper track: the port where a system has no virtual MIDI.

In: messages. Out: a UDP datagram each, on this machine or to a named one. Nothing answers and nothing is repeated: UDP
to the same machine arrives, over a network it may not, and a note-off that is lost leaves a note.
"""

import socket

from vocalmidi.capture.reastream_format import PORT, midi_packet, name_bytes
from vocalmidi.errors import MidiError

LOOPBACK = "127.0.0.1"
USUAL_IDENTIFIER = "vocalmidi"


class ReaStreamPort:
    """Sends to IDENTIFIER, or IDENTIFIER@HOST, or IDENTIFIER@HOST:PORT."""

    def __init__(self, where: str) -> None:
        identifier, _, place = where.partition("@")
        host, _, port = place.partition(":")
        self._identifier = identifier or USUAL_IDENTIFIER
        self.label = f"ReaStream {self._identifier}" + (f" at {place}" if place else "")
        try:
            name_bytes(self._identifier)
            self._socket = _connected(host or LOOPBACK, int(port or PORT))
        except (OSError, ValueError, OverflowError) as error:
            raise MidiError(f"ReaStream {where!r} can't be sent to ({error}); name it as IDENTIFIER@HOST") from error

    def send(self, message: bytes) -> None:
        """Send one message; nobody listening is no error: a track's ReaStream may be opened later."""
        try:
            self._socket.send(midi_packet(self._identifier, (message,)))
        except ConnectionError:
            return
        except OSError as error:
            raise MidiError(f"{self.label} took no message ({error.strerror}); is the network up?") from error

    def close(self) -> None:
        """Close it."""
        self._socket.close()


def _connected(host: str, port: int) -> socket.socket:
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sender.connect((host, port))
    except BaseException:
        sender.close()
        raise
    return sender
