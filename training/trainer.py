"""What trainings from the symbolic sets have in common: a network, its optimiser, the running mean of its weights.

A training adds what it shows the network and what it calls a loss; this takes the step (AdamW, Loshchilov & Hutter
2019; a rate that rises, then falls as a cosine), and keeps checkpoints from which the same command goes on.
"""

import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

BETAS = (0.9, 0.98)
"""Of AdamW: a shorter memory of squares than torch's own suits trainings of a few thousand steps."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The numbers that every recipe has; each recipe gives them values of its own.

    rate rises for `warmup` steps, then falls as a cosine to its share `rest`; ema: what the running mean of the weights
    keeps at each step.
    """

    steps: int
    rate: float
    rest: float
    warmup: int
    weight_decay: float
    clip: float
    ema: float
    seed: int


ModelT = TypeVar("ModelT", bound=nn.Module)
ConfigT = TypeVar("ConfigT")
RecipeT = TypeVar("RecipeT", bound=Schedule)


def rate_at(step: int, recipe: Schedule) -> float:
    """Return the learning rate of a step."""
    if step < recipe.warmup:
        return recipe.rate * (step + 1) / recipe.warmup
    through = (step - recipe.warmup) / max(1, recipe.steps - recipe.warmup)
    fallen = 0.5 * (1.0 + np.cos(np.pi * min(1.0, through)))
    return float(recipe.rate * (recipe.rest + (1.0 - recipe.rest) * fallen))


def follow(mean: nn.Module, model: nn.Module, step: int, recipe: Schedule) -> None:
    """Move the running mean of the weights a little towards the weights, in the first steps by more."""
    keep = min(recipe.ema, (1 + step) / (10 + step))
    with torch.no_grad():
        for held, fresh in zip(mean.parameters(), model.parameters(), strict=True):
            held.lerp_(fresh, 1.0 - keep)


class Trainer(Generic[ModelT, ConfigT, RecipeT]):
    """The network, its optimiser and the running mean of its weights."""

    def __init__(self, make: Callable[[ConfigT], ModelT], config: ConfigT, recipe: RecipeT) -> None:
        """Begin anew."""
        torch.manual_seed(recipe.seed)
        self.config, self.recipe, self.step = config, recipe, 0
        self.model, self.mean = make(config), make(config)
        self.mean.load_state_dict(self.model.state_dict())
        self.mean.eval()
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), recipe.rate, betas=BETAS, weight_decay=recipe.weight_decay
        )

    def descend(self, loss: Tensor) -> None:
        """Take one step down a loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate_at(self.step, self.recipe)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call] # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip)
        self.optimiser.step()
        self.step += 1
        follow(self.mean, self.model, self.step, self.recipe)

    def checkpoint(self, sources: str) -> dict[str, Any]:
        """Return everything to go on from and to tell how it was made; config and recipe are dataclasses."""
        return {
            "step": self.step,
            "config": asdict(self.config),  # type: ignore[call-overload] # a dataclass, which no bound can say
            "recipe": asdict(self.recipe),  # type: ignore[call-overload] # the same
            "model": self.model.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "commit": commit(),
            "material": sources,
        }

    def resume(self, held: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.step = held["step"]
        self.model.load_state_dict(held["model"])
        self.mean.load_state_dict(held["mean"])
        self.optimiser.load_state_dict(held["optimiser"])


def commit() -> str:
    """Return the commit of the working tree, empty outside of one."""
    asked = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607 - git is found on the path, as everywhere
    return asked.stdout.strip()


def hash_of(symbolic: Path, names: list[str]) -> str:
    """Return what identifies the sets that were read."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((symbolic / name / "data.jsonl.zst").read_bytes())
    return digest.hexdigest()[:16]


def save(held: dict[str, Any], path: Path) -> None:
    """Write a checkpoint whole or not at all."""
    torch.save(held, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)
