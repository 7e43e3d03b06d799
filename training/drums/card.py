"""Write a drum network's card: `python -m training.drums.card --model CKPT --onnx models/drums.onnx ...`.

In: a checkpoint, or several that are one file, the ONNX file exported from them, and what `benchmarks.drum_accuracy`
wrote as JSON. Out: the page beside the ONNX file: front matter that the program checks the file against, what it is,
what it was made from, every figure with its command. It measures nothing itself but a reading's time. A figure that was
not measured is said to be missing.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import torch

from training.drums.export_onnx import SOFTER, read, seconds_of
from training.drums.loops import STYLES, VOICES
from training.drums.model_drums import FEATURES, parameter_count

COMMANDS = {
    "drums": "python -m benchmarks.drum_accuracy --shared SHARED/data --json FIGURES/drums.json",
    "drum_beats": "python -m benchmarks.drum_accuracy --beats --shared SHARED/data --json FIGURES/drum_beats.json",
    "drums_tap": "python -m benchmarks.drum_accuracy --taps --onnx models/drums_tap.onnx --shared SHARED/data"
    " --json FIGURES/drums_tap.json",
}
"""The files of figures, each with the command that writes it."""
FIGURES_OF = {"drums": ("drums", "drum_beats"), "drums_tap": ("drums_tap",)}
"""Which of these are of which network."""
COLUMNS = ("F1", "velocity hit", "velocity all", "ms hit", "ms all", "ms 120")
NOTICE = """\
The lines above are read by `vocalmidi.inference`: a file with another hash is not opened. This page is written by
`training/drums/card.py`."""
HOW = """\
Validation takes, never trained on; what rows and columns are, the benchmark's own words say."""
MADE_FROM = """\
## Made from
The Groove MIDI Dataset (J. Gillick, A. Roberts, J. Engel, D. Eck, D. Bamman: Learning to Groove with Inverse Sequence
Transformations, 2019; Google Magenta), CC BY 4.0, the 4/4 takes of its training split. The strokes were brought on a
grid of sixteenths with their distance from it, and from 22 drums to nine voices."""
LIMITS = """\
## Known limits
4/4 alone. In each sixteenth a voice has one stroke: rolls and triplets finer than that become one stroke with a
distance from the grid. Toms and crash are seldom in the data: with the one threshold of the best F1 most of them are
left out, with the even thresholds as many come as drummers play, often elsewhere. The set has seven takes of electronic
music, none of trap, and none of cinematic or classical pieces: no style number stands for those."""


def card(checkpoints: list[Path], onnx: Path, version: str, figures: dict[str, dict[str, Any] | None]) -> str:
    """Return the card's text."""
    head = {
        "name": onnx.stem,
        "version": version,
        "source": "training/drums of this repository",
        "licence": "MIT",
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
    }
    lines = ["---", *(f"{key}: {value}" for key, value in head.items()), "---"]
    lines += ["# The drum network: a kit for a tap", "", NOTICE, "", *facts(checkpoints, onnx)]
    lines += ["", "## Measured", HOW]
    for name, found in figures.items():
        if found is None:
            lines += ["", f"Not measured for these weights: `{COMMANDS[name]}`."]
        else:
            lines += ["", f"`{COMMANDS[name]}`: {found['loops']:,} loops", "", *measured(found)]
    return "\n".join([*lines, "", MADE_FROM, "", LIMITS, ""])


