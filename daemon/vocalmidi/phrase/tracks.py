"""Beats that breathe: the readings of a take's onsets as places on a grid of beats, each at its own wandering tempo.

Every onset is held to be some grid place, played with a timing error, at a tempo that is a random walk. For each tempo
to begin with, a beam search places the onsets one after the other: a guess of the places carries the time of the
present beat and its length as a Gaussian that is corrected by each onset (Kalman filter), and what the places cost is
how often melodies go from one place of the beat to another (`Rhythms`). Guesses that reach the same place at the same
onset are one: the likelier lives. The tempo tracking of Cemgil & Kappen (2003) and the score positions of Nakamura,
Yoshii & Sagayama (2017), here with a beam. No bar and no choice of tempo here: that is `metre.py`'s.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vocalmidi.phrase.moments import Moments
from vocalmidi.phrase.rhythms import COMPOUND, LONGEST_TICKS, SIMPLE, TICKS, Rhythms

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

JITTER_S = 0.032
"""Standard deviation of sung onsets about their beat; singers' onsets spread 20–40 ms."""
WANDER = 0.012
"""Standard deviation of the change of tempo over a beat, as a part of it; best on phrases of the training split whose
tempo wanders by 5 % in all, and no worse on steady ones."""
SEED_STEP = 0.08
SEED_SPREAD = 0.045
"""Ratio of neighbouring tempos to begin with, in logarithms, and the spread of each: together they leave no gap."""
RANGE_BPM = {SIMPLE: (50.0, 200.0), COMPOUND: (40.0, 150.0)}
"""Beats a minute that are tried; two octaves, so half or double of anything outside is inside."""
CENTRE_BPM = {SIMPLE: 105.0, COMPOUND: 80.0}
SPREAD_LOG2 = 0.6
"""Of the tempos to begin with: where genres meet, and a spread in octaves (Moelants 2002: preferred tempo near 120)."""
RARER = {SIMPLE: 0.0, COMPOUND: -1.5}
"""Log weight of beats in three: a judgement, near their share in the sets."""
NEAR_TICKS = np.arange(-3, 4)
"""How far from where an onset was heard its place is looked for: a quarter of a beat, the widest gap of the grid."""
FAR_COST = -10.0
"""Log weight of any place after a silence longer than the table knows."""
SPAN, WIDTH = 14.0, 10
"""A guess is given up when so much likelier ones of its tempo exist, in nats, or so many."""
TEMPO_SPAN, TEMPO_AFTER = 40.0, 12
"""A tempo is given up when another is so much likelier, after so many onsets."""
SAME = 0.04
"""Tempos nearer than this in logarithms are one reading found twice."""
MOST = 8
"""Readings that are kept; the true tempo was hardly ever beyond the sixth on the training split."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A tempo to begin with.

    division: of the beat, SIMPLE or COMPOUND. period_s: length of a beat; spread: of that, as a part.
    weight: how usual it is, in nats.
    """

    division: int
    period_s: float
    weight: float = 0.0
    spread: float = SEED_SPREAD


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One reading: `ticks` is the place of each moment in twelfths of a beat, the first within the first beat.

    division: SIMPLE or COMPOUND.
    period_s: length of a beat on the whole.
    timing: log-likelihood of the times given the places, in nats.
    score: the same and the places' own.
    """

    division: int
    period_s: float
    ticks: Ints
    timing: float
    score: float


def seeds(division: int) -> list[Seed]:
    """Return all tempos that are tried for a division of the beat."""
    low, high = RANGE_BPM[division]
    tempos = np.exp(np.arange(math.log(low), math.log(high), SEED_STEP)).tolist()
    return [
        Seed(division, 60.0 / bpm, RARER[division] - 0.5 * (math.log2(bpm / CENTRE_BPM[division]) / SPREAD_LOG2) ** 2)
        for bpm in tempos
    ]


def tracks(moments: Moments, tried: list[Seed], rhythms: Rhythms) -> tuple[Track, ...]:
    """Return the likeliest readings, best first, each tempo once."""
    beam = _Beam.begin(moments, tried, rhythms)
    places, origins = [beam.place], list[Ints]()
    for number in range(1, len(moments.time_s)):
        beam, origin = beam.after(number)
        places.append(beam.place)
        origins.append(origin)
    found = list[Track]()
    for last in beam.best_of_each_seed():
        track = _traced(last, places, origins)
        made = _track(moments, tried[int(beam.seed[last])], track, float(beam.score[last]), rhythms)
        if not any(_same(made, other) for other in found):
            found.append(made)
    return tuple(found[:MOST])


def _same(one: Track, other: Track) -> bool:
    return one.division == other.division and abs(math.log(one.period_s / other.period_s)) < SAME


def _traced(last: int, places: list[Ints], origins: list[Ints]) -> Ints:
    path = [last]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return np.array([place[at] for place, at in zip(places, reversed(path), strict=True)], np.intp)


def _track(moments: Moments, seed: Seed, ticks: Ints, score: float, rhythms: Rhythms) -> Track:
    beats, heard_s = ticks / TICKS, moments.time_s
    period_s = seed.period_s
    if len(ticks) > 1:
        away = beats - beats.mean()
        period_s = float(away @ (heard_s - heard_s.mean()) / (away @ away))
    score -= seed.weight
    return Track(
        seed.division, period_s, ticks, score - rhythms.log_weight(seed.division, ticks, moments.is_hit), score
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Beam:
    """All guesses after an onset, (n,) each.

    seed: index of the tempo that each began with; division: of that seed.
    place: ticks of this onset. score: nats.
    time_s, period_s: means of the Gaussian of beat time and length; time_var, cross, period_var: its covariance.
    """

    moments: Moments
    rhythms: Rhythms
    seed: Ints
    division: Ints
    place: Ints
    score: Array
    time_s: Array
    period_s: Array
    time_var: Array
    cross: Array
    period_var: Array

    @classmethod
    def begin(cls, moments: Moments, tried: list[Seed], rhythms: Rhythms) -> "_Beam":
        """Return every tempo with its first onset at every place of a beat."""
        seed, place = (array.ravel() for array in np.indices((len(tried), TICKS)))
        division = np.array([each.division for each in tried])[seed]
        score = rhythms.first[division, place] + np.array([each.weight for each in tried])[seed]
        keep = np.isfinite(score)
        seed, place, division, score = seed[keep], place[keep], division[keep], score[keep]
        period_s = np.array([each.period_s for each in tried])[seed]
        spread_s = period_s * np.array([each.spread for each in tried])[seed]
        count = len(seed)
        time_s, time_var = np.full(count, moments.time_s[0]), np.full(count, moments.variance[0] * JITTER_S**2)
        return cls(
            moments, rhythms, seed, division, place, score, time_s, period_s, time_var, np.zeros(count), spread_s**2
        )

    def after(self, number: int) -> tuple["_Beam", Ints]:
        """Return the guesses after the next onset, and which guess each came from."""
        heard_s, noise = self.moments.time_s[number], self.moments.variance[number] * JITTER_S**2
        # A period that a few odd onsets have driven to nothing places the next one nowhere.
        near = np.round((heard_s - self.time_s) / np.maximum(self.period_s, 1e-3) * TICKS).astype(np.intp)
        step = np.maximum(near, 1)[:, np.newaxis] + NEAR_TICKS
        cost = self._cost(step, was_hit=bool(self.moments.is_hit[number - 1]))
        origin, column = np.nonzero(np.isfinite(cost))
        beats = step[origin, column] / TICKS
        wander = (WANDER * self.period_s[origin]) ** 2
        cross, period_var = self.cross[origin], self.period_var[origin]
        time_var = self.time_var[origin] + beats * (2.0 * cross + beats * period_var) + wander * beats**3 / 3.0
        cross = cross + beats * period_var + wander * beats**2 / 2.0
        period_var = period_var + wander * beats
        expected_s = self.time_s[origin] + beats * self.period_s[origin]
        total, missed_s = time_var + noise, heard_s - expected_s
        score = self.score[origin] + cost[origin, column] - 0.5 * (missed_s**2 / total + np.log(total))
        place = self.place[origin] + step[origin, column]
        kept = self._kept(self.seed[origin], place, score, crowded=number >= TEMPO_AFTER)
        origin, total, missed_s, place = origin[kept], total[kept], missed_s[kept], place[kept]
        gain, period_gain = time_var[kept] / total, cross[kept] / total
        beam = replace(
            self,
            seed=self.seed[origin],
            division=self.division[origin],
            place=place,
            score=score[kept],
            time_s=expected_s[kept] + gain * missed_s,
            period_s=self.period_s[origin] + period_gain * missed_s,
            time_var=time_var[kept] * (1.0 - gain),
            cross=cross[kept] * (1.0 - gain),
            period_var=period_var[kept] - period_gain * cross[kept],
        )
        return beam, origin

    def _cost(self, step: Ints, *, was_hit: bool) -> Array:
        """Return the log weight of each guess and step; -inf where the step leads nowhere."""
        division, place = self.division[:, np.newaxis], self.place[:, np.newaxis]
        table = self.rhythms.table(was_hit=was_hit)
        cost = table[division, place % TICKS, np.clip(step, 0, LONGEST_TICKS)]
        far = np.where(np.isfinite(self.rhythms.first[division, (place + step) % TICKS]), FAR_COST, -np.inf)
        return np.asarray(np.where(step >= LONGEST_TICKS, far, cost), np.float64)

    def _kept(self, seed: Ints, place: Ints, score: Array, *, crowded: bool) -> Ints:
        """Return the indices of the guesses that live on."""
        state = seed * (int(place.max()) + 1) + place
        order = np.lexsort((-score, state))
        best = order[_fresh(state[order])]
        best = best[score[best] >= score.max() - (TEMPO_SPAN if crowded else np.inf)]
        best = best[np.lexsort((-score[best], seed[best]))]
        starts = np.flatnonzero(_fresh(seed[best]))
        sizes = np.append(starts[1:], len(best)) - starts
        rank = np.arange(len(best)) - np.repeat(starts, sizes)
        leader = np.repeat(score[best[starts]], sizes)
        return np.asarray(best[(rank < WIDTH) & (score[best] >= leader - SPAN)], np.intp)

    def best_of_each_seed(self) -> list[int]:
        """Return the index of the likeliest guess of every tempo, likeliest tempo first."""
        order = np.lexsort((-self.score, self.seed))
        first = order[_fresh(self.seed[order])]
        return [int(index) for index in first[np.argsort(-self.score[first], kind="stable")]]


def _fresh(sorted_keys: Ints) -> npt.NDArray[np.bool_]:
    """Return which of sorted keys are not the one before."""
    fresh = np.ones(len(sorted_keys), np.bool_)
    np.not_equal(sorted_keys[1:], sorted_keys[:-1], out=fresh[1:])
    return fresh
