"""What it costs to draw a phrase while it is recorded, and whether the considered hearing waits for it.

In: `--seconds` of singing, made here, at 48 kHz in real time through the daemon's own threads, first without, then with
a recording; and drafts of `--notes` notes, drawn by the bridge in the Reaper in memory. Out: for each of the two, the
processor's share of a core, all threads together; how long the thread that follows the singer was away from its work at
most, and in the middle; how late a block of sound was taken at most. Of the draft: how far behind the singer it was
written (the sound after the last sample that it knows), and pictures a second. Of the bridge: milliseconds of Lua for
one picture, without the fake's own (tests/fakes), under the Luas of Reaper 6 and 7.

    OMP_NUM_THREADS=1 python -m benchmarks.draft_cost [--seconds 20] [--notes 1000]
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from reaper.in_memory import InMemoryReaper
from reaper.recordings import Recordist, melody
from synth import SungNote, room_noise, sing
from vocalmidi.app.ears import open_ears
from vocalmidi.app.following import Following
from vocalmidi.app.hearing import Hearing
from vocalmidi.app.serving import serve
from vocalmidi.app.takes import Memory
from vocalmidi.app.writer import Writer
from vocalmidi.app.writing import Band
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.reaper import (
    BridgeCommand,
    CommandName,
    Draft,
    Heartbeat,
    MeterPoint,
    Observation,
    ProjectMap,
    Recording,
    RecordWay,
    Spool,
    Transport,
    TransportReport,
    Wish,
    decode,
    encode,
)
from vocalmidi.values import AudioBlock, Meter, TempoMap

RATE_HZ, BLOCK = 48_000, 480
REPORT_EVERY = 25
"""Blocks; the bridge tells of its transport four times a second."""
NOTE_S, STEP_S = 0.42, 0.5
SCALE = (60, 62, 64, 65, 67, 69, 67, 64)
OWNER, DRAFT = "abcdef-01", "abcdef-02"
PICTURES = 20


@dataclass(slots=True)
class Times:
    """What one run showed, seconds; behind: of each picture."""

    share: float = 0.0
    away: list[float] = field(default_factory=list[float])
    late: list[float] = field(default_factory=list[float])
    behind: list[float] = field(default_factory=list[float])


class TimedWriter(Writer):
    """A writer that notes when its threads came to their work."""

    times: Times
    came_s: float | None = None

    def work(self) -> None:
        """Follow, and note how long ago that was done last."""
        now_s = time.perf_counter()
        if self.came_s is not None:
            self.times.away.append(now_s - self.came_s)
        self.came_s = now_s
        super().work()


def singing(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return a note every half second over a quiet room."""
    count = int(seconds / STEP_S)
    sung = sing([SungNote(STEP_S * n, NOTE_S, SCALE[n % len(SCALE)]) for n in range(count)], RATE_HZ).samples
    sound = room_noise(seconds + 1.0, RATE_HZ, level_db=-65.0, seed=1)
    sound[: len(sung)] += sung
    return np.asarray(sound[: round(seconds * RATE_HZ)], np.float32)


def report(spool: Spool, number: int, began_s: float) -> None:
    """Tell in the bridge's name where its transport stands."""
    now_s = time.perf_counter()
    seen = Observation(number, now_s, 1, now_s - began_s, 0.0, 1.0, False, 0.0, 0.0, 1, 1)
    (spool.root / "bridge.transport").write_bytes(encode(TransportReport(OWNER, now_s, (seen,))))
    (spool.root / "bridge.heartbeat").write_bytes(encode(Heartbeat(OWNER, time.time(), "benchmark")))


