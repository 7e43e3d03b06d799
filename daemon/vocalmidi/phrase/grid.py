"""The step of the quantising grid in quarter notes, and the choice between sixteenths and eighth triplets.

The choice is the likelihood of the onsets under either grid, the beats known; triplets have to win clearly, since a
swung or hasty pair of eighths is more often meant straight. One choice holds for the phrase.
"""

import numpy as np

from vocalmidi.phrase.pulse import PHASE_BINS, Array, is_compound, log_density_of
from vocalmidi.phrase.settings import Grid
from vocalmidi.units import QuarterNotes, qn_to_seconds
from vocalmidi.values import Meter

STEPS_QN = {
    Grid.EIGHTH: 1 / 2,
    Grid.SIXTEENTH: 1 / 4,
    Grid.THIRTY_SECOND: 1 / 8,
    Grid.EIGHTH_TRIPLET: 1 / 3,
    Grid.SIXTEENTH_TRIPLET: 1 / 6,
}
STRAIGHT = ((0.0, 0.52), (1 / 2, 0.28), (1 / 4, 0.10), (3 / 4, 0.10))
"""Shares of onsets in the beat: near the mean of pop909 and openewld melodies (training split), without triplets."""
TRIPLETS = ((0.0, 0.52), (1 / 3, 0.22), (2 / 3, 0.26))
"""Shares between those of such melodies and of the compound metres of essen and openewld, without sixteenths."""
TRIPLET_PRIOR = 0.05
"""A judgement: one take in twenty in a simple metre moves in triplets throughout."""


def grid_step(grid: Grid, played_qn: Array, meter: Meter, tempo_qpm: float) -> QuarterNotes:
    """Return the grid's step; AUTO looks at where the onsets were played."""
    if grid is not Grid.AUTO:
        return QuarterNotes(STEPS_QN[grid])
    triplets = not is_compound(meter) and _triplet_odds(played_qn, tempo_qpm) > 0.0
    return QuarterNotes(STEPS_QN[Grid.EIGHTH_TRIPLET if triplets else Grid.SIXTEENTH])


def _triplet_odds(played_qn: Array, tempo_qpm: float) -> float:
    """Return the log odds that the onsets lie on triplets and not on sixteenths."""
    period_s = qn_to_seconds(1.0, tempo_qpm)
    places = np.floor(played_qn * PHASE_BINS + 0.5).astype(np.intp) % PHASE_BINS
    gain = log_density_of(TRIPLETS, period_s) - log_density_of(STRAIGHT, period_s)
    return float(gain[places].sum() + np.log(TRIPLET_PRIOR / (1.0 - TRIPLET_PRIOR)))
