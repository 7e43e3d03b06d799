"""Measure control under a flood: 2,000 messages a second, is every change obeyed and echoed, how soon, at whose cost.

In: three processes on one machine. One serves OSC in front of a real session, and beside it, in a thread of its own,
plays a recording through the live path in hops of 10 ms, as the daemon does. One sends: every message changes a
setting, four addresses in turn. One is subscribed and writes down when each echo came, by the kernel's clock. Out, a
line each:

  quiet      hops of the live path done later than the next was due, and how late a hop's work is done, nothing sent
  flood      messages sent, echoed, lost, out of order; command to echo p50, p99, max; packets dropped; the hops again
  idle       command to echo of single commands, 20 a second

`load` is the machine's own of the last minute, `cores_not_given` for how much of each second threads of the server
could have run and waited for a core that others had: on a machine that is busy otherwise the delays are those.
Exit status 1 where a change is lost, or the p99 of command to echo is above 5 ms.

    python benchmarks/osc_flood.py --seconds 60
"""

import argparse
import itertools
import json
import multiprocessing
import os
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from vocalmidi.app.controlled import Controlled
from vocalmidi.app.errands import Errands
from vocalmidi.app.job import demo_voice
from vocalmidi.app.lesson import Lessons
from vocalmidi.app.showing import meter_now
from vocalmidi.app.simulate import open_live_path
from vocalmidi.app.sitting import Sitting
from vocalmidi.capture import History, open_recording
from vocalmidi.config import load_settings
from vocalmidi.control import Bundle, Desk, Message, decode, encode, serving
from vocalmidi.events import LiveDecoder
from vocalmidi.frames import LiveAnalyser
from vocalmidi.realtime import RealTime
from vocalmidi.reaper import Spool
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock

LOOPBACK = "127.0.0.1"
HOP_S = 0.01
BATCH_S = 0.002
"""The sender sends so often, as many as are due: a thread that sleeps less than this wakes no more exactly."""
WORST_P99_MS = 5.0
SETTLE_S = 2.0
SO_TIMESTAMPNS = 35
"""Linux: the kernel says when a datagram came, so that a listener that was not run at once does not count as delay."""
ADDRESSES = {"octave": range(-3, 4), "quantize": range(101), "density": range(101), "complexity": range(101)}


class NoEars:
    """Nothing is learnt here."""

    def __init__(self, history: History) -> None:
        self.history = history


class Hops:
    """The live path, paced, in a thread; how late each hop's work was done, s after the hop's sound was all there."""

    def __init__(self, history: History, real_time: RealTime) -> None:
        settings, self.real_time = load_settings(), real_time
        self.path = open_live_path(settings)
        recording = open_recording(demo_voice())
        self.rate_hz = recording.sample_rate_hz
        self.samples = np.concatenate([block.samples for block in recording.blocks()])
        self.history, self.late_s = history, []
        self.begun, self.ended = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def take(self) -> list[float]:
        """Return how late the hops since the last call were."""
        late, self.late_s = self.late_s, []
        return late

    def _run(self) -> None:
        with self.real_time.raised("live"):
            self.begun.set()
            self._play()

    def _play(self) -> None:
        analyser = LiveAnalyser(self.rate_hz, self.path.model, self.path.look_ahead_ms, timbre=self.path.timbre)
        decoder = LiveDecoder(self.rate_hz, analyser.look_ahead_samples, self.path.decoder)
        step = round(HOP_S * self.rate_hz)
        begun_s, skipped = time.perf_counter(), 0
        for number in itertools.count():
            if self.ended.is_set():
                return
            at = number * step % (len(self.samples) - step)
            due_s = begun_s + (number + 1 + skipped) * HOP_S
            time.sleep(max(0.0, due_s - time.perf_counter()))
            block = AudioBlock(SampleIndex(number * step), self.rate_hz, self.samples[at : at + step])
            self.history.append(block)
            list(decoder.push(analyser.push(block)))
            late_s = time.perf_counter() - due_s
            self.late_s.append(late_s)
            # A machine that stood still is not made up for by hops without a pause.
            skipped += max(0, int(late_s / HOP_S) - 1)


def waited_s() -> float:
    """Return for how long threads of this process could have run and waited for a core, s; 0 where nobody says."""
    waited_ns = [int(path.read_text().split()[1]) for path in Path("/proc/self/task").glob("*/schedstat")]
    return sum(waited_ns) / 1e9


