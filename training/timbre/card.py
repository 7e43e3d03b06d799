"""Write the encoder's card: `python -m training.timbre.card --model CKPT --onnx models/timbre.onnx ...`.

In: a checkpoint, the ONNX file exported from it, SOURCES.md of the examples, and the figures that `evaluate` wrote as
JSON, of the encoder and of the autoencoder. Out: the page beside the ONNX file: front matter that the program checks
the file against, what it is, what it was made from, every figure with its command. It measures nothing itself but a
patch's time. A figure that was not measured is said to be missing.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import torch

from training.timbre.export_onnx import read, seconds_of
from training.timbre.model_timbre import EMBEDDING, INSTRUMENTS, Config, mflop_per_patch, parameter_count
from training.timbre.sounds import CLASSES
from vocalmidi.frames.patches import AFTER, PATCH_BANDS, ROWS

COMMANDS = {
    "timbre": "python -m training.timbre.evaluate --model TIMBRE/last.pt --json FIGURES/timbre.json",
    "autoencoder": "python -m training.timbre.evaluate --model AUTOENCODER/last.pt --json FIGURES/autoencoder.json",
    "without": "python -m training.timbre.evaluate --model NO_RESEARCH/last.pt --json FIGURES/without.json",
}
"""The files of figures, each with the command that writes it."""
UNCLASSED = ("nearest prototype", "three neighbours", "discriminant, embedding")
Figures = dict[str, Any]
NOTICE = """\
The lines above are read by `vocalmidi.inference`: a file with another hash is not opened. This page is written by
`training/timbre/card.py`."""
HOW = """\
Right of kick, snare, hi-hat at annotated onsets (labels moved to the detector's onset within 30 ms). Examples: the
first 8 of each class of a clip, asked is the rest of the clip, mean over clips. The discriminant is linear, its
covariance shrunk by 0.6 towards a round one; the picture is the patch averaged to at most 140 numbers. beatboxset1
was used to choose among rules and augmentations, never to train."""
PAIR = (
    "side by side in one file: the embedding is the first's, which trained less and has the better neighbours for a "
    "user's own sounds; classes and instruments are the second's. End to end: `benchmarks.few_shot`, "
    "`benchmarks.compare_hits`"
)
LIMITS = """\
## Known limits
A consonant before its vowel has come is not told from the same sound struck on its own: the 8 ms columns say how
often. Soft hi-hats under a loud hum, and takes whose microphone raises the bass by 20 dB, are the common confusions
with kicks.
Recorded beatbox is scarce: five performers and 42 one-shots; the rest is computed or cut from sung syllables."""


def card(checkpoint: Path, onnx: Path, version: str, sources: str, figures: dict[str, Figures | None]) -> str:
    """Return the card's text."""
    held = torch.load(checkpoint, map_location="cpu")
    head = {
        "name": onnx.stem,
        "version": version,
        "source": "training/timbre of this repository",
        "licence": "MIT",
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
    }
    lines = ["---", *(f"{key}: {value}" for key, value in head.items()), "---"]
    lines += ["# The timbre encoder: what a sound that begins is", "", NOTICE, "", *facts(held, checkpoint, onnx)]
    lines += ["", "## Measured", HOW, *measured(figures), "", "## Made from", "", sources.strip(), "", LIMITS, ""]
    return "\n".join(lines)


def facts(held: dict[str, Any], checkpoint: Path, onnx: Path) -> list[str]:
    """Return the table of what it is."""
    model = read(checkpoint)
    parts = [("first", held["first"]), ("second", held)] if "first" in held else [("", held)]
    steep, shift = model.alike.tolist()
    size = f"{parameter_count(model):,} parameters, {onnx.stat().st_size / 1e6:.2f} MB float32, no external data"
    flop = sum(mflop_per_patch(Config(**one["config"])) for _, one in parts)
    work = f"{flop:.1f} MFLOP a patch, {1000 * seconds_of(onnx):.2f} ms of one core at once"
    rows = {
        "used for": "`vocalmidi.frames` (strikes), `vocalmidi.profile` (a user's own sounds)",
        "input": f"`patch` (n, {ROWS}, {PATCH_BANDS}) float32 of `vocalmidi.frames.patches`, "
        f"`age` (n,) known rows / {AFTER}",
        "output": f"`embedding` (n, {EMBEDDING}) of length 1; `logits` (n, {len(CLASSES)}): {', '.join(CLASSES)}; "
        f"`instrument` (n, {len(INSTRUMENTS)}): {', '.join(INSTRUMENTS)}",
        "the same sound": f"chance = logistic({steep:.2f} · cosine − {shift:.2f}) of an embedding and the mean of a "
        f"sound's examples at the same age; one half at cosine {shift / steep:.2f}",
        "size": size,
        "work": work,
        **({"two encoders": PAIR} if "first" in held else {}),
        **{f"{which} {name}".strip(): value for which, one in parts for name, value in _training(one).items()},
        "instruments": _instruments(held.get("instruments")),
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]


def _training(held: dict[str, Any]) -> dict[str, str]:
    before = f", begun from {held['before']}" if held.get("before") else ""
    return {
        "trained": f"{held['step']:,} steps of `train_timbre`{before}; "
        + ", ".join(f"{name} {value}" for name, value in held["recipe"].items()),
        "network": ", ".join(f"{name} {value}" for name, value in held["config"].items()),
        "code, material": f"commit {held['commit'][:12] or 'unknown'}, hash of the examples {held['material']}",
    }


def _instruments(held: dict[str, Any] | None) -> str:
    if held is None:
        return "not taught"
    told = ", ".join(f"{share:.3f} after {age}" for age, share in held["right"].items())
    recipe = ", ".join(f"{name} {value}" for name, value in held.items() if name not in ("right", "commit"))
    return (
        f"`training.timbre.train_instruments`, all else as it was ({recipe}), on computed imitations by recorded and "
        f"computed voices; of the five, right at singers never heard: {told}"
    )


def measured(figures: dict[str, Figures | None]) -> list[str]:
    """Return the tables of all figures."""
    lines: list[str] = []
    for name, words in (
        ("timbre", "This encoder"),
        ("autoencoder", "Baseline: the same encoder taught as an autoencoder"),
    ):
        found = figures[name]
        if found is None:
            lines += ["", f"Not measured for these weights: `{COMMANDS[name]}`."]
            continue
        lines += ["", f"### {words}", f"`{COMMANDS[name]}`", "", *few(found)]
        if "no hits" in found:
            lines += ["", *defaults(found, "heard while training"), "", *nothing(found["no hits"])]
    if figures["without"] is not None:
        lines += ["", "### Trained with `--no-research`", f"`{COMMANDS['without']}`", ""]
        lines += [*defaults(figures["without"], "never heard"), "", *few(figures["without"])]
    return lines


def few(found: Figures) -> list[str]:
    """Return beatboxset1 with the user's own examples: rules by ages."""
    table = found["beatboxset1"]
    # An autoencoder knows no classes.
    rules = [rule for rule in next(iter(table.values()))["examples"] if rule in UNCLASSED or "no hits" in found]
    lines = ["| beatboxset1, 8 examples a class | " + " | ".join(table) + " |", "|---|" + "---|" * len(table)]
    each = {rule: [f"{table[age]['examples'][rule]['mean']:.3f}" for age in table] for rule in rules}
    return [*lines, *(f"| {rule} | {' | '.join(cells)} |" for rule, cells in each.items())]


def defaults(found: Figures, hmc: str) -> list[str]:
    """Return the default classes' accuracies and the confusions of the last column."""
    lines = [
        "| default classes, right | " + " | ".join(found["beatboxset1"]) + " |",
        "|---|" + "---|" * len(found["beatboxset1"]),
    ]
    for name, note in (("beatboxset1", ""), ("hmc_beatbox", f" ({hmc})")):
        lines.append(
            f"| {name}{note} | " + " | ".join(f"{age['default']['right']:.3f}" for age in found[name].values()) + " |"
        )
    rows = list(found["beatboxset1"].values())[-1]["default"]["confusions"]
    told = "; ".join(
        f"{word} {' / '.join(map(str, row))}" for word, row in zip(("kick", "snare", "hi-hat"), rows, strict=True)
    )
    return [*lines, "", f"Taken for kick / snare / hi-hat in beatboxset1, last column: {told}."]


def nothing(found: Figures) -> list[str]:
    """Return how often what is no hit passes for one."""
    kinds = [name for name, row in found.items() if "onsets" in row]
    ages = [key for key in found[kinds[0]] if key != "onsets"]
    lines = [
        "| onsets of voices and noises never trained on | n | "
        + " | ".join(f"taken for hits, {age}" for age in ages)
        + " |"
    ]
    lines.append("|---|---|" + "---|" * len(ages))
    for kind in kinds:
        row = found[kind]
        lines.append(
            f"| {kind} | {row['onsets']} | "
            + " | ".join(f"{row[a]['pass']:.3f} ({row[a]['half']:.3f})" for a in ages)
            + " |"
        )
    passed = ", ".join(f"{value:.3f}" for value in found["struck that pass 0.5"].values())
    limit = "At the limit that 95 of 100 hits of beatboxset1 pass; in brackets at one half,"
    return [*lines, "", f"{limit} which {passed} of its hits pass."]


def main() -> None:
    """Read the command line and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the checkpoint")
    parser.add_argument("--onnx", type=Path, required=True, help="what was exported from it")
    parser.add_argument("--sources", type=Path, required=True, help="SOURCES.md of the examples")
    parser.add_argument("--figures", type=Path, default=Path("out/figures"))
    parser.add_argument("--version", default="0.2.0")
    given = parser.parse_args()
    paths = {name: given.figures / f"{name}.json" for name in COMMANDS}
    figures = {name: json.loads(p.read_text(encoding="utf-8")) if p.exists() else None for name, p in paths.items()}
    text = card(given.model, given.onnx, given.version, given.sources.read_text(encoding="utf-8"), figures)
    given.onnx.with_suffix(".md").write_text(text, encoding="utf-8")
    print(f"{given.onnx.with_suffix('.md')}: written")


if __name__ == "__main__":
    main()
