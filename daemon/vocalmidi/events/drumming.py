"""Whether a take is drummed or sung, learnt from what was struck in it; and how sure that makes a strike.

In: `Strike`s. Out: log odds. The same burst is a snare in a beat and a `t` in a song: what was heard of it so far, how
steeply it begins, and what else the take strikes up, add up to its odds. Live a take is known by what was judged
before; considered, by all that is near.
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
MEMORY = 40
"""Strikes that live judgement looks back on, at most."""
MEMORIES = 10.0
"""Beyond ten memories nothing counts: hours of sound must not cost their square."""


def log_odds(share: float) -> float:
    """Return the log odds of a share that is never quite 0 nor 1."""
    return float(np.log((share + LEAST_SHARE) / (1.0 - share + LEAST_SHARE)))


def hit_probability(strike: Strike, drummed: float, evidence: Evidence) -> float:
    """Return the probability that a strike is a hit in a take that sounds so drummed, log odds."""
    odds = (
        evidence.timbre * log_odds(strike.hit_share)
        + evidence.take * drummed
        + evidence.rise * min(strike.rise_db, MOST_RISE_DB)
        + evidence.bias
    )
    return float(1.0 / (1.0 + np.exp(-odds)))


@dataclass(frozen=True, slots=True)
class _Judged:
    """A strike that was heard whole: when, and what the encoder made of it."""

    at_s: float
    odds: float


class TakeSoFar:
    """How drummed a live take sounds by now."""

    def __init__(self, settings: TakeSettings) -> None:
        self._settings = settings
        self._judged: deque[_Judged] = deque(maxlen=MEMORY)

    def judge(self, strike: Strike, at_s: float) -> None:
        """Remember a strike that was heard whole."""
        self._judged.append(_Judged(at_s, log_odds(strike.hit_share)))

    def drummed(self, now_s: float) -> float:
        """Return the log odds that what is struck at this moment is a hit."""
        s = self._settings
        weights = [float(np.exp((each.at_s - now_s) / s.memory_s)) for each in self._judged]
        odds = sum(weight * each.odds for weight, each in zip(weights, self._judged, strict=True))
        return (odds + s.doubt * s.unknown_odds) / (sum(weights) + s.doubt)


def drummed_round(
    strikes: Sequence[Strike], onsets_s: npt.NDArray[np.float64], settings: TakeSettings
) -> npt.NDArray[np.float64]:
    """Return for each strike of a recording, in order, how drummed the take sounds round it."""
    s = settings
    odds = np.array([log_odds(strike.hit_share) for strike in strikes])
    reach_s = MEMORIES * s.memory_s
    found = np.zeros(len(strikes))
    for number, at_s in enumerate(onsets_s.tolist()):
        first, stop = np.searchsorted(onsets_s, [at_s - reach_s, at_s + reach_s])
        weights = np.exp(-np.abs(onsets_s[first:stop] - at_s) / s.memory_s)
        weights[number - first] = 0.0
        found[number] = (weights @ odds[first:stop] + s.doubt * s.unknown_odds) / (weights.sum() + s.doubt)
    return found