def serve(pipe: Connection) -> None:
    """Serve until told to end; answer `hops` and `dropped`."""
    settings = replace(load_settings(), voice_profile="none")
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder))
        spool.prepare()
        history = History(1.0, open_recording(demo_voice()).sample_rate_hz)
        real_time = RealTime(settings.realtime)
        hops = Hops(history, real_time)
        sitting = Sitting(settings)
        errands = Errands(spool, Lessons(NoEars(history), settings, lambda: True))
        program = Controlled(sitting, errands, lambda: meter_now(history), lambda: False)
        desk = Desk(program)
        hops.thread.start()
        hops.begun.wait()
        with real_time.settled(), serving(desk, LOOPBACK, 0, hastened=real_time.hastened) as server:
            pipe.send((server.port, real_time.in_words()))
            for asked in iter(pipe.recv, "end"):
                used = time.process_time(), waited_s()
                pipe.send(hops.take() if asked == "hops" else used if asked == "used" else desk.dropped)
        hops.ended.set()
        hops.thread.join()


def listen(pipe: Connection, server: int) -> None:
    """Be subscribed; return each echo of our addresses with the time it came when told to end."""
    came: list[tuple[bytes, float]] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        if sys.platform == "linux":
            ear.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        ear.bind((LOOPBACK, 0))
        ear.settimeout(0.2)
        due_s = 0.0
        pipe.send(ear.getsockname()[1])
        while not pipe.poll():
            if time.perf_counter() > due_s:
                ear.sendto(encode(Message("/vocalmidi/heartbeat")), (LOOPBACK, server))
                due_s = time.perf_counter() + 5.0
            try:
                datagram, beside, _, _ = ear.recvmsg(9000, 64)
            except TimeoutError:
                continue
            came_s = struct.unpack("qq", beside[0][2]) if beside else None
            now_s = came_s[0] + came_s[1] / 1e9 if came_s else time.time()
            came.append((datagram, now_s))
    pipe.recv()
    pipe.send(echoes_of(came))


def echoes_of(came: list[tuple[bytes, float]]) -> list[tuple[str, int, float]]:
    """Return which setting each datagram told, its value, and when it came; read only now, so that it costs nothing."""
    packets = [(decode(datagram), now_s) for datagram, now_s in came]
    told = [
        (packet.address.removeprefix("/vocalmidi/"), packet.arguments, now_s)
        for packet, now_s in packets
        if not isinstance(packet, Bundle)
    ]
    return [(name, int(values[0]), now_s) for name, values, now_s in told if name in ADDRESSES]


def changes() -> Iterator[tuple[str, int]]:
    """Yield settings, each another value than before."""
    now = dict.fromkeys(ADDRESSES, 0)
    rng = np.random.default_rng(1)
    for name in itertools.cycle(ADDRESSES):
        values = [value for value in ADDRESSES[name] if value != now[name]]
        now[name] = int(rng.choice(values))
        yield name, now[name]


def flood(port: int, seconds: float, a_second: float) -> list[tuple[str, int, float]]:
    """Send; return what was sent, and when. In haste: a sender elsewhere does not wait for this machine's cores."""
    sent: list[tuple[str, int, float]] = []
    # Made before, so that the sender costs what a controller would.
    made = [(name, value, encode(Message(f"/vocalmidi/{name}", (float(value),))))
            for name, value in itertools.islice(changes(), round(seconds * a_second))]  # fmt: skip
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth, RealTime().hastened("sender"):
        begun_s, done = time.perf_counter(), 0
        while done < len(made):
            due = min(len(made), int((time.perf_counter() - begun_s) * a_second) + 1)
            for name, value, datagram in made[done:due]:
                sent.append((name, value, time.time()))
                mouth.sendto(datagram, (LOOPBACK, port))
            done = due
            time.sleep(BATCH_S)
    return sent


