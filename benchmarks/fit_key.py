"""Fit the weights of `vocalmidi.phrase.key` and write them into `key_weights.py`.

In: the training splits of pop909 (MIT), openewld and bach_chorales (public domain), essen and ryans_mammoth (music21
corpus), under the keys of `key_labels.py`; eight bars from every second bar line, a third of them broken off at a
random note, so that the probabilities are honest for short takes too; notes shortened and moved as by a singer. Two
tables are fitted: of one voice, and of chords (pop909's piano, Bach's four voices). Out: 12 × 11 shares and 2 × 144
steps for major and for minor (`key_features.py` says which), the log-loss and the share that is right, in training.
Method: logistic regression with the weights tied over the twelve transpositions, maximum likelihood with an L2 term,
by L-BFGS (needs scipy, a development dependency). One core, three minutes.

    python benchmarks/fit_key.py
"""

import argparse
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from key_labels import checked_key
from phrase_accuracy import records
from scipy.optimize import minimize

from vocalmidi.phrase.key_features import LENGTH, KeyEvidence, key_features, turned
from vocalmidi.values import Meter

Array = npt.NDArray[np.float64]
Note = tuple[float, float, int]
BARS, EVERY_BARS, FEWEST_NOTES = 8, 2, 8
BROKEN_SHARE = 0.33
JITTER_QN = 0.05
"""30 ms at 100 beats a minute."""
LEGATO = (0.7, 1.0)
PITCH = 0.2
"""Spread in semitones of what a voice sings beside the keys; one note in eighty is written a semitone off."""
FOREIGN = 0.25
"""From this share outside the song's key on, a window is taken to have modulated: its label is of another place."""
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 9, 10, 11)}
TARGET = Path(__file__).resolve().parents[1] / "daemon" / "vocalmidi" / "phrase" / "key_weights.py"


@dataclass(frozen=True, slots=True)
class Source:
    """A set, the tracks that sound together, how many windows of it at most, and what all of them count."""

    name: str
    tracks: tuple[str, ...]
    most: int
    weight: float


MELODIES = (
    Source("pop909", ("melody",), 16000, 1.0),
    Source("openewld", ("melody",), 5000, 0.3),
    Source("essen", ("melody",), 16000, 2.3),
    Source("ryans_mammoth", ("melody",), 3000, 0.25),
    Source("bach_chorales", ("melody",), 1000, 0.1),
)
"""Weights as the sets have phrases of eight bars, in those of pop909."""
CHORDS = (
    Source("pop909", ("piano",), 8000, 1.0),
    Source("bach_chorales", ("melody", "alto", "tenor", "bass"), 1500, 0.15),
)


def examples(sources: tuple[Source, ...], symbolic: Path) -> tuple[Array, npt.NDArray[np.intp], Array]:
    """Return features (n, LENGTH) counted from C, true keys (n,) as 0-23, and weights that sum to one."""
    left_out = set(json.loads((symbolic / "exclude.json").read_text()))
    rows, keys, weights = list[Array](), list[int](), list[float]()
    for source in sources:
        chance = random.Random(source.name)  # noqa: S311 - repeatable choices, not secrets
        found = [
            (window, key[0] + 12 * (key[1] == "minor"))
            for record in records(symbolic / source.name / "data.jsonl.zst")
            if record["split"] == "train" and record["id"] not in left_out and (key := checked_key(record))
            for window in windows(record, source.tracks)
            if foreign(window, *key) < FOREIGN
        ]
        chance.shuffle(found)
        chosen = found[: source.most]
        beside = PITCH if source.tracks == ("melody",) else 0.0
        for window, key in chosen:
            rows.append(key_features(as_sung(window, chance, beside)))
            keys.append(key)
            weights.append(source.weight / len(chosen))
        print(source.name, source.tracks, len(chosen), "windows", flush=True)
    return np.array(rows), np.array(keys), np.array(weights) / sum(weights)


def windows(record: dict[str, Any], tracks: tuple[str, ...]) -> Iterator[list[Note]]:
    """Yield the notes of eight bars from every second bar line on."""
    notes = sorted(
        (float(on), float(long), int(pitch))
        for track in tracks
        for on, long, pitch, *_ in record["tracks"].get(track) or []
    )
    bar_qn = Meter(*record["meter"]).bar_qn
    for first in np.arange(0.0, notes[-1][0] if notes else 0.0, EVERY_BARS * bar_qn).tolist():
        inside = [note for note in notes if first <= note[0] < first + BARS * bar_qn]
        if len(inside) >= FEWEST_NOTES:
            yield inside


