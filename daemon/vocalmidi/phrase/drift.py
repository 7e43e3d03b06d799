"""A pulse that breathes: the beats of a take whose tempo wanders, as voices without a click do.

Windows of a few seconds, one every `HOP_S`, each say how well the onsets fit every beat phase at every tempo within
6 % of the take's (`pulse.py`); the best path through them (Viterbi) may change tempo by at most 1 % a hop, at a cost.
Out comes a tempo map, a point a hop. It is taken only where it explains the onsets clearly better than the steady
pulse. The same idea as the bar-pointer model (Whiteley, Cemgil & Godsill 2006) with windows in place of frames.
Sudden changes of tempo and fermatas are not followed.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from vocalmidi.phrase.onsets import Onsets
from vocalmidi.phrase.pulse import PHASE_BINS, Array, Stretches, beat_qn, log_density, phase_fit
from vocalmidi.phrase.raster import qn_at_all
from vocalmidi.units import QuarterNotes, Seconds, qn_to_seconds
from vocalmidi.values import Meter, TempoMap, TempoPoint

HOP_S = 2.0
REACH_S = 4.0
"""Half a window: with a triangle of this reach every onset is heard twice in all, which `phase_fit` is halved for."""
DEVIATIONS = 1.0 + 0.01 * np.arange(-6, 7)
"""Local tempo against the take's; singers who keep a tempo at all stay within 6 % of it."""
TEMPO_CHANGE_COST = 1.0
SLIP_COST = 0.25
"""Log weights of a change by one deviation, and of a slip of the phase by one bin; the latter is mostly rounding."""
SLIPS = (-2, -1, 0, 1, 2)
GAIN_PER_ONSET = 0.05
GAIN = 3.0
"""What a wandering pulse must gain in log-likelihood to be believed: clear odds, and a share for its freedom; the
share is the least that leaves steady phrases of pop909 as right as they were."""
SHORTEST_S = 8.0
"""A shorter take gives no time to wander."""


def followed(onsets: Onsets, steady: TempoMap, meter: Meter) -> TempoMap:
    """Return a map that follows the singer's drift, or `steady` where drift explains little more."""
    if onsets.time_s[-1] - onsets.time_s[0] < SHORTEST_S:
        return steady
    wandering = _wandering(onsets, steady.points[0].tempo_qpm, meter)
    gain = _log_likelihood(onsets, wandering, meter) - _log_likelihood(onsets, steady, meter)
    return wandering if gain > GAIN + GAIN_PER_ONSET * len(onsets.time_s) else steady


def _log_likelihood(onsets: Onsets, tempo_map: TempoMap, meter: Meter) -> float:
    beat_s = qn_to_seconds(beat_qn(meter), tempo_map.points[0].tempo_qpm)
    bins = np.round(qn_at_all(tempo_map, onsets.time_s) / beat_qn(meter) * PHASE_BINS).astype(np.intp) % PHASE_BINS
    return float(onsets.trust @ log_density(beat_s, meter)[bins])


def _wandering(onsets: Onsets, tempo_qpm: float, meter: Meter) -> TempoMap:
    centre_s = np.arange(onsets.time_s[0], onsets.time_s[-1] + HOP_S, HOP_S)
    periods_s = np.asarray(qn_to_seconds(beat_qn(meter), tempo_qpm) / DEVIATIONS, np.float64)
    windows = _windows(onsets, centre_s)
    fits = np.array(
        [0.5 * phase_fit(windows, period_s, log_density(period_s, meter)) for period_s in periods_s.tolist()]
    )
    path = _best_path(fits.transpose(1, 0, 2), periods_s)
    step = (path.phase[:-1] - path.phase[1:]) / PHASE_BINS
    expected = HOP_S / (0.5 * (periods_s[path.tempo[:-1]] + periods_s[path.tempo[1:]]))
    step += np.round(expected - step)
    beats = np.concatenate([[0.0], np.cumsum(_smooth(step))]) - path.phase[0] / PHASE_BINS
    places = (beats * beat_qn(meter)).tolist()
    tempos = (_smooth(step) * beat_qn(meter) * 60.0 / HOP_S).tolist()
    return TempoMap(
        tuple(
            TempoPoint(Seconds(time_s), QuarterNotes(qn), tempo)
            for time_s, qn, tempo in zip(centre_s.tolist(), places, [*tempos, tempos[-1]], strict=True)
        )
    )


def _smooth(step: Array) -> Array:
    """Even out what the bins round: steps are shared with their neighbours, their sum kept."""
    padded = np.concatenate([step[:1], step, step[-1:]])
    return np.asarray(0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:], np.float64)


def _windows(onsets: Onsets, centre_s: Array) -> Stretches:
    """Return every onset once for each window that reaches it, timed from the window's centre."""
    first = np.searchsorted(centre_s, onsets.time_s - REACH_S)
    stop = np.searchsorted(centre_s, onsets.time_s + REACH_S)
    counts = stop - first
    which = np.repeat(np.arange(len(counts)), counts)
    window = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    away_s = onsets.time_s[which] - centre_s[window]
    weight = onsets.trust[which] * (1.0 - np.abs(away_s) / REACH_S)
    return Stretches(away_s, weight, window.astype(np.intp), len(centre_s))


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """The deviation and the phase bin of each window."""

    tempo: npt.NDArray[np.intp]
    phase: npt.NDArray[np.intp]


def _best_path(fits: Array, periods_s: Array) -> _Path:
    """Return the best path through (windows, deviations, bins)."""
    moves = [_Move(change, slip, periods_s) for change, slip in product((-1, 0, 1), SLIPS)]
    total, chosen = fits[0], list[npt.NDArray[np.intp]]()
    for fit in fits[1:]:
        reach = np.array([move.arriving(total) for move in moves])
        chosen.append(reach.argmax(axis=0))
        total = reach.max(axis=0) + fit
    tempo, phase = (int(place) for place in np.unravel_index(total.argmax(), total.shape))
    states = [(tempo, phase)]
    for choice in reversed(chosen):
        tempo, phase = moves[choice[tempo, phase]].origin(tempo, phase)
        states.append((tempo, phase))
    states.reverse()
    return _Path(np.array([tempo for tempo, _ in states]), np.array([phase for _, phase in states]))


class _Move:
    """One way from a window to the next: a change of deviation and a slip of phase, with its cost."""

    def __init__(self, change: int, slip: int, periods_s: Array) -> None:
        tempo = np.arange(len(periods_s))
        self._from = np.clip(tempo - change, 0, len(tempo) - 1)
        period_s = 0.5 * (periods_s[self._from] + periods_s)
        # A beat `b` bins after one centre comes that much earlier after the next, less whole beats.
        self._later = np.round(HOP_S / period_s * PHASE_BINS).astype(np.intp) + slip
        possible = (tempo - change >= 0) & (tempo - change < len(tempo))
        self._cost = np.where(possible, TEMPO_CHANGE_COST * change**2 + SLIP_COST * slip**2, np.inf)

    def arriving(self, total: Array) -> Array:
        """Return the totals of all states when reached by this move."""
        bins = (np.arange(PHASE_BINS)[np.newaxis, :] + self._later[:, np.newaxis]) % PHASE_BINS
        return np.asarray(total[self._from[:, np.newaxis], bins] - self._cost[:, np.newaxis], np.float64)

    def origin(self, tempo: int, phase: int) -> tuple[int, int]:
        """Return the state that this move leads from."""
        return int(self._from[tempo]), int((phase + self._later[tempo]) % PHASE_BINS)
