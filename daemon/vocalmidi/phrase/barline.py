"""Where the beats and the bar line lie when the tempo is known: tempo maps that begin on a beat, then on a bar line.

The beat's phase is the one that fits the onsets best (`pulse.py`), accented ones most. Of the beats of a bar, the
downbeat is the one that gathers most accent, with a head start for the first onset: most takes begin on a downbeat.
"""

from dataclasses import replace

import numpy as np

from vocalmidi.phrase.onsets import Onsets
from vocalmidi.phrase.pulse import PHASE_BINS, Stretches, beat_qn, log_density, phase_fit
from vocalmidi.phrase.raster import qn_at_all
from vocalmidi.units import QuarterNotes, qn_to_seconds
from vocalmidi.values import Meter, TempoMap

FIRST_ONSET_BONUS = 0.15
"""Share of all accent that the first onset adds to its own beat; as a logistic fit on pop909 and openewld weighs it."""
FIRST_ONSET_WEIGHT = 1.0
"""What the first onset counts more than another in finding the beat, in average onsets: enough to settle a tie."""
NEAR_BEATS = 0.08
"""How near a beat an onset must be to speak for it: the timing spread of the pulse model at 160 beats a minute."""


def steady_beats(onsets: Onsets, tempo_qpm: float, meter: Meter) -> TempoMap:
    """Return the map of one tempo whose QN 0 is a beat."""
    beat_s = qn_to_seconds(beat_qn(meter), tempo_qpm)
    weight = onsets.accent / onsets.accent.mean()
    weight[0] += FIRST_ONSET_WEIGHT
    fit = phase_fit(Stretches.whole(onsets.time_s, weight), beat_s, log_density(beat_s, meter))[0]
    peak = int(np.argmax(fit))
    left, top, right = fit[peak - 1], fit[peak], fit[(peak + 1) % PHASE_BINS]
    curve = left - 2.0 * top + right
    between = 0.5 * (left - right) / curve if curve < 0.0 else 0.0  # vertex of the parabola through three bins
    return TempoMap.constant(tempo_qpm, float(peak + between) / PHASE_BINS * beat_s)


def from_bar_line(beats: TempoMap, onsets: Onsets, meter: Meter) -> TempoMap:
    """Return the map counted from a bar line: its QN 0 is a downbeat."""
    places = qn_at_all(beats, onsets.time_s) / beat_qn(meter)
    in_bar = max(1, round(meter.bar_qn / beat_qn(meter)))
    nearest = np.round(places).astype(np.intp)
    near = np.exp(-0.5 * ((places - nearest) / NEAR_BEATS) ** 2)
    strength = np.bincount(nearest % in_bar, onsets.accent * near, in_bar)
    strength[nearest[0] % in_bar] += FIRST_ONSET_BONUS * strength.sum()
    shift_qn = int(np.argmax(strength)) * beat_qn(meter)
    return TempoMap(tuple(replace(point, qn=QuarterNotes(point.qn - shift_qn)) for point in beats.points))
