"""Which drum each hit of a take is, seen together with the others: whoever drums has a kick, a snare and hats.

In: the strikes of the hits of one take, or live of its last hits. Out: (n, len(HIT_LABELS)) shares. What one mouth's
hat is, another's snare may be, and the encoder knows neither mouth; but its hats differ from its snares, and there are
more of them. Two steps: the shares are shifted until the take has about the proportions of drum music (Saerens,
Latinne & Decaestecker 2002, who find the proportions; here they are given), then hits that sound alike draw each other
to one drum.
A take of one sound, of sounds the encoder is sure of, or of few hits stays as it is; so does what the user taught.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vocalmidi.events.hit_settings import KitSettings
from vocalmidi.values import EMBEDDING, HIT_LABELS, Floats, Strike

Array = npt.NDArray[np.float64]

LEAST_SHARE = 1e-3
"""A share says no more than this against a drum."""
SHIFTS, PULLS = 40, 4
"""Rounds of either step; both have settled by then."""
HATS = (2, 3)
_DRUMS = ((0,), (1,), HATS, (4,))
"""Places in HIT_LABELS of each drum of `KitSettings.proportions`: closed and open are one hat."""
_OTHER = 3


@dataclass(frozen=True, slots=True, eq=False)
class Kit:
    """What is known of one take's drums.

    strength: 0–1, how much the take is to be seen as a whole.
    shift: (drums,) what is added to the logarithm of each drum's share.
    middles: (drums, EMBEDDING) what each drum sounds like, unit vectors.
    """

    strength: float
    shift: Array
    middles: Array

    def shares(self, label_shares: Array, embeddings: Array, settings: KitSettings) -> Array:
        """Return (n, len(HIT_LABELS)) shares of hits of this take, of which the encoder gave these."""
        drums = _drums(label_shares)
        shifted = np.log(drums + LEAST_SHARE) + self.strength * self.shift
        return _labels(label_shares, drums, _pulled_to(self.middles, shifted, embeddings, self.strength, settings))


def kit_of(label_shares: Array, embeddings: Array, settings: KitSettings) -> Kit | None:
    """Return the kit of the hits with these shares and embeddings; None where they are to stay as they are."""
    if len(label_shares) < settings.fewest:
        return None
    drums = _drums(label_shares)
    strength = _strength(drums, embeddings, settings)
    if strength <= 0.0:
        return None
    shift = _shift(drums, settings)
    shifted = np.log(drums + LEAST_SHARE) + strength * shift
    shares, middles = _softmax(shifted), np.zeros((len(_DRUMS), embeddings.shape[1]))
    for _ in range(PULLS):
        middles = shares.T @ embeddings + 1e-6
        middles /= np.linalg.norm(middles, axis=1, keepdims=True)
        shares = _pulled_to(middles, shifted, embeddings, strength, settings)
    return Kit(strength, shift, middles)


def kit_shares(strikes: Sequence[Strike], settings: KitSettings) -> Array:
    """Return the share of each label for each hit of a take."""
    shares = np.array([strike.label_share for strike in strikes], np.float64).reshape(-1, len(HIT_LABELS))
    own = np.array([strike.trigger is None for strike in strikes], bool)
    embeddings = np.array([strike.embedding for strike in strikes], np.float64).reshape(len(strikes), EMBEDDING)[own]
    kit = kit_of(shares[own], embeddings, settings)
    if kit is not None:
        shares[own] = kit.shares(shares[own], embeddings, settings)
    return shares


class KitSoFar:
    """The kit of a live take, as its last hits tell: for each age a strike is heard at its own."""

    def __init__(self, settings: KitSettings, ages: int) -> None:
        self._settings = settings
        self._shares: list[deque[Floats]] = [deque(maxlen=settings.memory) for _ in range(ages)]
        self._embeddings: list[deque[Floats]] = [deque(maxlen=settings.memory) for _ in range(ages)]
        self._kits: list[Kit | None] = [None] * ages
        self._fresh = [0] * ages

    def add(self, strike: Strike, age: int) -> None:
        """Remember a hit as it was heard at an age; every few hits the kit is learnt anew."""
        if strike.trigger is not None:
            return
        self._shares[age].append(strike.label_share)
        self._embeddings[age].append(strike.embedding)
        self._fresh[age] += 1
        if self._fresh[age] >= self._settings.learn_every:
            self._fresh[age] = 0
            shares, embeddings = (np.array(list(kept[age]), np.float64) for kept in (self._shares, self._embeddings))
            self._kits[age] = kit_of(shares, embeddings, self._settings)

    def known(self, strike: Strike, age: int) -> Strike:
        """Return a strike with its labels' shares as this take has them."""
        kit = self._kits[age]
        if kit is None or strike.trigger is not None:
            return strike
        share, embedding = (np.asarray(kept, np.float64)[None] for kept in (strike.label_share, strike.embedding))
        return replace(strike, label_share=kit.shares(share, embedding, self._settings)[0].astype(np.float32))


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


def _pulled_to(middles: Array, shifted: Array, embeddings: Array, strength: float, settings: KitSettings) -> Array:
    """Return the shares of drums that these logarithms and the likeness to each drum make."""
    s = settings
    pull = strength * s.pull * (embeddings @ middles.T)
    pull[:, _OTHER] -= strength * s.pull * s.other_further
    return _softmax((1.0 - strength * (1.0 - s.own_weight)) * shifted + pull)


def _softmax(logs: Array) -> Array:
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
