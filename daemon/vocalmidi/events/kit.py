"""Which drum each hit of a take is, seen together with the others: whoever drums has a kick, a snare and hats.

In: the strikes of the hits of one take. Out: (n, len(HIT_LABELS)) shares. What one mouth's hat is, another's snare may
be, and the encoder knows neither mouth; but its hats differ from its snares, and there are more of them. Two steps: the
shares are shifted until the take has about the proportions of drum music (Saerens, Latinne & Decaestecker 2002, who
find the proportions; here they are given), then hits that sound alike draw each other to one drum.
A take of one sound, of sounds the encoder is sure of, or of few hits stays as it is; so does what the user taught.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vocalmidi.events.hit_settings import KitSettings
from vocalmidi.values import HIT_LABELS, Strike

Array = npt.NDArray[np.float64]

LEAST_SHARE = 1e-3
"""A share says no more than this against a drum."""
SHIFTS, PULLS = 60, 4
"""Rounds of either step; both have settled by then."""
HATS = (2, 3)
_DRUMS = ((0,), (1,), HATS, (4,))
"""Places in HIT_LABELS of each drum of `KitSettings.proportions`: closed and open are one hat."""
_OTHER = 3


def kit_shares(strikes: Sequence[Strike], settings: KitSettings) -> Array:
    """Return the share of each label for each hit of a take."""
    shares = np.array([strike.label_share for strike in strikes], np.float64).reshape(-1, len(HIT_LABELS))
    own = np.array([strike.trigger is None for strike in strikes], bool)
    if own.sum() < settings.fewest:
        return shares
    embeddings = np.array([strike.embedding for strike in strikes], np.float64)[own]
    drums = _drums(shares[own])
    strength = _strength(drums, embeddings, settings)
    if strength > 0.0:
        found = _pulled(drums, embeddings, strength, settings)
        shares[own] = _labels(shares[own], drums, found)
    return shares


def _drums(shares: Array) -> Array:
    return np.stack([shares[:, list(labels)].sum(axis=1) for labels in _DRUMS], axis=1)


def _labels(shares: Array, before: Array, after: Array) -> Array:
    """Return shares of labels whose drums have new shares: open and closed are as they were to each other."""
    found = shares.copy()
    for drum, labels in enumerate(_DRUMS):
        ratio = after[:, drum] / np.maximum(before[:, drum], 1e-12)
        for label in labels:
            found[:, label] = shares[:, label] * ratio
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _strength(drums: Array, embeddings: Array, settings: KitSettings) -> float:
    """Return 0–1, how much the take is to be seen as a whole: not where it is of one sound, or well known."""
    s = settings
    alike = float(np.linalg.norm(embeddings.mean(axis=0)))
    sure = float(drums.max(axis=1).mean())
    many = min(1.0, len(drums) / s.enough)
    return many * _falls(alike, s.different, s.alike) * _falls(sure, s.unsure, s.sure)


def _falls(value: float, full: float, none: float) -> float:
    return float(np.clip((none - value) / (none - full), 0.0, 1.0))


def _shift(drums: Array, settings: KitSettings) -> Array:
    """Return (drums,) what is added to the logarithms of the shares to bring the take near the usual proportions."""
    usual, logs = np.log(np.array(settings.proportions)), np.log(drums + LEAST_SHARE)
    shift = np.zeros(len(usual))
    for _ in range(SHIFTS):
        shift += 0.5 * (usual - np.log(_softmax(logs + shift).mean(axis=0) + 1e-6))
    return np.asarray(np.clip(shift, -settings.most_shift, settings.most_shift))


def _pulled(drums: Array, embeddings: Array, strength: float, settings: KitSettings) -> Array:
    """Return the shares after both steps."""
    s = settings
    shifted = np.log(drums + LEAST_SHARE) + strength * _shift(drums, s)
    shares = _softmax(shifted)
    own = 1.0 - strength * (1.0 - s.own_weight)
    for _ in range(PULLS):
        middles = shares.T @ embeddings + 1e-6
        middles /= np.linalg.norm(middles, axis=1, keepdims=True)
        pull = strength * s.pull * (embeddings @ middles.T)
        pull[:, _OTHER] -= strength * s.pull * s.other_further
        shares = _softmax(own * shifted + pull)
    return shares


def _softmax(logs: Array) -> Array:
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
