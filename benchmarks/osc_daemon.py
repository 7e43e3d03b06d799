"""Measure control of the whole `vocalmidi run` under a flood, while somebody sings to it and it plays live.

    python -m benchmarks.osc_daemon [--seconds 20] [--a-second 2000] [--block 128] [--json OUT.json]

In: the daemon as a user starts it, at a JACK server with its dummy driver (jackd, gcc), a client as the microphone that
sings the demo clip over and over; a process that sends settings, each another value than before; one that is
subscribed. Out, first with 20 messages a second, then with the flood: sent, echoed, lost, out of order, command to echo
p50, p99, max (as `osc_flood`, by the kernel's clock); of the live path, as `vocalmidi profile` has it, how long a
block waits (`handover`) and takes (`block`), and a decision's last sample to the return of the send (`midi`), with
blocks left out and gaps. `load` is the machine's own: what other programs take is in all of it.
Exit status 1 where a change is lost or the p99 of command to echo is above 5 ms.
"""

import argparse
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.daemon_cost import Daemon, singer_in_a_room
from benchmarks.osc_flood import LOOPBACK, WORST_P99_MS, compared, flood, listen

from benchmarks import jack
from vocalmidi.control import Message, encode

SETTLE_S = 3.0
CALM_A_SECOND = 20.0
STAGES = ("handover", "block", "midi", "control")


def profiled(folder: Path, own: dict[str, str], seconds: float) -> subprocess.Popen[str]:
    """Have the daemon measure itself meanwhile."""
    home = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    command = [sys.executable, "-m", "vocalmidi", "--config", str(folder / "config.toml")]
    command += ["profile", "--seconds", str(seconds), "--json", "-"]
    return subprocess.Popen(command, env=os.environ | home | own, stdout=subprocess.PIPE, text=True)


def told_by(profile: subprocess.Popen[str]) -> dict[str, Any]:
    """Return what the daemon's own measures say of the live path, ms."""
    report = json.loads(profile.communicate()[0])
    rows = {row["stage"]: row for row in report["stages"] if row["stage"] in STAGES}
    figures: dict[str, Any] = {
        f"{name}_{part}": round(rows[name][part], 2) for name in rows for part in ("p50_ms", "p99_ms", "max_ms")
    }
    return figures | {each["name"]: each["count"] for each in report["counters"]}


def measured(port: int, folder: Path, own: dict[str, str], asked: tuple[float, float]) -> dict[str, Any]:
    """Send so long so many a second, while somebody listens and the daemon measures itself."""
    seconds, a_second = asked
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe()
    listener = spawn.Process(target=listen, args=(theirs, port))
    listener.start()
    ear: int = mine.recv()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        mouth.sendto(encode(Message("/vocalmidi/subscribe", (ear,))), (LOOPBACK, port))
    time.sleep(SETTLE_S)
    profile = profiled(folder, own, seconds)
    time.sleep(SETTLE_S)  # until it has begun
    sent = flood(port, seconds, a_second)
    figures = told_by(profile)
    mine.send("end")
    figures = compared(sent, mine.recv()) | figures
    listener.join()
    return figures | {"load": round(os.getloadavg()[0], 1)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--a-second", type=float, default=2000.0)
    parser.add_argument("--block", type=int, default=128)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    own = jack.environment()
    try:
        with tempfile.TemporaryDirectory() as name, jack.server(asked.block, own, *jack.REAL_TIME):
            folder = Path(name)
            source = singer_in_a_room(folder, own)
            daemon = Daemon(folder, argparse.Namespace(no_live=False, realtime="auto"), own)
            try:
                source.say("go")
                calm = measured(daemon.port, folder, own, (asked.seconds, CALM_A_SECOND))
                flooded = measured(daemon.port, folder, own, (asked.seconds, asked.a_second))
            finally:
                daemon.end()
                print(daemon.log.read_text(encoding="utf-8"), file=sys.stderr)
                xruns = source.end()
    except jack.NoJackError as error:
        print(f"left out: {error}")
        return 1
    print("calm ", json.dumps(calm))
    print("flood", json.dumps(flooded))
    print(f"server xruns: {xruns}")
    if asked.json:
        asked.json.write_text(json.dumps({"calm": calm, "flood": flooded, "xruns": xruns}))
    worst_ms = max(calm["p99_ms"], flooded["p99_ms"])
    return int(flooded["lost"] > 0 or flooded["disordered"] > 0 or worst_ms > WORST_P99_MS)


if __name__ == "__main__":
    sys.exit(main())
