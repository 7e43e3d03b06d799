"""Which sound of a kit it is, from a user's own examples: the rules that are compared.

In: what the encoder says of the examples and of what is asked, at one age or at several side by side. Out: (n, kinds)
scores; the largest wins. The program's own rule lives in `vocalmidi.profile`; here rules are weighed against each
other. Linear discriminant analysis with shrinkage: Friedman 1989; prototypes: Snell, Swersky, Zemel 2017.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.patches import BEFORE, ROWS

Array = npt.NDArray[np.float64]
Kinds = npt.NDArray[np.int64]
SHRINK = 0.6
"""Of the pooled covariance towards a round one of the same size; 0.3 and 0.9 were worse with 8 examples a kind."""
LEAST_CHANCE, CHANCES = -8.0, 8.0
"""Log chances of classes are cut there and divided by that to lie beside coordinates of length 1."""
SPANS = ((20, 24), (24, 26), (26, 28), (28, 30), (30, 36), (36, 46), (46, ROWS))
"""Rows of the coarse picture: finer where a sound begins."""
PAIR = 2
"""Bands that are averaged in it."""
KIT_OF = ((0,), (1,), (2, 3))
"""Classes of the encoder that make up kick, snare, hi-hat."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """(n, ages, width) embeddings, (n, ages, classes) log chances, (n, numbers) coarse picture at the oldest age."""

    points: Array
    chances: Array
    coarse: Array

    def at(self, rows: Kinds) -> "Seen":
        """Return some of them."""
        return Seen(self.points[rows], self.chances[rows], self.coarse[rows])

    def __len__(self) -> int:
        return len(self.points)


def beside(parts: Sequence[Seen]) -> Seen:
    """Return several ages of the same events side by side."""
    joined = (np.concatenate([getattr(part, name) for part in parts], axis=1) for name in ("points", "chances"))
    return Seen(*joined, parts[-1].coarse)


def coarse_of(patch: npt.NDArray[np.float32], rows: int) -> Array:
    """Return (n, numbers) what a patch looks like from afar when so many rows after its onset are known."""
    spans = [(first, stop) for first, stop in SPANS if first < BEFORE + rows]
    means = np.stack([patch[:, first : min(stop, BEFORE + rows)].mean(axis=1) for first, stop in spans], axis=1)
    return means.reshape(len(patch), len(spans), -1, PAIR).mean(axis=3).reshape(len(patch), -1).astype(np.float64)


def default(taught: Seen, kinds: Kinds, asked: Seen) -> Array:
    """Return the kit's log chances as anybody gets them; the examples are not looked at."""
    del taught, kinds
    chances = np.exp(asked.chances).mean(axis=1)
    return np.log(np.stack([chances[:, list(own)].sum(axis=1) for own in KIT_OF], axis=1) + 1e-9)


def prototypes(taught: Seen, kinds: Kinds, asked: Seen) -> Array:
    """Return cosines with the mean of each kind's examples, age by age."""
    means = _means(taught.points, kinds)
    return np.einsum("nad,kad->nk", asked.points, means / np.linalg.norm(means, axis=2, keepdims=True))


def neighbours(taught: Seen, kinds: Kinds, asked: Seen) -> Array:
    """Return the mean cosine with the three nearest examples of each kind."""
    near = np.einsum("nad,mad->nm", asked.points, taught.points)
    kind_nearest = [np.sort(near[:, kinds == kind], axis=1)[:, -3:].mean(axis=1) for kind in range(kinds.max() + 1)]
    return np.stack(kind_nearest, axis=1)


def discriminant(taught: Seen, kinds: Kinds, asked: Seen) -> Array:
    """Return log chances by Gaussians of one shrunk covariance, of embeddings and class chances."""
    return _gaussians(_features(taught), kinds, _features(asked))


def bare_discriminant(taught: Seen, kinds: Kinds, asked: Seen) -> Array:
    """Return the same of the embeddings alone."""
    return _gaussians(taught.points.reshape(len(taught), -1), kinds, asked.points.reshape(len(asked), -1))


def both_discriminants(taught: Seen, kinds: Kinds, asked: Seen) -> Array:
    """Return the sum of the discriminant's log chances and those of the coarse picture alone."""
    return discriminant(taught, kinds, asked) + _gaussians(taught.coarse, kinds, asked.coarse)


RULES = {
    "default": default,
    "nearest prototype": prototypes,
    "three neighbours": neighbours,
    "discriminant, embedding": bare_discriminant,
    "discriminant, embedding and classes": discriminant,
    "that, and a discriminant of the picture": both_discriminants,
}


def _features(seen: Seen) -> Array:
    ages = seen.points.shape[1]
    chances = np.clip(seen.chances, LEAST_CHANCE, 0.0) / CHANCES
    return np.concatenate(
        [(seen.points / np.sqrt(ages)).reshape(len(seen), -1), chances.reshape(len(seen), -1)], axis=1
    )


def _gaussians(taught: Array, kinds: Kinds, asked: Array) -> Array:
    means = _means(taught, kinds)
    off = taught - means[kinds]
    pooled = off.T @ off / len(off)
    size = len(pooled)
    shrunk = (1.0 - SHRINK) * pooled + (SHRINK * np.trace(pooled) / size + 1e-9) * np.eye(size)
    away = asked[:, None] - means[None]
    return -0.5 * np.einsum("nki,ij,nkj->nk", away, np.linalg.inv(shrunk), away)


def _means(points: Array, kinds: Kinds) -> Array:
    return np.stack([points[kinds == kind].mean(axis=0) for kind in range(int(kinds.max()) + 1)])
