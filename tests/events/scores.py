"""Frames written by hand: what a sure model would hear of a melody, a frame at a time."""

import numpy as np

from vocalmidi.values import CANDIDATES, HIT_LABELS, VOWELS, Frames

RATE_HZ = 16_000
HOP_S = 0.01
HOP = 160
SURE, NEVER = 0.98, 0.002


def frames_of(pitch_midi, *, voicing=0.98, level_db=-20.0, onsets=None, hits=(), heard=0.9, lag_s=0.0, vowel=None):
    """Return frames with this pitch each (NaN where none), bumps at the hits (frame, label) and at the onsets.

    onsets: frames within the sound where notes are heard to begin, as surely as `heard`; None: at every step of the
    pitch. Besides, they begin and end where the sound does. Both conventions hear the same.
    """
    pitch = np.asarray(pitch_midi, np.float64)
    n, sung = len(pitch), np.isfinite(pitch)
    before = np.concatenate([np.zeros(1, bool), sung])[:n]
    begins, ends = np.flatnonzero(sung & ~before), np.flatnonzero(before & ~sung)
    struck = 1 + np.flatnonzero(np.abs(np.diff(pitch)) > 0.5) if onsets is None else np.asarray(onsets, int)
    begins = np.union1d(begins, struck)
    midi = np.zeros((n, CANDIDATES))
    midi[:, 0] = np.where(sung, pitch, 60.0)
    share = np.zeros((n, CANDIDATES))
    share[:, 0] = np.where(sung, 0.95, 0.1)
    hit = np.zeros((n, len(HIT_LABELS)))
    for place, label in hits:
        hit[:, HIT_LABELS.index(label)] = np.maximum(hit[:, HIT_LABELS.index(label)], bump(n, place, 0.006))
    return Frames(
        0,
        HOP_S,
        RATE_HZ,
        np.where(sung, 440 * 2 ** ((np.where(sung, pitch, 69.0) - 69) / 12), 0.0),
        np.where(sung, voicing, 0.02),
        np.where(sung, level_db, -70.0),
        both(bumps(n, begins, 0.015, heard)),
        both(bumps(n, [*ends, *begins[1:]], 0.025, heard)),
        both(np.where(sung, SURE, 0.02)),
        midi,
        share,
        np.full((n, len(VOWELS)), 1.0 / len(VOWELS)) if vowel is None else vowel,
        hit,
        lag_s,
    )


def both(column):
    """Return the same for both conventions."""
    return np.stack([column, column], axis=1)


def bumps(count, places, sigma_s, height):
    return np.max([np.full(count, NEVER), *(height * bump(count, place, sigma_s) for place in places)], axis=0)


def bump(count, place, sigma_s):
    return np.exp(-0.5 * ((np.arange(count) - place) * HOP_S / sigma_s) ** 2)


def part(frames, first, stop):
    """Return some of the frames."""
    names = ["f0_hz", "voicing", "level_db", "onset", "offset", "active", "candidate_midi", "candidate_share", "vowel"]
    arrays = [getattr(frames, name)[first:stop] for name in [*names, "hit"]]
    return Frames(frames.sample_at(first), frames.hop_s, frames.sample_rate_hz, *arrays, frames.hit_lag_s)


def random_frames(seed, count):
    """Return frames that mean nothing."""
    rng = np.random.default_rng(seed)
    still = 12 if seed % 2 else 1  # one in two of them holds its pitch for a while
    midi = np.repeat(rng.uniform(30, 90, (count, CANDIDATES)), still, axis=0)[:count]
    share = rng.dirichlet([0.3] * (CANDIDATES + 1), count)[:, :CANDIDATES]
    odds = rng.normal(-1.0, 3.0, (3, count, 2))
    f0_hz = np.where(rng.random(count) < 0.7, 440 * 2 ** ((midi[:, 0] - 69) / 12), 0.0)
    chances = 1.0 / (1.0 + np.exp(-odds))
    level = rng.uniform(-80, 0, count)
    vowel, hit = rng.dirichlet([0.3] * len(VOWELS), count), rng.random((count, 5)) / 5
    return Frames(0, HOP_S, RATE_HZ, f0_hz, rng.random(count), level, *chances, midi, share, vowel, hit)


def held(pitch_midi, seconds):
    return np.full(round(seconds / HOP_S), float(pitch_midi))


def rest(seconds):
    return np.full(round(seconds / HOP_S), np.nan)


def melody(*parts):
    return np.concatenate(parts)


def pitches(events):
    return [round(note.pitch_midi) for note in events.notes]
