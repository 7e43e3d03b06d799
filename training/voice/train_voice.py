"""Train a voice model: `python -m training.voice.train_voice --out FOLDER [--live] [--minutes M]`.

Takes the shared sets and the synthetic folder, leaves FOLDER/last.pt every few minutes: the weights, their running
mean (which is what is exported), the optimiser, every setting, the seed, the commit and a hash of the material.
Run again with the same --out it goes on from there. One CPU core is enough: bf16 convolutions, fp32 recurrence.
Without SSVD: `--no-ssvd`. With several GPUs or processes: `torchrun ... -m training.voice.train_voice`.
"""

import argparse
import math
import os
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor
from torch.nn import functional

from training.voice.data_batches import Batch, Pool, batch, pitch_targets
from training.voice.model_voice import Config, VoiceModel, parameter_count
from training.voice.model_voice_live import LiveConfig, LiveModel, at_delay
from vocalmidi.frames.features import CONSIDERED, LIVE
from vocalmidi.frames.heads import DELAYS, F0_DELAY, Heads


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that the result depends on beside the material."""

    seed: int = 1
    frames: int = 600
    """6 s: two phrases of a song, enough for a bidirectional memory to settle."""
    batch: int = 8
    """What one core takes in half a second."""
    steps: int = 8000
    """The end of the learning rate's cosine."""
    warmup: int = 100
    """Steps of linear rise; the recurrent layers diverge without."""
    rate: float = 2.5e-3
    """AdamW; the experiment's."""
    weight_decay: float = 0.01
    ema: float = 0.995
    """Of the running mean: about 200 steps."""
    most_ssvd: float = 0.3
    """Of the crops: a model of singing, not of one set's labels."""
    onset_weight: float = 8.0
    """An onset is one frame in thirty: positives weigh that much more."""


def losses(out: Tensor, b: Batch, recipe: Recipe) -> dict[str, Tensor]:
    """Return each head's loss, masked where nothing is known, weighted so that none drowns another."""
    bce = functional.binary_cross_entropy_with_logits
    taught = torch.cat([b.events, b.events], dim=-1)
    weight = 1.0 + (recipe.onset_weight - 1.0) * taught * torch.tensor([1.0, 1.0, 0.0] * 2, device=out.device)
    each = bce(out[..., :6], taught, weight=weight, reduction="none").mean(dim=1)
    events = (each * b.trust).sum(dim=0) / b.trust.sum(dim=0).clamp(min=1.0)
    known = (b.voicing >= 0.0).float()
    voicing = (bce(out[..., Heads.VOICING], b.voicing.clamp(min=0.0), reduction="none") * known).sum()
    pitched = (b.pitch > -1.0) & (b.pitch < Heads.F0.stop - Heads.F0.start)
    guess = functional.log_softmax(out[..., Heads.F0], dim=-1)[pitched]
    pitch = -(pitch_targets(b.pitch[pitched]) * guess).sum() / max(1, int(pitched.sum()))
    hits = bce(out[..., Heads.HITS], b.hits, weight=1.0 + 9.0 * b.hits, reduction="none").mean(dim=(1, 2))
    names = ("onset", "offset", "active", "l_onset", "l_offset", "l_active")
    scale = (2.0, 0.7, 1.0) * 2
    parts = {name: k * value for name, k, value in zip(names, scale, events, strict=True)}
    parts["voicing"] = 0.7 * voicing / known.sum().clamp(min=1.0)
    parts["pitch"] = 0.4 * pitch
    parts["level"] = 2.0 * functional.mse_loss(torch.sigmoid(out[..., Heads.LEVEL]) * 1.2, b.level)
    parts["hits"] = (hits * b.hits_known).sum() / b.hits_known.sum().clamp(min=1.0)
    return parts


def live_losses(out: Tensor, b: Batch, recipe: Recipe) -> dict[str, Tensor]:
    """Return the losses of a live model: each delay's heads against the truth that many frames ago."""
    total: dict[str, Tensor] = {}
    for number, delay in enumerate(DELAYS):
        n = out.shape[1] - delay
        late = Batch(
            b.picture,
            b.events[:, :n],
            b.trust,
            b.voicing[:, :n],
            b.pitch[:, :n],
            b.level[:, :n],
            b.hits[:, :n],
            b.hits_known,
        )
        parts = losses(at_delay(out, number)[:, delay:], late, recipe)
        for name, value in parts.items():
            if name != "pitch":
                total[name] = total.get(name, 0.0) + value / len(DELAYS)
            elif delay == F0_DELAY:
                total[name] = value
    return total


def rate_at(step: int, recipe: Recipe) -> float:
    """Return the learning rate: linear rise, then half a cosine down to a hundredth."""
    if step < recipe.warmup:
        return recipe.rate * (step + 1) / recipe.warmup
    way = min(1.0, (step - recipe.warmup) / max(1, recipe.steps - recipe.warmup))
    return recipe.rate * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * way)))


def model_of(config: Config | LiveConfig) -> VoiceModel | LiveModel:
    """Return a fresh model of that size."""
    return VoiceModel(config) if isinstance(config, Config) else LiveModel(config)


def commit() -> str:
    """Return the commit of the code that runs, which later commits of a long training don't change."""
    asked = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


