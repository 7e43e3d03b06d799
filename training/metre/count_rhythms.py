"""Count how often music steps from one place of the beat to another: the tables of `phrase/rhythms.py`.

In: melodies and drum takes, the training splits of the symbolic sets, in phrases of eight bars. Out: log weights,
smoothed. A set counts by its share in `WEIGHTS`, however large it is.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.context.scores import DRUMS, Score, read_scores
from training.metre.data_metre import meant_of
from vocalmidi.phrase.rhythms import COMPOUND, LONGEST_TICKS, SIMPLE, TICKS, Rhythms

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

WEIGHTS = {"pop909": 0.35, "openewld": 0.2, "essen": 0.2, "openscore_lieder": 0.15, "ryans_mammoth": 0.1}
"""A judgement: songs as they are sung today first, folk tunes enough for every metre."""
GRIDS = {SIMPLE: (0, 3, 4, 6, 8, 9), COMPOUND: (0, 2, 4, 6, 8, 10)}
"""Twelfths of a beat that are places: sixteenths and triplets, or sixteenths of a compound beat."""
STEPS_COUNTED = 40_000.0
"""What all counts are scaled to, so that `LEAST` means the same in every table."""
LEAST = 0.3
"""Added to each step that leads to a place; steps that were never seen then cost about as much as a slip of a hand."""
LEAST_FIRST = 2.0
NEVER_TICKS = 1
"""A step of one twelfth is an ornament, which is no rhythm."""


def count_rhythms(symbolic: Path) -> Rhythms:
    """Return the tables of the training split."""
    steps, first = np.zeros((2, TICKS, LONGEST_TICKS + 1)), np.zeros((2, TICKS))
    for name, weight in WEIGHTS.items():
        found = list(_placed(read_scores(symbolic, name, "train")))
        share = weight * STEPS_COUNTED / sum(len(ticks) for _, ticks in found)
        for division, ticks in found:
            np.add.at(steps[division], _steps(ticks), share)
            first[division, ticks[0] % TICKS] += share
    hits = steps * 0.0
    drums = [ticks for division, ticks in _placed(read_scores(symbolic, DRUMS, "train")) if division == SIMPLE]
    for ticks in drums:
        np.add.at(hits[SIMPLE], _steps(ticks), STEPS_COUNTED / sum(map(len, drums)))
    hits[COMPOUND] = steps[COMPOUND]  # gmd has ten takes in six-eight; their mouths do what melodies do
    return Rhythms(_logs(first + LEAST_FIRST, _grid()), _step_logs(steps), _step_logs(hits))


def _placed(scores: Iterator[Score]) -> Iterator[tuple[int, Ints]]:
    """Yield division and places of each score whose metre is told apart."""
    for score in scores:
        meant = meant_of(score, 100.0)
        if meant is not None:
            ticks = snapped(score.place_qn * meant.beats_per_qn, meant.form.division)
            yield meant.form.division, ticks[np.diff(ticks, prepend=-TICKS) > 0]


def snapped(beats: Array, division: int) -> Ints:
    """Return the nearest places of a division."""
    whole = np.floor(beats + 1e-6)
    grid = np.array([*GRIDS[division], TICKS])
    nearest = np.abs((beats - whole)[:, np.newaxis] * TICKS - grid).argmin(axis=1)
    return np.asarray(whole * TICKS + grid[nearest], np.intp)


def _steps(ticks: Ints) -> tuple[Ints, Ints]:
    return ticks[:-1] % TICKS, np.minimum(np.diff(ticks), LONGEST_TICKS)


def _grid() -> npt.NDArray[np.bool_]:
    return np.array([np.isin(np.arange(TICKS), grid) for grid in GRIDS.values()])


def _step_logs(counts: Array) -> Array:
    """Return the log weights of steps; the last column, any long silence, leads from everywhere on the grid."""
    grid = _grid()
    step = np.arange(LONGEST_TICKS + 1)
    leads = grid[:, (np.arange(TICKS)[:, np.newaxis] + step) % TICKS] & (step > NEVER_TICKS)
    leads[:, :, LONGEST_TICKS] = True
    leads &= grid[:, :, np.newaxis]
    return _logs(counts + LEAST, leads)


def _logs(counts: Array, possible: npt.NDArray[np.bool_]) -> Array:
    counts = np.where(possible, counts, 0.0)
    total = np.maximum(counts.sum(axis=-1, keepdims=True), 1e-9)
    return np.where(possible, np.log(np.maximum(counts / total, 1e-12)), -np.inf)
