"""Teach a trained voice model its vowels: `python -m training.voice.train_vowels --model CKPT --out CKPT --onnx FILE`.

Takes the running mean of a checkpoint's weights; leaves a checkpoint with the same weights, those of the vowel heads
taught and the branch of `model_vowels.py` beside them. The trunk and every other head stay as they are: exported,
notes and pitches are the same to the bit, which is checked. Prints the accuracy at singers that it never heard, by
source, vowel and pitch, of the heads on the trunk alone and with the branch. Minutes on one core.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from training.voice import export_onnx
from training.voice.data_vowel_takes import VowelTake, vowel_takes
from training.voice.data_vowels import VOWELS
from training.voice.model_voice import VoiceModel
from training.voice.model_voice_live import LiveModel
from training.voice.train_voice import commit, model_of
from vocalmidi.frames.features import (
    CONSIDERED,
    LIVE,
    TONE_BINS,
    FrameSpectra,
    followed_reference_db,
    phrase_levels,
    phrase_reference_db,
    picture,
)
from vocalmidi.frames.heads import DELAYS, PAST, VOWEL_CLASSES, Heads, LiveHeads

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VowelRecipe:
    """How the vowels are taught."""

    takes: int = 600
    """65 minutes; more by the same few mouths add little."""
    valid_takes: int = 120
    channels: int = 48
    """Of the branch."""
    epochs: int = 16
    frames: int = 64
    """Of a crop; the branch sees 9."""
    batch: int = 32
    rate: float = 4e-3
    weight_decay: float = 1e-3
    colour: float = 0.11
    """9 dB in parts of the mels' range: a random tilt and curve, other microphones and mouths."""
    tract: float = 0.06
    """Standard deviation of how much longer the mouth is, and bent: there are few real ones to learn from."""
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A take as the trunk hears it: mels (n, MEL_BANDS), pitch features (n, p), memory (n, h), truth (n, 5)."""

    mels: Tensor
    pitch: Tensor
    remembered: Tensor
    truth: Tensor
    take: VowelTake


def heard_by(model: VoiceModel | LiveModel, take: VowelTake) -> Heard:
    """Return what the trunk makes of a take."""
    live = isinstance(model, LiveModel)
    spectra = FrameSpectra(LIVE if live else CONSIDERED)
    levels = phrase_levels(take.audio, spectra)
    reference = followed_reference_db(levels.frames_db) if live else phrase_reference_db(levels.frames_db)
    shown = torch.from_numpy(picture(levels, reference))[None]
    with torch.no_grad():
        parts = model.hear(*model.from_nothing(shown)) if isinstance(model, LiveModel) else model.hear(shown)
    truth = np.zeros((shown.shape[1], VOWEL_CLASSES), np.float32)
    truth[: len(take.truth)] = take.truth[: len(truth)]
    return Heard(shown[0, :, TONE_BINS:], parts[1][0], parts[2][0], torch.from_numpy(truth), take)


class VowelHeads(nn.Module):
    """What is taught: rows of `heads` and, if asked for, the branch; (b, n, delays, 5) logits."""

    def __init__(self, model: VoiceModel | LiveModel, *, branch: bool) -> None:
        super().__init__()
        self.delays = DELAYS if isinstance(model, LiveModel) else (0,)
        self.causal = isinstance(model, LiveModel)
        self.linear = nn.Linear(model.heads.in_features, len(self.delays) * VOWEL_CLASSES)
        self.vowels = model.vowels if branch else None

    def forward(self, mels: Tensor, pitch: Tensor, remembered: Tensor) -> Tensor:
        """Return the logits; where causal, `mels` begins PAST frames earlier."""
        out = self.linear(remembered)
        if self.vowels is not None:
            out = out + self.vowels(mels, pitch)
        return out.unflatten(-1, (len(self.delays), VOWEL_CLASSES))

    def loss(self, out: Tensor, truth: Tensor) -> Tensor:
        """Return the cross entropy of every delay against the truth that many frames ago."""
        total = out.new_zeros(())
        for number, delay in enumerate(self.delays):
            wanted = truth[:, : truth.shape[1] - delay]
            said = torch.log_softmax(out[:, delay:, number], dim=-1)
            total = total - (wanted * said).sum() / wanted.sum().clamp(min=1.0)
        return total / len(self.delays)


def crops(pool: list[Heard], recipe: VowelRecipe, causal: bool, rng: np.random.Generator) -> Iterator[list[Tensor]]:
    """Yield the batches of an epoch: mels, pitch, remembered, truth."""
    places = [(h, at) for h in pool for at in range(0, len(h.truth) - recipe.frames, recipe.frames)]
    order = rng.permutation(len(places))
    past = PAST if causal else 0
    for first in range(0, len(order), recipe.batch):
        chosen = [places[k] for k in order[first : first + recipe.batch]]
        rows: list[list[Tensor]] = [[], [], [], []]
        for h, at in chosen:
            begin = int(np.clip(at + rng.integers(-20, 20), 0, len(h.truth) - recipe.frames))
            span = slice(begin, begin + recipe.frames)
            before = h.mels.new_zeros(max(0, past - begin), h.mels.shape[1])
            mels = torch.cat([before, h.mels[max(0, begin - past) : span.stop]])
            rows[0].append(coloured(mels, recipe, rng))
            for row, part in zip(rows[1:], (h.pitch, h.remembered, h.truth), strict=True):
                row.append(part[span])
        yield [torch.stack(row) for row in rows]


def coloured(mels: Tensor, recipe: VowelRecipe, rng: np.random.Generator) -> Tensor:
    """Return the bands of another mouth by another microphone: bent along frequency, a random curve where is sound."""
    bands = mels.shape[1]
    bent = np.interp(np.linspace(0, 3, bands), np.arange(4), np.exp(rng.normal(0.0, recipe.tract, 4)))
    place = np.clip(np.arange(bands) * np.exp(rng.normal(0.0, recipe.tract)) * bent, 0, bands - 1.001)
    low, part = torch.from_numpy(place.astype(np.int64)), torch.from_numpy((place % 1.0).astype(np.float32))
    mels = mels[:, low] * (1.0 - part) + mels[:, low + 1] * part
    curve = np.interp(np.linspace(0, 4, mels.shape[1]), np.arange(5), rng.uniform(-recipe.colour, recipe.colour, 5))
    changed = (mels + torch.from_numpy(curve.astype(np.float32))).clamp(0.0, 1.0)
    return torch.where(mels > 0.0, changed, mels)


def teach(model: VoiceModel | LiveModel, pool: list[Heard], recipe: VowelRecipe, *, branch: bool) -> VowelHeads:
    """Return vowel heads taught on what the trunk heard."""
    torch.manual_seed(recipe.seed)
    heads, rng = VowelHeads(model, branch=branch), np.random.default_rng(recipe.seed)
    optimiser = torch.optim.AdamW(heads.parameters(), recipe.rate, weight_decay=recipe.weight_decay)
    for epoch in range(recipe.epochs):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * 0.5 * (1.0 + np.cos(np.pi * epoch / recipe.epochs)) + 1e-5
        total, count = 0.0, 0
        for mels, pitch, remembered, truth in crops(pool, recipe, heads.causal, rng):
            loss = heads.loss(heads(mels, pitch, remembered), truth)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total, count = total + float(loss.detach()), count + 1
        print(f"  epoch {epoch + 1}: {total / count:.3f}", flush=True)
    return heads.eval()


def said(heads: VowelHeads, heard: Heard, delay: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (said, true) vowels of the frames that are mostly one vowel, by the heads of that delay."""
    before = heard.mels.new_zeros(PAST if heads.causal else 0, heard.mels.shape[1])
    with torch.no_grad():
        out = heads(torch.cat([before, heard.mels])[None], heard.pitch[None], heard.remembered[None])[0]
    index = heads.delays.index(delay)
    truth = heard.truth[: len(heard.truth) - delay].numpy()
    sure = truth.max(axis=1) > 0.9
    return out[delay:, index].numpy().argmax(axis=1)[sure], truth.argmax(axis=1)[sure]


