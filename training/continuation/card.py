"""Write the continuation network's card: `python -m training.continuation.card --model CKPT --onnx ONNX`.

In: the checkpoint, what was exported from it, and the figures that `benchmarks.continuation` wrote. Out: the card
beside the ONNX file. Figures are only taken from that file, and missing ones are said to be missing.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import torch

from training.continuation.data_continuation import SHARES
from training.continuation.export_onnx import milliseconds, read
from training.continuation.model_continuation import parameter_count
from vocalmidi.arrange.continuation_input import CLASSES, INDICES, NUMBERS

COMMAND = "python -m benchmarks.continuation --shared SHARED/data --steps --json FIGURES/continuation.json"
SOURCES = {
    "pop909": ("MIT", "music-x-lab/POP909-Dataset; melodies are transcriptions of commercial songs"),
    "essen": ("music21 corpus terms", "Essen Folksong Collection, H. Schaffrath; music21 corpus"),
    "ryans_mammoth": ("music21 corpus terms", "Ryan's Mammoth Collection (1883), J. Chambers; music21 corpus"),
    "openewld": ("public-domain scores", "00sapo/OpenEWLD"),
    "openscore_lieder": ("CC0", "OpenScore Lieder Corpus"),
    "bach_chorales": ("public domain", "J. S. Bach, music21 corpus"),
}
NOTICE = """\
The lines above are read by `vocalmidi.inference`: a file with another hash is not opened. This page is written by
`training/continuation/card.py`."""
LIMITS = """\
## Known limits
One voice, in sixteenths; phrases in triplets are read as compound metre. Much of what it knows of a song is that songs
come back: in the first bars of a song, where nothing can, it is less sure (`opening`). Folk and pop melodies of Europe,
America and China; in other traditions it is a stranger. What it draws is held to key, range and an end on a resting
tone by `vocalmidi.arrange.continuation_draw`, not by the network itself."""


def card(checkpoint: Path, onnx: Path, version: str, figures: dict[str, Any] | None) -> str:
    """Return the card's text."""
    head = {
        "name": onnx.stem,
        "version": version,
        "source": "training/continuation of this repository",
        "licence": "MIT",
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
    }
    lines = ["---", *(f"{key}: {value}" for key, value in head.items()), "---"]
    lines += ["# The continuation network: how a melody goes on, sixteenth by sixteenth", "", NOTICE, ""]
    lines += [
        *facts(checkpoint, onnx),
        "",
        "## Measured",
        f"`{COMMAND}`; the benchmark's own words say what is what.",
        "",
    ]
    lines += measured(figures) if figures else ["Not measured for these weights."]
    return "\n".join([*lines, "", *sources(), "", LIMITS, ""])


def facts(checkpoint: Path, onnx: Path) -> list[str]:
    """Return the table of what it is."""
    held, model = torch.load(checkpoint, map_location="cpu"), read(checkpoint)
    layers, width = model.config.layers, model.config.width
    size = f"{parameter_count(model):,} parameters in half precision, {onnx.stat().st_size / 1e6:.2f} MB"
    work = f"{milliseconds(onnx, model, 1):.2f} ms of one core a step,"
    rows = {
        "used for": "`vocalmidi.arrange` (`continuation.py`)",
        "input": f"`indices` (tunes, steps, {INDICES}) and `numbers` (tunes, steps, {NUMBERS}) float32 of"
        f" `vocalmidi.arrange.continuation_input`; `state` ({layers}, tunes, {width}), zeros at first",
        "output": f"`logits` (tunes, steps, {CLASSES}) of the next step; `state_out` for the step after",
        "size": f"{size}, no external data",
        "work": f"{work} {milliseconds(onnx, model, 8):.2f} ms for eight melodies at once",
        "trained": f"{held['step']:,} steps; recipe: " + ", ".join(f"{k} {v}" for k, v in held["recipe"].items()),
        "network": "gated recurrent with copying, " + ", ".join(f"{k} {v}" for k, v in held["config"].items()),
        "code, material": f"commit {held['commit'][:12] or 'unknown'}, hash of the sets {held['material']}",
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]


def measured(found: dict[str, Any]) -> list[str]:
    """Return the tables of one run of the benchmark."""
    lines = list[str]()
    if found.get("steps"):
        times = "; ".join(
            f"{name}: p50 {row['p50']:.1f}, p99 {row['p99']:.1f} ms by the clock, {row['work p99']:.1f} of work"
            for name, row in found["steps"].items()
        )
        lines += ["", f"A step of eight melodies, with reading and drawing: {times}."]
    for title in ("nats", "loops"):
        columns = list(next(iter(next(iter(found[title].values())).values())))
        lines += ["", "| set | system | " + " | ".join(columns) + " |", "|---|---|" + "---|" * len(columns)]
        for name, systems in found[title].items():
            for system, row in systems.items():
                lines.append(f"| {name} | {system} | " + " | ".join(f"{row[column]:.3f}" for column in columns) + " |")
    return lines[1:]


def sources() -> list[str]:
    """Return what it was trained on."""
    lines = ["## Made from", "", "| set | share of steps | licence | credit |", "|---|---|---|---|"]
    lines += [f"| {name} | {share:.2f} | {SOURCES[name][0]} | {SOURCES[name][1]} |" for name, share in SHARES.items()]
    return [*lines, "", "Training split alone, without what `symbolic/exclude.json` lists."]


def main() -> None:
    """Read the command line and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the checkpoint")
    parser.add_argument("--onnx", type=Path, required=True, help="what was exported from it")
    parser.add_argument("--figures", type=Path, default=Path("out/figures"))
    parser.add_argument("--version", default="1.0.0")
    given = parser.parse_args()
    path = given.figures / "continuation.json"
    figures = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    text = card(given.model, given.onnx, given.version, figures)
    given.onnx.with_suffix(".md").write_text(text, encoding="utf-8")
    print(f"{given.onnx.with_suffix('.md')}: written")


if __name__ == "__main__":
    main()