def in_real_time(spool: Spool, sound: np.ndarray, times: Times) -> Iterator[AudioBlock]:
    """Yield the sound as a device does, and note how late each block is taken, and each new picture."""
    began_s, shown = time.perf_counter(), 0
    for number, at in enumerate(range(0, len(sound) - BLOCK, BLOCK)):
        due_s = began_s + (at + BLOCK) / RATE_HZ
        time.sleep(max(0.0, due_s - time.perf_counter()))
        times.late.append(time.perf_counter() - due_s)
        if number % REPORT_EVERY == 0:
            report(spool, number // REPORT_EVERY + 1, began_s)
        shown = noted(spool, shown, time.perf_counter() - began_s, times)
        yield AudioBlock(at, RATE_HZ, sound[at : at + BLOCK])


def noted(spool: Spool, shown: int, now_s: float, times: Times) -> int:
    """Note how far a new picture is behind what has come; return its number."""
    path = spool.root / "daemon.draft"
    draft = decode(path.read_bytes()) if path.exists() else None
    if not isinstance(draft, Draft) or draft.number == shown:
        return shown
    ends = [note.start_qn + note.length_qn for part in draft.parts for note in part.notes]
    # 120 BPM from the start on; a note that sounds ends where the live path has got to.
    if now_s % STEP_S < NOTE_S:
        times.behind.append(now_s - (draft.place_qn + max(ends)) / 2)
    return draft.number


def heard(seconds: float, *, records: bool) -> Times:
    """Return what a run of so many seconds showed."""
    times = Times()
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder))
        spool.prepare()
        (Path(folder) / "config.toml").touch()
        ears = open_ears("cpu")
        memory = Memory(Hearing(ears, 10.0, RATE_HZ), Following(spool, RATE_HZ), 1.5)
        band = Band(load_settings(Path(folder) / "config.toml"), ears, load_style("pop"), None)
        writer = TimedWriter(band, memory, spool, str)
        writer.times = times
        whole = ProjectMap(OWNER, 1, 1, TempoMap.constant(120.0), (MeterPoint(0.0, Meter()),))
        (spool.root / "bridge.project_map").write_bytes(encode(whole))
        report(spool, 1, time.perf_counter())
        if records:
            still = Transport(1, 0.0, 0.0, 0.0, 0.0, 120.0, Meter(), TempoMap.constant(120.0))
            wish = Wish(project=1, recording=Recording(RecordWay.START, DRAFT))
            command = BridgeCommand(OWNER, CommandName.RECORD, time.time(), still, wish)
            (spool.root / "commands" / f"{OWNER}.command").write_bytes(encode(command))
        sound, began = singing(seconds), time.process_time()
        serve(in_real_time(spool, sound, times), writer, spool)
        times.share = (time.process_time() - began) / seconds
    return times


def picture_ms(lua: str, notes: int) -> list[float]:
    """Return what pictures cost that grow to so many notes, milliseconds of Lua."""
    costs = list[float]()
    with tempfile.TemporaryDirectory() as folder:
        reaper = InMemoryReaper(Path(folder), lua)
        reaper.start()
        recordist = Recordist(reaper)
        recordist.begin()
        clock = reaper.lua.globals().os.clock
        for number in range(PICTURES):
            count = notes - PICTURES + number + 1
            part = melody(*(48 + at * 7 % 24 for at in range(count)))
            recordist.spool.beat()
            recordist.file.show(recordist.draft(part, length_qn=4.0 * -(-count // 4)))
            reaper.lua.execute("collectgarbage()")
            reaper.fake.calls_s, reaper.fake.is_timed = 0.0, True
            began = clock()
            reaper.turn(2)
            costs.append(1000 * (clock() - began - reaper.fake.calls_s))
        if len(recordist.pitches()) != notes:
            raise SystemExit("the pictures were not drawn")
        reaper.check()
    return costs


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--notes", type=int, default=1000)
    asked = parser.parse_args()
    for records in (False, True):
        times = heard(asked.seconds, records=records)
        away, late = times.away, times.late
        print(f"{'with' if records else 'without'} a recording: {100 * times.share:.0f} % of a core;", end=" ")
        print(f"following {1000 * statistics.median(away):.0f} ms apart, at most {1000 * max(away):.0f};", end=" ")
        print(f"a block late by {1000 * max(late):.1f} ms at most")
        if times.behind:
            print(f"  a picture {1000 * statistics.median(times.behind):.0f} ms behind the singer", end=", ")
            print(f"at most {1000 * max(times.behind):.0f}; {len(times.behind) / asked.seconds:.1f} a second")
    for lua, name in (("lua53", "Reaper 6 (Lua 5.3)"), ("lua54", "Reaper 7 (Lua 5.4)")):
        costs = picture_ms(lua, asked.notes)
        print(f"{name}: a picture of {asked.notes} notes {statistics.median(costs):.1f} ms, at most {max(costs):.1f}")


if __name__ == "__main__":
    main()
