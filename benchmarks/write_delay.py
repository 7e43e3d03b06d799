"""Measure how long "write" takes, from the command to the whole request in the spool, on one core.

In: a sung phrase of `--bars` bars of 4/4 at 120 QN a minute, made here, at 48 kHz, quiet room before it, heard by the
daemon's own `Writer` in blocks of 128 samples with its background work after every 50 ms of sound, as the daemon runs
it. A command then lies in the spool; the clock stops when the request is in the inbox, whole and flushed. Out: a line
for each moment of asking, wall and processor milliseconds, median and worst of `--runs`:

  heard whole      the baseline: nothing is kept, the last 40 s are heard when asked, as before there was a history
  in mid-phrase    asked while the phrase's last note still sounds
  work in between  the same, and the background has just begun to hear a second of sound
  at once          asked as the last note ends
  after a breath   asked 0.5 s later: what was sung is heard already
  after 10 minutes as after a breath, the history full of singing

Below it, what following the singer costs all the time: processor seconds for a second of sound.

    python benchmarks/write_delay.py --bars 16 --runs 10
"""

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from synth import SungNote, room_noise, sing
from vocalmidi.app.ears import open_ears
from vocalmidi.app.following import Following
from vocalmidi.app.hearing import Hearing
from vocalmidi.app.takes import Memory
from vocalmidi.app.writer import Writer
from vocalmidi.app.writing import Band
from vocalmidi.arrange import load_style, open_networks
from vocalmidi.config import load_settings
from vocalmidi.phrase import last_phrase
from vocalmidi.reaper import (
    BridgeCommand,
    CommandName,
    Heartbeat,
    InsertRequest,
    ReceiptStatus,
    Spool,
    Transport,
    WriteReceipt,
    encode,
)
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock, Events, Floats, Meter, TempoMap

RATE_HZ = 48_000
BLOCK = 128
WORK_EVERY = 2400
"""Samples, 50 ms: how often the daemon's background looks for new sound."""
NOTE_S, STEP_S = 0.44, 0.5
BAR_S = 2.0
ROOM_S = 2.0
SCALE = (60, 62, 64, 65, 67, 69, 67, 64)
HISTORY_S = 600.0
OWNER = "0123456789abcdef"
FOLLOWING: list[float] = []
"""Processor seconds for a second of sound that is followed, of each run."""


@dataclass(frozen=True, slots=True)
class Delay:
    """What one command took, milliseconds of the wall clock and of the processor."""

    wall_ms: float
    cpu_ms: float


class TimedSpool(Spool):
    """A spool whose bridge answers at once, and which notes when the request lay in the inbox."""

    posted: tuple[float, float] = (0.0, 0.0)

    def post(self, request: InsertRequest, wav: bytes = b"") -> None:
        """Post, take the time, and answer in the bridge's name."""
        super().post(request, wav)
        self.posted = time.perf_counter(), time.process_time()
        receipt = WriteReceipt(request.request_id, ReceiptStatus.OK, "inserted")
        (self.root / "results" / f"{request.request_id}.receipt").write_bytes(encode(receipt))


class WholeHearing(Hearing):
    """The baseline: hears the last 40 s when it is asked, and nothing before."""

    def work(self) -> None:
        """Do nothing ahead."""

    def last_phrase(self, gap_s: float) -> Events:
        """Hear everything now."""
        here = self.history.available
        sound = self.history.before(SampleIndex(here.stop), 40 * RATE_HZ)
        return last_phrase(self._ears.hear([sound]), gap_s)


