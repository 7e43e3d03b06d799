"""The key of a phrase: how much each pitch class sounds, held against the profiles of the 24 keys.

Profiles: Temperley's (2001, The Cognition of Basic Musical Structures, ch. 7, as revised after Kostka and Payne), by
Pearson correlation as Krumhansl & Schmuckler (1990), with the last note counted extra, since phrases tend to close on
the tonic triad. A softmax over the correlations gives the probability. Modulation inside a phrase is not followed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.values import Key

MAJOR = (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400)
MINOR = (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330)
LAST_NOTE_SHARE = 0.10
"""Share of all duration that the closing note is given on top; tuned on pop909 and nottingham training phrases."""
SHARPNESS = 14.0
"""Softmax factor on the correlations; fitted by log-loss on pop909 and nottingham training phrases."""


@dataclass(frozen=True, slots=True)
class KeyEvidence:
    """What the key is judged by: keys of the notes in order, and how long each sounds (any one unit)."""

    pitch_midi: tuple[int, ...]
    duration: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.pitch_midi) != len(self.duration):
            raise ValueError("pitch_midi and duration must have one length")


def estimate_key(evidence: KeyEvidence) -> Key:
    """Return the most probable key; without notes C major, with the probability that chance gives it."""
    if not evidence.pitch_midi:
        return Key(tonic=0, mode="major", probability=1.0 / 24.0)
    score = SHARPNESS * key_correlations(evidence)
    probability = np.exp(score - score.max())
    probability /= probability.sum()
    best = int(np.argmax(probability))
    return Key(best % 12, "major" if best < 12 else "minor", float(probability[best]))


def key_correlations(evidence: KeyEvidence) -> npt.NDArray[np.float64]:
    """Return Pearson's r with each key, (24,): twelve major from C up, then twelve minor."""
    sounding = np.bincount(np.array(evidence.pitch_midi) % 12, np.array(evidence.duration), 12)
    sounding[evidence.pitch_midi[-1] % 12] += LAST_NOTE_SHARE * sounding.sum()
    profiles = np.array([np.roll(mode, tonic) for mode in (MAJOR, MINOR) for tonic in range(12)])
    profiles -= profiles.mean(axis=1, keepdims=True)
    sounding = sounding - sounding.mean()
    scale = np.linalg.norm(profiles, axis=1) * max(float(np.linalg.norm(sounding)), 1e-12)
    return np.asarray(profiles @ sounding / scale, np.float64)
