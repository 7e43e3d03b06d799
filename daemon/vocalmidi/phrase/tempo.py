"""The steady tempo of a take from its onsets, with the alternatives in order of probability.

Every tempo from 60 to 180 beats a minute is scored by how well the onsets fit its pulse (`pulse.py`) in windows of a
few seconds, each with its own phase, so that a singer's drift does not blur the score; a log-normal prior settles
what rhythm alone can't (half or double time; Parncutt 1994, Moelants 2002 put preferred tempo near 120). The best one
is then sharpened over the whole take. What the singer does about that tempo is `drift.py`'s matter.
"""

import math
from dataclasses import dataclass

import numpy as np

from vocalmidi.phrase.onsets import Onsets
from vocalmidi.phrase.pulse import PHASE_BINS, Array, Stretches, beat_qn, log_density, phase_fit
from vocalmidi.values import Meter

RANGE_BPM = (60.0, 180.0)
"""Beats a minute that are tried; three to one, so half or double of anything outside is inside."""
STEP = 0.005
"""Ratio of neighbouring candidates less one: over a window the beat then slips at most a twentieth."""
CENTRE_BPM = 108.0
"""Middle of the prior, between 100 and 120 where the genres meet."""
SPREAD_LOG2 = 0.5
"""Standard deviation of the prior in octaves."""
WINDOW_S = 8.0
"""About four bars: enough onsets to tell a pulse, short enough for a drift of 1 % to stay within the timing spread."""
FEWEST = 4
"""Onsets that a window needs to say anything about a pulse."""
KEPT = 5
"""How many alternatives are given; beyond these the probabilities are below a few percent."""
APART = 0.06
"""Candidates nearer than this ratio are one tempo heard twice."""


@dataclass(frozen=True, slots=True)
class TempoCandidate:
    """A tempo in quarter notes a minute and its probability 0–1 among all that were tried."""

    tempo_qpm: float
    probability: float


def estimate_tempo(onsets: Onsets, meter: Meter) -> tuple[TempoCandidate, ...]:
    """Return the likely tempos, best first; a single onset leaves the prior's."""
    low, high = RANGE_BPM
    tempos = np.geomspace(low, high, 1 + round(np.log(high / low) / np.log1p(STEP)))
    windows = _windows(onsets)
    score = np.array([_score(windows, 60.0 / bpm, meter) for bpm in tempos.tolist()])
    score += -0.5 * (np.log2(tempos / CENTRE_BPM) / SPREAD_LOG2) ** 2
    probability = np.exp(score - score.max())
    probability /= probability.sum()
    return tuple(
        TempoCandidate(float(_sharpen(onsets, tempos[peak], meter) * beat_qn(meter)), float(share))
        for peak, share in _peaks(tempos, probability)
    )


def _windows(onsets: Onsets) -> Stretches:
    """Return the onsets in windows; a few stragglers can't tell a pulse, so they join the window before."""
    window = ((onsets.time_s - onsets.time_s[0]) / WINDOW_S).astype(np.intp)
    number = np.cumsum(np.diff(window, prepend=window[0]) > 0)
    if number[-1] > 0 and np.count_nonzero(number == number[-1]) < FEWEST:
        number = np.minimum(number, number[-1] - 1)
    return Stretches(onsets.time_s, onsets.trust, number.astype(np.intp), int(number[-1]) + 1)


def _score(windows: Stretches, period_s: float, meter: Meter) -> float:
    """Return the log-likelihood of a period, the phase of each window summed out."""
    fit = phase_fit(windows, period_s, log_density(period_s, meter))
    return float(np.logaddexp.reduce(fit, axis=1).sum()) - windows.count * math.log(PHASE_BINS)


def _peaks(tempos: Array, probability: Array) -> list[tuple[int, float]]:
    """Return (index, probability of its surroundings), best first, each tempo once."""
    left = probability.copy()
    found = list[tuple[int, float]]()
    while len(found) < KEPT and left.max() > 0.0:
        peak = int(left.argmax())
        near = np.abs(np.log(tempos / tempos[peak])) < APART
        found.append((peak, float(left[near].sum())))
        left[near] = 0.0
    return found


def _sharpen(onsets: Onsets, bpm: float, meter: Meter) -> float:
    """Return the tempo within one candidate step that fits the longest span which one steady pulse can hold."""
    # Doubling the span and halving the step keeps every trial within reach of the phase found before.
    time_s, span_s, width = onsets.time_s - onsets.time_s[0], WINDOW_S, STEP
    while True:
        near = time_s <= span_s
        trials = bpm * (1.0 + width * np.linspace(-1.0, 1.0, 17))
        heard = Stretches.whole(time_s[near], onsets.trust[near])
        fits = [phase_fit(heard, 60.0 / trial, log_density(60.0 / trial, meter)).max() for trial in trials.tolist()]
        bpm = float(trials[int(np.argmax(fits))])
        if span_s >= time_s[-1]:
            return bpm
        span_s, width = 2.0 * span_s, width / 2.0
