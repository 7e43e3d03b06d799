"""What counting costs live playing: the same recording with gauges, without, and with a trace, in turns.

    python -m benchmarks.profile_overhead [VOICE.wav] [--seconds 60] [--block 128] [--json OUT.json]

In: a recording (the demo), 0.2 s at a time, through four live threads as `vocalmidi run` has one, each with its
own stream and a port that nobody hears: one counts, one also writes a trace, two count nothing. They take turns in an
order drawn by lot, each as fast as it goes. Out: time of each thread on a core over that of one that counts nothing,
turn by turn: the middle one of these ratios and their quartiles, as percent above 1. The other one that counts nothing
tells how much of that is noise. Then what is counted a second, and what one count takes by itself.
"""

import argparse
import json
import math
import random
import time
import timeit
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.live_midi import RATE_HZ, song_of

from vocalmidi.app.gauge_here import SilentPort
from vocalmidi.app.job import demo_voice
from vocalmidi.app.live_play import LivePlay
from vocalmidi.app.live_sound import LiveSound
from vocalmidi.app.live_stage import Stage as LiveStage
from vocalmidi.app.simulate import LivePath, open_live_path
from vocalmidi.config import Settings, load_settings
from vocalmidi.gauge import NO_GAUGE, Gauge, Gauges, Stage, Trace
from vocalmidi.units import SampleIndex, Seconds
from vocalmidi.values import AudioBlock

TURN_S = 0.2
"""Its work takes 25 ms of a core; where that is 0.3 s on the clock, a block is left out and the turn does not count."""
WARM_TURNS = 10
WITHOUT, AGAIN, COUNTED, TRACED = "without", "without, again", "with gauges", "with a trace"
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Arm:
    """One live thread, and what it counts with."""

    name: str
    play: LivePlay

    def turn(self, blocks: list[AudioBlock]) -> float:
        """Play blocks; return the thread's time on a core, s; NaN where a block was left out."""
        figures = self.play.figures
        skipped, before_s, due = figures.skipped, figures.cpu_s, figures.blocks + len(blocks)
        deadline = time.monotonic() + PATIENCE_S
        for block in blocks:
            self.play.heard(block)
        while figures.blocks < due or self.play.waiting:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name}: {due - figures.blocks} blocks wait")
            time.sleep(0.001)
        time.sleep(0.003)  # the last block's work is done with its count, not before
        return figures.cpu_s - before_s if figures.skipped == skipped else math.nan


def arm(name: str, gauge: Gauge, path: LivePath, settings: Settings) -> Arm:
    stage = LiveStage(settings, SilentPort(), None, RATE_HZ)
    play = LivePlay(stage, lambda: LiveSound(path, RATE_HZ, None, gauge), print, lambda _: nullcontext(), gauge)
    play.start()
    return Arm(name, play)


def turns(song: np.ndarray, seconds: float, block_samples: int) -> Iterator[list[AudioBlock]]:
    """Yield the blocks of turn after turn, the song over and over, as if taken just now."""
    count, places = round(TURN_S * RATE_HZ / block_samples), np.arange(block_samples)
    for number in range(WARM_TURNS + round(seconds / TURN_S)):
        taken_s = Seconds(time.perf_counter() - block_samples / RATE_HZ)
        starts = [(number * count + k) * block_samples for k in range(count)]
        yield [AudioBlock(SampleIndex(at), RATE_HZ, song[(at + places) % len(song)], taken_s) for at in starts]


def measured(song: np.ndarray, asked: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    path, gauges, tracing = open_live_path(settings), Gauges(), Gauges()
    tracing.begin(Trace())
    given = {WITHOUT: NO_GAUGE, AGAIN: NO_GAUGE, COUNTED: gauges, TRACED: tracing}
    arms = [arm(name, gauge, path, settings) for name, gauge in given.items()]
    spent_s: dict[str, list[float]] = {name: [] for name in given}
    lot = random.Random(1)  # noqa: S311 -- it draws lots, no keys
    gauges.begin()
    for blocks in turns(song, asked.seconds, asked.block):
        lot.shuffle(arms)
        for each in arms:
            spent_s[each.name].append(each.turn(blocks))
        for each in (gauges, tracing):
            each.gather()
    counted = gauges.end()
    for each in arms:
        each.play.end()
    taken = np.array([spent_s[name][WARM_TURNS:] for name in given])
    whole = taken[:, np.isfinite(taken).all(axis=0)]
    ratios = whole / whole[0]
    return {
        "above_without_percent": {
            name: spread(row) for name, row in zip(given, ratios, strict=True) if name != WITHOUT
        },
        "share_of_a_core_without": float(whole[0].mean()) / TURN_S,
        "counts_a_second": sum(map(len, counted.histograms)) / (TURN_S * len(spent_s[WITHOUT])),
        "one_count_ns": one_count_ns(),
        "turns": whole.shape[1],
        "turns_left_out": taken.shape[1] - whole.shape[1],
    }


def spread(ratios: np.ndarray) -> dict[str, float]:
    quarter, middle, three_quarters = (float(each) for each in np.percentile(ratios, (25, 50, 75)))
    return {"median": 100 * (middle - 1), "q1": 100 * (quarter - 1), "q3": 100 * (three_quarters - 1)}


def one_count_ns() -> float:
    gauges, count = Gauges(), 20_000
    gauges.begin()
    seconds = min(timeit.repeat(lambda: gauges.ended(Stage.MODEL, 1), number=count, repeat=7))
    return 1e9 * seconds / count


def shown(report: dict[str, Any]) -> Iterator[str]:
    yield "more time on a core than without:"
    for name, found in report["above_without_percent"].items():
        yield f"  {name:15} {found['median']:+.2f} %  (quartiles {found['q1']:+.2f}, {found['q3']:+.2f})"
    yield f"live playing without takes {100 * report['share_of_a_core_without']:.1f} % of a core at full speed"
    yield f"{report['counts_a_second']:.0f} counts a second of sound, {report['one_count_ns']:.0f} ns each by itself"
    yield f"{report['turns']} turns; {report['turns_left_out']} in which the machine was too busy do not count"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("voice", type=Path, nargs="?", default=demo_voice())
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--block", type=int, default=128)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    settings = replace(load_settings(), provider="cpu", voice_profile="none", midi_port="", live_bend="true")
    report = measured(song_of(asked.voice), asked, settings)
    print("\n".join(shown(report)))
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
