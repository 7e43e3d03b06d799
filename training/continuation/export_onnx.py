"""Write the continuation network as ONNX: `python -m training.continuation.export_onnx --model CKPT --out ONNX`.

In: a checkpoint of `train_continuation`. Out: an ONNX file, opset 18, of the running mean of its weights, which lie in
it in half precision as those of the context network do; its state is an input and an output. The command fails when
torch and ONNX Runtime differ by more than 1e-4 on a random melody, or a step at a time from the whole at once.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from training.continuation.model_continuation import SIZES, Config, ContinuationModel, parameter_count
from training.onnx_file import halved, median_s, write
from training.voice.export_onnx import SAME, session
from vocalmidi.arrange.continuation_input import NUMBERS

INPUTS, OUTPUTS = ("indices", "numbers", "state"), ("logits", "state_out")
Array = npt.NDArray[np.float32]


def read(path: Path) -> ContinuationModel:
    """Return a checkpoint's averaged network with its weights rounded to half precision."""
    held = torch.load(path, map_location="cpu")
    model = ContinuationModel(Config(**held["config"]))
    model.load_state_dict(held["mean"])
    return halved(model)


def shown(model: ContinuationModel, tunes: int, steps: int, seed: int = 0) -> dict[str, Array]:
    """Return a random melody's classes and numbers, and a state."""
    rng = np.random.default_rng(seed)
    layers, width = model.config.layers, model.config.width
    return {
        "indices": rng.integers(0, SIZES, (tunes, steps, len(SIZES))).astype(np.float32),
        "numbers": rng.uniform(0, 1, (tunes, steps, NUMBERS)).astype(np.float32),
        "state": rng.uniform(-1, 1, (layers, tunes, width)).astype(np.float32),
    }


def export(model: ContinuationModel, path: Path) -> None:
    """Write the network, for any number of tunes and steps."""
    axes = {
        **{name: {0: "tunes", 1: "steps"} for name in ("indices", "numbers")},
        "state": {1: "tunes"},
        "logits": {0: "tunes", 1: "steps"},
        "state_out": {1: "tunes"},
    }
    write(model, tuple(torch.from_numpy(shown(model, 2, 7)[name]) for name in INPUTS), path, OUTPUTS, axes)


def difference(model: ContinuationModel, path: Path, tunes: int, steps: int) -> float:
    """Return the largest difference of any output: torch at once, the file at once, the file step by step."""
    opened, given = session(path), shown(model, tunes, steps)
    with torch.no_grad():
        here = [told.numpy() for told in model(*(torch.from_numpy(given[name]) for name in INPUTS))]
    there = opened.run(list(OUTPUTS), given)
    singly, state = list[Array](), given["state"]
    for step in range(steps):
        one = {name: given[name][:, step : step + 1] for name in ("indices", "numbers")}
        logits, state = opened.run(list(OUTPUTS), {**one, "state": state})
        singly.append(logits)
    stepped = [np.concatenate(singly, axis=1), state]
    return max(float(np.abs(a - b).max()) for told in (there, stepped) for a, b in zip(here, told, strict=True))


def milliseconds(path: Path, model: ContinuationModel, tunes: int) -> float:
    """Return the median time of one step of that many melodies on one thread."""
    opened, given = session(path), shown(model, tunes, 1)
    return 1000.0 * median_s(lambda: opened.run(None, given), 200)


def main() -> None:
    """Read the command line, export and check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the checkpoint")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    given = parser.parse_args()
    model = read(given.model)
    export(model, given.out)
    worst = max(difference(model, given.out, tunes, steps) for tunes, steps in ((1, 1), (8, 16), (1, 400)))
    if worst > SAME:
        raise SystemExit(f"{given.out}: torch and ONNX Runtime differ by {worst:.1e}, more than {SAME:g}")
    print(
        f"{given.out}: {parameter_count(model):,} parameters, {given.out.stat().st_size / 1e6:.2f} MB, differs by"
        f" {worst:.1e} from torch, {milliseconds(given.out, model, 1):.2f} ms a step, of eight melodies"
        f" {milliseconds(given.out, model, 8):.2f} ms"
    )


if __name__ == "__main__":
    main()
