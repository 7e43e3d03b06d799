"""Measure how well the continuation network knows what comes next, whether it loops, and how long a step takes.

In: whole songs of the validation split of essen and pop909 (melody; from the bar of the first note to the end of the
bar of the last), in sixteenths: each step is one of 51 classes: nothing changes, a rest begins, or a note begins that
many semitones from the last one (beyond two octaves folded by octaves). Onsets are rounded to sixteenths; of two in one
step the first counts. All steps are predicted from those before them alone, from the first one on, in one pass.

**nats**: the mean negative log-likelihood a sixteenth, natural logarithm. `whole` counts every step; `sounding`, the
figure to reach, only steps of bars in which something sounds (in pop909 one bar of nine is silent and easily foretold);
`opening` only those of the first eight bars, where little can have come back yet. `n-gram` learns from the set's own
training songs, `+ bar` gives a share to what was a bar ago; order and share are the best ones on the validation songs.

**loops**: four bars are given, eight follow; the key is what our own key finder hears in the four. `loops`: how many of
the continuations have two bars in a row that are note for note two bars in a row from before; `bars` the share of such
bars. `tonic`, `triad`: the last note is on the tonic, the tonic triad; `scale`: notes of the key's scale (harmonic
minor's leading tone counts); `rhythm`: how much of each bar's rhythm is that of some given bar. `song` is how the song
itself went on; `likeliest` always takes the network's first choice, `drawn` draws freely from what it thinks; `go on`
is what is shipped, `by rules` the same without network.

**steps** (`--steps`): milliseconds of a step of eight melodies at once, as `go on` draws them, reading, asking and
drawing included; `work`: of the core itself, where a busy machine makes the clock run on. `--only-steps` measures
nothing else and renews them in the file.

    python -m benchmarks.continuation --shared ../shared/data --steps --json out/figures/continuation.json
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from benchmarks.continuation_rivals import Ngram, classes_of, nats_of
from training.context.scores import records
from training.continuation.data_continuation import STEPS_PER_QN, Tune, read_tunes, steps_of_record

from vocalmidi.arrange import Networks, Wish, load_style, open_networks
from vocalmidi.arrange.continuation import go_on, ground_of, melody_dice, scale_of
from vocalmidi.arrange.continuation_draw import draw, kinship, taken_over
from vocalmidi.arrange.continuation_guess import NetworkGuess
from vocalmidi.arrange.continuation_input import HOLD, Reader, step_of, steps_of
from vocalmidi.inference import Model
from vocalmidi.phrase.key import estimate_key, evidence_of
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Meter, Phrase, PhraseNote, TempoMap

ROOT = Path(__file__).resolve().parents[1]
SETS = ("essen", "pop909")
ORDERS, BAR_SHARES = (3, 4, 5), (0.05, 0.1, 0.2)
OPENING_BARS = 8
GIVEN_BARS, FOLLOWING_BARS = 4, 8
TRIED = 80
"""Tunes of each set that are gone on with."""
SEEDS = 2
Floats = npt.NDArray[np.float64]


def sounding(tune: Tune) -> npt.NDArray[np.bool_]:
    """Return which steps lie in a bar in which something sounds."""
    heard, on = list[bool](), False
    for step in tune.steps:
        on = step >= 0 or (step == HOLD and on)
        heard.append(on)
    bars = np.array(heard).reshape(-1, tune.beat.bar_steps).any(axis=1)
    return np.repeat(bars, tune.beat.bar_steps)


def means(tunes: list[Tune], told: list[Floats]) -> dict[str, float]:
    """Return the columns of the table."""
    nats = np.concatenate(told)
    counts = np.concatenate([sounding(tune) for tune in tunes])
    early = np.concatenate([np.arange(len(tune.steps)) < OPENING_BARS * tune.beat.bar_steps for tune in tunes])
    found = {"whole": nats.mean(), "sounding": nats[counts].mean(), "opening": nats[counts & early].mean()}
    return {name: round(float(value), 4) for name, value in found.items()}


def of_network(path: Path) -> Callable[[Tune], Floats]:
    """Return what asks an ONNX file about a whole tune."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    opened = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    layers, _, width = next(given.shape for given in opened.get_inputs() if given.name == "state")

    def nats(tune: Tune) -> Floats:
        feeds = {
            "indices": tune.indices[None].astype(np.float32),
            "numbers": tune.numbers[None].astype(np.float32),
            "state": np.zeros((layers, 1, width), np.float32),
        }
        logits = np.asarray(opened.run(["logits"], feeds)[0], np.float64)[0]
        logits -= logits.max(axis=1, keepdims=True)
        own = logits[np.arange(len(logits)), tune.classes]
        return np.asarray(np.log(np.exp(logits).sum(axis=1)) - own, np.float64)

    return nats


