"""Export a checkpoint: `python -m training.voice.export_onnx --model CKPT --out FILE.onnx`.

Takes the running mean of the weights of a checkpoint; leaves one ONNX file: input `picture` (1, frames, WIDTH), output
`heads` (1, frames, OUTPUTS) logits in the order of `Heads`. Checks that both give the same within 1e-4 and prints by
how much they differ, the size and the speed on one thread.
"""

import argparse
import time
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from vocalmidi.frames.features import WIDTH

from training.voice.model_voice import Config, VoiceModel, mflop_per_frame, parameter_count

SAME = 1e-4
"""Largest difference of a logit that counts as equal."""


def read(path: Path) -> VoiceModel:
    """Return a checkpoint's averaged model, ready to be used."""
    held = torch.load(path, map_location="cpu")
    model = VoiceModel(Config(**held["config"]))
    model.load_state_dict(held["mean"])
    return model.eval()


def export(model: VoiceModel, path: Path) -> None:
    """Write the model, for phrases of any length."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter warns that it is the older one; it is asked for
        torch.onnx.export(
            model,
            (torch.rand(1, 50, WIDTH),),
            str(path),
            input_names=["picture"],
            output_names=["heads"],
            dynamic_axes={"picture": {1: "frames"}, "heads": {1: "frames"}},
            dynamo=False,
        )


def difference(model: VoiceModel, path: Path, frames: int, seed: int = 0) -> float:
    """Return the largest difference of any logit between torch and the exported file on a random picture."""
    shown = np.random.default_rng(seed).random((1, frames, WIDTH), np.float32)
    with torch.no_grad():
        wanted = model(torch.from_numpy(shown)).numpy()
    return float(np.abs(session(path).run(None, {"picture": shown})[0] - wanted).max())


def session(path: Path) -> onnxruntime.InferenceSession:
    """Return the exported model on one thread of the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def main() -> None:
    """Read the command line, export, check, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    torch.set_num_threads(1)
    model = read(given.model)
    export(model, given.out)
    off = max(difference(model, given.out, frames) for frames in (1, 37, 3000))
    if off > SAME:
        raise SystemExit(f"{given.out}: differs from torch by {off:.1e}, more than {SAME}")
    exported, shown = session(given.out), np.random.default_rng(0).random((1, 3000, WIDTH), np.float32)
    exported.run(None, {"picture": shown})
    began = time.process_time()
    exported.run(None, {"picture": shown})
    seconds = time.process_time() - began
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.2f} MB, {parameter_count(model)} parameters, "
          f"{mflop_per_frame(model.config):.2f} MFLOP a frame, off by {off:.1e}, {30.0 / seconds:.0f} x real time")


if __name__ == "__main__":
    main()
