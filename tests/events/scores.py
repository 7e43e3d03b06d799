"""Frames written by hand: what a sure model would hear of a melody, a frame at a time."""

import numpy as np

from vocalmidi.values import CANDIDATES, EMBEDDING, HIT_LABELS, INSTRUMENTS, SPECTRUM, VOWELS, Frames, Strike

RATE_HZ = 16_000
HOP_S = 0.01
HOP = 160
SURE, NEVER = 0.98, 0.002
LOOK_AHEAD = 480
"""Samples after its centre that live frames need."""
AGES_S = (0.008, 0.024, 0.064, 0.128)
"""At which live strikes are heard."""


def strike_of(onset, label, *, hit_share=0.98, age_s=0.16, level_db=-12.0, rise_db=20.0, sure=0.9, trigger=None):
    """Return a strike at a sample, as the encoder would hear it of this age."""
    share = np.full(len(HIT_LABELS), (1.0 - sure) / (len(HIT_LABELS) - 1))
    share[HIT_LABELS.index(label)] = sure
    embedding, instruments = np.eye(EMBEDDING)[0], np.full(len(INSTRUMENTS), 1.0 / len(INSTRUMENTS))
    heard = onset + round(age_s * RATE_HZ)
    return Strike(
        onset, share, hit_share, embedding, instruments, np.zeros(SPECTRUM), level_db, rise_db, age_s, heard, trigger
    )


def grown(onset, label, **heard_as):
    """Return a strike as it is heard at each live age."""
    return [strike_of(onset, label, age_s=age_s, **heard_as) for age_s in AGES_S]


def as_known(strikes):
    """Return strikes in the order in which they are known."""
    return tuple(sorted(strikes, key=lambda strike: strike.heard))


def frames_of(pitch_midi, *, voicing=0.98, level_db=-20.0, onsets=None, hits=(), heard=0.9, vowel=None):
    """Return frames with this pitch each (NaN where none), bumps at the onsets and sure hits (frame, label).

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
        as_known(strike_of(round(place * HOP), label) for place, label in hits),
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
    arrays = [getattr(frames, name)[first:stop] for name in names]
    since, until = ((frame - 1) * HOP + LOOK_AHEAD if frame else -1 for frame in (first, min(stop, len(frames))))
    until = until if stop < len(frames) else np.inf
    strikes = tuple(strike for strike in frames.strikes if since < strike.heard <= until)
    return Frames(frames.sample_at(first), frames.hop_s, frames.sample_rate_hz, *arrays, strikes)


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
    vowel = rng.dirichlet([0.3] * len(VOWELS), count)
    onsets = np.sort(rng.integers(0, max(1, count * HOP - 4000), count // 8))
    strikes = as_known(
        strike
        for onset in onsets.tolist()
        for strike in grown(onset, HIT_LABELS[rng.integers(5)], hit_share=rng.random(), rise_db=rng.uniform(5, 25))
    )
    return Frames(0, HOP_S, RATE_HZ, f0_hz, rng.random(count), level, *chances, midi, share, vowel, strikes)


def held(pitch_midi, seconds):
    return np.full(round(seconds / HOP_S), float(pitch_midi))


def rest(seconds):
    return np.full(round(seconds / HOP_S), np.nan)


def melody(*parts):
    return np.concatenate(parts)


def pitches(events):
    return [round(note.pitch_midi) for note in events.notes]
