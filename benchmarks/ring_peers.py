"""Our ring beside rings that come as packages, in one run: between two threads in C, and call by call from Python.

    python -m benchmarks.ring_peers [--blocks 64,128] [--processes 12] [--rounds 12] [--no-calls] [--json]

In C: million samples a second through ours, Boost's `spsc_queue` (libboost-dev), JACK's ring (libjack-jackd2-dev) and
PortAudio's, which the package `pa-ringbuffer` binds (taken from `rtmixer`, where that is installed). Ours, JACK's
and PortAudio's are called in shared libraries, Boost's is inlined. Each pair of turns gives a ratio, ours to the
peer's; the best peer is the one with the smallest median of them. Where a process's memory happens to lie moves all
figures, so there are several processes. From Python: as benchmarks/ring_calls.py.

At real-time priority where that is allowed. The threads get a core each, not of the same hyperthreaded pair where the
system tells of pairs; what a virtual machine's cores are it can't tell.
"""

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.ring_calls import Cost, all_costs, table

HERE = Path(__file__).parent
RING = HERE.parent / "native_ringbuf"
OURS, IN_PLACE = "native_ringbuf", "native_ringbuf, peek"
REAL_TIME = ["chrt", "-f", "40"]


@dataclass(frozen=True, slots=True)
class Rival:
    """One ring: its median rate in million samples a second, and ours to it, pair by pair.

    ratio: median; low, high: quartiles; won: share of the pairs in which ours was the faster one.
    """

    name: str
    rate: float
    ratio: float
    low: float
    high: float
    won: float


@dataclass(frozen=True, slots=True)
class Race:
    """Blocks of `block_samples` through every ring; `disturbed` turns, which found no two free cores, make no pairs."""

    block_samples: int
    is_real_time: bool
    cores: tuple[int, int]
    rounds: int
    disturbed: int
    rivals: tuple[Rival, ...]

    def best(self) -> Rival:
        """Return the peer against which ours does worst."""
        return min((each for each in self.rivals if each.name not in {OURS, IN_PLACE}), key=lambda each: each.ratio)


def built(folder: Path) -> Path:
    """Return the program, with our ring in a library beside it, compiled as the package compiles it."""
    library, program = folder / "libring.so", folder / "ring_peers"
    sources = [RING / "ring.c", RING / "mapping.c"]
    subprocess.run(["cc", "-O3", "-std=c11", "-shared", "-fPIC", *sources, "-o", library], check=True)
    command = ["g++", "-O3", "-std=c++17", f"-I{RING}", HERE / "ring_peers.cpp", library, f"-Wl,-rpath,{folder}"]
    subprocess.run([*command, "-o", program, "-ljack", "-ldl", "-rdynamic", "-pthread"], check=True)
    return program


def may_be_real_time() -> bool:
    """Return whether this user may run at real-time priority."""
    has = shutil.which(REAL_TIME[0]) is not None
    return has and subprocess.run([*REAL_TIME, "true"], capture_output=True, check=False).returncode == 0


def two_cores() -> tuple[int, int]:
    """Return a core for the writer and one for the reader, not hyperthreads of one where there are others."""
    cores = sorted(os.sched_getaffinity(0))
    first = cores[0]
    siblings = Path(f"/sys/devices/system/cpu/cpu{first}/topology/thread_siblings_list")
    beside = spread(siblings.read_text()) if siblings.exists() else {first}
    return first, next((core for core in cores if core not in beside), cores[-1])


def spread(listed: str) -> set[int]:
    """Return the cores of a list as the kernel writes it: "0,4" or "0-1"."""
    ends = [part.split("-") for part in listed.strip().split(",")]
    return {core for part in ends for core in range(int(part[0]), int(part[-1]) + 1)}


def portaudio() -> list[str]:
    """Return the file in which PortAudio's ring is, if it is installed."""
    found = find_spec("_rtmixer")
    return [found.origin] if found is not None and found.origin is not None else []


def race(program: Path, block_samples: int, processes: int, rounds: int) -> Race:
    """Return what blocks of one size give."""
    is_real_time, cores = may_be_real_time(), two_cores()
    rates: dict[str, list[float]] = {}
    for seed in range(processes):
        numbers = [str(number) for number in (block_samples, rounds, seed, *cores)]
        command = [*(REAL_TIME if is_real_time else []), str(program), *numbers, *portaudio()]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for name, *given in (line.split("\t") for line in said.splitlines()):
            rates.setdefault(name, []).extend(float(rate) for rate in given)
    disturbed = sum(rate <= 0 for given in rates.values() for rate in given)
    rivals = tuple(compared(name, rates[OURS], given) for name, given in rates.items())
    return Race(block_samples, is_real_time, cores, processes * rounds, disturbed, rivals)


def compared(name: str, ours: Sequence[float], theirs: Sequence[float]) -> Rival:
    """Return how our rates compare with those of the same rounds, all of them when none was undisturbed (above 0)."""
    rounds = list(zip(ours, theirs, strict=True))
    pairs = [pair for pair in rounds if min(pair) > 0] or [(abs(mine), abs(other)) for mine, other in rounds]
    ratios = [mine / other if other else math.inf for mine, other in pairs]
    low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    won = sum(ratio > 1.0 for ratio in ratios) / len(ratios)
    return Rival(name, statistics.median(other for _, other in pairs), middle, low, high, won)


def show(found: Race) -> None:
    """Print a race as a table."""
    how = "real-time priority" if found.is_real_time else "ordinary priority"
    where = "cores {} and {}".format(*found.cores)
    best = f"{found.best().ratio:.2f} of the best peer, {found.best().name}"
    counts = f"{found.rounds} rounds, {found.disturbed} turns disturbed"
    print(f"blocks of {found.block_samples}: {best} ({how}, {where}, {counts})")
    for each in found.rivals:
        beside = f"  ours to it {each.ratio:5.2f} ({each.low:.2f} to {each.high:.2f}), {each.won:4.0%} won"
        print(f"  {each.name:22}{each.rate:7.0f} million samples/s{'' if each.name == OURS else beside}")


def main() -> None:
    """Race at each block size, count what calls from Python cost, and print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", default="64,128")
    parser.add_argument("--processes", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--no-calls", action="store_true", help="only the rings in C")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = built(Path(folder))
        races = [race(program, int(block), asked.processes, asked.rounds) for block in asked.blocks.split(",")]
    costs: list[Cost] = [] if asked.no_calls else all_costs(128)
    if asked.json:
        print(json.dumps({"races": [asdict(each) for each in races], "calls": [asdict(each) for each in costs]}))
        return
    for each in races:
        show(each)
    if costs:
        print("\n".join(table(costs, 128)))


if __name__ == "__main__":
    main()