def foreign(window: list[Note], tonic: int, mode: str) -> float:
    """Return the share of all duration that is outside the key; in minor sixth and seventh are raised or not."""
    total = sum(long for _, long, _ in window)
    return sum(long for _, long, pitch in window if (pitch - tonic) % 12 not in SCALES[mode]) / max(total, 1e-9)


def as_sung(window: list[Note], chance: random.Random, beside: float) -> KeyEvidence:
    """Return the notes as they might be heard, `beside` the keys by so many semitones; chords stay together."""
    count = chance.randint(2, len(window)) if chance.random() < BROKEN_SHARE else len(window)
    late = {on: on + chance.gauss(0.0, JITTER_QN) for on, _, _ in window[:count]}
    notes = sorted(
        (late[on], max(long * chance.uniform(*LEGATO), JITTER_QN), round(pitch + chance.gauss(0.0, beside)))
        for on, long, pitch in window[:count]
    )
    return KeyEvidence(
        tuple(pitch for _, _, pitch in notes), tuple(long for _, long, _ in notes), tuple(on for on, _, _ in notes)
    )


def fit(sources: tuple[Source, ...], symbolic: Path, l2: float) -> Array:
    """Return the weights, (2, LENGTH), of major and of minor."""
    rows, keys, weights = examples(sources, symbolic)
    found = minimize(loss_and_slope, np.zeros(2 * LENGTH), (rows, keys, weights, l2), jac=True, method="L-BFGS-B")
    table = found.x.reshape(2, LENGTH)
    right = weights @ (scores(table, rows).argmax(axis=1) == keys)
    print(f"log-loss {found.fun:.3f} nats, {100 * right:.1f} % right in training, {found.nit} steps", flush=True)
    return np.asarray(table, np.float64)


PLACES = turned(np.arange(LENGTH)).astype(np.intp)
"""(12, LENGTH): which number of the features is counted as which from every tonic."""


def scores(table: Array, rows: Array) -> Array:
    """Return the score of every key, (n, 24): the weights are turned, not the many rows."""
    keys = np.zeros((24, LENGTH))
    for tonic in range(12):
        keys[tonic, PLACES[tonic]], keys[tonic + 12, PLACES[tonic]] = table
    return np.asarray(rows @ keys.T, np.float64)


def loss_and_slope(
    parameters: Array, rows: Array, keys: npt.NDArray[np.intp], weights: Array, l2: float
) -> tuple[float, Array]:
    """Return the penalised log-loss and its gradient."""
    score = scores(parameters.reshape(2, LENGTH), rows)
    score -= score.max(axis=1, keepdims=True)
    share = np.exp(score)
    share /= share.sum(axis=1, keepdims=True)
    which = np.arange(len(keys))
    loss = -float(weights @ np.log(share[which, keys])) + l2 * float(parameters @ parameters)
    share[which, keys] -= 1.0
    pull = (share * weights[:, np.newaxis]).T @ rows
    slope = np.stack([sum(pull[tonic + mode, PLACES[tonic]] for tonic in range(12)) for mode in (0, 12)])
    return loss, slope.ravel() + 2.0 * l2 * parameters


def written(tables: dict[str, Array]) -> str:
    """Return the text of `key_weights.py`."""
    lines = ['"""What tells a key, in logits: written by `python benchmarks/fit_key.py`, which says from what."""\n']
    lines.append("import numpy as np\n")
    for name, table in tables.items():
        lines.append(f"{name} = np.array([")
        for row in table:
            numbers = [f"{number:.2f}".replace("-0.00", "0.00") for number in row]
            lines.append("    [")
            lines += ["        " + ", ".join(numbers[n : n + 12]) + "," for n in range(0, LENGTH, 12)]
            lines.append("    ],")
        lines.append("])  # fmt: skip")
        lines.append('"""(major and minor, LENGTH): see `key_features.py`."""')
    return "\n".join(lines) + "\n"


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(__file__).resolve().parents[1].parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("VOCALMIDI_SHARED", beside)))
    parser.add_argument("--l2", type=float, default=3e-5, help="chosen on the validation splits")
    parser.add_argument("--out", type=Path, default=TARGET)
    arguments = parser.parse_args()
    symbolic = arguments.shared / "data" / "symbolic"
    tables = {"VOICE": fit(MELODIES, symbolic, arguments.l2), "CHORDS": fit(CHORDS, symbolic, arguments.l2)}
    arguments.out.write_text(written(tables))
    print("wrote", arguments.out)


if __name__ == "__main__":
    main()
