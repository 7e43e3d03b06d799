"""Our ring beside rings that come as packages, all in C and in one run: million samples a second between two threads.

    python benchmarks/ring_peers.py [--blocks 64,128] [--rounds 15] [--json]

Peers: Boost's `spsc_queue` (libboost-dev) and JACK's ring (libjack-jackd2-dev). At real-time priority where that is
allowed, which takes most of a shared machine's noise away; the ratio is that of each round, ours to the best peer.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
RING = HERE.parent / "native_ringbuf"
OURS = "native_ringbuf"
REAL_TIME = ["chrt", "-f", "40"]


@dataclass(frozen=True, slots=True)
class Race:
    """Blocks of `block_samples` through every ring: median rates (million samples a second), and how ours compares.

    ratio: ours to the best peer, median of the rounds; quartiles: of the same.
    """

    block_samples: int
    is_real_time: bool
    rates: dict[str, float]
    ratio: float
    quartiles: tuple[float, float]


def built(folder: Path) -> Path:
    """Return the program, compiled as the package compiles its ring."""
    objects = [folder / f"{name}.o" for name in ("ring", "mapping")]
    for each in objects:
        subprocess.run(["cc", "-O3", "-std=c11", "-c", RING / f"{each.stem}.c", "-o", each], check=True)
    program = folder / "ring_peers"
    source = HERE / "ring_peers.cpp"
    command = ["g++", "-O3", "-std=c++17", f"-I{RING}", source, *objects, "-o", program, "-ljack", "-pthread"]
    subprocess.run(command, check=True)
    return program


def may_be_real_time() -> bool:
    """Return whether this user may run at real-time priority."""
    has = shutil.which(REAL_TIME[0]) is not None
    return has and subprocess.run([*REAL_TIME, "true"], capture_output=True, check=False).returncode == 0


def race(program: Path, block_samples: int, rounds: int) -> Race:
    """Return what blocks of one size give."""
    is_real_time = may_be_real_time()
    before = REAL_TIME if is_real_time else []
    command = [*before, str(program), str(block_samples), str(rounds)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in said.splitlines()]
    rates = {name: [float(rate) for rate in given] for name, *given in rows}
    peers = [given for name, given in rates.items() if name != OURS]
    ratios = [mine / max(best) for mine, *best in zip(rates[OURS], *peers, strict=True)]
    low, _, high = statistics.quantiles(ratios, n=4) if rounds > 1 else (ratios[0],) * 3
    medians = {name: statistics.median(given) for name, given in rates.items()}
    return Race(block_samples, is_real_time, medians, statistics.median(ratios), (low, high))


def main() -> None:
    """Race at each block size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", default="64,128")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = built(Path(folder))
        races = [race(program, int(block), asked.rounds) for block in asked.blocks.split(",")]
    if asked.json:
        print(json.dumps([asdict(each) for each in races]))
        return
    for each in races:
        rates = ", ".join(f"{name} {rate:.0f}" for name, rate in each.rates.items())
        low, high = each.quartiles
        how = "real-time" if each.is_real_time else "ordinary priority"
        print(
            f"{each.block_samples:4} samples: {each.ratio:.2f} of the best peer ({low:.2f}–{high:.2f}); {rates} ({how})"
        )


if __name__ == "__main__":
    main()
