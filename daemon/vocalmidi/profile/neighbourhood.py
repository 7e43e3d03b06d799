"""How near sounds are: prototypes and spreads of what was taught, at one age.

In: the embeddings of each taught sound's examples. Out: a `Neighbourhood`, which measures any embedding in spreads.
Method: the mean of the examples stands for all of them (prototypical networks, Snell et al. 2017). Where we differ:
each sound has a spread of its own, mixed with what sounds spread in general, so that a sloppy sound may be sloppy and
three examples that happen to be alike don't make the sound too narrow.
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


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """Taught sounds in the space of embeddings.

    prototypes: (n, EMBEDDING) of length 1. spreads: (n,) RMS distance of a sound from its prototype.
    """

    prototypes: Array
    spreads: Array

    def away(self, embedding: Floats) -> Array:
        """Return (n,) how many spreads an embedding is away from each prototype."""
        distance = np.linalg.norm(self.prototypes - np.asarray(embedding, np.float64), axis=1)
        return np.asarray(distance / self.spreads, np.float64)


def neighbourhood(embeddings: Sequence[Floats]) -> Neighbourhood:
    """Return the neighbourhood of sounds of which these are the examples, (k, EMBEDDING) each."""
    return Neighbourhood(
        np.stack([prototype(each) for each in embeddings]), np.array([spread(each) for each in embeddings])
    )


def prototype(embeddings: Floats) -> Array:
    """Return (EMBEDDING,) the direction that (k, EMBEDDING) examples have in common."""
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
