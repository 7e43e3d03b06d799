"""Export a checkpoint: `python -m training.drums.export_onnx --model CKPT --out models/drums.onnx`.

Of several checkpoints it makes one file that says their mean word (`teach.mean_word`), as models/drums_tap.onnx does.
Takes the running mean of the weights, rounded to half precision, and leaves one ONNX file with inputs `steps` (loops,
32, FEATURES), `style` and `kind` (loops,), all float32 as `vocalmidi.inference.Model.run` feeds them, outputs `logits`,
`velocity` and `shift` (loops, 32, 9). Checks that torch with the same rounded weights and the file agree within 1e-4,
and prints the size and the time of a reading.
"""

import argparse
import time
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from training.context.export_onnx import LEAST_PACKED, pack, shorten
from training.drums.draw import OUTPUTS, opened
from training.drums.loops import KINDS, STEPS, STYLES
from training.drums.model_drums import COMPLETE, FEATURES, SETTLED, TAPPED, parameter_count
from training.drums.teach import Teacher, mean_word, teacher
from training.voice.export_onnx import SAME

INPUTS = ("steps", "style", "kind")
SOFTER = 0.85
"""How loud a tap is, of what it is, where several networks are asked without the tempo. Of .85 to 1.08 the best on
validation grooves: F1 .663 and, with the style, .681; as loud as it is .660 and .678, which is about as good (bootstrap
over takes: p .15, .08). Chosen on half of the takes for the other, with and without the tempo apart: .652 and .680."""


class Together(nn.Module):
    """Several networks behind the call of one: their mean word."""

    def __init__(self, members: list[Teacher]) -> None:
        super().__init__()
        if all(one.narrow for one in members):
            raise ValueError("members is narrow networks alone: nobody would answer where cells are settled")
        self.members = members
        self.models = nn.ModuleList(one.model for one in members)

    def forward(self, steps: Tensor, style: Tensor, kind: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what they say on average."""
        return mean_word(self.members, steps, style, kind, SOFTER)


def read(*paths: Path) -> nn.Module:
    """Return a checkpoint's averaged network, or several as one, with weights rounded to half precision."""
    members = [teacher(path) for path in paths]
    model = members[0].model if len(members) == 1 else Together(members)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.numel() >= LEAST_PACKED:
                weight.copy_(weight.half().float())
    return model


def shown(loops: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return random steps, styles and kinds."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0.0, 0.5, (loops, STEPS, FEATURES)).astype(np.float32)
    for column in (TAPPED, COMPLETE):
        steps[..., column] = steps[..., column] > 0
    # Every other one is a whole tap with nothing settled, of which narrow members are heard.
    steps[::2, :, COMPLETE], steps[::2, :, SETTLED:] = 1.0, 0.0
    style, kind = rng.integers(0, len(STYLES) + 1, loops), rng.integers(0, len(KINDS) + 1, loops)
    return torch.from_numpy(steps), torch.from_numpy(style), torch.from_numpy(kind)


class Numbered(nn.Module):
    """The network with style and kind told as float32, the one type that the program feeds."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, steps: Tensor, style: Tensor, kind: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what the network says."""
        told: tuple[Tensor, Tensor, Tensor] = self.model(steps, style.long(), kind.long())
        return told


def export(model: nn.Module, path: Path) -> None:
    """Write the network, for any number of loops."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter warns that it is the older one; it is asked for
        torch.onnx.export(
            Numbered(model).eval(),
            tuple(part.float() for part in shown(3)),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={name: {0: "loops"} for name in (*INPUTS, *OUTPUTS)},
            dynamo=False,
        )
    packed = onnx.load(str(path))
    pack(packed)
    shorten(packed)
    onnx.save(packed, str(path))


def difference(model: nn.Module, path: Path, loops: int) -> float:
    """Return the largest difference of any output between torch and the exported file."""
    given = shown(loops, seed=loops)
    with torch.no_grad():
        here = model(*given)
    there = opened(path)(*(part.numpy() for part in given))
    return max(float(np.abs(a.numpy() - b).max()) for a, b in zip(here, there, strict=True))


def seconds_of(path: Path, loops: int = 1) -> float:
    """Return the median time of a reading on one thread."""
    network, given = opened(path), tuple(part.numpy() for part in shown(loops))
    times = list[float]()
    for _ in range(30):
        begun = time.perf_counter()
        network(*given)
        times.append(time.perf_counter() - begun)
    return float(np.median(times))


def main() -> None:
    """Read the command line, export and check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, nargs="+", required=True, help="the checkpoint, or several")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    given = parser.parse_args()
    model = read(*given.model)
    export(model, given.out)
    worst = max(difference(model, given.out, loops) for loops in (1, 2, 9))
    if worst > SAME:
        raise SystemExit(f"{given.out}: torch and ONNX Runtime differ by {worst:.1e}, more than {SAME:g}")
    print(
        f"{given.out}: {parameter_count(model):,} parameters, {given.out.stat().st_size / 1e6:.2f} MB, differs by"
        f" {worst:.1e} from torch, {1000 * seconds_of(given.out):.2f} ms for two bars,"
        f" {1000 * seconds_of(given.out, 8):.2f} ms for eight times two"
    )


if __name__ == "__main__":
    main()
