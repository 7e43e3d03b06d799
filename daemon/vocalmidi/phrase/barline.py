"""Where the beats and the bar line lie when the tempo is known: the time of the bar line that opens the phrase.

The beat's phase is the one that fits the onsets best (`pulse.py`), accented ones most. Of the beats of a bar, the
downbeat is the one that gathers most accent, with a head start for the first onset: most takes begin on a downbeat.
"""

import numpy as np

from vocalmidi.phrase.onsets import Onsets
from vocalmidi.phrase.pulse import PHASE_BINS, Stretches, beat_qn, log_density, phase_fit
from vocalmidi.units import Seconds, qn_to_seconds
from vocalmidi.values import Meter

FIRST_ONSET_BONUS = 0.15
"""Share of all accent that the first onset adds to its own beat; as a logistic fit on pop909 and openewld weighs it."""

FIRST_ONSET_WEIGHT = 1.0
"""What the first onset counts more than another in finding the beat, in average onsets: enough to settle a tie."""


def find_bar_line(onsets: Onsets, tempo_qpm: float, meter: Meter) -> Seconds:
    """Return the time of a bar line, at or before the first onset but for its timing error; may be below zero."""
    beat_s = qn_to_seconds(beat_qn(meter), tempo_qpm)
    phase_s = _beat_phase(onsets, beat_s, meter)
    beats = max(1, round(meter.bar_qn / beat_qn(meter)))
    place = np.round((onsets.time_s - phase_s) / beat_s).astype(np.intp)
    # Only what lies near a beat speaks for it; the bell is the timing spread of the pulse model at 100 beats a minute.
    near = np.exp(-0.5 * (((onsets.time_s - phase_s) / beat_s - place) / 0.08) ** 2)
    strength = np.bincount(place % beats, onsets.accent * near, beats)
    strength[place[0] % beats] += FIRST_ONSET_BONUS * strength.sum()
    first = (onsets.time_s[0] - phase_s) / beat_s + 0.125  # what rounds to a beat on a grid of 16ths counts as on it
    down = int(np.argmax(strength))
    return Seconds(float(phase_s + beat_s * (down + beats * np.floor((first - down) / beats))))


def _beat_phase(onsets: Onsets, beat_s: float, meter: Meter) -> float:
    weight = onsets.accent / onsets.accent.mean()
    weight[0] += FIRST_ONSET_WEIGHT
    heard = Stretches.whole(onsets.time_s, weight)
    fit = phase_fit(heard, beat_s, log_density(beat_s, meter))[0]
    peak = int(np.argmax(fit))
    left, top, right = fit[peak - 1], fit[peak], fit[(peak + 1) % PHASE_BINS]
    curve = left - 2.0 * top + right
    between = 0.5 * (left - right) / curve if curve < 0.0 else 0.0  # vertex of the parabola through three bins
    return float(peak + between) / PHASE_BINS * beat_s