def main() -> None:
    """Print the table, or the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=16)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    runs = {name: 1 if name == "after 10 minutes" else options.runs for name in moments()}
    rows = {name: [measured(options.bars) for _ in range(runs[name])] for name, measured in moments().items()}
    following = statistics.median([cost for cost in FOLLOWING if cost])
    table = {name: summary(delays) for name, delays in rows.items()}
    if options.json:
        print(
            json.dumps(
                {"version": 1, "bars": options.bars, "runs": options.runs, "delays": table, "following": following},
                indent=2,
            )
        )
        return
    print(f"{'':18}{'wall ms':>9}{'worst':>8}{'cpu ms':>9}{'worst':>8}")
    for name, row in table.items():
        print(
            f"{name:18}{row['wall_ms']:9.0f}{row['wall_worst_ms']:8.0f}{row['cpu_ms']:9.0f}{row['cpu_worst_ms']:8.0f}"
        )
    print(f"following the singer: {100 * following:.1f} % of a core")


def summary(delays: list[Delay]) -> dict[str, float]:
    """Return median and worst of both clocks."""
    wall, cpu = [delay.wall_ms for delay in delays], [delay.cpu_ms for delay in delays]
    return {
        "wall_ms": round(statistics.median(wall), 1),
        "wall_worst_ms": round(max(wall), 1),
        "cpu_ms": round(statistics.median(cpu), 1),
        "cpu_worst_ms": round(max(cpu), 1),
    }


def moments() -> dict[str, Callable[[int], Delay]]:
    """Return the moments of asking by their names."""
    ears = open_ears("cpu")
    style = load_style("pop")

    def ask(bars: int, later_s: float, kind: type[Hearing] = Hearing, *, busy: bool = False, before: int = 0) -> Delay:
        with tempfile.TemporaryDirectory() as folder:
            spool = TimedSpool(Path(folder))
            spool.prepare()
            hearing = kind(ears, 10.0, RATE_HZ)
            (Path(folder) / "config.toml").touch()
            band = Band(load_settings(Path(folder) / "config.toml"), ears, style, open_networks("cpu"))
            writer = Writer(band, Memory(hearing, Following(spool, RATE_HZ), 1.5), spool, str)
            begun = time.process_time()
            sound = np.tile(phrase(bars, 2.0), before)
            sound = np.concatenate([sound, phrase(bars, later_s)])
            listen(writer, sound)
            FOLLOWING.append((time.process_time() - begun) / (len(sound) / RATE_HZ) if kind is Hearing else 0.0)
            return asked(writer, spool, busy=busy)

    return {
        "heard whole": lambda bars: ask(bars, 0.5, WholeHearing),
        "in mid-phrase": lambda bars: ask(bars, -0.2),
        "work in between": lambda bars: ask(bars, -0.2, busy=True),
        "at once": lambda bars: ask(bars, 0.0),
        "after a breath": lambda bars: ask(bars, 0.5),
        "after 10 minutes": lambda bars: ask(bars, 0.5, before=round(HISTORY_S / (bars * BAR_S + ROOM_S + 2.0))),
    }


def phrase(bars: int, later_s: float) -> Floats:
    """Return quiet, then a note every half second, up to `later_s` after the end of the last."""
    count = round(bars * BAR_S / STEP_S)
    sung = sing([SungNote(STEP_S * n, NOTE_S, SCALE[n % len(SCALE)]) for n in range(count)], RATE_HZ).samples
    room = room_noise(ROOM_S + bars * BAR_S + 2.0, RATE_HZ, level_db=-65.0, seed=1)
    sound = room.copy()
    first = round(ROOM_S * RATE_HZ)
    sound[first : first + len(sung)] += sung
    stop_s = ROOM_S + STEP_S * (count - 1) + NOTE_S + later_s
    return np.asarray(sound[: round(stop_s * RATE_HZ)], np.float32)


def listen(writer: Writer, sound: Floats) -> None:
    """Let sound come in as from a device, with the background's work in its time."""
    for at in range(0, len(sound), BLOCK):
        writer.hear(AudioBlock(SampleIndex(at), RATE_HZ, sound[at : at + BLOCK]))
        if at % WORK_EVERY < BLOCK:
            writer.work()


def asked(writer: Writer, spool: TimedSpool, *, busy: bool) -> Delay:
    """Return what one command takes."""
    beat = Heartbeat(OWNER, time.time(), "benchmark")
    (spool.root / "bridge.heartbeat").write_bytes(encode(beat))
    still = Transport(0, 0.0, 0.0, 0.0, 0.0, 120.0, Meter(), TempoMap.constant(120.0))
    command = BridgeCommand(OWNER, CommandName.WRITE, time.time(), still)
    (spool.root / "commands" / f"{OWNER}.command").write_bytes(encode(replace(command)))
    work = threading.Thread(target=work_of(writer) if busy else str)
    begun = time.perf_counter(), time.process_time()
    work.start()
    writer.answer_commands()
    work.join()
    return Delay((spool.posted[0] - begun[0]) * 1000, (spool.posted[1] - begun[1]) * 1000)


def work_of(writer: Writer) -> Callable[[], None]:
    """Return the work of the background with a second of sound to settle."""
    here = writer.memory.hearing.history.available
    silence = np.zeros(RATE_HZ, np.float32)
    writer.memory.hearing.append(AudioBlock(SampleIndex(here.stop), RATE_HZ, silence))
    return writer.work


if __name__ == "__main__":
    main()
