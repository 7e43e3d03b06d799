"""The key of a phrase: how much each pitch class sounds, held against the profiles of the 24 keys.

The square roots of the pitch classes' shares of all duration (a Hellinger geometry: a short chromatic note counts for
more than its length) are held against a profile each for major and minor, turned to every tonic; a softmax gives the
probability. The profiles are fitted, as a logistic regression, where Krumhansl (1990) took listeners' ratings and
Temperley (2001) counted scores. Modulation inside a phrase is not followed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.values import Key

MAJOR = (8.19, -1.79, 0.84, -3.93, 6.79, -2.25, -8.05, 7.33, -0.2, 0.15, -7.86, -1.5)
MINOR = (6.91, -6.11, -0.1, 4.99, -1.77, 0.72, -1.74, 8.43, -2.27, -7.68, 0.77, 0.12)
MINOR_BIAS = -0.17
"""Weights by semitones above the tonic, and of minor itself; from `benchmarks/fit_key_profiles.py`, which says how."""
HALF_SURE = 4.0
"""Notes after which a phrase is believed half as firmly as a long one; chosen by the log-loss of the fit."""


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
    features = key_features(evidence)
    score = np.array(
        [
            np.roll(profile, tonic) @ features + bias
            for profile, bias in ((MAJOR, 0.0), (MINOR, MINOR_BIAS))
            for tonic in range(12)
        ]
    )
    probability = np.exp(score - score.max())
    probability /= probability.sum()
    best = int(np.argmax(probability))
    return Key(best % 12, "major" if best < 12 else "minor", float(probability[best]))


def key_features(evidence: KeyEvidence) -> npt.NDArray[np.float64]:
    """Return what the profiles are held against, (12,) counted from C; smaller for few notes, which prove little."""
    sounding = np.bincount(np.array(evidence.pitch_midi) % 12, np.array(evidence.duration), 12)
    count = len(evidence.pitch_midi)
    return np.asarray(np.sqrt(sounding / sounding.sum()) * count / (count + HALF_SURE), np.float64)
