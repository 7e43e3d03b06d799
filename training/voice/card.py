"""Write a model's card: `python -m training.voice.card --model CKPT --onnx models/NAME.onnx [--figures DIR] ...`.

In: a checkpoint, the ONNX file exported from it, the table of sources that `data_voice` leaves, and the figures that
the benchmarks wrote as JSON (`FIGURES` names the files and the commands). Out: NAME.md beside the ONNX file: front
matter that the program checks the file against, what it is, what it was made from, and every figure with its command.
A figure that was not measured is said to be missing, never left out. It measures nothing itself.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from training.voice.export_onnx import read
from training.voice.model_voice import VoiceModel, mflop_per_frame, parameter_count
from training.voice.model_voice_live import LiveModel
from training.voice.model_voice_live import mflop_per_frame as live_mflop_per_frame
from vocalmidi.frames.features import WIDTH
from vocalmidi.frames.heads import PAST, Heads, LiveHeads

FIGURES = {
    "compare": "python -m benchmarks.compare_voice --systems considered live20 live50 live100 swift-f0 pyin pesto "
    "basic-pitch aubio-yinfast aubionotes --json FIGURES/compare.json",
    "timing": "python -m benchmarks.live_timing --json FIGURES/timing.json",
    "false": "python -m benchmarks.false_notes --json FIGURES/false.json",
    "valid20_considered": "python -m training.voice.evaluate --model CONSIDERED --sets VALID20 "
    "--json FIGURES/valid20_considered.json",
    "vowels": "python -m benchmarks.vowels --json FIGURES/vowels.json",
    "valid20_live": "python -m training.voice.evaluate --model LIVE --sets VALID20 --json FIGURES/valid20_live.json",
}
"""The files of figures, each with the command that writes it."""
HOPS_A_SECOND = 100
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """What differs between the two cards."""

    title: str
    used_for: str
    takes: str
    gives: str


CONSIDERED = Wording(
    "The considered voice model: notes of one voice over a whole phrase",
    "`vocalmidi.frames.ConsideredAnalyser`",
    f"`picture` (takes, frames, {WIDTH}) float32 of `vocalmidi.frames.features`, one frame every 10 ms at 16 kHz",
    f"`heads` (takes, frames, {Heads.OUTPUTS}) logits in the order of `vocalmidi.frames.heads.Heads`",
)
LIVE = Wording(
    "The live voice model: notes of one voice, hop by hop",
    "`vocalmidi.frames.LiveAnalyser`",
    f"`picture` (1, {PAST} + frames, {WIDTH}) as the considered one's, beginning with the {PAST} frames before; "
    "`hidden`, `cell` the state before",
    f"`heads` (1, frames, {LiveHeads.OUTPUTS}) logits in the order of `vocalmidi.frames.heads.LiveHeads`; "
    "`hidden_out`, `cell_out` the state after",
)
SSVD = """\
- Annotated singing: SSVD, phone recordings of sight-singing (published for research, no licence stated), the clips of
  `data_ssvd.split`'s training part, {share:.0%} of the crops at most; `train_voice --no-ssvd` trains without it."""
NO_SSVD = "- Annotated singing: none; SSVD was left out (`train_voice --no-ssvd`)."
VOWELS = """\
- Vowels: the voicebanks erithacus, dorodoro and scottpoid of the table, what espeak-ng says (whose speech its licence
  leaves free), and computed mouths; yuki, kawaiineko and other variants of espeak-ng measure them."""
LIMITS = """\
## Known limits
Pitch below MIDI 36 or above 85.7 is not seen. Vowels were learnt from three voicebanks, espeak-ng and computed mouths:
strangers' are told less well, above C5 hardly; a hum has none. Hits were taught by synthetic ones alone and are not
read by the program. It is made for one voice at a time."""
NOTICE = """\
The lines above are read by `vocalmidi.inference`: a file with another hash is not opened. This page is written by
`training/voice/card.py`."""
HOW = """\
mir_eval F1: onset 50 ms; pitch 50 cents; offset max(50 ms, 20 %); COnP100: onset 100 ms. RPA, raw pitch accuracy, and
voicing false alarms are over frames, voiced from 0.5. Best rival: the highest COnP100 of all that ran."""