def compared(sent: list[tuple[str, int, float]], echoes: list[tuple[str, int, float]]) -> dict[str, float]:
    """Return what became of what was sent; an echo is that of the next message with its address and value."""
    waiting: dict[str, list[tuple[int, float]]] = {}
    for name, value, at_s in reversed(sent):
        waiting.setdefault(name, []).append((value, at_s))
    delays_s: list[float] = []
    disordered = 0
    for name, value, came_s in echoes:
        left = waiting.get(name, [])
        if not left or left[-1][0] != value:
            disordered += 1
            while left and left[-1][0] != value:
                left.pop()
        if left:
            delays_s.append(came_s - left.pop()[1])
    delays_ms = np.array(delays_s or [np.nan]) * 1000
    p50, p99 = np.percentile(delays_ms, [50, 99])
    return {
        "sent": len(sent), "echoed": len(delays_s), "lost": len(sent) - len(delays_s), "disordered": disordered,
        "p50_ms": round(float(p50), 3), "p99_ms": round(float(p99), 3), "max_ms": round(float(delays_ms.max()), 2),
    }  # fmt: skip


def hop_figures(late_s: list[float]) -> dict[str, float]:
    late_ms = np.array(late_s) * 1000
    p50, p99 = np.percentile(late_ms, [50, 99])
    return {
        "hops": len(late_ms), "delayed": int(np.sum(late_ms > HOP_S * 1000)), "work_p50_ms": round(float(p50), 2),
        "work_p99_ms": round(float(p99), 2), "work_max_ms": round(float(late_ms.max()), 2),
    }  # fmt: skip


def shares(before: tuple[float, float], after: tuple[float, float], took_s: float) -> dict[str, float]:
    """Return how much of a core the server used, and how much more it would have and was not given."""
    used, waited = ((late - early) / took_s for early, late in zip(before, after, strict=True))
    return {"server_cores": round(used, 3), "cores_not_given": round(waited, 3)}


class Run:
    """The server's process, asked; a listener's while something is sent."""

    def __init__(self) -> None:
        self._spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = self._spawn.Pipe()
        self._process = self._spawn.Process(target=serve, args=(theirs,))
        self._process.start()
        self.port: int
        self.port, self.real_time = self._pipe.recv()

    def ask(self, what: str) -> object:
        """Return the server's answer."""
        self._pipe.send(what)
        return self._pipe.recv()

    def measured(self, seconds: float, a_second: float) -> dict[str, float]:
        """Flood while somebody listens; the hops and the processor time of that while, too."""
        mine, theirs = self._spawn.Pipe()
        listener = self._spawn.Process(target=listen, args=(theirs, self.port))
        listener.start()
        ear: int = mine.recv()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            mouth.sendto(encode(Message("/vocalmidi/subscribe", (ear,))), (LOOPBACK, self.port))
            time.sleep(SETTLE_S)
            self.ask("hops")
            before = self.ask("used")
            sent = flood(self.port, seconds, a_second)
            took_s = sent[-1][2] - sent[0][2]
            hops, used = self.ask("hops"), shares(before, self.ask("used"), took_s)
            time.sleep(SETTLE_S)
        mine.send("end")
        figures = compared(sent, mine.recv())
        listener.join()
        figures["a_second"] = round(len(sent) / took_s, 1)
        figures["load"] = round(os.getloadavg()[0], 1)
        return figures | used | hop_figures(hops)

    def close(self) -> None:
        """End the server."""
        self._pipe.send("end")
        self._process.join()


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure control under a flood.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--a-second", type=float, default=2000.0)
    parser.add_argument("--quiet-seconds", type=float, default=15.0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    run = Run()
    time.sleep(SETTLE_S)
    print(run.real_time)
    run.ask("hops")
    before = run.ask("used")
    time.sleep(asked.quiet_seconds)
    quiet = hop_figures(run.ask("hops")) | shares(before, run.ask("used"), asked.quiet_seconds)
    print("quiet", json.dumps(quiet))
    flooded = run.measured(asked.seconds, asked.a_second)
    print("flood", json.dumps(flooded))
    idle = run.measured(min(15.0, asked.seconds), 20.0)
    print("idle ", json.dumps(idle))
    dropped = run.ask("dropped")
    print(f"packets dropped unread: {dropped}")
    run.close()
    if asked.json:
        asked.json.write_text(json.dumps({"quiet": quiet, "flood": flooded, "idle": idle, "dropped": dropped}))
    return int(
        flooded["lost"] > 0 or flooded["disordered"] > 0 or max(flooded["p99_ms"], idle["p99_ms"]) > WORST_P99_MS
    )


if __name__ == "__main__":
    sys.exit(main())
