"""How well vowels are told, how soon a controller settles and how still it lies: `python -m benchmarks.vowels`.

Takes exact truth that nothing was taught with: the validation side of `training.voice.data_vowel_takes` (two
voicebanks, espeak-ng's other variants and computed mouths, in rooms and noise) and the test singer's held vowels.
Prints the accuracy of frames and of held vowels by both passes, by source; for held vowels the time until the right
controller leads for good, and the messages a second of a controller after half a second.
"""

import argparse
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from training.voice.data_vowel_takes import VowelTake, vowel_takes

from vocalmidi.events import ControlSettings, ControlWatch
from vocalmidi.frames import LiveAnalyser, analyse
from vocalmidi.inference import Model, open_model
from vocalmidi.units import SampleIndex
from vocalmidi.values import VOWELS, AudioBlock, ControlSource, Frames, LiveControl

RATE_HZ = 16_000
FIRST_CONTROLLER, LOOK_AHEAD_MS = 20, 20
FIVE: tuple[tuple[ControlSource, int], ...] = tuple(
    (f"vowel_{vowel}", FIRST_CONTROLLER + k) for k, vowel in enumerate(VOWELS)
)  # type: ignore[misc]  # a Literal made of words
SURE = 0.9
CHANGE_FRAMES = 20
"""A controller may take 0.2 s to change."""
LONG_FRAMES = 50
"""Half a second: what is held for longer should lie still from there on."""


def heard(take: VowelTake, look_ahead_ms: int, model: Model) -> tuple[Frames, int]:
    """Return the frames of a take by the live pass, or the considered where the look-ahead is 0; samples they need."""
    block = AudioBlock(SampleIndex(0), RATE_HZ, take.audio)
    if not look_ahead_ms:
        return analyse([block], model), 0
    analyser = LiveAnalyser(RATE_HZ, model, look_ahead_ms)
    return Frames.joined([analyser.push(block), analyser.finish()]), analyser.look_ahead_samples


def spans(truth: npt.NDArray[np.float32]) -> list[tuple[int, int, int]]:
    """Return (first, stop, vowel) of the stretches that are one vowel."""
    label = np.where(truth.max(axis=1) > SURE, truth.argmax(axis=1), -1)
    edges = np.flatnonzero(np.diff(np.concatenate([[-2], label, [-2]])))
    found = [(int(a), int(b), int(label[a])) for a, b in pairwise(edges)]
    return [span for span in found if span[2] >= 0 and span[1] - span[0] >= 10]


def accuracy(takes: list[VowelTake], look_ahead_ms: int, model: Model) -> dict[str, dict[str, float]]:
    """Return the share of frames and of held vowels that are right, by source."""
    right: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for take in takes:
        shares = heard(take, look_ahead_ms, model)[0].vowel
        for first, stop, vowel in spans(take.truth[: len(shares)]):
            said = shares[first:stop]
            for name in ("all", take.source):
                right[name, "frames"] += int((said.argmax(axis=1) == vowel).sum())
                total[name, "frames"] += stop - first
                right[name, "held"] += int(said.mean(axis=0).argmax() == vowel)
                total[name, "held"] += 1
    names = sorted({name for name, _ in total})
    return {name: {kind: right[name, kind] / total[name, kind] for kind in ("frames", "held")} for name in names}


def controllers(takes: list[VowelTake], look_ahead_ms: int, model: Model) -> dict[str, float]:
    """Return how many held vowels lead, of those that do at the end how soon for good, what moves after LONG_FRAMES."""
    settled: list[float] = []
    held, told, moved, seconds = 0, 0, 0, 0.0
    for take in takes:
        frames, ahead = heard(take, look_ahead_ms, model)
        events = ControlWatch(ahead, ControlSettings(FIVE)).push(frames)
        leads = leading(events, frames)
        for first, stop, vowel in spans(take.truth[: len(frames)]):
            if stop - first < LONG_FRAMES:
                continue
            held += 1
            begins, ends = frames.sample_at(first + LONG_FRAMES), frames.sample_at(stop)
            moved += sum(begins <= event.decided < ends for event in events)
            seconds += (stop - first - LONG_FRAMES) * frames.hop_s
            wrong = np.flatnonzero(leads[first:stop] != vowel)
            told += int(np.median(leads[first + CHANGE_FRAMES : stop] == vowel) > 0.5)
            if leads[stop - 1] == vowel:
                settled.append(1000.0 * frames.hop_s * (wrong[-1] + 1 if len(wrong) else 0))
    middle, most = np.quantile(settled or [np.inf], (0.5, 0.9)).tolist()
    a_second = moved / max(seconds, 1e-9) / len(FIVE)
    return {"held": held, "lead": told / max(held, 1), "settled_ms": middle, "settled_p90_ms": most,
            "messages_a_second": a_second}  # fmt: skip


def leading(events: tuple[LiveControl, ...], frames: Frames) -> npt.NDArray[np.int64]:
    """Return which vowel's controller is highest when each frame sounds."""
    values, leads, at = np.zeros(len(FIVE)), np.zeros(len(frames), np.int64), 0
    for row in range(len(frames)):
        while at < len(events) and events[at].decided <= frames.sample_at(row):
            values[events[at].controller - FIRST_CONTROLLER] = events[at].value
            at += 1
        leads[row] = values.argmax()
    return leads


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path("out/vowels"))
    parser.add_argument("--takes", type=int, default=120)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    takes = vowel_takes(given.shared, given.cache, "valid", given.takes)
    live = open_model("voice_live", "cpu")
    figures = {
        "considered": accuracy(takes, 0, open_model("voice_considered", "cpu")),
        "live": accuracy(takes, LOOK_AHEAD_MS, live),
        "controllers": controllers(takes, LOOK_AHEAD_MS, live),
    }
    for which in ("considered", "live"):
        print(which)
        for name, row in figures[which].items():
            print(f"  {name:18} frames {row['frames']:.3f}  held {row['held']:.3f}")
    print("controllers: " + ", ".join(f"{name} {value:.3g}" for name, value in figures["controllers"].items()))
    if given.json is not None:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
