"""Measure how much of a drummer's groove is found again from its tap, and whether asking for a style steers.

In: gmd's validation takes in 4/4 (`symbolic/gmd`), as loops of two bars, one every two bars, on a grid of sixteenths,
nine voices; the tap is the loudest stroke of each step (the protocol of GrooveTransformer). Out: tables and `--json`.
F1, precision and recall are of strokes, step by step and voice by voice, all loops together. Velocity (0–1) and timing
(ms) are mean absolute errors over the strokes that are right (`hit`), and over all that were played (`all`), for
systems that say them of every stroke. `ms 120`: timing of what is right as if every loop were at 120 a minute, the mean
of the loops' means, so that fast and full ones weigh no more than others. Thresholds are fitted on one half of the
takes and used on the other, both ways.

    nearest   the training loop whose tap is nearest
    lookup    how often each voice sounds at this sixteenth of the bar and this loudness of the tap
    copy      ours, with the tap's velocity and timing copied to every voice
    vae, gan  `--rivals`: networks of other kinds trained on the same examples, with so many steps (`model_rivals.py`)
    ours      the drum network; `style`: told the take's style; `even`: a threshold for each voice that finds as many
              strokes as there are, so that rare voices aren't given up; `no tempo`: not told the tempo; `twice`: asked
              also with the bars exchanged, the mean of both taken

The second table: shares of loops in which a classifier, fitted on real training grooves (`drum_styles.py`), names the
style. real: validation loops. tap: ours from their taps, style told. neutral: ours for a plain pulse of eighths of one
loudness, tempo not told, drawn with as many seeds.

    python -m benchmarks.drum_accuracy --shared ../shared/data --json out/figures/drums.json
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.drum_styles import steering
from training.drums.data_drums import features_of
from training.drums.draw import Asked, Network, finished, guided, of_torch, opened, strokes, twice
from training.drums.loops import VOICES, Bools, Floats, Loops, Taps, read_loops, taps_of
from training.drums.model_drums import TAPPED
from training.drums.train_rivals import read_rival

LEVELS = np.linspace(0.05, 0.75, 71)
"""Thresholds that are tried."""
LOUDNESSES = 5
"""Bins of the lookup's velocity."""
STROKE_WEIGHT, SHIFT_WEIGHT = 0.5, 0.5
"""Of a step that only one tap has, and of timing in steps, beside loudness, in what is nearest; of 0 to 2 and 0 to 1
the best on validation loops, so that the baseline is as strong as it can be."""
STEP_120_MS = 125.0
COLUMNS = ("F1", "velocity hit", "velocity all", "ms hit", "ms all", "ms 120")


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a system says: struck (n, 32, 9), and velocity and shift, of every cell where `everywhere`."""

    struck: Bools
    velocity: Floats
    shift: Floats
    everywhere: bool = True


Threshold = Callable[[Floats, Bools, Bools], float | Floats]
"""Logits, tapped steps and true strokes to a threshold for all voices, or one for each."""


def one_level(logits: Floats, tapped: Bools, truth: Bools) -> float:
    """Return the threshold of the best F1."""
    return float(max(LEVELS, key=lambda level: f1(strokes(logits, level, tapped), truth)))


def even_levels(logits: Floats, tapped: Bools, truth: Bools) -> Floats:
    """Return for each voice the threshold that gives as many strokes as there are."""
    probability = 1.0 / (1.0 + np.exp(-logits[tapped]))
    played = truth[tapped]
    shares = [1.0 - played[:, voice].mean() for voice in range(len(VOICES))]
    found = [np.quantile(probability[:, voice], share) for voice, share in enumerate(shares)]
    return np.clip(np.array(found), 0.02, 0.98)


def halves(loops: Loops) -> list[Bools]:
    """Return which loops are of every other take, and which are of the rest."""
    rank = np.unique(loops.take, return_inverse=True)[1]
    return [rank % 2 == 0, rank % 2 == 1]


def ours(network: Network, loops: Loops, fit: Threshold, styled: bool = False, timed: bool = True) -> Answer:
    """Return what the network makes of the taps."""
    taps = taps_of(loops)
    steps = features_of(taps, np.ones(len(loops), np.bool_), loops.tempo_qpm if timed else None)
    asked = Asked(steps, loops.style * styled, np.zeros_like(loops.kind))
    logits, _, _ = guided(network, asked, steps)
    struck = np.zeros_like(loops.struck)
    for here, there in zip(halves(loops), reversed(halves(loops)), strict=True):
        level = fit(logits[there], taps.struck[there], loops.struck[there])
        struck[here] = strokes(logits[here], level, steps[here][..., TAPPED] > 0)
    groove = finished(network, asked, struck)
    return Answer(struck, groove.velocity, groove.shift, everywhere=False)


def direct(network: Network, loops: Loops, styled: bool) -> Answer:
    """Return the network's first reading: velocity and timing of every cell, whatever is struck."""
    steps = features_of(taps_of(loops), np.ones(len(loops), np.bool_), loops.tempo_qpm)
    _, velocity, shift = network(steps, loops.style * styled, np.zeros_like(loops.kind))
    return Answer(loops.struck, velocity, shift)


