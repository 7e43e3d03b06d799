"""Frames written by hand: what a perfect tracker would hear of a melody, a frame at a time."""

import numpy as np

from vocalmidi.values import HIT_LABELS, Frames

RATE_HZ = 16_000
HOP_S = 0.008


def frames_of(pitch_midi, *, voicing=0.98, level_db=-20.0, onsets=(), hits=()):
    """Return frames with this pitch each (NaN where none), bumps at the onsets (frame) and the hits (frame, label)."""
    pitch = np.asarray(pitch_midi, np.float64)
    n, sung = len(pitch), np.isfinite(pitch)
    hit = np.zeros((n, len(HIT_LABELS)))
    for place, label in hits:
        hit[:, HIT_LABELS.index(label)] = np.maximum(hit[:, HIT_LABELS.index(label)], bump(n, place))
    return Frames(
        0,
        HOP_S,
        RATE_HZ,
        np.where(sung, 440 * 2 ** ((np.where(sung, pitch, 69.0) - 69) / 12), 0.0),
        np.where(sung, voicing, 0.02),
        np.max([np.zeros(n), *(bump(n, place) for place in onsets)], axis=0),
        np.where(sung, level_db, -70.0),
        hit,
    )


def bump(count, place):
    return np.exp(-0.5 * ((np.arange(count) - place) * HOP_S / 0.006) ** 2)


def held(pitch_midi, seconds):
    return np.full(round(seconds / HOP_S), float(pitch_midi))


def rest(seconds):
    return np.full(round(seconds / HOP_S), np.nan)


def melody(*parts):
    return np.concatenate(parts)


def pitches(events):
    return [round(note.pitch_midi) for note in events.notes]