def report(heads: VowelHeads, pool: list[Heard], delay: int) -> str:
    """Return the accuracy by source, by vowel and by pitch, as lines."""
    groups: dict[str, list[tuple[int, int]]] = {}
    confusion = np.zeros((VOWEL_CLASSES, VOWEL_CLASSES), int)
    for heard in pool:
        found, true = said(heads, heard, delay)
        np.add.at(confusion, (true, found), 1)
        right = int((found == true).sum())
        pitches = heard.take.pitch_midi
        low = float(np.median(pitches[pitches > 0])) if (pitches > 0).any() else 0.0
        band = "below C4" if low < 60 else "C4 to C5" if low < 72 else "above C5"
        for name in ("all", heard.take.source, band, "clean" if "clean" in heard.take.tags else "rooms and noise"):
            groups.setdefault(name, []).append((right, len(true)))
    lines = [f"delay {10 * delay} ms"]
    for name, counts in sorted(groups.items()):
        lines.append(f"  {name:20} {sum(r for r, _ in counts) / max(1, sum(n for _, n in counts)):.3f}")
    shares = confusion / np.maximum(1, confusion.sum(axis=1, keepdims=True))
    lines += [
        f"  {vowel}: " + " ".join(f"{share:.2f}" for share in row) for vowel, row in zip(VOWELS, shares, strict=True)
    ]
    return "\n".join(lines)


