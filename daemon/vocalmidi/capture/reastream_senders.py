"""Which ReaStreams there are.

In: a moment to listen. Out: those that sent in it. It can't listen while another program, or `vocalmidi run`, does.
"""

import select
import time
from dataclasses import dataclass

from vocalmidi.capture.reastream import LOOPBACK, open_door
from vocalmidi.capture.reastream_format import MOST_BYTES, PORT, read_datagram


@dataclass(frozen=True, slots=True)
class Sender:
    """A ReaStream that is heard: its identifier, where it sends from, its rate and its channels."""

    identifier: str
    address: str
    sample_rate_hz: int
    channels: int


def list_senders(listen_s: float = 0.3, *, allowed: tuple[str, ...] = (), port: int = PORT) -> tuple[Sender, ...]:
    """Return the ReaStreams heard within a moment, by name; CaptureError where the port is taken."""
    heard: set[Sender] = set()
    with open_door(port, everywhere=bool(allowed)) as door:
        deadline = time.perf_counter() + listen_s
        while (left_s := deadline - time.perf_counter()) > 0 and select.select([door], [], [], left_s)[0]:
            try:
                content, (address, _) = door.recvfrom(MOST_BYTES)
            except OSError:
                continue
            if address == LOOPBACK or address in allowed:
                heard.update(
                    Sender(packet.identifier, address, packet.sample_rate_hz, len(packet.samples))
                    for packet in read_datagram(content).packets
                )
    return tuple(sorted(heard, key=lambda each: (each.identifier, each.address)))
