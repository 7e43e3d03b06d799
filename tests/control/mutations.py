"""Damaged packets by the thousand against the whole desk, its real program behind it: nothing may escape, nothing grow.

    python tests/control/mutations.py --packets 1000000

Packets are valid ones of every address of the table, damaged: bytes turned, put in, taken out, doubled, cut off, two
packets joined, sizes and type letters made wild. Prints how many were answered with an error, how much was told, and
the memory tenth by tenth; exit status 1 where an exception escapes or memory grows.
"""

import argparse
import gc
import resource
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from vocalmidi.app.controlled import Controlled
from vocalmidi.app.errands import Errands
from vocalmidi.app.lesson import Lessons
from vocalmidi.app.meter import SILENCE
from vocalmidi.app.sitting import Sitting
from vocalmidi.app.wishes import check_music
from vocalmidi.capture import History
from vocalmidi.config import load_settings
from vocalmidi.control import (
    IMMEDIATELY,
    Bundle,
    Desk,
    Message,
    Moment,
    Peer,
    Real,
    Switch,
    Text,
    Whole,
    Word,
    decode,
    encode,
    entries,
    timetag_of,
)
from vocalmidi.reaper import Spool

UNIX_S = 1_764_000_000.0
STEP_S = 0.001
TYPES = b"ifsbhtdScrmTFNI[]z,\0"
MOST_OUT = 2000
"""Datagrams out for one in: sixteen subscribers, each told of a whole bundle."""
MOST_GROWTH_KB = 4096
"""Of the process over a run: what an allocator keeps back."""


class NoListener:
    """Nobody is listened to, so nothing is learnt."""

    history = History(0.01, 16_000)


@dataclass
class Tally:
    """What became of the packets."""

    packets: int = 0
    errors: int = 0
    told: int = 0
    kb: list[int] = field(default_factory=list)


def valid_arguments(entry, rng):
    found = []
    for kind in entry.arguments[: entry.needed or rng.integers(0, len(entry.arguments) + 1)]:
        match kind:
            case Whole() | Real():
                found.append(int(rng.integers(int(kind.low), min(int(kind.high), 10**6) + 1)))
            case Switch():
                found.append(bool(rng.integers(2)))
            case Word():
                found.append(str(rng.choice(kind.options)))
            case Text():
                found.append(str(rng.choice(["auto", "C minor", "clap", "bass,drums"])))
            case _:
                found.append(str(rng.choice(["auto", "120"])))
    return tuple(found)


def valid_packets(rng, count=400):
    """Return the bytes of messages and bundles of all addresses."""
    everything = entries()
    packets = []
    for n in range(count):
        entry = everything[n % len(everything)]
        message = Message(entry.address, valid_arguments(entry, rng))
        if n % 5 == 0:
            tag = IMMEDIATELY if n % 2 else timetag_of(UNIX_S + float(rng.uniform(-10, 100)))
            packets.append(
                encode(Bundle(tag, (message, Bundle(tag, (message,)), Message("/vocalmidi/part/*/lock", (1,)))))
            )
        else:
            packets.append(encode(message))
    return packets


def turned(content, at, rng):
    """Damage a byte, a word, a size or a type in its place: the length stays, and with it a chance to be read."""
    word = slice(at & ~3, (at & ~3) + 4)
    match int(rng.integers(5)):
        case 0:
            content[at : at + 1] = rng.bytes(1)
        case 1:
            content[word] = rng.bytes(4)
        case 2:
            content[word] = rng.choice([0, 1, -1, 2**31 - 1, 4, -(2**31)]).astype(">i4").tobytes()
        case 3 if (comma := content.find(b",")) >= 0:
            content[comma + 1 : comma + 2] = bytes([TYPES[int(rng.integers(len(TYPES)))]])
        case _:
            content[at : at + 1] = bytes([content[at] ^ 1 << int(rng.integers(8))]) if content else b""


def torn(content, at, other, rng):
    """Put bytes in, take some out, double some, cut off, or join another packet."""
    match int(rng.integers(5)):
        case 0:
            content[at:at] = rng.bytes(int(rng.integers(1, 9)))
        case 1:
            del content[at : at + int(rng.integers(1, 9))]
        case 2:
            content[at:at] = content[at : at + 16]
        case 3:
            del content[at:]
        case _:
            content += other[: int(rng.integers(len(other) + 1))]


def damaged(packet, other, rng):
    """Return a packet with one to three damages."""
    content = bytearray(packet)
    may_tear = rng.random() < 0.5
    for _ in range(int(rng.integers(1, 4))):
        at = int(rng.integers(len(content))) if content else 0
        if may_tear and rng.random() < 0.5:
            torn(content, at, other, rng)
        else:
            turned(content, at, rng)
    if rng.random() < 0.7:
        content += bytes(-len(content) % 4)  # or most damage would be found by the length alone
    return bytes(content)


def resident_kb():
    """Return the memory of this process; where the system does not say, the most it ever was."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * resource.getpagesize() // 1024


def run(packets, seed, folder):
    """Send damaged packets; return what became of them. Whatever escapes is raised."""
    rng = np.random.default_rng(seed)
    settings = replace(load_settings(), voice_profile="none")
    sitting = Sitting(settings)
    spool = Spool(Path(folder))
    spool.prepare()
    errands = Errands(spool, Lessons(NoListener(), settings, lambda: False))
    desk = Desk(Controlled(sitting, errands, lambda: SILENCE, lambda: False))
    valid, tally = valid_packets(rng), Tally()
    senders = [Peer("127.0.0.1", 40000 + n) for n in range(30)] + [Peer("10.0.0.1", 1), Peer("::1", 7)]
    for n in range(packets):
        first, second = valid[int(rng.integers(len(valid)))], valid[int(rng.integers(len(valid)))]
        now_s = n * STEP_S
        content = first if n % 50 == 0 else damaged(first, second, rng)
        desk.receive(content, senders[int(rng.integers(len(senders)))], Moment(now_s, UNIX_S + now_s))
        if n % 20 == 0:
            desk.turn(Moment(now_s, UNIX_S + now_s))
        if n % 5000 == 0:
            errands.turn()
        assert len(desk.outbox) <= MOST_OUT
        tally.packets += 1
        tally.told += len(desk.outbox)
        tally.errors += sum(b"/vocalmidi/error\0" in parcel.datagram[:20] for parcel in desk.outbox)
        if n % 997 == 0:
            for parcel in desk.outbox:
                decode(parcel.datagram)
            check_music(sitting.now.settings)
        desk.outbox.clear()
        if n % max(1, packets // 10) == packets // 20:
            gc.collect()
            tally.kb.append(resident_kb())
    return tally


def main():
    parser = argparse.ArgumentParser(description="Damaged packets against the desk.")
    parser.add_argument("--packets", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begun_s = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory() as folder:
            tally = run(asked.packets, asked.seed, folder)
    except Exception:  # noqa: BLE001 - it is what is looked for
        traceback.print_exc()
        return 1
    # The first tenth fills caches and the deques that have a bound.
    growth_kb = tally.kb[-1] - tally.kb[1]
    sys.stdout.write(
        f"{tally.packets} packets in {time.perf_counter() - begun_s:.0f} s: none escaped\n"
        f"{tally.errors} errors answered, {tally.told} datagrams sent\n"
        f"memory, tenth by tenth: {tally.kb} kB; grown by {growth_kb} kB after the second\n"
    )
    return int(growth_kb > MOST_GROWTH_KB)


if __name__ == "__main__":
    sys.exit(main())