def put_in(model: VoiceModel | LiveModel, heads: VowelHeads) -> None:
    """Write the taught rows into the model's heads; its branch is the taught one already."""
    with torch.no_grad():
        for number in range(len(heads.delays)):
            at = number * LiveHeads.BLOCK + Heads.VOWELS.start
            own = slice(number * VOWEL_CLASSES, (number + 1) * VOWEL_CLASSES)
            model.heads.weight[at : at + VOWEL_CLASSES] = heads.linear.weight[own]
            model.heads.bias[at : at + VOWEL_CLASSES] = heads.linear.bias[own]


def check_rest_is_same(before: VoiceModel | LiveModel, after: VoiceModel | LiveModel, folder: Path) -> None:
    """Raise SystemExit where an exported output other than the vowels' differs by a single bit."""
    live = isinstance(before, LiveModel)
    found = []
    for name, model in (("before", before), ("after", after)):
        path = folder / f"{name}.onnx"
        (export_onnx.export_live if live else export_onnx.export)(model, path)  # type: ignore[arg-type]  # by its kind
        shown = torch.from_numpy(np.random.default_rng(5).random((1, 200, TONE_BINS + 40), np.float32))
        given = model.from_nothing(shown) if isinstance(model, LiveModel) else (shown,)
        fed = dict(zip(("picture", "hidden", "cell"), (g.numpy() for g in given), strict=False))
        found.append(export_onnx.session(path).run(None, fed))
    vowels = [
        block * LiveHeads.BLOCK + k
        for block in range(len(DELAYS) if live else 1)
        for k in range(Heads.VOWELS.start, Heads.VOWELS.stop)
    ]
    kept = np.setdiff1d(np.arange(found[0][0].shape[-1]), vowels)
    if not all(np.array_equal(a, b) for a, b in zip(found[0][1:], found[1][1:], strict=True)) or not np.array_equal(
        found[0][0][..., kept], found[1][0][..., kept]
    ):
        raise SystemExit("the other heads' outputs have changed: nothing is written")


def main() -> None:
    """Read the command line, teach, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--onnx", type=Path, help="also export there")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path("out/vowels"))
    parser.add_argument("--takes", type=int, default=VowelRecipe().takes)
    parser.add_argument("--valid-takes", type=int, default=VowelRecipe().valid_takes)
    parser.add_argument("--compare", action="store_true", help="also teach and measure heads on the trunk alone")
    parser.add_argument("--epochs", type=int, default=VowelRecipe().epochs)
    given = parser.parse_args()
    torch.set_num_threads(1)
    began = time.monotonic()
    recipe = replace(VowelRecipe(), takes=given.takes, valid_takes=given.valid_takes, epochs=given.epochs)
    held = torch.load(given.model, map_location="cpu")
    old = export_onnx.read(given.model)
    new = model_of(replace(old.config, vowel_channels=recipe.channels)).eval()
    new.load_state_dict({**new.state_dict(), **held["mean"]})
    pools = {
        side: [heard_by(old, take) for take in vowel_takes(given.shared, given.cache, side, count)]
        for side, count in (("train", recipe.takes), ("valid", recipe.valid_takes))
    }
    print(f"heard {len(pools['train'])} takes in {time.monotonic() - began:.0f} s", flush=True)
    for branch in (False, True) if given.compare else (True,):
        heads = teach(new, pools["train"], recipe, branch=branch)
        print("with the branch" if branch else "the trunk alone")
        for delay in heads.delays:
            print(report(heads, pools["valid"], delay), flush=True)
    put_in(new, heads)
    with tempfile.TemporaryDirectory() as folder:
        check_rest_is_same(old, new, Path(folder))
    weights = new.state_dict()
    held |= {"config": asdict(new.config), "mean": weights, "model": {**weights, **held["model"]}}
    held["vowels"] = {**asdict(recipe), "commit": commit()}
    torch.save(held, given.out.with_suffix(".part"))
    given.out.with_suffix(".part").replace(given.out)
    if given.onnx is not None:
        export_onnx.write(new, given.onnx)
    print(f"taught in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
