"""The beats of a take whose places are known: a tempo map through the onsets that keeps the singer's drift.

In: times of moments and their places in beats. Out: a tempo map. Each onset is its place's time and a timing error;
the length of a beat is a random walk; the likeliest beats given all onsets are those of a Kalman filter run forwards
and smoothed backwards (Rauch, Tung & Striebel 1965; for performances Cemgil & Kappen 2003). Where one steady tempo is
as near, it is taken.
"""

import numpy as np

from vocalmidi.phrase.context_input import Array
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import TempoMap, TempoPoint

JITTER_S = 0.030
"""Standard deviation of sung onsets about their beat; singers' onsets spread 20–40 ms."""
WANDER = 0.012
"""Standard deviation of the change of tempo over a beat, as a part of it, as `tracks.py` has it."""
STEADY_S = 0.045
"""A line that stays so near to a steady one is that: half as much again as the jitter."""
POINT_APART_S = 1.5
"""Between points of the map at least: tempo doesn't change within a beat or two, and maps stay short."""


def beat_line(time_s: Array, beats: Array, beat_qn: float) -> TempoMap:
    """Return the map on which `beats` × `beat_qn` quarter notes come when they were sung."""
    if len(time_s) == 1:
        raise ValueError("one moment has no tempo")
    slope, origin = np.polyfit(beats, time_s, 1)
    smooth = _smoothed(time_s, beats, float(slope))
    if np.abs(smooth - (origin + slope * beats)).max() < STEADY_S:
        return TempoMap.constant(60.0 * beat_qn / float(slope), float(origin))
    chosen = [0]
    for index in range(1, len(beats)):
        if smooth[index] - smooth[chosen[-1]] >= POINT_APART_S:
            chosen.append(index)
    if chosen[-1] != len(beats) - 1 and len(chosen) > 1:
        chosen[-1] = len(beats) - 1
    at_s, at_qn = smooth[chosen], beats[chosen] * beat_qn
    tempo = 60.0 * np.diff(at_qn) / np.diff(at_s)
    return TempoMap(
        tuple(
            TempoPoint(Seconds(second), QuarterNotes(qn), qpm)
            for second, qn, qpm in zip(at_s.tolist(), at_qn.tolist(), [*tempo.tolist(), float(tempo[-1])], strict=True)
        )
    )


def _smoothed(time_s: Array, beats: Array, period_s: float) -> Array:
    """Return when each moment's place is, given all onsets; scalar arithmetic, since there are two numbers a step."""
    noise, wander = JITTER_S**2, (WANDER * period_s) ** 2
    at, period = float(time_s[0]), period_s
    var, cross, pace = noise, 0.0, (0.05 * period_s) ** 2
    before = list[tuple[float, ...]]()
    after = [(at, period, var, cross, pace)]
    for step, heard in zip(np.diff(beats).tolist(), time_s[1:].tolist(), strict=True):
        at += step * period
        var += step * (2.0 * cross + step * pace) + wander * step**3 / 3.0
        cross += step * pace + wander * step**2 / 2.0
        pace += wander * step
        before.append((at, period, var, cross, pace, step))
        gain, pace_gain = var / (var + noise), cross / (var + noise)
        missed = heard - at
        at, period = at + gain * missed, period + pace_gain * missed
        pace -= pace_gain * cross
        var, cross = var * (1.0 - gain), cross * (1.0 - gain)
        after.append((at, period, var, cross, pace))
    smooth = [after[-1][0]]
    later_at, later_period = after[-1][:2]
    for (at, period, var, cross, pace), expected in zip(reversed(after[:-1]), reversed(before), strict=True):
        to_at, to_period, to_var, to_cross, to_pace, step = expected
        # Gain: covariance with what comes next, times the inverse of that one's covariance.
        with_at, with_period = var + step * cross, cross
        pace_with_at, pace_with_period = cross + step * pace, pace
        scale = to_var * to_pace - to_cross**2
        miss_at, miss_period = later_at - to_at, later_period - to_period
        pull_at = (to_pace * miss_at - to_cross * miss_period) / scale
        pull_period = (to_var * miss_period - to_cross * miss_at) / scale
        later_at = at + with_at * pull_at + with_period * pull_period
        later_period = period + pace_with_at * pull_at + pace_with_period * pull_period
        smooth.append(later_at)
    # Where timing was wild a smoothed line might stand still; places never do.
    index = np.arange(len(smooth)) * 1e-4
    return np.asarray(np.maximum.accumulate(np.array(smooth[::-1]) - index) + index, np.float64)
