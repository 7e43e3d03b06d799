"""Chance that is the same everywhere: Python's Mersenne Twister through `random()` alone.

Seeding by text and the sequence of `random()` are promised stable across Python versions (docs: "Notes on
Reproducibility"); numpy's distributions are not (NEP 19). Each purpose has its own dice, so that one part's
choices never shift another's.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of choices for one seed and one purpose."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._random = random.Random(f"{seed}/{purpose}")  # noqa: S311 - chance for music, not for secrets

    def share(self) -> float:
        """Return a number from 0 up to but not including 1."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """Return a number from `low` to `high`."""
        return low + (high - low) * self.share()

    def pick(self, choices: Sequence[T], weights: Sequence[float] | None = None) -> T:
        """Return one of the choices, by weight if weights are given."""
        weights = weights or [1.0] * len(choices)
        left = self.share() * sum(weights)
        for choice, weight in zip(choices, weights, strict=True):
            left -= weight
            if left < 0.0:
                return choice
        return choices[-1]
