"""Teach a trained timbre encoder which instrument is imitated.

    python -m training.timbre.train_instruments --model CKPT --out CKPT --onnx FILE

Takes the running mean of a checkpoint's weights; leaves a checkpoint with the same weights and a head of its own for
the instruments, taught with `data_instruments.py`. Everything else stays as it is: embeddings and classes are the same
to the bit, which is checked. Prints how many are right at each age at singers that it never heard.
"""

import argparse
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from training.timbre import export_onnx
from training.timbre.data_instruments import ensemble, instrument_patches, real_patches
from training.timbre.model_timbre import TimbreModel
from training.voice.train_voice import commit
from vocalmidi.values import INSTRUMENTS


@dataclass(frozen=True, slots=True)
class InstrumentRecipe:
    """How the instruments are taught."""

    patches: int = 12_000
    valid_patches: int = 3_000
    features: int = 32
    epochs: int = 25
    batch: int = 128
    rate: float = 2e-3
    weight_decay: float = 0.02
    seed: int = 1
    real: bool = True
    """Also people's singing, as leads: SSVD, which `--no-research` leaves out."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Last pictures (n, ...), ages (n,) and instruments (n,)."""

    drawn: Tensor
    age: npt.NDArray[np.float32]
    instrument: Tensor


def seen_by(model: TimbreModel, shared: Path, cache: Path, side: str, recipe: InstrumentRecipe) -> Seen:
    """Return what the encoder sees of the imitations of a side; the patches are kept in `cache`."""
    count = recipe.patches if side == "train" else recipe.valid_patches
    path = cache / f"instruments_{side}_{count}.npz"
    if not path.exists():
        patches, labels = instrument_patches(ensemble(shared, cache, side), count, ("train", "valid").index(side))
        np.savez(path, patch=patches.patch.astype(np.float16), age=patches.age, instrument=labels)
    with np.load(path) as held:
        patch, age, labels = held["patch"].astype(np.float32), held["age"], held["instrument"]
    if side == "train" and recipe.real:
        sung, lead = real_patches(shared, side, recipe.seed)
        patch, age, labels = (np.concatenate(p) for p in ((patch, sung.patch), (age, sung.age), (labels, lead)))
    with torch.no_grad():
        drawn = [
            model.look_at(torch.from_numpy(patch[at : at + 256]), torch.from_numpy(age[at : at + 256]))
            for at in range(0, len(patch), 256)
        ]
    return Seen(torch.cat(drawn), age, torch.from_numpy(labels))


def teach(model: TimbreModel, seen: Seen, recipe: InstrumentRecipe) -> None:
    """Teach the head of the instruments, nothing else."""
    torch.manual_seed(recipe.seed)
    head = model.instrument.train()
    optimiser = torch.optim.AdamW(head.parameters(), recipe.rate, weight_decay=recipe.weight_decay)
    for epoch in range(recipe.epochs):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * 0.5 * (1.0 + np.cos(np.pi * epoch / recipe.epochs)) + 1e-5
        for rows in torch.randperm(len(seen.instrument)).split(recipe.batch):
            loss = functional.cross_entropy(head(seen.drawn[rows]), seen.instrument[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    head.eval()


def right(model: TimbreModel, seen: Seen) -> dict[str, float]:
    """Return the share that is right, by age."""
    with torch.no_grad():
        found = (model.instrument(seen.drawn).argmax(dim=1) == seen.instrument).numpy()
    return {f"{160 * age:.0f} ms": float(found[seen.age == age].mean()) for age in np.unique(seen.age)}


def report(model: TimbreModel, seen: Seen) -> str:
    """Return, for each age, how many are right, and what the true ones (rows) are taken for."""
    with torch.no_grad():
        found = model.instrument(seen.drawn).argmax(dim=1).numpy()
    true, lines = seen.instrument.numpy(), []
    for age in np.unique(seen.age):
        rows = seen.age == age
        table = np.zeros((len(INSTRUMENTS), len(INSTRUMENTS)), int)
        np.add.at(table, (true[rows], found[rows]), 1)
        lines.append(f"after {160 * age:.0f} ms {np.trace(table) / table.sum():.3f} right")
        lines += [
            f"  {name:6} " + " ".join(f"{n:4d}" for n in row) for name, row in zip(INSTRUMENTS, table, strict=True)
        ]
    return "\n".join(lines)


def check_rest_is_same(before: TimbreModel, after: TimbreModel, folder: Path) -> None:
    """Raise SystemExit where an exported embedding or class differs by a single bit."""
    found = []
    for name, model in (("before", before), ("after", after)):
        export_onnx.export(model, folder / f"{name}.onnx")
        fed = dict(zip(export_onnx.INPUTS, (part.numpy() for part in export_onnx.shown(1)), strict=True))
        found.append(export_onnx.session(folder / f"{name}.onnx").run(["embedding", "logits"], fed))
    if not all(np.array_equal(one, other) for one, other in zip(*found, strict=True)):
        raise SystemExit("embeddings or classes have changed: nothing is written")


def main() -> None:
    """Read the command line, teach, measure, write."""
    parser = argparse.ArgumentParser(description="Teach a trained timbre encoder which instrument is imitated.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--onnx", type=Path, help="also export there")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path("out/vowels"))
    parser.add_argument("--patches", type=int, default=InstrumentRecipe().patches)
    parser.add_argument("--valid-patches", type=int, default=InstrumentRecipe().valid_patches)
    parser.add_argument("--no-research", action="store_true", help="leave out SSVD")
    given = parser.parse_args()
    torch.set_num_threads(1)
    began = time.monotonic()
    recipe = InstrumentRecipe(patches=given.patches, valid_patches=given.valid_patches, real=not given.no_research)
    held = torch.load(given.model, map_location="cpu")
    old = export_onnx.encoder_of(held)
    new = TimbreModel(replace(old.config, instrument_features=recipe.features)).eval()
    kept = {key: value for key, value in old.state_dict().items() if not key.startswith("instrument.")}
    new.load_state_dict({**new.state_dict(), **kept})
    train, valid = (seen_by(old, given.shared, given.cache, side, recipe) for side in ("train", "valid"))
    teach(new, train, recipe)
    print(report(new, valid))
    with tempfile.TemporaryDirectory() as folder:
        check_rest_is_same(old, new, Path(folder))
    held |= {"config": asdict(new.config), "mean": new.state_dict(), "model": new.state_dict()}
    held["instruments"] = {**asdict(recipe), "commit": commit(), "right": right(new, valid)}
    torch.save(held, given.out.with_suffix(".part"))
    given.out.with_suffix(".part").replace(given.out)
    if given.onnx is not None:
        export_onnx.write(new, given.onnx)
    print(f"taught in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
