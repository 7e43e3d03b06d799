"""Wrong and lying MIDI inputs and ReaStream datagrams: what escapes, and what they leave in memory.

    python -m benchmarks.fuzz_midi [--count 100000] [--seed 1]

In: half of the inputs drawn byte by byte, half good ones with a few bytes changed, cut off or doubled. MIDI goes to a
stage that plays by held keys, as from a keyboard, while notes are sung; datagrams go to the codec of sound and of MIDI.
Out: how many, exceptions that escaped, keys left down after the end, MB that the last nine tenths added, seconds.
"""

import argparse
import random
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from vocalmidi.app.live_stage import Stage
from vocalmidi.capture.reastream_format import midi_packet, read_datagram, read_midi, sound_packet
from vocalmidi.config import load_settings
from vocalmidi.live.messages import NOTE_OFF, NOTE_ON, control, note_off, note_on, wheel
from vocalmidi.units import SampleIndex
from vocalmidi.values import NoteOff, NoteOn

RATE_HZ = 48_000
MOST_BYTES = 1500
MESSAGES = (note_on(0, 60, 90), note_off(0, 60), control(0, 123, 0), wheel(3, 9000), b"\xf0\x7e\x7f\xf7", b"\xf8")
SOUND = np.linspace(-1, 1, 300, dtype=np.float32).reshape(2, 150)
DATAGRAMS = (sound_packet("voice", RATE_HZ, SOUND), midi_packet("voice", MESSAGES[:4]))


class Ear:
    """A port that knows which keys are down."""

    label = "ear"

    def __init__(self) -> None:
        self.down: set[tuple[int, int]] = set()

    def send(self, message: bytes) -> None:
        """Take a message."""
        place = (message[0] & 0x0F, message[1])
        if message[0] & 0xF0 == NOTE_ON:
            self.down.add(place)
        elif message[0] & 0xF0 == NOTE_OFF:
            self.down.discard(place)

    def close(self) -> None:
        """Do nothing."""


class Keyboard:
    """An inlet that gives one message a look."""

    def __init__(self) -> None:
        self.message = b""

    def read(self) -> list[bytes]:
        """Give it."""
        return [self.message]


def mutated(draw: random.Random, good: Sequence[bytes]) -> bytes:
    if draw.random() < 0.5:
        return draw.randbytes(draw.randrange(MOST_BYTES if len(good[0]) > 3 else 6))
    content = bytearray(draw.choice(good) * draw.choice((1, 1, 1, 2)))
    for _ in range(draw.randrange(4)):
        content[draw.randrange(len(content))] = draw.randrange(256)
    return bytes(content[: draw.choice((len(content), draw.randrange(len(content) + 1)))])


def fuzzed(name: str, count: int, take: Callable[[int], object]) -> str:
    escaped, began_s = 0, time.perf_counter()
    settled = 0
    tracemalloc.start()
    for number in range(count):
        if number == count // 10:
            settled = tracemalloc.get_traced_memory()[0]
        try:
            take(number)
        except Exception as error:  # noqa: BLE001 -- to see any is what this is for
            escaped += 1
            print(f"{name} {number}: {error!r}")
    grown_mb = (tracemalloc.get_traced_memory()[0] - settled) / 1e6
    tracemalloc.stop()
    took_s = time.perf_counter() - began_s
    return f"{name:10} {count} inputs, {escaped} exceptions escaped, {grown_mb:+.3f} MB, {took_s:.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)  # noqa: S311 -- nothing here is secret
    ear, keyboard = Ear(), Keyboard()
    stage = Stage(replace(load_settings(), live_scale="keys", voice_profile="none"), ear, keyboard, RATE_HZ)
    stage.begin()

    def play(number: int) -> None:
        keyboard.message = mutated(draw, MESSAGES)
        stage.look()
        at = SampleIndex(number * 480)
        said = NoteOn(number, at, draw.uniform(36, 84), 90, 0.9, at) if number % 2 else NoteOff(number - 1, at, at)
        stage.play(said)

    def read(_number: int) -> None:
        content = mutated(draw, DATAGRAMS)
        read_datagram(content)
        read_midi(content)

    print(fuzzed("MIDI in", asked.count, play))
    stage.end()
    print(f"{'':10} {len(ear.down)} keys left down")
    print(fuzzed("ReaStream", asked.count, read))


if __name__ == "__main__":
    main()
