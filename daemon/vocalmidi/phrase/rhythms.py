"""How often music goes from one place of the beat to another: the tables that a reading of onsets is weighed by.

Counted in the training splits of the symbolic sets by `training/metre/count_rhythms.py` (melodies; drum takes for
hits) and kept in `metre.npz` beside this file. A place is a twelfth of the felt beat, which divides in two and four
with rare triplets (SIMPLE) or in three and six (COMPOUND); other twelfths have no weight. No seconds here.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

TICKS = 12
"""Places in a beat: holds sixteenths and triplets of a simple beat, sixteenths of a compound one."""
SIMPLE, COMPOUND = 0, 1
"""Divisions of the beat, as indices of the tables."""
LONGEST_TICKS = 96
"""From here on a step is a silence like any other: eight beats."""
FILE = "metre.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Rhythms:
    """Log weights by division.

    first: (2, TICKS) of the first onset's place.
    notes, hits: (2, TICKS, LONGEST_TICKS + 1) of the steps from a place, -inf where they lead off the grid.
    """

    first: Array
    notes: Array
    hits: Array

    def table(self, *, was_hit: bool) -> Array:
        """Return the steps' weights after a hit or after a note."""
        return self.hits if was_hit else self.notes

    def log_weight(self, division: int, ticks: Ints, is_hit: npt.NDArray[np.bool_]) -> float:
        """Return the weight of a whole path of places."""
        place, step = ticks[:-1] % TICKS, np.minimum(np.diff(ticks), LONGEST_TICKS)
        steps = np.where(is_hit[:-1], self.hits[division, place, step], self.notes[division, place, step])
        return float(self.first[division, ticks[0] % TICKS] + steps.sum())


@cache
def rhythms() -> Rhythms:
    """Return the tables that are shipped."""
    with resources.files("vocalmidi.phrase").joinpath(FILE).open("rb") as stored, np.load(stored) as tables:
        return Rhythms(*(np.asarray(tables[name], np.float64) for name in ("first", "notes", "hits")))
