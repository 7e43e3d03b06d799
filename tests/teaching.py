"""Made-up embeddings: a sound is a direction, its examples lie near it; the oracle of what is alike is an angle."""

import numpy as np

from vocalmidi.profile import AGES_S, Example, HeardSound, Taught, VoiceProfile
from vocalmidi.values import EMBEDDING, Strike

ENCODER = "ab" * 32


def direction(*along):
    """Return a unit vector with these parts along the first axes."""
    vector = np.zeros(EMBEDDING, np.float32)
    vector[: len(along)] = along
    return vector / np.linalg.norm(vector)


def near(centre, seed, away=0.25):
    """Return a unit vector `away` from a centre, off in a direction that depends on the seed alone."""
    step = np.random.default_rng(seed).normal(size=EMBEDDING)
    step -= (step @ centre) * centre
    vector = centre + away * step / np.linalg.norm(step)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def example(centre, seed=0, *, away=0.25, hit_share=0.95):
    sound = (8000 * np.random.default_rng(seed).uniform(-1, 1, 400)).astype(np.int16)
    return Example(sound, np.tile(near(centre, seed, away), (len(AGES_S), 1)), np.full(len(AGES_S), hit_share))


def heard(centre, count=5, *, seed=0, away=0.25, clipped=()):
    return [HeardSound(0.5 + n, n in clipped, example(centre, 100 * seed + n, away=away)) for n in range(count)]


def taught(name, centre, *, pitch_midi=None, count=5, hit_share=0.95):
    seed = sum(name.encode())
    return Taught(name, pitch_midi, tuple(example(centre, seed + n, hit_share=hit_share) for n in range(count)))


def profile(*sounds):
    return VoiceProfile(ENCODER, tuple(sounds))


def strike(embedding, label_share=(0.2, 0.2, 0.2, 0.2, 0.2), *, hit_share=0.9, age_s=0.16):
    instruments = np.full(5, 0.2)
    return Strike(16_000, np.array(label_share), hit_share, embedding, instruments, -12.0, age_s, 20_000)
