"""Which note of one pass is which of another: several passes of one loop laid side by side.

Comes in: for each pass what was sung, in order, and how unlike two of them are. Goes out: slots, each with what every
pass has there, or None. Does not vote. Source: progressive alignment into one network as in ROVER (Fiscus 1997), each
step the global alignment of Needleman & Wunsch (1970) with the costs of the caller.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Sung = TypeVar("Sung")
Slot = list[Sung | None]
"""What each pass has at one place of the loop."""

GAP_COST = 1.0
"""Of leaving one thing alone; the costs of a pair are in this unit, and two gaps are dearer than a pair below 2."""
REACH_QN = 1.0
"""Things further apart than a beat are never the same one; also what keeps the work linear in the loop's length."""


class Likeness(Generic[Sung]):
    """How the things of two passes are compared: `place_qn` says where one lies, `cost` how unlike two are, from 0."""

    def __init__(self, place_qn: Callable[[Sung], float], cost: Callable[[Sung, Sung], float]) -> None:
        self.place_qn = place_qn
        self.cost = cost

    def between(self, slots: Sequence[Slot[Sung]], line: Sequence[Sung]) -> npt.NDArray[np.float64]:
        """Return how unlike each slot is to each thing of a further pass, (slots, things); inf where out of reach."""
        costs = np.full((len(slots), len(line)), np.inf)
        places = np.array([self.place_qn(thing) for thing in line])
        for row, slot in enumerate(slots):
            members = [member for member in slot if member is not None]
            centre = float(np.mean([self.place_qn(member) for member in members]))
            for column in np.flatnonzero(np.abs(places - centre) < REACH_QN).tolist():
                costs[row, column] = np.mean([self.cost(member, line[column]) for member in members])
        return costs


def in_slots(lines: Sequence[Sequence[Sung]], likeness: Likeness[Sung]) -> list[Slot[Sung]]:
    """Return the slots of all passes, in order; each pass is in every slot, with a thing or with None."""
    slots: list[Slot[Sung]] = []
    for number, line in enumerate(lines):
        widened: list[Slot[Sung]] = []
        for row, column in pairs(likeness.between(slots, line)):
            past: Slot[Sung] = [None] * number if row is None else slots[row]
            widened.append([*past, None if column is None else line[column]])
        slots = widened
    return slots


def pairs(cost: npt.NDArray[np.float64]) -> list[tuple[int | None, int | None]]:
    """Return the cheapest walk through rows and columns: a pair where they belong together, None beside one alone."""
    rows, columns = cost.shape
    total = np.empty((rows + 1, columns + 1))
    total[0], total[:, 0] = GAP_COST * np.arange(columns + 1), GAP_COST * np.arange(rows + 1)
    for row in range(rows):
        best = np.minimum(total[row, 1:] + GAP_COST, total[row, :-1] + cost[row])
        # Gaps along the row: a running minimum once the slope of the gaps is taken away.
        slope = GAP_COST * np.arange(columns + 1)
        total[row + 1, 1:] = best
        total[row + 1] = np.minimum.accumulate(total[row + 1] - slope) + slope
    return _walk(total, cost)


def _walk(total: npt.NDArray[np.float64], cost: npt.NDArray[np.float64]) -> list[tuple[int | None, int | None]]:
    """Return the steps from the far corner back, turned round; a pair is preferred where it costs no more."""
    row, column = cost.shape
    steps: list[tuple[int | None, int | None]] = []
    while row or column:
        here = total[row, column] + 1e-9
        if row and column and total[row - 1, column - 1] + cost[row - 1, column - 1] <= here:
            row, column = row - 1, column - 1
            steps.append((row, column))
        elif row and total[row - 1, column] + GAP_COST <= here:
            row -= 1
            steps.append((row, None))
        else:
            column -= 1
            steps.append((None, column))
    return steps[::-1]
