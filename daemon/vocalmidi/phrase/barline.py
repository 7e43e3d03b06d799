"""The bar line of a metre that `metre.py` doesn't know, such as 5/4 or 7/8, when the beats are known.

Of the beats of a bar, the downbeat is the one that gathers most accent, with a head start for the first onset: most
takes begin on a downbeat.
"""

from dataclasses import replace

import numpy as np

from vocalmidi.phrase.onsets import Onsets
from vocalmidi.phrase.pulse import beat_qn
from vocalmidi.phrase.raster import qn_at_all
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Meter, TempoMap

FIRST_ONSET_BONUS = 0.15
"""Share of all accent that the first onset adds to its own beat; as a logistic fit on pop909 and openewld weighs it."""
NEAR_BEATS = 0.08
"""How near a beat an onset must be to speak for it: the timing spread of voices, 30 ms, at 160 beats a minute."""


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