def copied(struck: Bools, taps: Taps) -> Answer:
    """Return these strokes with the tap's velocity and timing."""
    velocity, shift = (np.broadcast_to(part[..., None], struck.shape) for part in (taps.velocity, taps.shift))
    return Answer(struck, velocity, shift)


def nearest(train: Loops, loops: Loops) -> Answer:
    """Return the training loop whose tap is nearest in strokes, loudness and timing."""
    held, asked = (
        np.concatenate([STROKE_WEIGHT * taps.struck, taps.velocity, SHIFT_WEIGHT * taps.shift], 1).astype(np.float32)
        for taps in (taps_of(train), taps_of(loops))
    )
    apart = (held**2).sum(axis=1)[None] - 2.0 * asked @ held.T
    best = train.at(apart.argmin(axis=1))
    return Answer(best.struck, best.velocity, best.shift, everywhere=False)


def lookup(train: Loops, loops: Loops) -> Answer:
    """Return the voices by sixteenth of the bar and the tap's loudness, with the mean part of the tap's velocity."""

    def places(taps: Taps) -> tuple[np.ndarray, ...]:
        step = np.broadcast_to(np.arange(32) % 16, taps.struck.shape)
        return step, np.minimum((taps.velocity * LOUDNESSES).astype(int), LOUDNESSES - 1)

    taps = taps_of(train)
    counts = np.zeros((16, LOUDNESSES, 1 + 2 * len(VOICES)))
    part = train.velocity / np.maximum(taps.velocity, 1e-3)[..., None]
    told = np.concatenate([np.ones((*taps.struck.shape, 1)), train.struck, part], axis=2)
    np.add.at(counts, tuple(place[taps.struck] for place in places(taps)), told[taps.struck])
    many, sounded, loud = np.split(counts, [1, 1 + len(VOICES)], axis=2)
    share = np.clip((sounded + 0.1) / (many + 1.0), 1e-3, 1 - 1e-3)
    given = taps_of(loops)
    logits = np.log(share / (1 - share))[places(given)] - 20.0 * ~given.struck[..., None]
    struck = np.zeros_like(loops.struck)
    for here, there in zip(halves(loops), reversed(halves(loops)), strict=True):
        level = one_level(logits[there], given.struck[there], loops.struck[there])
        struck[here] = strokes(logits[here], level, given.struck[here])
    velocity = (loud / np.maximum(sounded, 1.0))[places(given)] * given.velocity[..., None]
    return Answer(struck, velocity, copied(struck, given).shift)


def f1(said: Bools, truth: Bools) -> float:
    """Return F1 over all cells."""
    return 2.0 * float((said & truth).sum()) / max(1.0, float(said.sum() + truth.sum()))