def likelihoods(symbolic: Path, name: str, tunes: list[Tune], network: Path) -> dict[str, dict[str, float]]:
    """Return the figures of every system on one set."""
    songs = (steps_of_record(record) for record in records(symbolic, name) if record["split"] == "train")
    train = [classes_of(song[1]) for song in songs if song is not None]
    rows = list[list[dict[str, float]]]()
    for order in ORDERS:
        ngram = Ngram(order)
        for classes in train:
            ngram.learn(classes)
        told = [nats_of(tune, ngram, (0.0, *BAR_SHARES)) for tune in tunes]
        rows.append([means(tunes, list(each)) for each in zip(*told, strict=True)])
    ask = of_network(network)
    return {
        "n-gram": min((row[0] for row in rows), key=lambda row: row["sounding"]),
        "n-gram + bar": min((one for row in rows for one in row[1:]), key=lambda one: one["sounding"]),
        "network": means(tunes, [ask(tune) for tune in tunes]),
    }


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """The first bars of a song as a phrase, and the steps of the bars that follow in it."""

    phrase: Phrase
    tune: Tune
    followed: list[int]


def openings(symbolic: Path, name: str, tunes: list[Tune]) -> list[Opening]:
    """Return songs that have as many bars as are given and follow, all with notes, in metres of whole quarters."""
    meters = {record["id"]: Meter(*record["meter"]) for record in records(symbolic, name)}
    found = list[Opening]()
    for tune in tunes:
        bar = tune.beat.bar_steps
        given, whole = GIVEN_BARS * bar, (GIVEN_BARS + FOLLOWING_BARS) * bar
        if len(tune.steps) < whole or not sounding(tune)[:whole].all() or len(found) == TRIED:
            continue
        notes = notes_of(tune.steps[:given])
        if len({note.pitch_midi for note in notes}) > 1:
            phrase = Phrase(
                notes,
                (),
                estimate_key(evidence_of(notes)),
                meters[tune.name],
                TempoMap.constant(100.0),
                QuarterNotes(given / STEPS_PER_QN),
            )
            found.append(Opening(phrase, tune, tune.steps[given:whole]))
    return found


def notes_of(steps: list[int]) -> tuple[PhraseNote, ...]:
    """Return the notes of steps."""
    notes = list[PhraseNote]()
    for at, step in enumerate(steps):
        if step >= 0:
            stop = next((later for later in range(at + 1, len(steps)) if steps[later] != HOLD), len(steps))
            start_qn, length_qn = QuarterNotes(at / STEPS_PER_QN), QuarterNotes((stop - at) / STEPS_PER_QN)
            notes.append(PhraseNote(start_qn, length_qn, start_qn, length_qn, step, 90, 1.0))
    return tuple(notes)


def freely(one: Opening, networks: Networks, chance: np.random.Generator | None) -> list[int]:
    """Return the steps that the network draws, or takes as the likeliest where there is no chance."""
    reader, guess = Reader(one.tune.beat), NetworkGuess(networks.continuation)
    indices, numbers = list[list[int]](), list[list[float]]()
    for step in one.tune.steps[: GIVEN_BARS * one.tune.beat.bar_steps]:
        indices.append(reader.indices())
        numbers.append(reader.numbers())
        reader.push(step)
    guess.begin(indices, numbers, 1)
    for _ in one.followed:
        logits = guess.ask([reader])[0]
        shares = np.exp(logits - logits.max())
        drawn = np.searchsorted(np.cumsum(shares), chance.random() * shares.sum()) if chance else shares.argmax()
        reader.push(step_of(int(drawn), reader.reference))
    return reader.steps[-len(one.followed) :]


def shipped(one: Opening, networks: Networks | None, seed: int) -> list[int]:
    """Return the steps that `go_on` adds."""
    longer = go_on(one.phrase, Wish(load_style("Pop"), seed, continue_bars=FOLLOWING_BARS), networks)
    rows = [(note.start_qn, note.length_qn, note.pitch_midi) for note in longer.notes]
    return steps_of(rows, STEPS_PER_QN, round(longer.length_qn * STEPS_PER_QN))[-len(one.followed) :]


