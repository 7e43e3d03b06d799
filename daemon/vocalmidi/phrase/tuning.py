"""How far a take lies beside the piano's tuning, and the keys that are meant.

A voice without accompaniment drifts from 440 Hz but keeps its intervals: the circular mean of the pitches' parts
beside the keys, weighted by duration and confidence, is the take's own tuning (Dressler & Streich 2007). One tuning
holds for the whole take.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vocalmidi.units import Cents
from vocalmidi.values import NoteEvent

CONCERT_SHARE = 0.05
"""Weight of 440 Hz beside the take's own pitches: decides only when these point nowhere."""


def tuning_shift(notes: Sequence[NoteEvent]) -> Cents:
    """Return how far the take lies above 440 Hz tuning, −50 to 50 cents; 0 without notes."""
    if not notes:
        return Cents(0.0)
    pitch_midi = np.array([note.pitch_midi for note in notes])
    weight = np.array([(note.offset - note.onset) * max(note.confidence, 0.05) for note in notes])
    mean = np.sum(weight / weight.sum() * np.exp(2j * np.pi * pitch_midi)) + CONCERT_SHARE
    return Cents(float(np.angle(mean)) / (2.0 * np.pi) * 100.0)


def keys_meant(notes: Sequence[NoteEvent], shift_cents: Cents) -> npt.NDArray[np.intp]:
    """Return the MIDI key of each note once the take's tuning is taken away."""
    pitch_midi = np.array([note.pitch_midi for note in notes], np.float64)
    return np.clip(np.round(pitch_midi - shift_cents / 100.0), 0, 127).astype(np.intp)