def figures(answer: Answer, loops: Loops) -> dict[str, Any]:
    """Return the figures of one system, of all voices together and of each."""
    truth, right = loops.struck, answer.struck & loops.struck
    loud = np.abs(answer.velocity - loops.velocity)
    late = np.abs(answer.shift - loops.shift)
    late_ms = late * loops.step_ms[:, None, None]
    found: dict[str, Any] = {"F1": f1(answer.struck, truth)}
    found |= {"velocity hit": float(loud[right].mean()), "ms hit": float(late_ms[right].mean())}
    each = [late[number][here].mean() for number, here in enumerate(right) if here.any()]
    found["ms 120"] = STEP_120_MS * float(np.mean(each))
    if answer.everywhere:
        found |= {"velocity all": float(loud[truth].mean()), "ms all": float(late_ms[truth].mean())}
    found["voices"] = {
        name: {
            "F1": f1(answer.struck[..., voice], truth[..., voice]),
            "precision": float(right[..., voice].sum() / max(1, answer.struck[..., voice].sum())),
            "recall": float(right[..., voice].sum() / max(1, truth[..., voice].sum())),
            "strokes": int(truth[..., voice].sum()),
        }
        for voice, name in enumerate(VOICES)
    }
    return found


def accuracy(network: Network, train: Loops, loops: Loops, rivals: dict[str, Network]) -> dict[str, dict[str, Any]]:
    """Return the figures of every system."""
    first, styled = (ours(network, loops, one_level, styled) for styled in (False, True))
    again = twice(network)
    answers = {
        "nearest": nearest(train, loops),
        "lookup": lookup(train, loops),
        "copy": copied(first.struck, taps_of(loops)),
        "copy, style": copied(styled.struck, taps_of(loops)),
    }
    for name, rival in rivals.items():
        answers |= {name: ours(rival, loops, one_level), f"{name}, style": ours(rival, loops, one_level, styled=True)}
    answers |= {
        "ours": first,
        "ours, style": styled,
        "ours, twice": ours(again, loops, one_level),
        "ours, style, twice": ours(again, loops, one_level, styled=True),
        "ours, even": ours(network, loops, even_levels),
        "ours, style, even": ours(network, loops, even_levels, styled=True),
        "ours, no tempo": ours(network, loops, one_level, timed=False),
    }
    found = {name: figures(answer, loops) for name, answer in answers.items()}
    for name, asked in {"ours": network, **rivals}.items():
        for is_styled, suffix in ((False, ""), (True, ", style")):
            every = figures(direct(asked, loops, is_styled), loops)
            found[name + suffix] |= {column: every[column] for column in ("velocity all", "ms all")}
    return found


def show(found: dict[str, dict[str, Any]]) -> None:
    """Print the table of systems, then that of voices."""
    print(f"{'':22}" + "".join(f"{column:>14}" for column in COLUMNS))
    for name, row in found.items():
        print(f"{name:22}" + "".join(f"{row[c]:14.3f}" if c in row else f"{'–':>14}" for c in COLUMNS))
    print(f"\n{'F1 (recall)':22}" + "".join(f"{voice:>13}" for voice in VOICES))
    for name, row in found.items():
        cells = (f"{row['voices'][voice]['F1']:.2f} ({row['voices'][voice]['recall']:.2f})" for voice in VOICES)
        print(f"{name:22}" + "".join(f"{cell:>13}" for cell in cells))


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(__file__).resolve().parents[1]
    parser.add_argument("--shared", type=Path, default=beside.parent / "shared" / "data")
    parser.add_argument("--onnx", type=Path, default=beside / "models" / "drums.onnx")
    parser.add_argument("--rivals", type=Path, nargs="*", default=[], help="checkpoints of `train_rivals`")
    parser.add_argument("--beats", action="store_true", help="without the set's fills")
    parser.add_argument("--taps", action="store_true", help="the first table alone, for networks that draw nothing")
    parser.add_argument("--seeds", type=int, default=100, help="grooves drawn for each style")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    symbolic = given.shared / "symbolic"
    train, loops = read_loops(symbolic, "train", 1), read_loops(symbolic, "valid", 2)
    if given.beats:
        loops = loops.at(loops.kind == 1)
    network = opened(given.onnx)
    rivals = {f"{name} ({steps:,})": of_torch(model) for name, steps, model in map(read_rival, given.rivals)}
    found: dict[str, Any] = {"loops": len(loops), "systems": accuracy(network, train, loops, rivals)}
    print(f"{len(loops)} loops")
    show(found["systems"])
    if not given.taps:
        found["steering"] = steering({"ours": network, **rivals}, train, loops, given.seeds)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
