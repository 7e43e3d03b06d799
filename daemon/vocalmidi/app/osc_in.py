"""Hears Reaper's OSC surface on this machine and gives the project clock its positions.

Comes in: UDP datagrams to one port of the loopback address. Goes out: sightings, each with the time it came. It sends
nothing and obeys nothing: what is no position is passed over, and so is what is no OSC.
"""

import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Thread

from pythonosc.osc_packet import OscPacket, ParseError

from vocalmidi.errors import TransportError
from vocalmidi.transport import OscFeedback, OscSighting
from vocalmidi.units import Seconds

LOOPBACK = "127.0.0.1"
MOST_BYTES = 32_768
"""Reaper's own largest packet (osc.h)."""
LOOK_S = 0.2
"""How soon the thread ends when it is told to."""
Sighted = Callable[[OscSighting, Seconds], None]


@contextmanager
def hear_osc(port: int, sighted: Sighted) -> Generator[int]:
    """Give every position that comes to `port` to `sighted`, from another thread; yields the port, chosen when 0.

    Raises:
        TransportError: the port is taken.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        try:
            door.bind((LOOPBACK, port))
        except OSError as error:
            raise TransportError(
                f"UDP port {port} can't be listened to ({error.strerror}); choose another as osc_port in [reaper], and "
                "the same in Reaper's preferences"
            ) from error
        door.settimeout(LOOK_S)
        ended = [False]
        thread = Thread(target=_hear_until, args=(door, ended, sighted), name="osc", daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            ended[0] = True
            thread.join()


def _hear_until(door: socket.socket, ended: list[bool], sighted: Sighted) -> None:
    feedback = OscFeedback()
    while not ended[0]:
        try:
            datagram = door.recv(MOST_BYTES)
        except OSError:
            # Nothing came in time; or, on Windows, a datagram was too long or its sender is gone.
            continue
        now_s = Seconds(time.perf_counter())
        for address, arguments in messages_of(datagram):
            sighting = feedback.heard(address, arguments)
            if sighting is not None:
                sighted(sighting, now_s)


def messages_of(datagram: bytes) -> list[tuple[str, list[object]]]:
    """Return the messages of a datagram, in order; none when it is no OSC."""
    try:
        return [(timed.message.address, list(timed.message.params)) for timed in OscPacket(datagram).messages]
    except (ParseError, ValueError, IndexError, RecursionError):
        return []