def facts(checkpoints: list[Path], onnx: Path) -> list[str]:
    """Return the table of what it is."""
    models = [torch.load(path, map_location="cpu") for path in checkpoints]
    alone = len(models) == 1
    one, eight = (f"{1000 * seconds_of(onnx, loops):.1f} ms" for loops in (1, 8))
    rows = {
        "used for": "drums for a tapped or beatboxed groove" + (", or for a style alone" if alone else ""),
        "input": f"`steps` (loops, 32, {FEATURES}), `style` and `kind` (loops,), all float32; 0 is not told",
        "output": "`logits`, `velocity` (0–1), `shift` (sixteenths late), (loops, 32, 9) each",
        "voices": ", ".join(VOICES),
        "styles": ", ".join(f"{number} {name}" for number, name in enumerate(STYLES, 1)),
        "size": f"{parameter_count(read(*checkpoints)):,} parameters in half precision,"
        f" {onnx.stat().st_size / 1e6:.2f} MB",
        "work": f"{one} of one core for two bars, {eight} for eight times two; "
        + ("drawing reads 13 or 26 times" if alone else "a tap is read twice: what sounds, then how it is played"),
    }
    if not alone:
        rows["says"] = (
            f"the mean of {len(models)} networks, each asked with the tempo, and without it of a tap"
            f" {SOFTER} as loud, which was chosen on the validation takes below; those that learnt whole taps alone are"
            " heard while nothing is settled"
        )
    for number, held in enumerate(models, 1):
        rows["trained" if alone else f"network {number}"] = trained(held)
    rows["code, material"] = "; ".join(
        dict.fromkeys(
            f"commit {held['commit'][:12] or 'unknown'}, hash of the set {held['material']}" for held in models
        )
    )
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]


def trained(held: dict[str, Any]) -> str:
    """Return in words how a checkpoint was trained and what it is."""
    narrow = held.get("mixture", {}).get("whole") == 1.0
    return (
        f"{held['step']:,} steps of `training.drums.train_drums` (its read-me tells the pieces); "
        + ", ".join(f"{name} {value}" for name, value in held["recipe"].items())
        + (", whole taps alone" if narrow else "")
        + (f"; {held['lineage']}" if held.get("lineage") else "")
        + "; transformer encoder, "
        + ", ".join(f"{name} {value}" for name, value in held["config"].items())
    )


def measured(found: dict[str, Any]) -> list[str]:
    """Return the tables of one run of the benchmark."""
    lines = ["| system | " + " | ".join(COLUMNS) + " |", "|---|" + "---|" * len(COLUMNS)]
    for name, row in found["systems"].items():
        lines.append(f"| {name} | " + " | ".join(_cell(row, column) for column in COLUMNS) + " |")
    lines += ["", "F1 (recall) by voice:", "", "| system | " + " | ".join(VOICES) + " |"]
    lines += ["|---|" + "---|" * len(VOICES)]
    for name, row in found["systems"].items():
        cells = (f"{row['voices'][voice]['F1']:.2f} ({row['voices'][voice]['recall']:.2f})" for voice in VOICES)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    if "steering" not in found:
        return lines
    lines += [
        "",
        "Recognised, first choice of seven (for neutral taps guidance was chosen with these classifiers):",
        "",
    ]
    lines += ["| classifier | genre | real | tap | neutral | real loops |", "|---|---|---|---|---|---|"]
    for classifier, genres in found["steering"].items():
        for genre, row in genres.items():
            cells = (_cell(row, column, 2) for column in ("real", "tap", "neutral"))
            lines.append(f"| {classifier} | {genre} | " + " | ".join(cells) + f" | {row['loops']:.0f} |")
    return lines


def _cell(row: dict[str, Any], column: str, digits: int = 3) -> str:
    return f"{row[column]:.{digits}f}" if column in row else "–"


def main() -> None:
    """Read the command line and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, nargs="+", required=True, help="the checkpoint, or all")
    parser.add_argument("--onnx", type=Path, required=True, help="what was exported from it")
    parser.add_argument("--figures", type=Path, default=Path("out/figures"))
    parser.add_argument("--version", default="1.0.0")
    given = parser.parse_args()
    paths = {name: given.figures / f"{name}.json" for name in FIGURES_OF[given.onnx.stem]}
    figures = {name: json.loads(p.read_text(encoding="utf-8")) if p.exists() else None for name, p in paths.items()}
    text = card(given.model, given.onnx, given.version, figures)
    given.onnx.with_suffix(".md").write_text(text, encoding="utf-8")
    print(f"{given.onnx.with_suffix('.md')}: written")


if __name__ == "__main__":
    main()
