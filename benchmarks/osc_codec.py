"""Our OSC reader beside python-osc's, in one run: time a message, and what each makes of damaged packets.

Out: microseconds a packet, median of `--runs`, for a message with a float, one with a string, a bundle of eight; and of
20,000 packets with a few bytes turned, how many end in an error of another kind than the reader's own.

    python benchmarks/osc_codec.py
"""

import argparse
import logging
import statistics
import timeit
from collections.abc import Callable

import numpy as np
from pythonosc.osc_packet import OscPacket, ParseError

from vocalmidi.control import IMMEDIATELY, Bundle, Message, decode, encode
from vocalmidi.errors import ControlError

LOOPS = 5000
DAMAGED = 20_000
PACKETS = {
    "a float": encode(Message("/vocalmidi/octave", (1.0,))),
    "a string": encode(Message("/vocalmidi/genre", ("jazz",))),
    "a bundle of eight": encode(Bundle(IMMEDIATELY, (Message("/vocalmidi/octave", (1.0,)),) * 8)),
}
MIXED = encode(Message("/vocalmidi/octave", (1.0, "abc", b"xyz", True, 5, (1, 2), None)))


def us_each(read: Callable[[bytes], object], packet: bytes, runs: int) -> float:
    times_s = timeit.repeat(lambda: read(packet), number=LOOPS, repeat=runs)
    return statistics.median(times_s) / LOOPS * 1e6


def theirs(packet: bytes) -> object:
    """Read a packet by python-osc."""
    return OscPacket(packet).messages


def escapes(read: Callable[[bytes], object], own: type[Exception]) -> int:
    """Return how many damaged packets end in another error than the reader's own."""
    rng, escaped = np.random.default_rng(1), 0
    for _ in range(DAMAGED):
        content = bytearray(MIXED)
        for at in rng.integers(len(content), size=int(rng.integers(1, 5))):
            content[at] = rng.integers(256)
        try:
            read(bytes(content))
        except own:
            continue
        except Exception:  # noqa: BLE001 - it is what is counted
            escaped += 1
    return escaped


def main() -> None:
    parser = argparse.ArgumentParser(description="Our OSC reader beside python-osc's.")
    parser.add_argument("--runs", type=int, default=7)
    runs: int = parser.parse_args().runs
    logging.disable(logging.CRITICAL)
    for name, packet in PACKETS.items():
        mine, other = us_each(decode, packet, runs), us_each(theirs, packet, runs)
        print(f"{name:18} ours {mine:5.2f} us, python-osc {other:5.2f} us: {mine / other:.2f}")
    print(f"damaged: ours {escapes(decode, ControlError)} other errors, python-osc {escapes(theirs, ParseError)}")


if __name__ == "__main__":
    main()
