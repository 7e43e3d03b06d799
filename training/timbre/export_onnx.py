"""Export a checkpoint: `python -m training.timbre.export_onnx --model CKPT [--beside CKPT --pair NEW] --out FILE.onnx`.

Takes the running mean of the weights of a checkpoint; leaves one ONNX file with inputs `patch` (n, ROWS, PATCH_BANDS)
and `age` (n,), outputs `embedding`, `logits`, `instrument`. Checks that torch and the file give the same within 1e-4
and prints by how much they differ, the size and the time of a single patch on one thread.
"""

import argparse
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.timbre.model_timbre import Autoencoder, Config, Pair, TimbreModel, parameter_count
from training.voice.export_onnx import SAME, session
from vocalmidi.frames.patches import AFTER, BEFORE, PATCH_BANDS, ROWS

INPUTS, OUTPUTS = ("patch", "age"), ("embedding", "logits", "instrument")


def read(path: Path) -> TimbreModel | Pair:
    """Return a checkpoint's averaged encoder, or the pair that it is, ready to be used."""
    held = torch.load(path, map_location="cpu")
    own = encoder_of(held)
    return Pair(encoder_of(held["first"]), own).eval() if "first" in held else own


def encoder_of(held: dict[str, Any]) -> TimbreModel:
    """Return the averaged encoder of what a checkpoint holds."""
    if held["recipe"]["autoencoder"]:
        drawing = Autoencoder(Config(**held["config"]))
        drawing.load_state_dict(held["mean"])
        return drawing.encoder.eval()
    model = TimbreModel(Config(**held["config"]))
    model.load_state_dict(held["mean"])
    return model.eval()


def shown(count: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return random patches of random ages; rows that are not known are 0, as in the program."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(1, AFTER + 1, count)
    patch = rng.random((count, ROWS, PATCH_BANDS), np.float32)
    patch *= np.arange(ROWS)[None, :, None] < BEFORE + rows[:, None, None]
    return torch.from_numpy(patch), torch.from_numpy((rows / AFTER).astype(np.float32))


def export(model: TimbreModel | Pair, path: Path) -> None:
    """Write the model, for any number of patches."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter warns that it is the older one; it is asked for
        torch.onnx.export(
            model,
            shown(2),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={name: {0: "n"} for name in (*INPUTS, *OUTPUTS)},
            dynamo=False,
        )


def difference(model: TimbreModel | Pair, path: Path, count: int, seed: int = 0) -> float:
    """Return the largest difference of any output between torch and the exported file."""
    given = shown(count, seed)
    with torch.no_grad():
        wanted = model(*given)
    found = session(path).run(list(OUTPUTS), dict(zip(INPUTS, (part.numpy() for part in given), strict=True)))
    return max(float(np.abs(one - other.numpy()).max()) for one, other in zip(found, wanted, strict=True))


def seconds_of(path: Path, count: int = 1) -> float:
    """Return the median CPU time of one run, on one thread."""
    exported = session(path)
    fed = dict(zip(INPUTS, (part.numpy() for part in shown(count)), strict=True))
    taken = []
    for _ in range(300):
        began = time.process_time()
        exported.run(None, fed)
        taken.append(time.process_time() - began)
    return float(np.median(taken))


def main() -> None:
    """Read the command line, export, check, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--beside", type=Path, help="put this encoder first in a pair with it, and save that as --pair")
    parser.add_argument("--pair", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.beside:
        write_pair(given.beside, given.model, given.pair)
    write(read(given.pair if given.beside else given.model), given.out)


def write_pair(first: Path, second: Path, path: Path) -> None:
    """Write two checkpoints as one of a `Pair`."""
    held = torch.load(second, map_location="cpu") | {"first": torch.load(first, map_location="cpu")}
    del held["first"]["optimiser"]
    torch.save(held, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def write(model: TimbreModel | Pair, path: Path) -> None:
    """Export, check, print; raise SystemExit where the file differs from torch."""
    export(model, path)
    off = max(difference(model, path, count) for count in (1, 7, 300))
    if off > SAME:
        raise SystemExit(f"{path}: differs from torch by {off:.1e}, more than {SAME}")
    size = f"{path.stat().st_size / 1e6:.2f} MB, {parameter_count(model)} parameters"
    print(f"{path}: {size}, off by {off:.1e}, {1000 * seconds_of(path):.3f} ms a patch")


if __name__ == "__main__":
    main()
