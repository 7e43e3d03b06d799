"""What an insertion costs inside Reaper: milliseconds of Lua for many notes, turns until it is answered, an idle turn.

In: a request of --notes notes in four parts, made here. Out, for the Lua of Reaper 6 and 7, median and worst of --runs:
processor milliseconds of the bridge itself and, told apart, of the strict Reaper in memory that stands for Reaper's own
C++ (tests/fakes); the turns of 1/30 s from the request's file to its receipt; undo points, and the notes that
MIDI_CountEvts finds; milliseconds of a turn in which nothing happens, while the transport stands and while it plays.
Garbage is collected before a run and counted within. No real Reaper takes part: its calls cost what they cost.

    OMP_NUM_THREADS=1 python -m benchmarks.insert_cost [--notes 10000] [--runs 10] [--json FILE]
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from reaper.in_memory import InMemoryReaper
from reaper.music import small_arrangement, small_request
from vocalmidi.reaper import InsertRequest, ReceiptStatus, decode, encode
from vocalmidi.values import Note, Part

ALLOWED_LUA_MS, ALLOWED_TURNS, ALLOWED_IDLE_MS = 100.0, 2, 0.2
IDLE_TURNS = 1800
"""A minute of Reaper's loop."""
LUAS = {"lua53": "Reaper 6 (Lua 5.3)", "lua54": "Reaper 7 (Lua 5.4)"}


@dataclass(frozen=True, slots=True)
class Insertion:
    """One insertion: processor milliseconds of the bridge and of the fake, turns to the answer, what is there then."""

    lua_ms: float
    fake_ms: float
    turns: int
    undo_points: int
    notes: int


@dataclass(frozen=True, slots=True)
class Idle:
    """Milliseconds of a turn in which nothing happens, and of the worst one."""

    mean_ms: float
    worst_ms: float


def request_of(count: int, request_id: str) -> InsertRequest:
    """Return a request with so many notes, evenly in four parts, sixteenths apart."""
    music = small_arrangement()
    share = [count // 4 + (number < count % 4) for number in range(4)]
    parts = tuple(
        Part(part.name, part.channel, part.program, tuple(_line(notes)))
        for part, notes in zip(music.parts, share, strict=True)
    )
    length_qn = max(share) / 4.0
    return replace(small_request(request_id), arrangement=replace(music, parts=parts, length_qn=length_qn))


def _line(count: int) -> list[Note]:
    return [Note(index * 0.25, 0.2, 48 + index * 7 % 24, 60 + index % 60) for index in range(count)]


def insertion(lua: str, count: int, run: int) -> Insertion:
    """Return what one insertion into an empty project costs."""
    with tempfile.TemporaryDirectory() as folder:
        reaper = InMemoryReaper(Path(folder), lua)
        reaper.start()
        reaper.turn(run % 2)  # the request comes right before or right after a look at the inbox
        request = request_of(count, f"abcdef-{run:04}")
        (reaper.root / "inbox" / f"{request.request_id}.vocalmidi").write_bytes(encode(request))
        answer, turns = reaper.root / "results" / f"{request.request_id}.receipt", 0
        reaper.lua.execute("collectgarbage()")
        reaper.fake.is_timed = True
        clock, began = reaper.lua.globals().os.clock, reaper.lua.globals().os.clock()
        while not answer.exists() and turns < 100:
            reaper.turn()
            turns += 1
        whole_s, fake_s = clock() - began, reaper.fake.calls_s
        reaper.check()
        receipt = decode(answer.read_bytes())
        if getattr(receipt, "status", None) is not ReceiptStatus.OK:
            raise SystemExit(f"the insertion failed: {receipt}")
        notes = sum(reaper.fake.api.MIDI_CountEvts(item.take)[1] for item in all_items(reaper))
        return Insertion(1000 * (whole_s - fake_s), 1000 * fake_s, turns, len(reaper.undo_titles()), notes)


def all_items(reaper: InMemoryReaper) -> list[object]:
    """Return every item of the project."""
    return [item for track in reaper.project.tracks.values() for item in track["items"].values()]


def idle(lua: str, *, is_playing: bool) -> Idle:
    """Return what turns cost in which nothing is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        reaper = InMemoryReaper(Path(folder), lua)
        reaper.start()
        reaper.project.play_state = int(is_playing)
        costs = list[float]()
        for _ in range(IDLE_TURNS):
            reaper.project.play_s += is_playing / 30
            began = time.process_time()
            reaper.turn()
            costs.append(1000 * (time.process_time() - began))
        reaper.check()
        return Idle(statistics.mean(costs), max(costs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found: dict[str, object] = {}
    for lua, name in LUAS.items():
        runs = [insertion(lua, asked.notes, run) for run in range(asked.runs + 1)][1:]
        own_ms, fake_ms = [run.lua_ms for run in runs], [run.fake_ms for run in runs]
        turns, points = max(run.turns for run in runs), {run.undo_points for run in runs}
        print(f"{name}: {asked.notes} notes, {asked.runs} runs")
        print(f"  the bridge {statistics.median(own_ms):.0f} ms, worst {max(own_ms):.0f} of {ALLOWED_LUA_MS:.0f}")
        print(f"  the fake Reaper {statistics.median(fake_ms):.0f} ms, worst {max(fake_ms):.0f}")
        print(f"  turns to the answer {turns} (allowed {ALLOWED_TURNS}); undo points {points}", end="; ")
        print(f"notes by MIDI_CountEvts { ({run.notes for run in runs}) }")
        stands, plays = idle(lua, is_playing=False), idle(lua, is_playing=True)
        for word, turn in (("stands", stands), ("plays", plays)):
            print(f"  a turn while it {word}: {turn.mean_ms:.3f} ms, worst {turn.worst_ms:.2f} of {ALLOWED_IDLE_MS}")
        found[lua] = {"runs": [asdict(run) for run in runs], "stands": asdict(stands), "plays": asdict(plays)}
    if asked.json:
        asked.json.write_text(json.dumps({"notes": asked.notes, **found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
