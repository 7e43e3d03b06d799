"""Write the context network's card: `python -m training.context.card --model CKPT --onnx models/context.onnx ...`.

In: a checkpoint, the ONNX file exported from it, and the tables that `benchmarks.grid_accuracy` wrote as JSON. Out: the
page beside the ONNX file: front matter that the program checks the file against, what it is, what it was made from,
every figure with its command. It measures nothing itself but a reading's time. A figure that was not measured is said
to be missing.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import torch

from training.context.data_context import FOR_RESEARCH, SHARES
from training.context.export_onnx import SIXTEEN_BARS, read, seconds_of
from training.context.model_context import parameter_count
from vocalmidi.phrase.context_input import FEATURES, HEADS

COMMANDS = {
    "grid": "python -m benchmarks.grid_accuracy --shared SHARED/data --json FIGURES/grid.json",
    "lively": "python -m benchmarks.grid_accuracy --shared SHARED/data --manner lively --json FIGURES/lively.json",
}
"""The files of figures, each with the command that writes it."""
COLUMNS = (
    "known grid",
    "known beat",
    "known bar",
    "click",
    "free grid",
    "free beat",
    "tempo",
    "tempo offered",
    "length",
)
SOURCES = {
    "pop909": ("MIT", "music-x-lab/POP909-Dataset; melodies are transcriptions of commercial songs"),
    "openewld": ("public-domain scores", "00sapo/OpenEWLD"),
    "essen": ("music21 corpus terms", "Essen Folksong Collection; `--no-research` leaves it out"),
    "ryans_mammoth": ("public domain, 1883", "Ryan's Mammoth Collection, music21 corpus"),
    "openscore_lieder": ("CC0", "OpenScore Lieder Corpus"),
    "bach_chorales": ("public domain", "J. S. Bach, music21 corpus"),
    "gmd": ("CC BY 4.0", "Groove MIDI Dataset, J. Gillick et al., Google Magenta"),
}
HOW = """\
Validation split, songs never trained on, eight bars each; what the columns and systems are, the benchmark's own words
say. In per cent of notes; tempo in per cent of phrases."""
NOTICE = """\
The lines above are read by `vocalmidi.inference`: a file with another hash is not opened. This page is written by
`training/context/card.py`."""
LIMITS = """\
## Known limits
Which of two beats a syncopated phrase stands on, and in which bar it begins, notes alone often don't tell: the columns
`beat` and `bar`. Human drum takes have no score; what was meant there is the nearest sixteenth or triplet, so their
column is partly the truth's own doubt. Quintuplets, ornaments finer than thirty-seconds and metres whose bars are not
whole beats (7/8) are read on the beat's grid without a bar line."""


def card(checkpoint: Path, onnx: Path, version: str, figures: dict[str, dict[str, Any] | None]) -> str:
    """Return the card's text."""
    head = {
        "name": onnx.stem,
        "version": version,
        "source": "training/context of this repository",
        "licence": "MIT",
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
    }
    held = torch.load(checkpoint, map_location="cpu")
    lines = ["---", *(f"{key}: {value}" for key, value in head.items()), "---"]
    lines += [
        "# The context network: what was meant by a take's timing",
        "",
        NOTICE,
        "",
        *facts(held, checkpoint, onnx),
    ]
    lines += ["", "## Measured", HOW]
    for name, found in figures.items():
        if found is None:
            lines += ["", f"Not measured for these weights: `{COMMANDS[name]}`."]
        else:
            lines += ["", f"### Manner {found['manner']}", f"`{COMMANDS[name]}`", "", *measured(found)]
    return "\n".join([*lines, "", *sources(held), "", LIMITS, ""])


def facts(held: dict[str, Any], checkpoint: Path, onnx: Path) -> list[str]:
    """Return the table of what it is."""
    model = read(checkpoint)
    taken = (
        f"`features` (takes, moments, {FEATURES}) float32 of `vocalmidi.phrase.context_input`, `beats` (takes, moments)"
    )
    size = (
        f"{parameter_count(model):,} parameters in half precision, {onnx.stat().st_size / 1e6:.2f} MB, no external data"
    )
    work = f"{1000 * seconds_of(onnx):.1f} ms of one core for {SIXTEEN_BARS} moments, about 16 bars; read three times"
    recipe = ", ".join(f"{name} {value}" for name, value in held["recipe"].items())
    rows = {
        "used for": "`vocalmidi.phrase` (`meant.py`)",
        "input": taken,
        "output": "logits (takes, moments, classes): " + ", ".join(f"`{name}` {many}" for name, many in HEADS.items()),
        "size": size,
        "work": work,
        "trained": f"{held['step']:,} steps of `make train-context`; {recipe}",
        "network": "transformer encoder, " + ", ".join(f"{name} {value}" for name, value in held["config"].items()),
        "code, material": f"commit {held['commit'][:12] or 'unknown'}, hash of the sets {held['material']}",
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]


def measured(found: dict[str, Any]) -> list[str]:
    """Return the table of one run of the benchmark."""
    lines = ["| set | system | " + " | ".join(COLUMNS) + " |", "|---|---|" + "---|" * len(COLUMNS)]
    for name, systems in found["sets"].items():
        for system, row in systems.items():
            cells = (f"{row[column]:.1f}" if column in row else "–" for column in COLUMNS)
            lines.append(f"| {name} | {system} | " + " | ".join(cells) + " |")
    return lines


def sources(held: dict[str, Any]) -> list[str]:
    """Return what it was trained on."""
    used = [name for name in SHARES if held["recipe"]["research"] or name not in FOR_RESEARCH]
    lines = ["## Made from", "", "| set | share of takes | licence | credit |", "|---|---|---|---|"]
    lines += [f"| {name} | {SHARES[name]:.2f} | {SOURCES[name][0]} | {SOURCES[name][1]} |" for name in used]
    return [*lines, "", "Training split alone, without what `symbolic/exclude.json` lists; performances are computed."]


def main() -> None:
    """Read the command line and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the checkpoint")
    parser.add_argument("--onnx", type=Path, required=True, help="what was exported from it")
    parser.add_argument("--figures", type=Path, default=Path("out/figures"))
    parser.add_argument("--version", default="1.0.0")
    given = parser.parse_args()
    paths = {name: given.figures / f"{name}.json" for name in COMMANDS}
    figures = {name: json.loads(p.read_text(encoding="utf-8")) if p.exists() else None for name, p in paths.items()}
    text = card(given.model, given.onnx, given.version, figures)
    given.onnx.with_suffix(".md").write_text(text, encoding="utf-8")
    print(f"{given.onnx.with_suffix('.md')}: written")


if __name__ == "__main__":
    main()
