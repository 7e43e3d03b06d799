"""Export a checkpoint: `python -m training.context.export_onnx --model CKPT --out models/context.onnx`.

Takes the running mean of the weights, rounded to half precision (the file then has half the size; the numbers are
computed in single), and leaves one ONNX file with inputs `features` (takes, moments, FEATURES) and `beats` (takes,
moments), outputs named as HEADS. Checks that torch with the same rounded weights and the file agree within 1e-4 and
prints by how much they differ, the size, and the time of 16 bars on one thread.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from training.context.model_context import Config, ContextModel, parameter_count
from training.onnx_file import halved, median_s, write
from training.voice.export_onnx import SAME, session
from vocalmidi.phrase.context_input import FEATURES, HEADS

INPUTS = ("features", "beats")
SIXTEEN_BARS = 96
"""Moments of such a phrase: six a bar."""


def read(path: Path) -> ContextModel:
    """Return a checkpoint's averaged network with its weights rounded to half precision."""
    held = torch.load(path, map_location="cpu")
    model = ContextModel(Config(**held["config"]))
    model.load_state_dict(held["mean"])
    return halved(model)


def shown(takes: int, moments: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return random features and rising places."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(takes, moments, FEATURES)).astype(np.float32)
    beats = np.cumsum(rng.uniform(0.1, 1.0, (takes, moments)), axis=1).astype(np.float32)
    return torch.from_numpy(features), torch.from_numpy(beats)


def export(model: ContextModel, path: Path) -> None:
    """Write the network, for any number of takes and moments."""
    axes = {name: {0: "takes", 1: "moments"} for name in (*INPUTS, *HEADS)}
    write(model, shown(2, 7), path, HEADS, axes)


def difference(model: ContextModel, path: Path, takes: int, moments: int) -> float:
    """Return the largest difference of any output between torch and the exported file."""
    features, beats = shown(takes, moments)
    with torch.no_grad():
        here = model(features, beats)
    there = session(path).run(list(HEADS), {"features": features.numpy(), "beats": beats.numpy()})
    return max(float(np.abs(a.numpy() - b).max()) for a, b in zip(here, there, strict=True))


def seconds_of(path: Path, takes: int = 1, moments: int = SIXTEEN_BARS) -> float:
    """Return the median time of a reading on one thread."""
    opened = session(path)
    features, beats = shown(takes, moments)
    feeds = {"features": features.numpy(), "beats": beats.numpy()}
    return median_s(lambda: opened.run(None, feeds))


def main() -> None:
    """Read the command line, export and check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the checkpoint")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    given = parser.parse_args()
    model = read(given.model)
    export(model, given.out)
    worst = max(difference(model, given.out, takes, moments) for takes, moments in ((1, 1), (1, 2), (3, 100), (1, 192)))
    if worst > SAME:
        raise SystemExit(f"{given.out}: torch and ONNX Runtime differ by {worst:.1e}, more than {SAME:g}")
    print(
        f"{given.out}: {parameter_count(model):,} parameters, {given.out.stat().st_size / 1e6:.2f} MB, differs by"
        f" {worst:.1e} from torch, {1000 * seconds_of(given.out):.2f} ms for 16 bars"
    )


if __name__ == "__main__":
    main()
