"""Measure an encoder: `python -m training.timbre.evaluate --model CKPT [--json OUT.json]`.

In: a checkpoint (also the autoencoder's), beatboxset1 and hmc_beatbox, the voices kept for validation. Out: at each age
and at the last two side by side: accuracy of kick, snare, hi-hat at annotated onsets with the default classes, with
the confusions; accuracy with the user's own first EXAMPLES a class by every rule of `few_shot`, of the rest of the
clip, mean over clips; and how often onsets of held-out speech, singing and noise are taken for hits at the chance at
which 95 of 100 of beatboxset1's are. beatboxset1 teaches nothing; weights that heard hmc_beatbox are marked.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.timbre.data_negatives import noises, singing, voices
from training.timbre.examples import AGES, KIT, Examples, annotated_hits
from training.timbre.export_onnx import read
from training.timbre.few_shot import RULES, Kinds, Seen, beside, coarse_of
from training.timbre.model_timbre import Pair, TimbreModel
from training.timbre.sounds import HITS, Recorded
from training.voice.data_conditions import read_places
from training.voice.data_sources import speakers
from vocalmidi.frames.patches import AFTER, ROW, Patches, joined, patches_of

EXAMPLES = 8
LEAST_ASKED = 20
"""A clip with fewer hits left after the examples says nothing about them."""
ASKED = {**{f"{rows * ROW / 16:.0f} ms": (rows,) for rows in AGES}, "24 and 160 ms": AGES[1:]}
KEPT = 0.95
SETS = ("beatboxset1", "hmc_beatbox")
Figures = dict[str, Any]


def seen(model: TimbreModel | Pair, patches: Patches) -> Seen:
    """Return what the model says of patches, as one age."""
    with torch.no_grad():
        point, logits, _ = model(torch.from_numpy(patches.patch), torch.from_numpy(patches.age))
    chances = torch.log_softmax(logits, dim=1)
    rows = round(float(patches.age[0]) * AFTER)
    return Seen(point[:, None].double().numpy(), chances[:, None].double().numpy(), coarse_of(patches.patch, rows))


def examples_of(kinds: Kinds, count: int) -> Kinds:
    """Return the rows of the first `count` of each kind."""
    return np.concatenate([np.flatnonzero(kinds == kind)[:count] for kind in range(int(kinds.max()) + 1)])


def by_default(clips: Sequence[tuple[Examples, dict[int, Seen]]], ages: tuple[int, ...]) -> Figures:
    """Return accuracy and confusions (rows: truth) of the default classes."""
    confusions = np.zeros((len(KIT), len(KIT)), int)
    for clip, heard in clips:
        kit = np.flatnonzero(clip.kind >= 0)
        asked = beside([heard[rows] for rows in ages]).at(kit)
        np.add.at(confusions, (clip.kind[kit], RULES["default"](asked, clip.kind[kit], asked).argmax(axis=1)), 1)
    return {"right": float(np.trace(confusions) / confusions.sum()), "confusions": confusions.tolist()}


def by_examples(clips: Sequence[tuple[Examples, dict[int, Seen]]], ages: tuple[int, ...]) -> Figures:
    """Return each rule's accuracy by clip and their mean, after the first EXAMPLES a class."""
    right: dict[str, dict[str, float]] = {rule: {} for rule in RULES}
    for clip, heard in clips:
        kit = np.flatnonzero(clip.kind >= 0)
        kinds, all_ages = clip.kind[kit], beside([heard[rows] for rows in ages]).at(kit)
        taught = examples_of(kinds, EXAMPLES)
        asked = np.setdiff1d(np.arange(len(kinds)), taught)
        if len(asked) >= LEAST_ASKED and np.bincount(kinds[taught], minlength=len(KIT)).min() == EXAMPLES:
            for name, rule in RULES.items():
                scores = rule(all_ages.at(taught), kinds[taught], all_ages.at(asked))
                right[name][clip.clip] = float((scores.argmax(axis=1) == kinds[asked]).mean())
    return {rule: {"mean": float(np.mean(list(each.values()))), **each} for rule, each in right.items() if each}


def hit_share(heard: Seen) -> np.ndarray:
    """Return the chance of any hit."""
    return np.asarray(np.exp(heard.chances[:, 0, sorted(HITS)]).sum(axis=1))


def against(model: TimbreModel | Pair, sounds: Sequence[Recorded], struck: dict[int, np.ndarray]) -> Figures:
    """Return, by age, the share of these onsets that pass where KEPT of the struck ones do, and that pass 0.5."""
    found: Figures = {"onsets": len(sounds)}
    for rows in AGES:
        shown = joined([patches_of(s.heard.audio.astype(np.float32), [s.heard.onset], rows) for s in sounds])
        share = hit_share(seen(model, shown))
        limit = float(np.quantile(struck[rows], 1.0 - KEPT))
        found[f"{rows * ROW / 16:.0f} ms"] = {
            "at": limit,
            "pass": float((share > limit).mean()),
            "half": float((share > 0.5).mean()),
        }
    return found


def nobody_strikes(shared: Path) -> dict[str, list[Recorded]]:
    """Return the onsets of the voices and noises that are kept for validation."""
    everyone = speakers(shared / "voices")
    sung = [s for s in everyone if s.source.folder == "makam"]
    spoken = [s for s in everyone if s.source.folder != "makam"]
    places = read_places(shared, "valid").noises
    return {
        "speech": list(voices(spoken, "valid")),
        "singing": [*voices(sung, "valid"), *singing(shared, "valid")],
        "noise, keys, breath": list(noises(places, np.random.default_rng(1))),
    }


def measured(model: TimbreModel | Pair, shared: Path, *, drawing: bool) -> Figures:
    """Return all figures; of the autoencoder only those that need no classes."""
    figures: Figures = {}
    for name in SETS:
        clips = [annotated_hits(path) for path in sorted((shared / "vocal" / name).glob("*.flac"))]
        heard = [(clip, {rows: seen(model, clip.patches[rows]) for rows in AGES}) for clip in clips]
        figures[name] = {
            asked: {"examples": by_examples(heard, ages), **({} if drawing else {"default": by_default(heard, ages)})}
            for asked, ages in ASKED.items()
        }
        if name == "beatboxset1" and not drawing:
            struck = {
                rows: np.concatenate([hit_share(h[rows].at(np.flatnonzero(c.kind >= 0))) for c, h in heard])
                for rows in AGES
            }
            figures["no hits"] = {
                what: against(model, sounds, struck) for what, sounds in nobody_strikes(shared).items()
            }
            figures["no hits"]["struck that pass 0.5"] = {
                str(rows): float((s > 0.5).mean()) for rows, s in struck.items()
            }
    return figures


def main() -> None:
    """Read the command line, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"), help="its folder data")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    drawing = torch.load(given.model, map_location="cpu")["recipe"]["autoencoder"]
    figures = measured(read(given.model), given.shared, drawing=drawing)
    for name, found in figures.items():
        for part, value in found.items():
            print(f"{name}, {part}: {json.dumps(value)}")
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
