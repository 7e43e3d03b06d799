"""Measure the chords that a melody is given, half bar by half bar, beside baselines and beside humans.

In: validation songs of pop909, openewld and nottingham (never trained on), whole, from the bar of the first note to the
end of the last; ONNX files of the considered and the live network. Out: a table. top1, top3: share of half bars whose
chord (24 triads and N) is the first or among the first three, over all half bars of a set; of generate the mean of the
seeds. songs top1: the mean over songs. CTnCTR, tones, PCS, MCTD, entropy, change: means over songs, explained in
`harmony_measures`; what humans wrote is the first row. p: how often a system's top-1 is not above the named baseline's
when songs are drawn anew 10,000 times with replacement (paired bootstrap, one-sided).

`hmm posterior` weighs all keys and is never without chord; `hmm viterbi` and the live ones count intervals. No system
but `tonic` and `live network` is told the key. Live ones know the melody of earlier half bars alone, since a
chord has to sound when its half bar begins; `heard` ones know the present half bar too.

    python -m benchmarks.harmony_accuracy --shared ../shared/data --json out/figures/harmony.json
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from benchmarks.harmony_measures import Measures, measured
from training.harmony.data_harmony import TRIADS, HarmonySong, read_songs
from training.harmony.fit_chain import sung

from vocalmidi.arrange.chord_chain import Chain, likeliest, predicted, read_chain, without_none
from vocalmidi.arrange.chord_guess import asked, best_guess, generated
from vocalmidi.arrange.chord_input import CLASSES, MINOR, ROWS, Array, without_present

ROOT = Path(__file__).resolve().parents[1]
SETS = ("pop909", "openewld", "nottingham")
SEEDS = 5
DRAWS = 10_000
VITERBI_LOUDNESS = 3.0
"""Where a path is decoded the melody must speak louder, or chords never change: top-1 of pop909 is .239 at 2 and .274
at 4, of openewld .371 and .273."""
RIVALS = ("hmm viterbi", "hmm posterior")
Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.intp]
System = Callable[[HarmonySong], Floats]
"""From a song to scores (frames, CLASSES), the higher the likelier."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One system on one set.

    top1, top3, frames: (songs,) half bars right, among three, and in all.
    measures: of each song.
    """

    top1: Floats
    top3: Floats
    frames: Floats
    measures: list[Measures]

    def figures(self) -> dict[str, float]:
        """Return what the table shows."""
        found = {"top1": self.top1.sum() / self.frames.sum(), "top3": self.top3.sum() / self.frames.sum()}
        found["songs top1"] = float(np.mean(self.top1 / self.frames))
        for field in fields(Measures):
            found[field.name] = float(np.mean([getattr(each, field.name) for each in self.measures]))
        return {name: round(float(value), 4) for name, value in found.items()}


def network(path: Path) -> Callable[[Array], npt.NDArray[np.float32]]:
    """Return what asks an ONNX file on one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    opened = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda features: np.asarray(opened.run(None, {"features": features})[0], np.float32)


def keyless(features: Array) -> Array:
    """Return the features without the key."""
    plain = features.copy()
    plain[:, (ROWS - 2) * 12 : ROWS * 12] = 0.0
    return plain


def one(classes: Classes) -> Floats:
    """Return scores that know one answer; ties of the others fall to N and major chords last."""
    return np.asarray(np.eye(CLASSES)[classes], np.float64)


def tonic(song: HarmonySong) -> Floats:
    """Return the tonic triad throughout; C where the key isn't known."""
    chord = (song.tune.tonic or 0) + (MINOR if song.tune.minor else 0)
    return one(np.full(len(song.classes), chord))


def template(song: HarmonySong) -> Floats:
    """Return the triads by how much of the melody they hold; silence keeps what was."""
    fit = sung(song) @ TRIADS.T
    for frame in range(1, len(fit)):
        if fit[frame].max() < 1e-6:
            fit[frame] = fit[frame - 1]
    return np.concatenate([fit, np.full((len(fit), 1), -1.0)], axis=1)


