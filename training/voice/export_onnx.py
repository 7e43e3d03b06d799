"""Export a checkpoint: `python -m training.voice.export_onnx --model CKPT --out FILE.onnx`.

Takes the running mean of the weights of a checkpoint; leaves one ONNX file. Considered: input `picture` (takes, frames,
WIDTH), output `heads` (takes, frames, OUTPUTS) logits in the order of `Heads`. Live: `picture` begins with the PAST
frames before, and `hidden`, `cell` go in and come out as `hidden_out`, `cell_out`; order of `LiveHeads`. Checks that
torch and the file give the same within 1e-4 and prints by how much they differ, the size and the speed on one thread.
"""

import argparse
import time
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from training.voice.model_voice import Config, VoiceModel, parameter_count
from training.voice.model_voice_live import LiveConfig, LiveModel
from training.voice.train_voice import model_of
from vocalmidi.frames.features import WIDTH
from vocalmidi.frames.heads import PAST

SAME = 1e-4
"""Largest difference of a logit that counts as equal."""


def read(path: Path) -> VoiceModel | LiveModel:
    """Return a checkpoint's averaged model, ready to be used."""
    held = torch.load(path, map_location="cpu")
    model = model_of(Config(**held["config"]) if "layers" in held["config"] else LiveConfig(**held["config"]))
    model.load_state_dict(held["mean"])
    return model.eval()


def export(model: VoiceModel, path: Path) -> None:
    """Write the model, for any number of phrases of any one length."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter warns that it is the older one; it is asked for
        torch.onnx.export(
            model,
            (torch.rand(1, 50, WIDTH),),
            str(path),
            input_names=["picture"],
            output_names=["heads"],
            dynamic_axes={name: {0: "takes", 1: "frames"} for name in ("picture", "heads")},
            dynamo=False,
        )


def export_live(model: LiveModel, path: Path) -> None:
    """Write the live model: pictures with their PAST and the LSTM's state in, heads and state out."""
    state = torch.zeros(1, 1, model.config.hidden)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above
        torch.onnx.export(
            model,
            (torch.rand(1, PAST + 3, WIDTH), state, state),
            str(path),
            input_names=["picture", "hidden", "cell"],
            output_names=["heads", "hidden_out", "cell_out"],
            dynamic_axes={"picture": {1: "seen"}, "heads": {1: "frames"}},
            dynamo=False,
        )


def difference(model: VoiceModel | LiveModel, path: Path, frames: int, seed: int = 0) -> float:
    """Return the largest difference of any output between torch and the exported file on a random picture.

    That of the state counts in parts of its size where it is above 1: a cell that counts frames reaches hundreds.
    """
    shown = torch.from_numpy(np.random.default_rng(seed).random((1, frames, WIDTH), np.float32))
    given = model.from_nothing(shown) if isinstance(model, LiveModel) else (shown,)
    with torch.no_grad():
        wanted = model(*given)
    names = ("picture", "hidden", "cell")
    found = session(path).run(None, {name: part.numpy() for name, part in zip(names, given, strict=False)})
    heads, *state = (part.numpy() for part in (wanted if isinstance(wanted, tuple) else (wanted,)))
    sizes = [np.ones_like(heads), *(np.maximum(1.0, np.abs(part)) for part in state)]
    outputs = zip(found, (heads, *state), sizes, strict=True)
    return max(float((np.abs(one - other) / size).max()) for one, other, size in outputs)


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
    write(read(given.model), given.out)


def write(model: VoiceModel | LiveModel, path: Path) -> None:
    """Export, check, print; raise SystemExit where the file differs from torch."""
    if isinstance(model, LiveModel):
        export_live(model, path)
    else:
        export(model, path)
    off = max(difference(model, path, frames) for frames in (1, 37, 3000))
    if off > SAME:
        raise SystemExit(f"{path}: differs from torch by {off:.1e}, more than {SAME}")
    size = f"{path.stat().st_size / 1e6:.2f} MB, {parameter_count(model)} parameters"
    taken = seconds_of(model, path, 1 if isinstance(model, LiveModel) else 3000)
    print(f"{path}: {size}, off by {off:.1e}, {taken:.6f} s a run")


def seconds_of(model: VoiceModel | LiveModel, path: Path, frames: int) -> float:
    """Return the median CPU time of a run over so many frames, on one thread."""
    shown = torch.zeros(1, frames, WIDTH)
    given = model.from_nothing(shown) if isinstance(model, LiveModel) else (shown,)
    exported, fed = session(path), dict(zip(("picture", "hidden", "cell"), (g.numpy() for g in given), strict=False))
    taken = []
    for _ in range(max(3, 300 // frames)):
        began = time.process_time()
        exported.run(None, fed)
        taken.append(time.process_time() - began)
    return float(np.median(taken))


if __name__ == "__main__":
    main()