def card(checkpoint: Path, onnx: Path, version: str, sources: str, figures: dict[str, Figures | None]) -> str:
    """Return the card's text."""
    held = torch.load(checkpoint, map_location="cpu")
    model = read(checkpoint)
    live = isinstance(model, LiveModel)
    wording = LIVE if live else CONSIDERED
    share = held["recipe"]["most_ssvd"]
    head = {
        "name": onnx.stem,
        "version": version,
        "source": "training/voice of this repository",
        "licence": "MIT",
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
    }
    return "\n".join(
        [
            "---",
            *(f"{key}: {value}" for key, value in head.items()),
            "---",
            f"# {wording.title}",
            "",
            NOTICE,
            "",
            *facts(model, wording, held, onnx),
            "",
            "## Measured",
            *(live_figures(figures) if live else considered_figures(figures)),
            "",
            "## Made from",
            SSVD.format(share=share) if share > 0.0 else NO_SSVD,
            "- Synthetic singing by `training.voice.data_voice` from these voices:",
            "",
            sources.strip(),
            *([VOWELS] if "vowels" in held else []),
            "",
            LIMITS,
            "",
        ]
    )


def facts(model: VoiceModel | LiveModel, wording: Wording, held: dict[str, Any], onnx: Path) -> list[str]:
    """Return the table of what it is."""
    mflop = live_mflop_per_frame(model.config) if isinstance(model, LiveModel) else mflop_per_frame(model.config)
    second = held.get("averaged")
    begun = f"{second['steps']:,} steps, then " if second else ""
    mixed = f"; weights {second['share']:.0%} of the second training's, the rest of the first's" if second else ""
    recipe = held["recipe"]
    size = f"{parameter_count(model):,} parameters, {onnx.stat().st_size / 1e6:.2f} MB float32, no external data"
    work = f"{mflop:.2f} MFLOP a frame, {HOPS_A_SECOND * mflop:.0f} MFLOP a second of sound"
    settings = ", ".join(f"{name} {value}" for name, value in recipe.items())
    rows = {
        "used for": wording.used_for,
        "input": wording.takes,
        "output": wording.gives,
        "size": size,
        "work": work,
        "trained": f"{begun}{held['step']:,} steps of `make train-voice`{mixed}; the last: {settings}",
        "vowels": _vowels(held.get("vowels")),
        "network": ", ".join(f"{name} {value}" for name, value in held["config"].items()),
        "code, material": f"commit {held['commit'][:12] or 'unknown'}, hash of the examples {held['material']}",
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]


def _vowels(recipe: dict[str, Any] | None) -> str:
    if recipe is None:
        return "not taught"
    settings = ", ".join(f"{name} {value}" for name, value in recipe.items() if name != "commit")
    return f"`training.voice.train_vowels`, all else as it was: {settings}; commit {recipe['commit'][:12] or 'unknown'}"


def considered_figures(figures: dict[str, Figures | None]) -> list[str]:
    """Return the figures of the considered model."""
    return [
        *compared(figures["compare"], ("considered",)),
        *validated(figures, "valid20_considered"),
        *vowels_told(figures["vowels"], "considered"),
        *alone(figures["false"], ("considered",)),
    ]


def live_figures(figures: dict[str, Figures | None]) -> list[str]:
    """Return the figures of the live model."""
    return [
        *compared(figures["compare"], ("live20", "live50", "live100")),
        *timed(figures["timing"]),
        *validated(figures, "valid20_live"),
        *vowels_told(figures["vowels"], "live"),
        *alone(figures["false"], ("live, gate", "live, no gate")),
    ]


def missing(name: str) -> list[str]:
    """Return the words for figures that are not there."""
    return ["", f"Not measured for these weights: `{FIGURES[name]}`."]


