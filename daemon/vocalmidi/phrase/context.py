"""What was meant by a take: the context network's word on every moment, and the path that agrees with it best.

In: moments and what is known of them, the network `models/context.onnx`. Out: a `Reading`: places in ticks of a beat,
lengths, where bars begin, and how likely the tempo supposed is. Long takes are read in windows that overlap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vocalmidi.inference import Model
from vocalmidi.phrase.context_input import HEADS, Array, Moments, Setting, beats_of, features_of
from vocalmidi.phrase.context_path import Ticks, best_places

WINDOW = 192
"""Moments read at once, about as many as in training (`Mixture.longest`) with room; attention costs their square."""
MARGIN = 32
"""Moments at a window's inner edges whose word is left to the neighbouring window: they see half their context."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was meant, under one tempo.

    place_ticks: (n,) strictly rising, in 1/TICKS of a beat; with a click from its beat 0, else from about the first.
    logits: of each head of HEADS, (n, classes).
    tempo_share: 0–1, how likely the tempo supposed is right.
    """

    place_ticks: Ticks
    logits: Mapping[str, Array]
    tempo_share: float


def read_all(model: Model, moments: Moments, settings: Sequence[Setting]) -> list[Reading]:
    """Return what was meant under each setting (tempos to choose from); all go through the network at once."""
    logits = _logits(model, moments, settings)
    readings = list[Reading]()
    for number, setting in enumerate(settings):
        of_one = {name: array[number] for name, array in logits.items()}
        beats = beats_of(moments, setting)
        places = best_places(
            log_softmax(of_one["phase"]), log_softmax(of_one["apart"]), beats, clicked=setting.click_s is not None
        )
        share = 1.0 / (1.0 + np.exp(-of_one["tempo"][:, 0]))
        readings.append(Reading(places, of_one, float(share.mean())))
    return readings


def _logits(model: Model, moments: Moments, settings: Sequence[Setting]) -> dict[str, Array]:
    """Return (settings, n, classes) of each head."""
    many = len(moments.time_s)
    found: dict[str, Array] = {name: np.empty((len(settings), many, classes)) for name, classes in HEADS.items()}
    features = np.stack([features_of(moments, setting) for setting in settings])
    beats = np.stack([beats_of(moments, setting) for setting in settings]).astype(np.float64)
    for first, low, high in _windows(many):
        part = slice(first, first + WINDOW)
        seen = beats[:, part] - beats[:, first : first + 1] if many > WINDOW else beats[:, part]
        told = model.run(features=features[:, part], beats=seen)
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
