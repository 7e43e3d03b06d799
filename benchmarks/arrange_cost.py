"""What an arrangement costs: milliseconds for four parts over so many bars, on one core.

In: a melody of quarters and eighths made here. Out: a line a genre: wall and processor milliseconds, median and
worst of --runs seeds, with the networks and, as the baseline, by the rules alone; then the worst of all against the
300 ms that may be taken. The process is held to one core where the system can do that, and a warm-up comes first:
opening the networks is told apart. `--tapped`: eighths are tapped to the melody, which become a kit.

    OMP_NUM_THREADS=1 python benchmarks/arrange_cost.py --bars 16 --runs 10 [--tapped] [--json FILE]
"""

import argparse
import json
import os
import statistics
import time
from dataclasses import dataclass, replace
from pathlib import Path

from vocalmidi.arrange import Networks, Wish, arrange, load_style, open_networks, style_names
from vocalmidi.units import QuarterNotes
from vocalmidi.values import HitLabel, Key, Meter, Phrase, PhraseHit, PhraseNote, TempoMap

ALLOWED_MS = 300.0
TEMPO_QPM = 110.0
STEPS = (0, 2, 4, 5, 7, 5, 4, 2)
"""Of the scale above the tonic: a line that goes up and down, so that no note is told apart by its pitch."""
LENGTHS_QN = (1.0, 0.5, 0.5, 1.0, 1.0)
"""A bar of quarters and eighths."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of single arrangements."""

    wall_ms: tuple[float, ...]
    processor_ms: tuple[float, ...]

    def row(self) -> dict[str, float]:
        """Return median and worst."""
        return {
            "wall_median_ms": round(statistics.median(self.wall_ms), 1),
            "wall_worst_ms": round(max(self.wall_ms), 1),
            "processor_median_ms": round(statistics.median(self.processor_ms), 1),
            "processor_worst_ms": round(max(self.processor_ms), 1),
        }


def melody(bars: int) -> Phrase:
    """Return a phrase of so many bars of 4/4 in C major."""
    notes, at_qn = list[PhraseNote](), 0.0
    for number in range(bars * len(LENGTHS_QN)):
        length_qn = LENGTHS_QN[number % len(LENGTHS_QN)]
        start, length = QuarterNotes(at_qn), QuarterNotes(length_qn)
        pitch = 60 + STEPS[(number * 3 + number // 7) % len(STEPS)]
        notes.append(PhraseNote(start, length, start, length, pitch, 90, 0.9))
        at_qn += length_qn
    tempo = TempoMap.constant(TEMPO_QPM)
    return Phrase(tuple(notes), (), Key(0, "major", 0.9), Meter(), tempo, QuarterNotes(at_qn))


def tapped(phrase: Phrase) -> Phrase:
    """Return the phrase with a tap at every eighth, a human's loudness and timing beside the beat."""
    places = [QuarterNotes(step / 2.0) for step in range(round(2.0 * phrase.length_qn))]
    hits = tuple(
        PhraseHit(at, QuarterNotes(at + 0.01 * (step % 3)), HitLabel.OTHER, 70 + 7 * (step * 5 % 7), 0.9)
        for step, at in enumerate(places)
    )
    return replace(phrase, hits=hits)


def cost(phrase: Phrase, genre: str, runs: int, networks: Networks | None) -> Cost:
    """Return what `runs` seeds of a genre cost, after one that does not count."""
    style, wall_ms, processor_ms = load_style(genre), list[float](), list[float]()
    for seed in range(runs + 1):
        wall, processor = time.perf_counter(), time.process_time()
        arrange(phrase, Wish(style, seed), networks)
        wall_ms.append(1000 * (time.perf_counter() - wall))
        processor_ms.append(1000 * (time.process_time() - processor))
    return Cost(tuple(wall_ms[1:]), tuple(processor_ms[1:]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=16)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--tapped", action="store_true", help="a tap goes with the melody")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    started = time.perf_counter()
    networks = open_networks("cpu")
    open_ms, phrase = 1000 * (time.perf_counter() - started), melody(asked.bars)
    phrase = tapped(phrase) if asked.tapped else phrase
    print(f"{asked.bars} bars, {asked.runs} seeds a genre; opening the networks {open_ms:.0f} ms")
    heads = f"{'wall: median':>14}{'worst':>8}{'processor: median':>20}{'worst':>8}{'rules: median':>16}{'worst':>8}"
    print(f"{'ms':12}{heads}")
    rows, worst_ms = list[dict[str, object]](), 0.0
    for genre in style_names():
        with_networks = cost(phrase, genre, asked.runs, networks).row()
        rules = cost(phrase, genre, asked.runs, None).row()
        rows.append({"genre": genre, "networks": with_networks, "rules": rules})
        print(
            f"{genre:12}{with_networks['wall_median_ms']:>14}{with_networks['wall_worst_ms']:>8}"
            f"{with_networks['processor_median_ms']:>20}{with_networks['processor_worst_ms']:>8}"
            f"{rules['wall_median_ms']:>16}{rules['wall_worst_ms']:>8}"
        )
        worst_ms = max(worst_ms, with_networks["processor_worst_ms"])
    print(f"worst of all: {worst_ms:g} ms of processor time, of {ALLOWED_MS:g} ms allowed")
    if asked.json:
        asked.json.write_text(json.dumps({"bars": asked.bars, "open_ms": open_ms, "genres": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
