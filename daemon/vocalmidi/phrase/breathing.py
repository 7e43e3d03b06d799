"""A tempo map through the beats that were found: steady, or as the singer breathes.

The time of each beat and its length are a Gaussian that every moment corrects and every beat lets wander (a Kalman
filter, then Rauch, Tung & Striebel's smoother backwards): a random walk of the tempo, as in Cemgil & Kappen (2003). The
likelihood of the moments tells whether a wandering pulse explains them clearly better than a steady one; where it
doesn't, the map has one tempo. A tempo that the user gives is held to be a click until the moments say otherwise.
Fermatas are not followed.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vocalmidi.phrase.moments import Array, Moments
from vocalmidi.phrase.tracks import JITTER_S, WANDER
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import TempoMap, TempoPoint

ODDS = 4.0
"""What a wandering pulse must gain in log-likelihood: odds of fifty to one; steady takes of the training split then
stay steady, and those whose tempo wanders by 5 % are followed."""
CLICK_ODDS = 12.0
"""The same where the tempo was given: one who names a tempo has most often sung to a click."""
SPREAD = 0.1
"""Of the beat's length before anything was heard, as a part: wide enough to say nothing."""
BEGIN_VAR = 1.0
"""Of the first beat's time, in square seconds: as good as unknown."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """A kind of pulse: about how long its beats are, how sure that is, and how much it wanders, as parts of a beat."""

    period_s: float
    spread: float
    wander: float


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """The times of beats, first to last, and the log-likelihood of what was heard."""

    beat_s: Array
    likelihood: float


def beat_map(moments: Moments, beats: Array, pulse: Pulse, beat_qn: float) -> TempoMap:
    """Return the map that puts each moment's place, in beats, near the time it was heard; QN 0 is place 0.

    pulse: the steady one; a spread of 0 is a click whose tempo is kept exactly.
    """
    first = math.floor(float(beats[0]))
    steady = _fit(moments, beats - first, pulse)
    wandering = _fit(moments, beats - first, Pulse(pulse.period_s, SPREAD, WANDER))
    rising = bool(np.all(np.diff(wandering.beat_s) > 0.0))
    odds = ODDS if pulse.spread > 0.0 else CLICK_ODDS
    if rising and wandering.likelihood > steady.likelihood + odds:
        return _map(wandering.beat_s, first, beat_qn)
    begin_s = float(steady.beat_s[0])
    period_s = float(steady.beat_s[-1] - begin_s) / (len(steady.beat_s) - 1)
    return TempoMap.constant(60.0 * beat_qn / period_s, begin_s - first * period_s)


def _map(beat_s: Array, first: int, beat_qn: float) -> TempoMap:
    return TempoMap(
        tuple(
            TempoPoint(Seconds(at_s), QuarterNotes((first + number) * beat_qn), 60.0 * beat_qn / (next_s - at_s))
            for number, (at_s, next_s) in enumerate(pairwise(beat_s.tolist()))
        )
    )


def _fit(moments: Moments, beats: Array, pulse: Pulse) -> _Fit:
    """Filter forwards and smooth backwards; plain numbers, for a beat is too little work for an array."""
    noise = (moments.variance * JITTER_S**2).tolist()
    heard = list(zip(beats.tolist(), moments.time_s.tolist(), noise, strict=True))
    wander_var = (pulse.wander * pulse.period_s) ** 2
    time, period = heard[0][1] - heard[0][0] * pulse.period_s, pulse.period_s
    a, b, c = BEGIN_VAR, 0.0, (pulse.spread * pulse.period_s) ** 2
    likelihood, done = 0.0, 0
    filtered, predicted = list[tuple[float, ...]](), list[tuple[float, ...]]()
    for beat in range(math.floor(heard[-1][0]) + 1):
        predicted.append((time, period, a, b, c))
        while done < len(heard) and heard[done][0] < beat + 1:
            part, at_s, var = heard[done][0] - beat, heard[done][1], heard[done][2]
            to_time, to_period = a + part * b, b + part * c
            total = to_time + part * to_period + var
            missed = at_s - time - part * period
            likelihood -= 0.5 * (missed * missed / total + math.log(total))
            time, period = time + to_time / total * missed, period + to_period / total * missed
            a, b, c = (
                a - to_time * to_time / total,
                b - to_time * to_period / total,
                c - to_period * to_period / total,
            )
            done += 1
        filtered.append((time, period, a, b, c))
        time, a, b, c = time + period, a + 2.0 * b + c, b + c, c + wander_var
    return _Fit(_smoothed(filtered, predicted, (time, period)), likelihood)


def _smoothed(
    filtered: list[tuple[float, ...]], predicted: list[tuple[float, ...]], after: tuple[float, float]
) -> Array:
    """Return the times of all beats, the one after the last included, each in the light of everything heard."""
    time, period = filtered[-1][:2]
    times = [after[0], time]
    for now, ahead in zip(reversed(filtered[:-1]), reversed(predicted[1:]), strict=True):
        a, b, c = now[2:]
        # Gain = covariance now x transition' / covariance ahead; singular where the period is exactly known.
        p, q, r = ahead[2:]
        cross_tt, cross_tp, cross_pt, cross_pp = a + b, b, b + c, c
        determinant = p * r - q * q
        off_time, off_period = time - ahead[0], period - ahead[1]
        if determinant > 1e-18:
            by_time, by_period = (
                (r * off_time - q * off_period) / determinant,
                (p * off_period - q * off_time) / determinant,
            )
        else:
            by_time, by_period = off_time / p, 0.0
        time, period = (
            now[0] + cross_tt * by_time + cross_tp * by_period,
            now[1] + cross_pt * by_time + cross_pp * by_period,
        )
        times.append(time)
    return np.array(times[::-1], np.float64)
