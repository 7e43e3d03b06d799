"""What the live path asks of the memory while it plays: whether anything grows, and what comes and goes each hop.

    python -m benchmarks.live_memory [VOICE.wav] [--seconds 40]

In: a recording (the demo), sung over and over without a pause in blocks of 128, through the live path and a player, as
in `vocalmidi run`. Out, after as much of it as warms it up: by how much Python's memory has grown at the end (`grown`),
the most that was held for a moment above what is kept (`most_for_a_moment`), objects that only the collector would free
(`for_the_collector`, a hop), and, in a second run that nobody counts in, pages that the system gave (`page_faults`).
Small objects of Python come and go each hop, in memory that stays Python's own; what is reused are the model's inputs,
outputs and state.
"""

import argparse
import gc
import json
import resource
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from benchmarks.live_midi import RATE_HZ, CountedPort, song_of

from vocalmidi.app.job import demo_voice
from vocalmidi.app.live_sound import LiveSound
from vocalmidi.app.live_stage import Stage
from vocalmidi.app.simulate import open_live_path
from vocalmidi.config import load_settings
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock

BLOCK, HOP_S = 128, 0.01
WARM_S = 100.0
"""By then all is full that is kept to be compared with: the last 64 hits at each age."""


class Live:
    """The live path and a player, and where they are in the song."""

    def __init__(self, song: np.ndarray) -> None:
        settings = replace(load_settings(), provider="cpu", voice_profile="none", live_bend="true", bend_range=12)
        self._sound = LiveSound(open_live_path(settings), RATE_HZ)
        self._stage = Stage(settings, CountedPort(), None, RATE_HZ)
        self._stage.begin()
        self._blocks = self._sung(song)

    @staticmethod
    def _sung(song: np.ndarray) -> Iterator[AudioBlock]:
        start = 0
        while True:
            yield AudioBlock(SampleIndex(start), RATE_HZ, song[(start + np.arange(BLOCK)) % len(song)])
            start += BLOCK

    def play(self, seconds: float) -> None:
        """Play on."""
        for _ in range(round(seconds * RATE_HZ / BLOCK)):
            for said in self._sound.push(next(self._blocks)):
                self._stage.play(said)


def counted(live: Live, seconds: float) -> dict[str, float]:
    """Return what Python's memory did, the collector switched off as in `run`."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        live.play(WARM_S)
        gc.collect()
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        live.play(seconds)
        after, most = tracemalloc.get_traced_memory()
        freed = gc.collect()
    finally:
        tracemalloc.stop()
        gc.enable()
    hops = seconds / HOP_S
    return {
        "hops": hops,
        "grown_bytes": after - before,
        "grown_bytes_a_hop": round((after - before) / hops, 3),
        "most_for_a_moment_bytes": most - max(before, after),
        "for_the_collector_a_hop": round(freed / hops, 4),
    }


def faults(live: Live, seconds: float) -> int:
    """Return how many pages the system gave meanwhile."""
    live.play(WARM_S)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    live.play(seconds)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("voice", type=Path, nargs="?", default=demo_voice())
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    song = song_of(asked.voice)
    report = counted(Live(song), asked.seconds) | {"page_faults": faults(Live(song), asked.seconds)}
    for key, value in report.items():
        print(f"{key:24} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
