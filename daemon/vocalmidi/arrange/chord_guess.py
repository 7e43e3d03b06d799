"""Chords of a melody from the harmony network: what was most likely meant, or what somebody might well have written.

In: a network's logits by `Ask` and the counted `Chain`. Out: probabilities of 25 classes of chord a half bar (best
guess: rank them for alternatives), or a sampled path (generate). The two differ: the likeliest chord is right more
often than any other and all in all duller and more consonant than what humans write; sampled paths have the variety
and pace of human harmony and are less often the one that was written.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_chain import Chain, Path, drawn
from vocalmidi.arrange.chord_input import CLASSES, PARTS, Array, turned, turned_classes

Floats = npt.NDArray[np.float64]
Ask = Callable[[Array], npt.NDArray[np.float32]]
"""From features (songs, frames, FEATURES) to logits (songs, frames, CLASSES)."""

CHAIN_SHARE = 0.1
"""Of the chain in a best guess: it steadies what the network has never seen; 0.3 costs .006 of top-1 in pop909."""
STEP_WEIGHT = 0.55
"""How loud the chain's steps speak when a path is drawn: above 0.6 chords change too seldom for pop909, below 0.5 there
are more different ones than in nottingham."""
FLATNESS = 0.93
"""Power of the network's probabilities when a path is drawn: at 1 what is drawn is more consonant than openewld, at 0.8
less so than nottingham. Both were chosen on 50 validation songs of each set, between human values."""


def asked(ask: Ask, features: Array, turns: int = 12) -> Floats:
    """Return (frames, CLASSES) probabilities, the mean over the melody in so many keys."""
    semitones = [12 * turn // turns for turn in range(turns)]
    logits = ask(np.stack([turned(features, by) for by in semitones])).astype(np.float64)
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares = weights / weights.sum(axis=-1, keepdims=True)
    back = [share[:, turned_classes(by)] for share, by in zip(shares, semitones, strict=True)]
    return np.asarray(np.mean(back, axis=0), np.float64)


def sung_weights(features: Array) -> Floats:
    """Return how much of each frame every pitch class fills, (frames, 12)."""
    return np.asarray(features[:, : PARTS * 12].reshape(-1, PARTS, 12).mean(axis=1), np.float64)


def best_guess(told: Floats, features: Array, chain: Chain) -> Floats:
    """Return (frames, CLASSES) probabilities of the network and the chain together."""
    return np.asarray((1.0 - CHAIN_SHARE) * told + CHAIN_SHARE * chain.keyed(sung_weights(features)), np.float64)


def generated(told: Floats, chain: Chain, chance: Floats) -> Path:
    """Return one path drawn by probability; told: (frames, CLASSES); chance: (frames,) even numbers 0–1."""
    scores = FLATNESS * np.log(np.maximum(told, 1e-9))
    return drawn(scores, STEP_WEIGHT * chain.transitions(), chance)


def ranked(told: Floats) -> npt.NDArray[np.intp]:
    """Return (frames, CLASSES) the classes of each frame, the likeliest first."""
    return np.argsort(-told, axis=1, kind="stable")[:, :CLASSES]
