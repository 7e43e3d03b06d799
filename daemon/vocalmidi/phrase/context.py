"""The context network's word on every moment of a take.

In: moments and what is known of them, the network `models/context.onnx`. Out: a `Word` a reading. Long takes are read
in windows that overlap. What is made of the word is `meant.py`'s matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vocalmidi.inference import Model
from vocalmidi.phrase.context_input import HEADS, Array, Moments, Setting, beats_of, features_of

WINDOW = 192
"""Moments read at once: those of a training example (`Mixture.longest`) and a margin; attention costs their square."""
MARGIN = 32
"""Moments at a window's inner edges whose word is left to the neighbouring window: they see half their context."""


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """What the network says of each moment, log probabilities, (n, classes) each.

    phase: the place within the beat, in ticks.
    apart, length: ticks to the next moment and of its own, less one; the last class is longer.
    bar: the beat in the bar, for bars of any number of beats.
    """

    phase: Array
    apart: Array
    length: Array
    bar: Array

    @classmethod
    def summed(cls, words: "Sequence[Word]") -> "Word":
        """Return the mean of several, as if each were a listener."""
        return cls(*(_mean(words, name) for name in ("phase", "apart", "length", "bar")))


def _mean(words: "Sequence[Word]", name: str) -> Array:
    return np.asarray(np.stack([getattr(word, name) for word in words]).mean(axis=0), np.float64)


def read_all(model: Model, takes: Sequence[Moments], settings: Sequence[Setting]) -> list[Word]:
    """Return the word on takes of one length, each under its setting; all go through the network at once."""
    logits = _logits(model, takes, settings)
    told = {name: log_softmax(logits[name]) for name in ("phase", "apart", "length", "bar")}
    return [Word(**{name: array[number] for name, array in told.items()}) for number in range(len(takes))]


def _logits(model: Model, takes: Sequence[Moments], settings: Sequence[Setting]) -> Mapping[str, Array]:
    """Return (takes, n, classes) of each head."""
    many = len(takes[0].time_s)
    found: dict[str, Array] = {name: np.empty((len(takes), many, classes)) for name, classes in HEADS.items()}
    features = np.stack([features_of(take, setting) for take, setting in zip(takes, settings, strict=True)])
    beats = np.stack([beats_of(take, setting) for take, setting in zip(takes, settings, strict=True)])
    for first, low, high in _windows(many):
        part = slice(first, first + WINDOW)
        told = model.run(features=features[:, part], beats=beats[:, part] - beats[:, first : first + 1])
        for name, array in found.items():
            array[:, low:high] = told[name][:, low - first : high - first]
    return found


def _windows(many: int) -> list[tuple[int, int, int]]:
    """Return (start, first kept, end of kept) of windows that overlap by two margins."""
    if many <= WINDOW:
        return [(0, 0, many)]
    starts = [*range(0, many - WINDOW, WINDOW - 2 * MARGIN), many - WINDOW]
    edges = [0, *(start + MARGIN for start in starts[1:]), many]
    return [(start, low, high) for start, low, high in zip(starts, edges[:-1], edges[1:], strict=True)]


def log_softmax(logits: Array) -> Array:
    """Return log probabilities along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float64)
