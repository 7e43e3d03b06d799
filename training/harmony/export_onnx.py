"""Write the harmony network as ONNX: `python -m training.harmony.export_onnx --model CKPT --out models/harmony.onnx`.

In: a checkpoint of `train_harmony`. Out: an ONNX file, opset 18, of the running mean of its weights, which lie in it in
half precision as those of the context network do; the command fails when torch and ONNX Runtime differ by more than
1e-4 on random features, one half bar or three hundred, one song or twelve keys of it.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from training.harmony.model_harmony import Config, HarmonyModel, parameter_count
from training.onnx_file import halved, median_s, write
from training.voice.export_onnx import SAME, session
from vocalmidi.arrange.chord_input import FEATURES

FOUR_BARS = 8
"""Half bars of such a phrase."""


def read(path: Path) -> HarmonyModel:
    """Return a checkpoint's averaged network with its weights rounded to half precision."""
    held = torch.load(path, map_location="cpu")
    model = HarmonyModel(Config(**held["config"]))
    model.load_state_dict(held["mean"])
    return halved(model)


def shown(songs: int, frames: int, seed: int = 0) -> torch.Tensor:
    """Return random features."""
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.normal(size=(songs, frames, FEATURES)).astype(np.float32))


def export(model: HarmonyModel, path: Path) -> None:
    """Write the network, for any number of songs and half bars."""
    axes = {name: {0: "songs", 1: "frames"} for name in ("features", "chords")}
    write(model, (shown(2, 7),), path, ["chords"], axes)


def difference(model: HarmonyModel, path: Path, songs: int, frames: int) -> float:
    """Return the largest difference of any logit between torch and the exported file."""
    features = shown(songs, frames)
    with torch.no_grad():
        here = model(features)
    there = session(path).run(["chords"], {"features": features.numpy()})[0]
    return float(np.abs(here.numpy() - there).max())


def seconds_of(path: Path, songs: int = 1, frames: int = FOUR_BARS) -> float:
    """Return the median time of an answer on one thread."""
    opened, feeds = session(path), {"features": shown(songs, frames).numpy()}
    return median_s(lambda: opened.run(None, feeds))


def main() -> None:
    """Read the command line, export and check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the checkpoint")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    given = parser.parse_args()
    model = read(given.model)
    export(model, given.out)
    worst = max(difference(model, given.out, songs, frames) for songs, frames in ((1, 1), (12, 8), (3, 100), (1, 300)))
    if worst > SAME:
        raise SystemExit(f"{given.out}: torch and ONNX Runtime differ by {worst:.1e}, more than {SAME:g}")
    print(
        f"{given.out}: {parameter_count(model):,} parameters, {given.out.stat().st_size / 1e6:.2f} MB, differs by"
        f" {worst:.1e} from torch, {1000 * seconds_of(given.out):.2f} ms for four bars in one key,"
        f" {1000 * seconds_of(given.out, 12, 32):.1f} ms for 16 bars in twelve"
    )


if __name__ == "__main__":
    main()
