"""Sounds to teach: made-up embeddings, where an angle says what is alike, and sound with a plain encoder for it."""

from types import SimpleNamespace

import numpy as np

from synth import BeatboxHit, beatbox
from vocalmidi.frames.encoder import CLASSES
from vocalmidi.frames.patches import AFTER, BEFORE, PATCH_BANDS
from vocalmidi.profile import AGES_S, Example, HeardSound, Taught, VoiceProfile
from vocalmidi.values import EMBEDDING, HIT_LABELS, INSTRUMENTS, SPECTRUM, Strike

ENCODER = "ab" * 32
RATE_HZ = 44_100


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
    ages = len(AGES_S)
    shares = np.full((ages, len(HIT_LABELS)), 1 / len(HIT_LABELS))
    return Example(
        sound,
        np.tile(near(centre, seed, away), (ages, 1)),
        shares,
        np.full(ages, hit_share),
        np.zeros((ages, SPECTRUM)),
    )


def heard(centre, count=5, *, seed=0, away=0.25, clipped=()):
    return [HeardSound(0.5 + n, -12.0, n in clipped, example(centre, 100 * seed + n, away=away)) for n in range(count)]


def taught(name, centre, *, pitch_midi=None, count=5, hit_share=0.95):
    seed = sum(name.encode())
    return Taught(name, pitch_midi, tuple(example(centre, seed + n, hit_share=hit_share) for n in range(count)))


def profile(*sounds):
    return VoiceProfile(ENCODER, tuple(sounds))


def strike(embedding, label_share=(0.2, 0.2, 0.2, 0.2, 0.2), *, hit_share=0.9, age_s=0.16):
    instruments = np.full(5, 0.2)
    return Strike(
        16_000, np.array(label_share), hit_share, embedding, instruments, np.zeros(SPECTRUM), -12.0, 20.0, age_s, 20_000
    )


def lesson(label, count=5, *, seed=0, level_db=-9.0):
    hits = [BeatboxHit(0.4 + 0.6 * n, label, level_db - n % 3) for n in range(count)]
    return beatbox(hits, RATE_HZ, seed=seed).samples


class BandsTimbre:
    """Describes a sound by its spectrum of the first 24 ms and what is left after; enough for these sounds."""

    def __init__(self, sha256="11" * 32, turn=0):
        self.card = SimpleNamespace(name="bands", sha256=sha256)
        self._mix = np.roll(np.eye(EMBEDDING, dtype=np.float32), turn, axis=0)

    def bound(self, patch, age):
        outputs = {
            "embedding": np.zeros((1, EMBEDDING), np.float32),
            "logits": np.zeros((1, CLASSES), np.float32),
            "instrument": np.zeros((1, len(INSTRUMENTS)), np.float32),
        }

        def run():
            after = patch[0, BEFORE:]
            known = min(6, max(1, round(float(age[0]) * AFTER)))
            bands = after[:known].reshape(known, 10, PATCH_BANDS // 10).mean(axis=(0, 2))
            later = after[6:].reshape(2, -1, 10, PATCH_BANDS // 10).mean(axis=(1, 3))
            seen = np.concatenate([bands - bands.mean(), *(later - 0.3), np.zeros(2)])
            outputs["embedding"][0] = self._mix @ (seen / np.linalg.norm(seen))

        return SimpleNamespace(outputs=outputs, run=run)