def systems(chain: Chain, considered: Path, live: Path) -> dict[str, System]:
    """Return all that are compared but those that draw."""
    moves, think, act = chain.transitions(), network(considered), network(live)

    def heard(song: HarmonySong) -> Floats:
        return chain.heard(sung(song))

    @cache
    def alone(song: HarmonySong) -> Floats:
        return asked(think, keyless(song.features))

    return {
        "tonic": tonic,
        "template": template,
        "hmm viterbi": lambda song: one(likeliest(chain.heard(sung(song), VITERBI_LOUDNESS), moves)),
        "hmm posterior": lambda song: chain.keyed(sung(song)),
        "network": alone,
        "best guess": lambda song: best_guess(alone(song), song.features, chain),
        "live hmm": lambda song: predicted(without_none(heard(song)), moves),
        "heard hmm": lambda song: predicted(without_none(heard(song)), moves) + without_none(heard(song)),
        "live network": lambda song: asked(act, without_present(song.features)),
    }


def row_of(songs: list[HarmonySong], told: list[Floats]) -> Row:
    """Return how a system did."""
    order = [np.argsort(-scores, axis=1, kind="stable") for scores in told]
    right = [best[:, :3] == song.classes[:, None] for best, song in zip(order, songs, strict=True)]
    return Row(
        np.array([float(each[:, 0].sum()) for each in right]),
        np.array([float(each.any(axis=1).sum()) for each in right]),
        np.array([float(len(each)) for each in right]),
        [
            measured(song.tune.notes, song.tune.bar_qn / 2.0, best[:, 0])
            for song, best in zip(songs, order, strict=True)
        ],
    )


def drawn_row(songs: list[HarmonySong], chain: Chain, told: list[Floats], seed: int) -> Row:
    """Return how the paths of one seed did."""
    chance = np.random.default_rng(seed)
    paths = [generated(scores, chain, chance.random(len(scores))) for scores in told]
    assert all(len(path) == len(song.classes) for path, song in zip(paths, songs, strict=True))  # noqa: S101
    return row_of(songs, [one(path) for path in paths])


def mean_row(rows: list[Row]) -> Row:
    """Return several seeds as one row."""
    return Row(
        np.mean([row.top1 for row in rows], axis=0),
        np.mean([row.top3 for row in rows], axis=0),
        rows[0].frames,
        [measures for row in rows for measures in row.measures],
    )


def not_better(row: Row, rival: Row, draws: int = DRAWS) -> float:
    """Return the one-sided p of a paired bootstrap over songs that the row's top-1 is above the rival's."""
    chance = np.random.default_rng(0)
    picks = chance.integers(0, len(row.frames), (draws, len(row.frames)))
    difference = (row.top1 - rival.top1)[picks].sum(axis=1)
    return float((np.sum(difference <= 0) + 1) / (draws + 1))


def measure(songs: list[HarmonySong], chain: Chain, compared: dict[str, System]) -> dict[str, dict[str, float]]:
    """Return the figures of every system on one set."""
    rows = {"human": row_of(songs, [one(song.classes) for song in songs])}
    rows |= {name: row_of(songs, [system(song) for song in songs]) for name, system in compared.items()}
    told = [compared["network"](song) for song in songs]
    rows["generate"] = mean_row([drawn_row(songs, chain, told, seed) for seed in range(SEEDS)])
    found = {name: row.figures() for name, row in rows.items()}
    for name in ("network", "best guess"):
        for rival in RIVALS:
            found[name][f"p {rival}"] = not_better(rows[name], rows[rival])
    found["live network"]["p live hmm"] = not_better(rows["live network"], rows["live hmm"])
    return found


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "harmony.onnx")
    parser.add_argument("--live", type=Path, default=ROOT / "models" / "harmony_live.onnx")
    parser.add_argument("--most", type=int, default=10_000, help="songs of each set")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    chain = read_chain()
    compared = systems(chain, given.model, given.live)
    results = {}
    for name in SETS:
        songs = list(read_songs(given.shared / "symbolic", name, "valid"))[: given.most]
        results[name] = measure(songs, chain, compared)
        print(f"{name}: {len(songs)} songs, {sum(len(song.classes) for song in songs)} half bars")
        for system, figures in results[name].items():
            print(f"  {system:14}", "  ".join(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps({"seeds": SEEDS, "sets": results}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
