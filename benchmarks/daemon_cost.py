"""What `vocalmidi run` costs while it listens, plays live, or is switched off: processor by thread, wake-ups, memory.

    python -m benchmarks.daemon_cost [--seconds 20] [--block 128] [--no-live] [--json OUT.json]

In: the daemon itself, started as a user starts it, at a JACK server with its dummy driver (jackd, gcc), playing live at
a virtual port of that server; a client beside it is the microphone. Out, for each of four states: share of one core in
all and by thread (`python` is a library's: JACK's with the callback that fills the ring, mDNS), wake-ups a second,
memory (without what JACK shares with all its clients). `quiet`: a room at -65 dB re full scale; `sung`: the demo clip
over and over, without a pause; `off`: after `/vocalmidi/listen 0`, in that quiet room; `on again`. The first seconds of
a state don't count.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.live_midi import song_of

from benchmarks import jack
from vocalmidi.app.job import demo_voice
from vocalmidi.control import Message, encode

NAME = "singer"
SETTLE_S, OFF_SETTLE_S = 5.0, 12.0
"""Of each state, which does not count: what was sung before is heard ahead, caches fill; once it is off, until the
network that reads a phrase sees silence alone."""
START_S = 60.0
ROOM_DB = -65.0
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process has used: time on a core and wake-ups by thread id and name, and memory, MB."""

    at_s: float
    cpu_s: dict[tuple[int, str], float]
    wakes: dict[tuple[int, str], int]
    memory_mb: float


def spent(pid: int) -> Spent:
    cpu_s, wakes = {}, {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            # The first thread has the program's name, and is the one that hands blocks over.
            name = "reader" if int(task.name) == pid else (task / "comm").read_text().strip()
            key = int(task.name), name
            cpu_s[key] = int((task / "schedstat").read_text().split()[0]) / 1e9
            lines = (task / "status").read_text().splitlines()
        except FileNotFoundError:
            continue  # it has ended
        wakes[key] = next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt"))
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    resident = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return Spent(time.monotonic(), cpu_s, wakes, (resident - of_the_server(pid)) / 1024.0)


def of_the_server(pid: int) -> int:
    """Return how much of a process's memory is its sound server's own, which it only sees, kB."""
    total, counts = 0, False
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        if "-" in line.split(" ", 1)[0]:
            counts = "/dev/shm/jack" in line  # noqa: S108 -- that is its name
        elif counts and line.startswith("Rss:"):
            total += int(line.split()[1])
    return total


def between(before: Spent, after: Spent) -> dict[str, Any]:
    """Return the shares of one core, in percent, and the wake-ups a second; threads of one name together."""
    took_s = after.at_s - before.at_s
    percent: dict[str, float] = {}
    wakes: dict[str, float] = {}
    for key, now_s in after.cpu_s.items():
        percent[key[1]] = percent.get(key[1], 0.0) + 100.0 * (now_s - before.cpu_s.get(key, 0.0)) / took_s
        wakes[key[1]] = wakes.get(key[1], 0.0) + (after.wakes[key] - before.wakes.get(key, 0)) / took_s
    return {
        "core_percent": round(sum(percent.values()), 2),
        "memory_mb": round(after.memory_mb, 1),
        "threads": {
            name: {"core_percent": round(percent[name], 2), "wakes_a_second": round(wakes[name], 1)}
            for name in sorted(percent, key=lambda name: -percent[name])
            if percent[name] >= 0.005
        },
    }


class Daemon:
    """`vocalmidi run` in a home of its own."""

    def __init__(self, folder: Path, asked: argparse.Namespace, own: dict[str, str]) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            door.bind((LOOPBACK, 0))
            self.port: int = door.getsockname()[1]
        midi_port = "" if asked.no_live else "virtual"
        settings = f'[midi]\nmidi_port = "{midi_port}"\n[osc]\nport = {self.port}\n[microphone]\ndevice = "{NAME}"\n'
        (folder / "config.toml").write_text(settings, encoding="utf-8")
        self.log = folder / "log.txt"
        home = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
        command = [
            sys.executable,
            "-m",
            "vocalmidi",
            "--config",
            str(folder / "config.toml"),
            "run",
            "--realtime",
            asked.realtime,
        ]
        self.process = subprocess.Popen([*command, "--log", str(self.log)], env=os.environ | home | own)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.log.exists() and "real time:" in self.log.read_text(encoding="utf-8"):
                return
            time.sleep(0.1)
        self.process.kill()
        raise RuntimeError(f"the daemon does not come up: {self.log.read_text(encoding='utf-8')}")

    def listen(self, *, is_on: bool) -> None:
        """Switch it on or off, as a controller does."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            door.sendto(encode(Message("/vocalmidi/listen", (int(is_on),))), (LOOPBACK, self.port))

    def end(self) -> None:
        """Stop it, as a system does."""
        self.process.terminate()
        self.process.wait(timeout=START_S)


def measured(daemon: Daemon, seconds: float, settle_s: float = SETTLE_S) -> dict[str, Any]:
    time.sleep(settle_s)
    before = spent(daemon.process.pid)
    time.sleep(seconds)
    return between(before, spent(daemon.process.pid))


def states(daemon: Daemon, source: jack.Source, seconds: float) -> dict[str, Any]:
    """Measure one state after another."""
    report = {"quiet": measured(daemon, seconds)}
    source.say("go")
    report["sung"] = measured(daemon, seconds)
    source.say("rest")
    daemon.listen(is_on=False)
    report["off"] = measured(daemon, seconds, OFF_SETTLE_S)
    daemon.listen(is_on=True)
    report["on again"] = measured(daemon, seconds)
    return report


def singer_in_a_room(folder: Path, own: dict[str, str]) -> jack.Source:
    """Return the microphone: the demo clip, and a quiet room where it rests."""
    song, room = folder / "song.f32", folder / "room.f32"
    song_of(demo_voice()).astype("<f4").tofile(song)
    noise = np.random.default_rng(1).standard_normal(10 * jack.RATE_HZ) * 10 ** (ROOM_DB / 20)
    noise.astype("<f4").tofile(room)
    return jack.Source(jack.build_source(folder), NAME, "sing", song, room, own=own)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--block", type=int, default=128)
    parser.add_argument("--no-live", action="store_true", help="no MIDI port: it listens only")
    parser.add_argument("--realtime", choices=("auto", "off"), default="auto")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    own = jack.environment()
    try:
        with tempfile.TemporaryDirectory() as name, jack.server(asked.block, own, *jack.REAL_TIME):
            folder = Path(name)
            source = singer_in_a_room(folder, own)
            daemon = Daemon(folder, asked, own)
            try:
                report = states(daemon, source, asked.seconds)
            finally:
                daemon.end()
                print(daemon.log.read_text(encoding="utf-8"), file=sys.stderr)
                xruns = source.end()
    except jack.NoJackError as error:
        print(f"left out: {error}")
        return 1
    for state, figures in report.items():
        print(f"{state}: {figures['core_percent']} % of a core, {figures['memory_mb']} MB")
        for thread, share in figures["threads"].items():
            print(f"  {thread:16} {share['core_percent']:6.2f} %  {share['wakes_a_second']:7.1f} wake-ups a second")
    print(f"server xruns: {xruns}; load {os.getloadavg()[0]:.1f}")
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
