"""Write a harmony network's card: `python -m training.harmony.card --model CKPT --onnx models/harmony.onnx`.

In: the checkpoint, what was exported from it, and the figures that `benchmarks.harmony_accuracy` wrote. Out: the card
beside the ONNX file. Figures are only taken from that file, and missing ones are said to be missing.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import torch

from training.harmony.data_harmony import SHARES
from training.harmony.export_onnx import read, seconds_of
from training.harmony.model_harmony import parameter_count
from vocalmidi.arrange.chord_input import CLASSES, FEATURES

COMMAND = "python -m benchmarks.harmony_accuracy --shared SHARED/data --json FIGURES/harmony.json"
COLUMNS = ("top1", "top3", "ctnctr", "tones", "pcs", "mctd", "entropy", "change")
SOURCES = {
    "pop909": ("MIT", "music-x-lab/POP909-Dataset; melodies are transcriptions of commercial songs"),
    "openewld": ("public-domain scores", "00sapo/OpenEWLD"),
    "openscore_lieder": ("CC0", "OpenScore Lieder Corpus; chords read off the piano"),
    "bach_chorales": ("public domain", "J. S. Bach, music21 corpus; chords computed"),
}
NOTICE = """\
The lines above are read by `vocalmidi.inference`: a file with another hash is not opened. This page is written by
`training/harmony/card.py`."""
HOW = """\
Validation split, whole songs, half-bar frames, 24 triads and N; nottingham is never trained on. What the systems and
columns are, the benchmark's own words say. Sharpness and steps of `generate` were chosen on songs of this split."""
LIMITS = """\
## Known limits
Triads only: sevenths, inversions and voicing are for what follows. Suspended chords are learnt as major, diminished
ones as minor. Phrases whose metre changes are read in their first metre. One's own taste is not known: what a human
wrote is the first answer in four half bars of ten in pop, and among the first three in three of four."""


def card(checkpoint: Path, onnx: Path, version: str, figures: dict[str, Any] | None) -> str:
    """Return the card's text."""
    head = {
        "name": onnx.stem,
        "version": version,
        "source": "training/harmony of this repository",
        "licence": "MIT",
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
    }
    held = torch.load(checkpoint, map_location="cpu")
    what = "without look-ahead" if held["config"]["live"] else "that hears the whole melody"
    lines = ["---", *(f"{key}: {value}" for key, value in head.items()), "---"]
    lines += [f"# The harmony network {what}: a melody's chords, half bar by half bar", "", NOTICE, ""]
    lines += [*facts(held, checkpoint, onnx), "", "## Measured", HOW, ""]
    lines += measured(figures) if figures else [f"Not measured for these weights: `{COMMAND}`."]
    return "\n".join([*lines, "", *sources(), "", LIMITS, ""])


def facts(held: dict[str, Any], checkpoint: Path, onnx: Path) -> list[str]:
    """Return the table of what it is."""
    model = read(checkpoint)
    size = f"{parameter_count(model):,} parameters in half precision, {onnx.stat().st_size / 1e6:.2f} MB"
    work = f"{1000 * seconds_of(onnx):.1f} ms of one core for four bars, {1000 * seconds_of(onnx, 12, 32):.0f} ms for"
    rows = {
        "used for": "`vocalmidi.arrange` (`chord_guess.py`)",
        "input": f"`features` (songs, frames, {FEATURES}) float32 of `vocalmidi.arrange.chord_input`",
        "output": f"`chords` (songs, frames, {CLASSES}) logits: 12 major, 12 minor, none",
        "size": f"{size}, no external data",
        "work": f"{work} sixteen in all twelve keys",
        "trained": f"{held['step']:,} steps; " + ", ".join(f"{k} {v}" for k, v in held["recipe"].items()),
        "network": "transformer encoder, " + ", ".join(f"{name} {value}" for name, value in held["config"].items()),
        "code, material": f"commit {held['commit'][:12] or 'unknown'}, hash of the sets {held['material']}",
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]


def measured(found: dict[str, Any]) -> list[str]:
    """Return the table of one run of the benchmark."""
    lines = [f"`{COMMAND}`", "", "| set | system | " + " | ".join(COLUMNS) + " |", "|---|---|" + "---|" * len(COLUMNS)]
    for name, systems in found["sets"].items():
        for system, row in systems.items():
            cells = " | ".join(f"{row[column]:.3f}" for column in COLUMNS)
            lines.append(f"| {name} | {system} | {cells} |")
    return lines


def sources() -> list[str]:
    """Return what it was trained on."""
    lines = ["## Made from", "", "| set | share of stretches | licence | credit |", "|---|---|---|---|"]
    lines += [f"| {name} | {share:.2f} | {SOURCES[name][0]} | {SOURCES[name][1]} |" for name, share in SHARES.items()]
    return [*lines, "", "Training split alone, without what `symbolic/exclude.json` lists, in all keys."]


def main() -> None:
    """Read the command line and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the checkpoint")
    parser.add_argument("--onnx", type=Path, required=True, help="what was exported from it")
    parser.add_argument("--figures", type=Path, default=Path("out/figures"))
    parser.add_argument("--version", default="1.0.0")
    given = parser.parse_args()
    path = given.figures / "harmony.json"
    figures = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    text = card(given.model, given.onnx, given.version, figures)
    given.onnx.with_suffix(".md").write_text(text, encoding="utf-8")
    print(f"{given.onnx.with_suffix('.md')}: written")


if __name__ == "__main__":
    main()
