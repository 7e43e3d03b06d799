"""What the metre network sees of a reading of the onsets: a row of numbers a moment, in beats of that reading.

In: moments and their places (`tracks.Track`). Out: (moments, FEATURES) float32. Each moment sees itself, its four
neighbours on either side, and whether what is sounded now comes again bars later or came before (repetition tells the
bar: Lerdahl & Jackendoff 1983, metrical preference rule 1). Blind to absolute pitch, to seconds and to loudness, which
a microphone's distance decides. The same for training and use.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.phrase.moments import Moments
from vocalmidi.phrase.rhythms import TICKS

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float32]

REACH = 4
"""Neighbours seen on each side."""
CYCLES_TICKS = (24, 36, 48)
"""Bars of two, three and four beats, as whose phase a neighbour's distance is shown."""
STEPS_TICKS = (4, 7, 10, 13, 19, 25, 37, 49)
"""Upper bounds, exclusive, of the classes of steps between neighbours: sixteenth, eighth, … a bar, longer."""
LAGS_TICKS = (12, 24, 36, 48, 72, 96, 144, 192)
"""Where repetition is looked for: one beat to four bars."""
INTERVALS = 9
"""Classes of intervals: same, and step, third, fifth, wider, up and down."""
DRUM_KINDS = 4
FARTHEST_TICKS = 96
_PER_NEIGHBOUR = 3 + 2 * len(CYCLES_TICKS) + DRUM_KINDS
FEATURES = (
    TICKS
    + 1
    + 2 * REACH * _PER_NEIGHBOUR
    + 2 * (len(STEPS_TICKS) + 1)
    + 2 * INTERVALS
    + 4 * len(LAGS_TICKS)
    + DRUM_KINDS
    + 6
)


def metre_rows(moments: Moments, ticks: Ints, division: int) -> Floats:
    """Return what is seen of every moment."""
    count = len(ticks)
    interval = interval_class(np.diff(np.round(moments.pitch_midi), prepend=np.round(moments.pitch_midi[:1])))
    step = np.diff(ticks)
    parts = [
        _one_hot(ticks % TICKS, TICKS),
        np.full((count, 1), float(division)),
        *(_neighbour(moments, ticks, away) for away in range(-REACH, REACH + 1) if away != 0),
        _steps(np.append(LAST_STEP, step)),
        _steps(np.append(step, LAST_STEP)),
        _one_hot(interval, INTERVALS),
        _one_hot(np.append(interval[1:], 0), INTERVALS),
        *(_repeats(moments, ticks, interval, lag) for lag in LAGS_TICKS),
        moments.drums,
        _own(moments, ticks),
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


LAST_STEP = 400
"""Stands for the step before the first and after the last moment: longer than any class but the last."""


def interval_class(semitones: Array) -> Ints:
    """Return the class of each interval, 0 for none, odd numbers upwards, even ones downwards."""
    size = np.searchsorted((0.5, 2.5, 4.5, 7.5), np.abs(semitones))
    return np.asarray(np.where(size == 0, 0, 2 * size - (semitones > 0)), np.intp)


def _one_hot(index: Ints, count: int) -> Array:
    return np.asarray(np.arange(count) == index[:, np.newaxis], np.float64)


def _steps(step: Ints) -> Array:
    return _one_hot(np.searchsorted(STEPS_TICKS, step, side="right"), len(STEPS_TICKS) + 1)


def _neighbour(moments: Moments, ticks: Ints, away: int) -> Array:
    """Return how far, how much higher, what drum and in what phase the neighbour so many moments away is."""
    at = np.arange(len(ticks)) + away
    there = (at >= 0) & (at < len(ticks))
    at = np.clip(at, 0, len(ticks) - 1)
    far = (ticks[at] - ticks).astype(np.float64)
    turns = [2.0 * np.pi * far / cycle for cycle in CYCLES_TICKS]
    columns = [
        np.ones(len(ticks)),
        np.clip(far / FARTHEST_TICKS, -1.0, 1.0),
        np.clip((moments.pitch_midi[at] - moments.pitch_midi) / 12.0, -2.0, 2.0),
        *(wave(turn) for turn in turns for wave in (np.cos, np.sin)),
    ]
    return np.concatenate([np.stack(columns, axis=1), moments.drums[at]], axis=1) * there[:, np.newaxis]


def _repeats(moments: Moments, ticks: Ints, interval: Ints, lag: int) -> Array:
    """Return whether something sounds a lag later and earlier, and whether it is the same drum or interval."""
    columns = list[Array]()
    for shift in (lag, -lag):
        at = np.clip(np.searchsorted(ticks, ticks + shift), 0, len(ticks) - 1)
        there = ticks[at] == ticks + shift
        same = (interval[at] == interval) & (moments.drums[at] == moments.drums).all(axis=1)
        columns += [there.astype(np.float64), (there & same).astype(np.float64)]
    return np.stack(columns, axis=1)


def _own(moments: Moments, ticks: Ints) -> Array:
    """Return what a moment is by itself: how much of it sounds, how stable and how high its pitch is, where it ends."""
    length = np.minimum(np.append(np.diff(ticks), TICKS), 2 * TICKS).astype(np.float64)
    pitch_class = np.round(moments.pitch_midi).astype(np.intp) % 12
    share = np.bincount(pitch_class, length, 12) / length.sum()
    spread = max(float(moments.pitch_midi.std()), 1.0)
    index = np.arange(len(ticks))
    return np.stack(
        [
            moments.sounding,
            share[pitch_class],
            np.clip((moments.pitch_midi - moments.pitch_midi.mean()) / spread, -3.0, 3.0),
            index == 0,
            index == len(ticks) - 1,
            moments.is_hit,
        ],
        axis=1,
    ).astype(np.float64)
