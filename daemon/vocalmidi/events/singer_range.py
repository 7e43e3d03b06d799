"""What a singer's range says of pitches: notes far from the middle of a take are octave errors more often than leaps.

In: pitches and lengths of notes. Out: (pitches,) worth of a note of each pitch of the grid, 0 near the middle, below
zero far from it. It forbids nothing: an octave that is clearly sung outweighs it.
"""

from collections.abc import Sequence

import numpy as np

from vocalmidi.events.evidence import GRID_MIDI, Array
from vocalmidi.events.settings import RangeSettings


def middle_pitch(pitches_midi: Sequence[float], lengths: Sequence[float]) -> float:
    """Return the pitch below and above which one sings equally long."""
    order = np.argsort(pitches_midi, kind="stable")
    sung = np.cumsum(np.asarray(lengths, np.float64)[order])
    return float(np.asarray(pitches_midi)[order][np.searchsorted(sung, sung[-1] / 2.0)])


def range_worth(pitches_midi: Sequence[float], lengths: Sequence[float], settings: RangeSettings) -> Array:
    """Return the worth of each pitch of the grid after notes of these pitches and lengths."""
    if len(pitches_midi) < settings.least_notes:
        return np.zeros(len(GRID_MIDI))
    beyond = np.abs(GRID_MIDI - middle_pitch(pitches_midi, lengths)) - settings.reach_semitones
    return -np.clip(settings.cost * beyond, 0.0, settings.most_cost)
