"""Requests that were damaged by chance, and a command that lets the bridge meet as many of them as wished.

In: requests of every kind, whole. Out: the same bytes after one to three changes of digits, bytes, spans or lines, most
with an end line that fits again, so that the damage gets past the checksum. What Python refuses the bridge must refuse,
with the project untouched; what it accepts is inserted and taken back; nothing ever raises out of the bridge.

    .venv/bin/python tests/reaper/mutations.py [--count 100000] [--seed 1]
"""

import argparse
import random
import sys
import tempfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from reaper.changing import aside_request, joining_request, lanes_request
from reaper.in_memory import InMemoryReaper
from reaper.music import GUIDS, REQUEST_ID, SOURCE, passes_request, replacing_request, small_request, sung_request
from reaper.test_codec_curves import MESSAGES as CURVES
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import AudioTake, ReceiptStatus, decode, encode
from vocalmidi.values import PartName

NAME = f"{REQUEST_ID}.vocalmidi"
TURNS = 2
CHECKED_EACH = 1000
INSERTS = [
    b"\n",
    b" ",
    b"-",
    b"9",
    b"e-05",
    b"\x00",
    b"n 0 1 1 1\n",
    b"%s",
    b"\xe2",
    b"\xed\xa0\x80",
    b"{",
    b"strength 1\n",
    b"curves mpe cc11 1\n",
    b"l 0 1\n",
]
WHOLE = (
    encode(small_request()),
    encode(sung_request(0.5)),
    encode(passes_request()),
    encode(replace(passes_request(), draft="abcdef-77")),
    encode(lanes_request()),
    encode(CURVES["insert_mpe"]),
    encode(CURVES["insert_curves_passes"]),
    encode(replace(small_request(), audio=AudioTake(0.0, 8.0, 4.0), beside="abcdef-77", sources=(SOURCE,))),
    encode(replacing_request(PartName.MELODY, PartName.DRUMS, request_id=REQUEST_ID)),
    encode(aside_request(PartName.MELODY, PartName.DRUMS, request_id=REQUEST_ID)),
    encode(joining_request(PartName.CHORDS, joins={PartName.BASS: GUIDS[0]}, request_id=REQUEST_ID)),
)
PLAIN = 7
"""So many of them need neither sound nor items."""


def resealed_end(body: bytes) -> bytes:
    return body + f"end {body.count(10)} {zlib.crc32(body):08x}\n".encode()


def mutated(rng: random.Random, whole: bytes = WHOLE[0]) -> bytes:
    """Return a whole file after one to three changes."""
    content = bytearray(whole)
    for _ in range(rng.randint(1, 3)):
        change_once(rng, content)
    damaged = bytes(content)
    cut = damaged.rfind(b"end ")
    return resealed_end(damaged[:cut]) if cut > 0 and rng.random() < 0.8 else damaged


def change_once(rng: random.Random, content: bytearray) -> None:
    at = rng.randrange(max(1, len(content)))
    change = rng.randrange(7)
    if change == 0:
        content[at : at + 1] = bytes([rng.randrange(256)])
    elif change == 1:
        del content[at : at + rng.randint(1, 30)]
    elif change == 2:
        content[at:at] = rng.choice(INSERTS)
    elif change == 3:
        other = rng.randrange(max(1, len(content)))
        content[at : at + 12] = content[other : other + 12]
    elif change == 4:
        swap_lines(rng, content)
    else:
        digits = [index for index, byte in enumerate(content) if chr(byte).isdigit()] or [0]
        spot = rng.choice(digits)
        content[spot : spot + 1] = rng.choice(b"0123456789").to_bytes(1, "little")


def swap_lines(rng: random.Random, content: bytearray) -> None:
    lines = bytes(content).split(b"\n")
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    content[:] = b"\n".join(lines)


@dataclass(slots=True)
class Met:
    """How many requests were inserted, refused, and failed in a call of Reaper's."""

    inserted: int = 0
    refused: int = 0
    failed: int = 0


def python_accepts(content: bytes) -> bool:
    try:
        return getattr(decode(content), "request_id", None) == REQUEST_ID
    except ReaperError:
        return False


def meet(reaper: InMemoryReaper, rng: random.Random, count: int) -> Met:
    """Let a running bridge meet so many; raise AssertionError when it does what it must not."""
    met, before, answer = Met(), reaper.state(), reaper.root / "results" / f"{REQUEST_ID}.receipt"
    for number in range(count):
        kind = rng.randrange(len(WHOLE))
        content = mutated(rng, WHOLE[kind])
        (reaper.root / "inbox" / NAME).write_bytes(content)
        reaper.turn(TURNS)
        status, accepts = decode(answer.read_bytes()).status, python_accepts(content)
        answer.unlink()
        assert accepts or status is not ReceiptStatus.OK, content
        assert accepts == (status is ReceiptStatus.OK) or kind >= PLAIN, content
        if status is ReceiptStatus.OK:
            met.inserted += 1
            reaper.fake.undo(reaper.project)
        elif status is ReceiptStatus.REFUSED:
            met.refused += 1
        else:
            met.failed += 1
        assert reaper.state() == before, content
        if number % CHECKED_EACH == 0:
            reaper.check()
    reaper.check()
    return met


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for lua in ("lua53", "lua54"):
        with tempfile.TemporaryDirectory() as folder:
            reaper = InMemoryReaper(Path(folder), lua)
            reaper.start()
            met = meet(reaper, random.Random(f"{asked.seed} {lua}"), asked.count // 2)
        sys.stdout.write(f"{lua}: {met}\n")


if __name__ == "__main__":
    main()
