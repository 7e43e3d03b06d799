"""How near sounds are, and which of the taught ones is the likeliest, at one age or at several side by side.

In: what the encoder said of the examples of each taught sound. Out: a `Neighbourhood`, which is asked about strikes.
Which of them: Gaussians of one covariance (linear discriminant analysis, Fisher 1936), pooled over all examples and
shrunk towards a round one, since there are fewer examples than dimensions: one in which the encoder's chances of its
classes lie beside the embedding, another of the plain spectra; their log chances are added. Of six rules this was the
best with 8 examples of a sound (`training/timbre/few_shot.py`).
Whether any of them: the distance from the mean of its examples (prototypical networks, Snell et al. 2017), in spreads
of that sound mixed with what sounds spread in general, so that a sloppy sound may be sloppy and three examples that
happen to be alike don't make a sound too narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.values import Floats

Array = npt.NDArray[np.float64]

USUAL_SPREAD = 0.35
"""RMS distance of an example from the prototype of the others; embeddings have length 1, so √2 is a right angle."""
USUAL_WEIGHT = 4.0
"""The usual spread counts as much as so many examples."""


ROUND = 0.6
"""Share of the round covariance in the shrunk one."""
LOWEST_CHANCE = -8.0
"""Log chances are cut there, and divided by it to lie beside coordinates of length 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Gaussians:
    """n sounds as Gaussians of one covariance.

    means: (n, width); whitening: (width, width) in which their covariance is round.
    """

    means: Array
    whitening: Array

    def scores(self, point: Array) -> Array:
        """Return (n,) the log chance of each sound at a point, up to what is common to all."""
        off = (self.means - point) @ self.whitening
        return np.asarray(-0.5 * (off**2).sum(axis=1), np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """n taught sounds, each a point among what the encoder can say and another among what can be heard plainly.

    prototypes: (n, size) of length 1; size is EMBEDDING for each age.
    spreads: (n,) RMS distance of a sound from its prototype.
    said, plain: the sounds among `features` and among plain spectra.
    """

    prototypes: Array
    spreads: Array
    said: Gaussians
    plain: Gaussians

    def away(self, embedding: Floats) -> Array:
        """Return (n,) how many spreads an embedding is away from each prototype."""
        distance = np.linalg.norm(self.prototypes - np.asarray(embedding, np.float64), axis=1)
        return np.asarray(distance / self.spreads, np.float64)

    def chances(self, feature: Array, spectrum: Floats) -> Array:
        """Return (n,) the chance of each sound, given that it is one of them."""
        scores = self.said.scores(feature) + self.plain.scores(np.asarray(spectrum, np.float64))
        weights = np.exp(scores - scores.max())
        return np.asarray(weights / weights.sum(), np.float64)


def neighbourhood(embeddings: Sequence[Floats], features: Sequence[Array], spectra: Sequence[Floats]) -> Neighbourhood:
    """Return the neighbourhood of sounds of which these are the examples, (k, size), (k, width) and (k, bands) each."""
    return Neighbourhood(
        np.stack([prototype(each) for each in embeddings]),
        np.array([spread(each) for each in embeddings]),
        gaussians(features),
        gaussians(spectra),
    )


def gaussians(examples: Sequence[Floats] | Sequence[Array]) -> Gaussians:
    """Return sounds of which these are the examples, (k, width) each, as Gaussians of one shrunk covariance."""
    rows = [np.asarray(each, np.float64) for each in examples]
    means = np.stack([each.mean(axis=0) for each in rows])
    off = np.concatenate([each - mean for each, mean in zip(rows, means, strict=True)])
    pooled = off.T @ off / len(off)
    width = len(pooled)
    shrunk = (1.0 - ROUND) * pooled + (ROUND * np.trace(pooled) / width + 1e-9) * np.eye(width)
    return Gaussians(means, np.asarray(np.linalg.cholesky(np.linalg.inv(shrunk)), np.float64))


def features(embedding: Floats, label_share: Floats, hit_share: float) -> Array:
    """Return (width,) what the encoder says of one sound as coordinates of about the same size."""
    chances = np.append(np.asarray(label_share, np.float64) * hit_share, 1.0 - hit_share)
    logs = np.maximum(np.log(np.maximum(chances, 1e-9)), LOWEST_CHANCE)
    return np.concatenate([np.asarray(embedding, np.float64), logs / -LOWEST_CHANCE])


def beside(embeddings: Sequence[Floats]) -> Floats:
    """Return embeddings of one sound at several ages as one, of length 1 like each of them."""
    return np.asarray(np.concatenate(embeddings) / np.sqrt(len(embeddings)), np.float32)


def prototype(embeddings: Floats) -> Array:
    """Return (size,) the direction that (k, size) examples have in common."""
    mean = np.asarray(embeddings, np.float64).mean(axis=0)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length > 0.0 else mean, np.float64)


def apart_from_others(embeddings: Floats) -> Array:
    """Return (k,) how far each example is from the prototype of the others; at least two are needed."""
    rows = np.asarray(embeddings, np.float64)
    return np.array(
        [float(np.linalg.norm(row - prototype(np.delete(embeddings, n, axis=0)))) for n, row in enumerate(rows)]
    )


def spread(embeddings: Floats) -> float:
    """Return how far a sound with these examples strays from its prototype."""
    squares = apart_from_others(embeddings) ** 2 if len(embeddings) > 1 else np.zeros(0)
    return float(np.sqrt((squares.sum() + USUAL_WEIGHT * USUAL_SPREAD**2) / (len(squares) + USUAL_WEIGHT)))