def qualities(one: Opening, steps: list[int]) -> dict[str, float]:
    """Return what is told of one continuation."""
    given = one.tune.steps[: GIVEN_BARS * one.tune.beat.bar_steps]
    taken = taken_over([*given, *steps], len(given), one.tune.beat.bar_steps)
    notes, key = [step for step in steps if step >= 0], one.phrase.key
    above = (notes[-1] - key.tonic) % 12 if notes else -1
    triad = (0, 4 if key.mode == "major" else 3, 7)
    minor = {(key.tonic + 11) % 12} if key.mode == "minor" else set[int]()
    return {
        "loops": float(taken > 0),
        "bars": taken / FOLLOWING_BARS,
        "tonic": float(above == 0),
        "triad": float(above in triad),
        "scale": float(np.mean([note % 12 in scale_of(one.phrase) | minor for note in notes])) if notes else 0.0,
        "rhythm": kinship(steps, given, one.tune.beat),
    }


def loops(found: list[Opening], networks: Networks) -> dict[str, dict[str, float]]:
    """Return the means over continuations of every system."""
    chance = np.random.default_rng(0)
    ways: dict[str, Callable[[Opening, int], list[int]]] = {
        "song": lambda one, _: one.followed,
        "likeliest": lambda one, _: freely(one, networks, None),
        "drawn": lambda one, _: freely(one, networks, chance),
        "by rules": lambda one, seed: shipped(one, None, seed),
        "go on": lambda one, seed: shipped(one, networks, seed),
    }
    rows = dict[str, dict[str, float]]()
    for name, way in ways.items():
        seeds = 1 if name in ("song", "likeliest") else SEEDS
        told = [qualities(one, way(one, seed)) for one in found for seed in range(seeds)]
        rows[name] = {key: round(float(np.mean([each[key] for each in told])), 4) for key in told[0]}
    return rows


class Timed:
    """Asks the network and notes when: from one question to the next is a whole step of all melodies."""

    def __init__(self, model: Model) -> None:
        self.guess = NetworkGuess(model)
        self.asked_s, self.worked_s = list[float](), list[float]()

    def begin(self, indices: Sequence[Sequence[int]], numbers: Sequence[Sequence[float]], many: int) -> None:
        """Hear a melody's steps so far."""
        self.guess.begin(indices, numbers, many)

    def ask(self, readers: Sequence[Reader]) -> Floats:
        """Return logits of the next step of each."""
        self.asked_s.append(time.perf_counter())
        self.worked_s.append(time.thread_time())
        return self.guess.ask(readers)


def step_times(found: list[Opening], networks: Networks) -> dict[str, float]:
    """Return milliseconds of a step of all melodies as they are drawn, by the clock and of the core's own work."""
    every, work = list[float](), list[float]()
    for one in found:
        timed, wish = Timed(networks.continuation), Wish(load_style("Pop"), 0, continue_bars=FOLLOWING_BARS)
        draw(ground_of(one.phrase, wish), timed, melody_dice(wish))
        every += (1000.0 * np.diff(timed.asked_s)).tolist()
        work += (1000.0 * np.diff(timed.worked_s)).tolist()
    p50, p99 = (float(value) for value in np.percentile(every, [50, 99]))
    return {"p50": p50, "p99": p99, "worst": max(every), "work p99": float(np.percentile(work, 99))}


def told(row: dict[str, float]) -> str:
    """Return a line of the table."""
    return "  ".join(f"{key} {value:.3f}" for key, value in row.items())


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "continuation.onnx")
    parser.add_argument("--steps", action="store_true", help="time the steps too")
    parser.add_argument("--only-steps", action="store_true", help="time the steps and nothing else")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    symbolic, networks = given.shared / "symbolic", open_networks("cpu")
    results: dict[str, dict[str, Any]] = {"nats": {}, "loops": {}, "steps": {}}
    if given.only_steps and given.json and given.json.exists():
        results = json.loads(given.json.read_text(encoding="utf-8")) | {"steps": {}}
    for name in SETS:
        tunes = list(read_tunes(symbolic, name, "valid"))
        found = openings(symbolic, name, tunes)
        print(f"{name}: {len(tunes)} songs, {sum(len(tune.steps) for tune in tunes)} steps; {len(found)} gone on with")
        if not given.only_steps:
            results["nats"][name] = likelihoods(symbolic, name, tunes, given.model)
            results["loops"][name] = loops(found, networks)
            for title in ("nats", "loops"):
                for system, row in results[title][name].items():
                    print(f"  {system:14}", told(row), flush=True)
        if given.steps or given.only_steps:
            results["steps"][name] = {key: round(ms, 3) for key, ms in step_times(found, networks).items()}
            print("  steps, ms     ", told(results["steps"][name]), flush=True)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
