"""A ReaStream of the tests' own: packets written from the published format, byte by byte, and a track that sends."""

import socket
import threading
import time

import numpy as np

RATE = 48_000
BLOCK = 480


def packet(samples, identifier=b"voice", rate=RATE, **lies):
    """Return one packet of (channels, n) samples; lies replace what the header says."""
    content = np.asarray(samples, "<f4").tobytes()
    head = {
        "magic": b"MRSR",
        "size": 47 + len(content),
        "channels": len(samples),
        "rate": rate,
        "length": len(content),
    } | lies
    return (
        head["magic"]
        + head["size"].to_bytes(4, "little", signed=True)
        + identifier.ljust(32, b"\0")
        + bytes((head["channels"],))
        + head["rate"].to_bytes(4, "little", signed=True)
        + head["length"].to_bytes(2, "little")
        + content
    )


def packets(samples, **said):
    """Return what a track sends for its blocks: no packet has more than 1200 bytes."""
    most = 1200 // 4 // len(samples)
    found = []
    for start in range(0, samples.shape[1], BLOCK):
        block = samples[:, start : start + BLOCK]
        found += [packet(block[:, first : first + most], **said) for first in range(0, block.shape[1], most)]
    return found


class Track:
    """Sends datagrams at their pace from a thread of its own, the first after `lead_s`: time to open the other end."""

    def __init__(self, port, datagrams, *, pace_s=0.005, address="127.0.0.1", lead_s=0.3):
        self._to, self._datagrams, self._pace_s = ("127.0.0.1", port), datagrams, pace_s
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self._lead_s, self._ended = lead_s, False
        self._thread = threading.Thread(target=self._send)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended = True
        self._thread.join()
        self._socket.close()

    def _send(self):
        due = time.perf_counter() + self._lead_s
        for datagram in self._datagrams:
            due += self._pace_s
            time.sleep(max(0.0, due - time.perf_counter()))
            if self._ended:
                return
            if datagram is not None:
                self._socket.sendto(datagram, self._to)
