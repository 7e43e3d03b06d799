"""What a hop costs: the live analyser hop by hop and the considered one over minutes, on one thread.

In: nothing; the sound is the test singer's and drummer's. Out: three lines. Features, models and strikes are in it,
decoding is not.

    OMP_NUM_THREADS=1 python benchmarks/frames_cost.py
"""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from synth import BeatboxHit, beatbox, mix, scale_notes, sing
from vocalmidi.frames import ConsideredAnalyser, LiveAnalyser
from vocalmidi.inference import open_model
from vocalmidi.values import AudioBlock

RATE_HZ = 48_000
HOP = RATE_HZ // 100
REPEATS = 6


def take() -> np.ndarray:
    notes = scale_notes([48 + (7 * i) % 24 for i in range(36)], 0.5)
    hits = [BeatboxHit(0.4 * i + 0.2, ("kick", "snare")[i % 2]) for i in range(40)]
    return np.asarray(mix(sing(notes, RATE_HZ).samples, beatbox(hits, RATE_HZ).samples), np.float32)


def live_us(sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the microseconds of each hop by the clock, and of the processor: what else runs is in the first alone."""
    analyser = LiveAnalyser(RATE_HZ, open_model("voice_live", "cpu"), 50, timbre=open_model("timbre", "cpu"))
    taken, worked = [], []
    for start in range(0, len(sound) - HOP, HOP):
        block = AudioBlock(start, RATE_HZ, sound[start : start + HOP])
        began, began_work = time.perf_counter(), time.thread_time()
        analyser.push(block)
        taken.append(1e6 * (time.perf_counter() - began))
        worked.append(1e6 * (time.thread_time() - began_work))
    return np.array(taken), np.array(worked)


def considered_s(sound: np.ndarray) -> float:
    """Return the CPU seconds for all of it."""
    analyser = ConsideredAnalyser(RATE_HZ, open_model("voice_considered", "cpu"), timbre=open_model("timbre", "cpu"))
    began = time.process_time()
    for start in range(0, len(sound), RATE_HZ):
        analyser.push(AudioBlock(start, RATE_HZ, sound[start : start + RATE_HZ]))
    analyser.finish()
    return time.process_time() - began


def main() -> None:
    sound = take()
    for clock, hops in zip(("clock", "processor"), live_us(sound), strict=True):
        p50, p99, worst = np.percentile(hops, 50), np.percentile(hops, 99), hops.max()
        print(
            f"live, one hop of 10 ms at {RATE_HZ} Hz, {clock}: p50 {p50:.0f} us, p99 {p99:.0f} us, most {worst:.0f} us"
        )
    long = np.tile(sound, REPEATS)
    seconds = len(long) / RATE_HZ
    print(f"considered, {seconds:.0f} s of sound: {seconds / considered_s(long):.0f} x real time of one core")


if __name__ == "__main__":
    main()
