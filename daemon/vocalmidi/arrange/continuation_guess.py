"""What may come next in a melody: asked of the continuation network, or of a few rules where there is none.

In: what `continuation_input.Reader` sees before the next step, of one melody or of several that went their own ways.
Out: logits of the next step, (melodies, CLASSES). The network's state is kept here and nowhere else.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.continuation_input import CANDIDATES, CLASSES, MIDDLE, NONE, Reader
from vocalmidi.inference import Model

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[np.float32]

RULES_TRUST = (1.5, 2.0, 2.0, 1.0, 1.5, 2.0, 1.0, 1.0)
"""What each candidate adds to its class: melodies come back after two and four bars, often moved. Weighed by ear."""
RULES_LEAP = -0.25
"""Of each semitone of an interval: in essen and pop909 (training split) two semitones are half as common as none to
one, an octave one in fifty."""
RULES_HOLD, RULES_OFF = 2.0, -1.0
"""Seven sixteenths of ten change nothing in both sets, one of twenty begins a rest."""


class Guess(Protocol):
    """Something that knows what may come next."""

    def begin(self, indices: Sequence[Sequence[int]], numbers: Sequence[Sequence[float]], many: int) -> None:
        """Hear a melody's steps so far, then be ready for that many melodies that go on from it."""

    def ask(self, readers: Sequence[Reader]) -> Floats:
        """Return logits (melodies, CLASSES) of the next step of each."""
        ...


class NetworkGuess:
    """What models/continuation.onnx thinks."""

    def __init__(self, model: Model) -> None:
        self._model = model
        layers, _, width = model.input_shapes["state"]
        self._state: Array = np.zeros((int(layers), 1, int(width)), np.float32)

    def begin(self, indices: Sequence[Sequence[int]], numbers: Sequence[Sequence[float]], many: int) -> None:
        """Hear a melody's steps so far."""
        if indices:
            self._hear(np.array(indices, np.float32)[None], np.array(numbers, np.float32)[None])
        self._state = np.repeat(self._state, many, axis=1)

    def ask(self, readers: Sequence[Reader]) -> Floats:
        """Return logits of the next step of each."""
        indices = np.array([reader.indices() for reader in readers], np.float32)[:, None]
        numbers = np.array([reader.numbers() for reader in readers], np.float32)[:, None]
        return self._hear(indices, numbers)

    def _hear(self, indices: Array, numbers: Array) -> Floats:
        told = self._model.run(indices=indices, numbers=numbers, state=self._state)
        self._state = told["state_out"]
        return np.asarray(told["logits"][:, -1], np.float64)


class RulesGuess:
    """Small intervals, and what was there some bars ago."""

    def begin(self, indices: Sequence[Sequence[int]], numbers: Sequence[Sequence[float]], many: int) -> None:
        """Keep nothing: all that is known is in the candidates."""

    def ask(self, readers: Sequence[Reader]) -> Floats:
        """Return logits of the next step of each."""
        plain = RULES_LEAP * np.abs(np.arange(CLASSES) - MIDDLE)
        plain[0], plain[1] = RULES_HOLD, RULES_OFF
        logits = np.tile(plain, (len(readers), 1))
        for row, reader in zip(logits, readers, strict=True):
            for offered, trust in zip(reader.indices()[1 : 1 + CANDIDATES], RULES_TRUST, strict=True):
                if offered != NONE:
                    row[offered] += trust
        return logits
