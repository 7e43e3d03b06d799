"""Whether a take is drummed or sung, learnt from what was struck in it; and how sure that makes a strike.

In: `Strike`s. Out: probabilities. The same burst is a snare in a beat and a `t` in a song: what was heard of it so far,
how steeply it begins, what came just before it, and what else the take strikes up, add up to its odds. Live a take is
known by what was judged before; considered, by all that is near.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.events.hit_settings import Evidence, TakeSettings
from vocalmidi.values import Strike

LEAST_SHARE = 0.001
"""A share says no more than this for or against."""
MOST_RISE_DB = 22.0
"""Steeper is no surer."""
WAKE_S, LONGEST_WAKE_S = 0.06, 0.2
"""How fast the wake of a strike fades, and when it is over."""
MEMORY = 64
"""Strikes that live judgement looks back on, at most."""
MEMORIES = 10.0
"""Beyond ten memories nothing counts: hours of sound must not cost their square."""


def log_odds(share: float) -> float:
    """Return the log odds of a share that is never quite 0 nor 1."""
    return float(np.log((share + LEAST_SHARE) / (1.0 - share + LEAST_SHARE)))


@dataclass(frozen=True, slots=True)
class Company:
    """What a strike is judged by besides itself.

    drummed: 0–1, share of hits among the strikes of the take round it.
    wake: 0–1, how much it lies in the wake of a steeper strike.
    """

    drummed: float
    wake: float


def hit_probability(strike: Strike, company: Company, evidence: Evidence) -> float:
    """Return the probability that a strike is a hit in this company."""
    odds = (
        evidence.timbre * log_odds(strike.hit_share)
        + evidence.take * float(np.log(company.drummed))
        + evidence.rise * min(strike.rise_db, MOST_RISE_DB)
        + evidence.wake * company.wake
        + evidence.bias
        + strike.likeness
    )
    return float(1.0 / (1.0 + np.exp(-odds)))


def wake_of(before: Strike, strike: Strike, apart_s: float) -> float:
    """Return how much a strike lies in the wake of the one before it, which began `apart_s` earlier."""
    steeper = min(before.rise_db, MOST_RISE_DB) > min(strike.rise_db, MOST_RISE_DB)
    return float(np.exp(-apart_s / WAKE_S)) if steeper and apart_s < LONGEST_WAKE_S else 0.0


def counts_as_hit(strike: Strike, settings: TakeSettings) -> float:
    """Return 0–1, how much a strike counts for its take being drummed."""
    return float(1.0 / (1.0 + np.exp(settings.sure_odds - log_odds(strike.hit_share))))


@dataclass(frozen=True, slots=True)
class _Judged:
    """A strike that was heard whole: when, and how much it counts as a hit."""

    at_s: float
    hit: float


class TakeSoFar:
    """How drummed a live take sounds by now."""

    def __init__(self, settings: TakeSettings) -> None:
        self._settings = settings
        self._judged: deque[_Judged] = deque(maxlen=MEMORY)

    def judge(self, strike: Strike, onset_s: float) -> None:
        """Remember a strike that was heard whole."""
        self._judged.append(_Judged(onset_s, counts_as_hit(strike, self._settings)))

    def drummed(self, now_s: float) -> float:
        """Return the share of hits among the strikes before this moment."""
        s = self._settings
        weights = [float(np.exp((each.at_s - now_s) / s.memory_s)) for each in self._judged]
        hits = sum(weight * each.hit for weight, each in zip(weights, self._judged, strict=True))
        return (hits + s.doubt * s.unknown_share) / (sum(weights) + s.doubt)


def companies(strikes: Sequence[Strike], onsets_s: npt.NDArray[np.float64], settings: TakeSettings) -> list[Company]:
    """Return the company of each strike of a recording, in order: all that is near, but not itself."""
    s = settings
    hits = np.array([counts_as_hit(strike, s) for strike in strikes])
    reach_s = MEMORIES * s.memory_s
    found: list[Company] = []
    for number, at_s in enumerate(onsets_s.tolist()):
        first, stop = np.searchsorted(onsets_s, [at_s - reach_s, at_s + reach_s])
        weights = np.exp(-np.abs(onsets_s[first:stop] - at_s) / s.memory_s)
        weights[number - first] = 0.0
        drummed = (weights @ hits[first:stop] + s.doubt * s.unknown_share) / (weights.sum() + s.doubt)
        before = number - 1
        wake = wake_of(strikes[before], strikes[number], at_s - float(onsets_s[before])) if number else 0.0
        found.append(Company(float(drummed), wake))
    return found