class Trainer:
    """Model, its running mean, optimiser and count of steps: all that a checkpoint holds."""

    def __init__(self, config: Config | LiveConfig, recipe: Recipe, device: str) -> None:
        torch.manual_seed(recipe.seed)
        self.config, self.recipe, self.device, self.step = config, recipe, device, 0
        self.commit = commit()
        self.model, self.mean = (model_of(config).to(device) for _ in range(2))
        self.mean.load_state_dict(self.model.state_dict())
        self.optimiser = torch.optim.AdamW(self.model.parameters(), recipe.rate, weight_decay=recipe.weight_decay)
        self.wrapped: torch.nn.Module = self.model
        if dist.is_initialized():
            self.wrapped = torch.nn.parallel.DistributedDataParallel(self.model)

    def learn(self, b: Batch) -> dict[str, float]:
        """Take one step; return the losses."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate_at(self.step, self.recipe)
        b = Batch(*(getattr(b, name).to(self.device) for name in Batch.__slots__))
        if isinstance(self.model, LiveModel):
            parts = live_losses(self.wrapped(*self.model.from_nothing(b.picture))[0], b, self.recipe)
        else:
            parts = losses(self.wrapped(b.picture), b, self.recipe)
        self.optimiser.zero_grad()
        torch.stack(list(parts.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        share = min(self.recipe.ema, (1.0 + self.step) / (10.0 + self.step))
        with torch.no_grad():
            for old, new in zip(self.mean.parameters(), self.model.parameters(), strict=True):
                old.lerp_(new, 1.0 - share)
        return {name: float(value.detach()) for name, value in parts.items()}

    def save(self, path: Path, material: str) -> None:
        """Write a checkpoint in one go."""
        held = {
            "config": asdict(self.config),
            "recipe": asdict(self.recipe),
            "step": self.step,
            "model": self.model.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "commit": self.commit,
            "material": material,
        }
        torch.save(held, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def begin_from(self, path: Path) -> None:
        """Take the averaged weights of another training as the first."""
        weights = torch.load(path, map_location=self.device)["mean"]
        self.model.load_state_dict(weights)
        self.mean.load_state_dict(weights)

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint of the same configuration."""
        held = torch.load(path, map_location=self.device)
        if type(self.config)(**held["config"]) != self.config:
            raise ValueError(f"{path} holds a model of another size: {held['config']}")
        self.model.load_state_dict(held["model"])
        self.mean.load_state_dict(held["mean"])
        self.optimiser.load_state_dict(held["optimiser"])
        self.step = held["step"]
        if held["commit"] != self.commit:
            self.commit = f"{held['commit']} then {self.commit}"


def main() -> None:
    """Read the command line and train until the steps or the minutes are over."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"), help="its folder data")
    parser.add_argument("--synthetic", type=Path, default=Path("out/voice_data/train"))
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--no-ssvd", action="store_true", help="train on synthetic singing alone")
    parser.add_argument("--live", action="store_true")
    parser.add_argument("--start", type=Path, help="a checkpoint whose averaged weights to begin from")
    parser.add_argument("--rate", type=float, default=Recipe().rate)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--most-ssvd", type=float, default=Recipe().most_ssvd)
    given = parser.parse_args()
    if "RANK" in os.environ:
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    rank = dist.get_rank() if dist.is_initialized() else 0
    torch.set_num_threads(1)
    device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if torch.cuda.is_available() else "cpu"
    most_ssvd = 0.0 if given.no_ssvd else given.most_ssvd
    recipe = Recipe(seed=given.seed, steps=given.steps, rate=given.rate, most_ssvd=most_ssvd)
    trainer = Trainer(LiveConfig() if given.live else Config(), recipe, device)
    given.out.mkdir(parents=True, exist_ok=True)
    last = given.out / "last.pt"
    if last.exists():
        trainer.resume(last)
    elif given.start:
        trainer.begin_from(given.start)
    layout = LIVE if given.live else CONSIDERED
    pool = Pool(given.shared, given.synthetic, not given.no_ssvd, trainer.recipe.seed, layout)
    if rank == 0:
        minutes = sum(len(e.level) for e in pool.ssvd) / 6000
        print(
            f"{parameter_count(trainer.model)} parameters; SSVD {minutes:.0f} min, "
            f"synthetic {pool.synthetic_minutes():.0f} min; from step {trainer.step}",
            flush=True,
        )
    run(trainer, pool, last if rank == 0 else None, time.monotonic() + 60 * given.minutes)


def step(trainer: Trainer, pool: Pool, rank: int) -> dict[str, float]:
    """Take the next step; what is random in it depends on its number alone, so that a resumed training is the same."""
    recipe = trainer.recipe
    rng = np.random.default_rng([recipe.seed, trainer.step, rank])
    torch.manual_seed(int(rng.integers(2**63)))
    return trainer.learn(batch(pool, recipe.batch, recipe.frames, recipe.most_ssvd, rng))


def run(trainer: Trainer, pool: Pool, last: Path | None, until: float) -> None:
    """Learn, print every 50 steps, look for new material every 50, save every 200."""
    recipe, total, began = trainer.recipe, {}, time.process_time()
    rank = dist.get_rank() if dist.is_initialized() else 0
    while trainer.step < recipe.steps and time.monotonic() < until:
        parts = step(trainer, pool, rank)
        total = {name: total.get(name, 0.0) + value / 50 for name, value in parts.items()}
        if trainer.step % 50 == 0 and last:
            shown = " ".join(f"{name} {value:.3f}" for name, value in total.items())
            seconds = (time.process_time() - began) / 50
            print(f"{trainer.step} {sum(total.values()):.3f} | {shown} | {seconds:.2f} s/step", flush=True)
            total, began = {}, time.process_time()
            if pool.rescan(150):
                print(f"synthetic {pool.synthetic_minutes():.0f} min", flush=True)
        if trainer.step % 200 == 0 and last:
            trainer.save(last, pool.fingerprint())
    if last:
        trainer.save(last, pool.fingerprint())


if __name__ == "__main__":
    main()
