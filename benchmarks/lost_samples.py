"""Whether a sample is ever lost between the audio server and what `vocalmidi run` keeps, while Python is busy.

    python -m benchmarks.lost_samples burner    [--minutes 10] [--block 128] [--no-live] [--json OUT.json]
    python -m benchmarks.lost_samples c-calls   a thread that sorts for 20 ms at a time, in C, with the interpreter held
    python -m benchmarks.lost_samples freewheel the server as fast as its clients can, so many minutes of sound
    python -m benchmarks.lost_samples nothing   neither

In: a JACK server with its dummy driver (jackd, gcc), real-time scheduled where the system lets us, and a client that
counts: every sample is the number of its place, exactly. All of `vocalmidi run` listens to it in this process, plays
live at a virtual port of that server, and keeps it in its history; beside it runs a thread of pure Python (`burner`),
or the other. At the end the history is compared with what was counted, sample by sample.
Out: samples kept, and those missing, twice, or wrong, in two places told apart. `lost_by_us`: after the callback had
them, counted by the ring, and again by the places that blocks jump over; `lost_by_server`: numbers that never came
though no place is missing, which is what a server loses that is late itself; it counts how often it was (xruns).
Exit status 1 where we lost or spoilt one.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import jack
from vocalmidi.app.daemon import Daemon, opened
from vocalmidi.capture import History, Microphone
from vocalmidi.capture.portaudio import load_portaudio
from vocalmidi.config import Settings, load_settings
from vocalmidi.units import SampleIndex

NAME = "counter"
WRAP = 2**24
SCALE = 2.0**-24
SETTLE_S = 1.0
HELD_S = 0.02
"""What one C call holds the interpreter for: as long as a badly behaved library does."""
LOOK = 2_000_000
"""Samples of the history that are looked at, at once."""
MOST_MINUTES = 58
"""What the history holds, with some room."""


@dataclass(slots=True)
class Found:
    """What the history holds of what was counted, in samples.

    kept: numbers that came; missing, doubled: those that did not come, and that came again; wrong: no number at all.
    silent: places without a number between the first and the last.
    """

    kept: int = 0
    missing: int = 0
    doubled: int = 0
    wrong: int = 0
    silent: int = 0


def compared(history: History, count: int) -> Found:
    """Return what a history holds of 1 to `count`, scaled; silence before and after it."""
    found, last = Found(), 0
    here = history.available
    for start in range(here.start, here.stop, LOOK):
        samples = history.span(SampleIndex(start), SampleIndex(min(here.stop, start + LOOK))).samples
        numbers = np.rint(samples.astype(np.float64) / SCALE).astype(np.int64)
        sounds = np.flatnonzero(numbers)
        found.wrong += int(np.count_nonzero((numbers * SCALE).astype(np.float32) != samples))
        if not len(sounds):
            found.silent += len(samples) if 0 < last < count else 0
            continue
        whole = unwrapped(numbers[sounds], last)
        newest = np.maximum.accumulate(np.maximum(whole, last))
        steps = np.diff(newest, prepend=last)
        found.kept += int(np.count_nonzero(steps))
        found.missing += int(np.sum(steps[steps > 1] - 1))
        found.doubled += int(np.count_nonzero(steps == 0))
        first = int(sounds[0]) if last == 0 else 0
        end = int(sounds[-1]) + 1 if newest[-1] >= count else len(samples)
        found.silent += end - first - len(sounds)
        last = int(newest[-1])
    found.missing += count - last
    return found


def unwrapped(numbers: np.ndarray, last: int) -> np.ndarray:
    """Return numbers that began anew after WRAP as they would be without, given the last one before them."""
    steps = np.diff(numbers, prepend=(last - 1) % WRAP + 1 if last else 0)
    steps = (steps + WRAP // 2) % WRAP - WRAP // 2
    return last + np.cumsum(steps)


def burn(ended: threading.Event) -> None:
    """Keep the interpreter busy in pure Python."""
    count = 0
    while not ended.is_set():
        for number in range(10_000):
            count += number % 7


def hold(ended: threading.Event) -> None:
    """Call C code that holds the interpreter, again and again."""
    rng = random.Random(1)  # noqa: S311 -- numbers to sort
    numbers = [rng.random() for _ in range(1000)]
    while not ended.is_set():
        began_s = time.perf_counter()
        sorted(numbers)
        took_s = time.perf_counter() - began_s
        if took_s < HELD_S / 2:
            numbers += [rng.random() for _ in range(len(numbers))]


BUSY: dict[str, Callable[[threading.Event], None] | None] = {
    "burner": burn,
    "c-calls": hold,
    "freewheel": None,
    "nothing": None,
}


class Watch:
    """Tells the source when to begin, and the daemon when to end, and how much of it we lost."""

    def __init__(self, daemon: Daemon, source: jack.Source, count: int) -> None:
        self._daemon, self._source, self._count = daemon, source, count
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        history = self._daemon.writer.history
        while not len(history.available):
            time.sleep(0.01)
        time.sleep(SETTLE_S)
        begun = history.available.stop
        self._source.say("go")
        while history.available.stop < begun + self._count + SETTLE_S * jack.RATE_HZ:
            time.sleep(0.1)
        self._daemon.writer.is_stopped = True


def heard(asked: argparse.Namespace, settings: Settings, folder: Path, source: jack.Source) -> dict[str, Any]:
    """Return what came of it."""
    count = round(asked.minutes * 60 * jack.RATE_HZ)
    said: list[str] = []
    ended = threading.Event()
    busy = BUSY[asked.beside]
    other = threading.Thread(target=busy, args=(ended,), name="busy") if busy else None
    began_s = time.monotonic()
    with opened(settings, folder, said.append) as daemon:
        if not isinstance(daemon.microphone, Microphone):
            raise TypeError("a JACK client is a microphone")
        Watch(daemon, source, count)
        if other:
            other.start()
        try:
            daemon.serve()
        finally:
            ended.set()
        statistics = daemon.microphone.statistics()
        figures = daemon.writer.play.figures if daemon.writer.play else None
    took_s = time.monotonic() - began_s
    found = compared(daemon.writer.history, count)
    load_portaudio()._terminate()  # noqa: SLF001 -- before the server ends, or PortAudio aborts the process
    return {
        "beside": asked.beside,
        "seconds": round(took_s, 1),
        "times_real_time": round(asked.minutes * 60 / took_s, 2),
        "counted": count,
        "kept": found.kept,
        "lost_by_us": statistics.dropped_samples,
        "lost_by_server": found.missing - statistics.dropped_samples,
        "doubled_by_server": found.doubled,
        "wrong": found.wrong,
        "places_without_number": found.silent,
        "ring_overruns": statistics.overruns,
        "input_overflows": statistics.input_overflows,
        "live_blocks_left_out": figures.skipped if figures else None,
        "live_blocks": figures.blocks if figures else None,
        "real_time": next((line for line in said if line.startswith("real time")), ""),
    }


def settings_of(asked: argparse.Namespace) -> Settings:
    return replace(
        load_settings(),
        provider="cpu",
        voice_profile="none",
        device=NAME,
        port=0,
        history_minutes=min(60, int(asked.minutes) + 2),
        midi_port="" if asked.no_live else "virtual",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("beside", choices=BUSY)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--block", type=int, default=128)
    parser.add_argument("--no-live", action="store_true", help="no MIDI port: it listens only")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if not 0 < asked.minutes <= MOST_MINUTES:
        parser.error(f"--minutes {asked.minutes:g}: up to {MOST_MINUTES}, which the history holds")
    own = jack.environment()
    os.environ |= own
    try:
        with tempfile.TemporaryDirectory() as name, jack.started(asked.block, own) as is_real_time:
            folder = Path(name)
            os.environ |= dict.fromkeys(("XDG_STATE_HOME", "XDG_DATA_HOME"), name)
            count = round(asked.minutes * 60 * jack.RATE_HZ)
            is_free = int(asked.beside == "freewheel")
            source = jack.Source(jack.build_source(folder), NAME, "count", count, SCALE, is_free)
            report = heard(asked, settings_of(asked), folder, source)
            report |= {"server_xruns": source.end(), "server_is_real_time": is_real_time}
    except jack.NoJackError as error:
        print(f"left out: {error}")
        return 1
    report["load"] = round(os.getloadavg()[0], 1)
    for key, value in report.items():
        print(f"{key:24} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=1))
    return int(bool(report["lost_by_us"] or report["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