def compared(found: Figures | None, systems: tuple[str, ...]) -> list[str]:
    """Return a table of our notes by set, each beside the best rival of that row."""
    if found is None:
        return missing("compare")
    lines = [
        HOW,
        f"`{FIGURES['compare']}`",
        "",
        "| set | system | COn | COnP | COnPOff | COnP100 | RPA | false alarms | best rival's COnP100 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for group in dict.fromkeys(row["group"] for row in found["scores"]):
        rows = [row for row in found["scores"] if row["group"] == group]
        ours = [row for row in rows if row["system"].removesuffix(" own") in systems]
        rivals = [row for row in rows if not row["system"].startswith(("considered", "live"))]
        best = max(rivals, key=lambda row: row["conp100"], default=None)
        beside = f"{best['conp100']:.3f} {best['system'].replace('*', 'in the common segmentation')}" if best else "–"
        lines += [_score_row(row, beside) for row in ours]
    cost = [f"{system} {found['cpu_s_per_s'][system]:.4f}" for system in systems if system in found["cpu_s_per_s"]]
    return [*lines, "", f"CPU seconds a second of sound, one core: {', '.join(cost)}."]


def _score_row(row: Figures, beside: str) -> str:
    scores = " | ".join(f"{row[name]:.3f}" for name in ("con", "conp", "conpoff", "conp100"))
    exact = row["pitched"] > 0
    pitch = f"{row['right'] / row['pitched']:.3f}" if exact else "–"
    alarms = f"{row['alarms'] / row['silent']:.3f}" if exact and row["silent"] else "–"
    return f"| {row['group']} | {row['system'].removesuffix(' own')} | {scores} | {pitch} | {alarms} | {beside} |"


def timed(found: Figures | None) -> list[str]:
    """Return the tables of the live timing."""
    if found is None:
        return missing("timing")
    lines = [
        "",
        "Exact truth, ms after it, p50 / p90; shares of all sung notes; spare note-ons a minute.",
        f"`{FIGURES['timing']}`",
        "",
        "| look-ahead, policy, set | note-on | right pitch | never begun | never right | note-off | false | again |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, row in found.items():
        if "on_p50" in row:
            times = [f"{row[f'{word}_p50']:.0f} / {row[f'{word}_p90']:.0f}" for word in ("on", "right", "off")]
            shares = f"{row['never_begun']:.3f} | {row['never_right']:.3f}"
            spare = f"{row['false']:.1f} | {row['again']:.1f}"
            lines.append(f"| {name.strip()} | {times[0]} | {times[1]} | {shares} | {times[2]} | {spare} |")
    if "paced" in found:
        paced = found["paced"]
        work = f"{paced['p50_ms']:.2f} ms, p99 {paced['p99_ms']:.2f} ms, most {paced['most_ms']:.2f} ms"
        lines += ["", f"A hop paced every 10 ms on one core: {work}; {paced['share']:.1%} of the core."]
    return lines


def validated(figures: dict[str, Figures | None], name: str) -> list[str]:
    """Return pitch and voicing on the synthetic validation set at 20 dB."""
    found = figures[name]
    if found is None:
        return missing(name)
    whole = found[0]
    pitch = f"raw pitch accuracy {whole['rpa']:.3f}, voicing false alarms {whole['false_alarms']:.3f} (voiced from 0.5)"
    return ["", f"Synthetic validation singers at 20 dB, {whole['clips']} clips: {pitch}. `{FIGURES[name]}`"]


def alone(found: Figures | None, listeners: tuple[str, ...]) -> list[str]:
    """Return notes where nobody sings."""
    if found is None:
        return missing("false")
    each = [
        f"{name}: {found[name]['quiet']} in ten minutes of room, breath and keys, "
        f"{found[name]['speech_a_minute']:.1f} a minute in speech"
        for name in listeners
    ]
    return ["", f"Notes where nobody sings: {'; '.join(each)}. `{FIGURES['false']}`"]


def vowels_told(found: Figures | None, which: str) -> list[str]:
    """Return how many vowels of strangers are told, and how a controller moves."""
    if found is None:
        return missing("vowels")
    each = [f"{name} {row['frames']:.3f} / {row['held']:.3f}" for name, row in found[which].items()]
    said = f"Vowels of singers never heard, E2 to C6, rooms and noise, right frames / held vowels: {', '.join(each)}."
    control = found["controllers"]
    moves = (
        f" Of held vowels {control['lead']:.3f} lead their controllers, for good after "
        f"{control['settled_ms']:.0f} ms; then {control['messages_a_second']:.2f} messages a second of a controller."
    )
    return ["", said + (moves if which == "live" else "") + f" `{FIGURES['vowels']}`"]


def main() -> None:
    """Read the command line and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the checkpoint")
    parser.add_argument("--onnx", type=Path, required=True, help="what was exported from it")
    parser.add_argument("--sources", type=Path, required=True, help="SOURCES.md of the synthetic set")
    parser.add_argument("--figures", type=Path, default=Path("out/figures"))
    parser.add_argument("--version", default="1.0.0")
    given = parser.parse_args()
    figures = {name: _figures(given.figures / f"{name}.json") for name in FIGURES}
    text = card(given.model, given.onnx, given.version, given.sources.read_text(encoding="utf-8"), figures)
    given.onnx.with_suffix(".md").write_text(text, encoding="utf-8")
    print(f"{given.onnx.with_suffix('.md')}: written")


def _figures(path: Path) -> Figures | None:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


if __name__ == "__main__":
    main()
