"""Onsets gathered into moments: sounds so near to each other that they have one place in the rhythm.

A kick with a hat on it, or a note that begins with a hit, is one moment that holds both.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from vocalmidi.phrase.onsets import Onsets

Array = npt.NDArray[np.float64]

ONE_MOMENT_S = 0.03
"""Nearer than this no mouth makes two sounds, and at 200 beats a minute it is less than half a sixteenth."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Moments in order of time, (n,) each.

    time_s: of the first sound of each.
    variance: how much less than sure each is: what its timing variance is multiplied with, 1 or more.
    length_s: until the next moment, or how long the last one sounds.
    sounding: 0–1, the part of that in which it sounds.
    pitch_midi: of its note, else of the note before it; 0 before any note.
    is_hit: whether it is hits alone.
    drums: (n, 4) which of kick, snare, hi-hat and other it holds, 0 or 1.
    """

    time_s: Array
    variance: Array
    length_s: Array
    sounding: Array
    pitch_midi: Array
    is_hit: npt.NDArray[np.bool_]
    drums: Array

    @classmethod
    def of(cls, onsets: Onsets) -> Self:
        """Return the moments of onsets."""
        number = np.cumsum(np.diff(onsets.time_s, prepend=-np.inf) > ONE_MOMENT_S) - 1
        first = np.flatnonzero(np.diff(number, prepend=-1))
        time_s = onsets.time_s[first]
        trust = np.maximum.reduceat(onsets.trust, first)
        drums = np.zeros((len(first), 4))
        hit = onsets.drum >= 0
        drums[number[hit], onsets.drum[hit]] = 1.0
        length_s = np.append(np.diff(time_s), max(float(onsets.sounding_s[first[-1] :].max()), 1e-3))
        sounding = np.clip(np.maximum.reduceat(onsets.sounding_s, first) / np.maximum(length_s, 1e-3), 0.0, 1.0)
        pitch = np.zeros(len(first))
        pitch[number[~hit]] = onsets.pitch_midi[~hit]
        return cls(time_s, 1.0 / trust, length_s, sounding, _held(pitch), drums.any(axis=1) & (pitch == 0.0), drums)

    def head(self, count: int) -> Self:
        """Return the first moments alone."""
        return type(self)(
            self.time_s[:count],
            self.variance[:count],
            self.length_s[:count],
            self.sounding[:count],
            self.pitch_midi[:count],
            self.is_hit[:count],
            self.drums[:count],
        )


def _held(pitch: Array) -> Array:
    """Return the pitches with each 0 replaced by the last one before it."""
    last = np.maximum.accumulate(np.where(pitch > 0.0, np.arange(len(pitch)), 0))
    return np.asarray(pitch[last], np.float64)
