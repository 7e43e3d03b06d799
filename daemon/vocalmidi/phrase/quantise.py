"""Onsets to the grid: each to the nearest point, but never two on one point and never out of order.

Strictly rising whole numbers nearest to the played places in least squares are the isotonic regression of place minus
index, rounded (pool adjacent violators: Ayer et al. 1955), in linear time. Where notes stand closer than the grid and
would be pushed away by more than `FARTHEST` of a step, that run alone is placed again on a grid twice as fine.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

FARTHEST = 0.8
"""In grid steps: rounding alone moves an onset by up to half; beyond this the rhythm changes its shape."""
FINEST = 3
"""How many times a step may be halved: a 16th down to a 128th, below any sung note."""


@dataclass(frozen=True, slots=True)
class _Room:
    """The open interval (low, high) that a run has to itself, in quarter notes."""

    low: float
    high: float


def quantise_starts(played_qn: Array, step_qn: float) -> Array:
    """Return strictly rising grid positions for rising played ones, both in quarter notes."""
    return _place(played_qn, step_qn, _Room(-np.inf, np.inf), FINEST)


def _place(played_qn: Array, step_qn: float, room: _Room, halvings: int) -> Array:
    """Place one run; where it is too dense, place its dense parts again on half the step."""
    index = np.arange(len(played_qn))
    pooled = pool_adjacent_violators(played_qn / step_qn - index)
    # Rounding half up, not half to even, keeps pooled runs in order.
    point = np.floor(pooled + 0.5) + index
    point = np.clip(point, np.floor(room.low / step_qn) + 1 + index, np.ceil(room.high / step_qn) - 1 - index[::-1])
    placed = np.asarray(point * step_qn, np.float64)
    if halvings == 0:
        return placed
    for start, stop in _dense_runs(pooled, np.abs(placed - played_qn) > FARTHEST * step_qn):
        before = float(placed[start - 1]) if start > 0 else room.low
        after = float(placed[stop]) if stop < len(placed) else room.high
        placed[start:stop] = _place(played_qn[start:stop], step_qn / 2.0, _Room(before, after), halvings - 1)
    return placed


def _dense_runs(pooled: Array, far: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the index spans of pooled blocks that hold an onset moved too far."""
    starts = np.flatnonzero(np.diff(pooled, prepend=-np.inf) > 0)
    bounds = [*starts.tolist(), len(pooled)]
    return [(a, b) for a, b in pairwise(bounds) if b - a > 1 and far[a:b].any()]


def pool_adjacent_violators(values: Array) -> Array:
    """Return the non-decreasing sequence nearest to `values` in least squares."""
    means, sizes = list[float](), list[int]()
    for value in values.tolist():
        mean, size = value, 1
        while means and means[-1] >= mean:
            mean = (mean * size + means[-1] * sizes[-1]) / (size + sizes[-1])
            size += sizes.pop()
            means.pop()
        means.append(mean)
        sizes.append(size)
    return np.repeat(np.array(means, np.float64), sizes)


def quantise_ends(played_end_qn: Array, start_qn: Array, step_qn: float) -> Array:
    """Return where notes end: on the grid, after their start, filled up to the next start when only a step is missing.

    start_qn: quantised starts, strictly rising.
    """
    next_start = np.append(start_qn[1:], np.inf)
    end = np.round(played_end_qn / step_qn) * step_qn
    end = np.where(next_start - end <= step_qn * 1.001, next_start, end)  # a short breath is not a written rest
    return np.asarray(np.minimum(np.maximum(end, start_qn + step_qn), next_start), np.float64)
