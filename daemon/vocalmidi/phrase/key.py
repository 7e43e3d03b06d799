"""The key of a phrase, with its probability: what is sung, and what other music says of it.

Comes in: the notes of the phrase, and, where there is any, other music that may be in the same key (earlier phrases,
the project's MIDI), each with how far it is to be believed. Goes out: the most probable of the 24 keys. The features of
`key_features.py`, counted from every tonic, are weighed for major and for minor; a softmax gives the probability. The
weights are fitted, as a logistic regression, where Krumhansl (1990) took listeners' ratings and Temperley (2001)
counted scores. Other music is never forced on a phrase: with `weight` it is in the phrase's key, else it says nothing,
so that a phrase that is sure of another key stays with it. Modulation inside a phrase is not followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.phrase.key_features import KeyEvidence, key_features, turned
from vocalmidi.phrase.key_weights import CHORDS, VOICE
from vocalmidi.values import Key, PhraseNote

Array = npt.NDArray[np.float64]

KEYS = 24
"""C major to B major, then C minor to B minor."""
KINSHIP = 0.5
"""Power of other music's probabilities: a song leaves the same things open everywhere, so that its parts are no
independent witnesses; by the calibration on the training splits, where 1 is sure of too much."""
EARLIER_WEIGHT = 0.7
"""That an earlier phrase is in the key of this one; `key_accuracy.py` measures what it brings."""
PROJECT_WEIGHT = 0.8
"""That the project's own MIDI is; measured with pop909's piano."""


@dataclass(frozen=True, slots=True)
class KeyHint:
    """Other music, and the probability 0–1 that it is in the phrase's key; 0 says nothing, 1 never doubts it."""

    evidence: KeyEvidence
    weight: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.weight <= 1.0:
            raise ValueError(f"weight {self.weight} is outside 0–1")


def estimate_key(evidence: KeyEvidence, hints: Sequence[KeyHint] = ()) -> Key:
    """Return the most probable key; without any note C major, with the probability that chance gives it."""
    shares = key_shares(evidence, hints)
    best = int(np.argmax(shares))
    return Key(best % 12, "major" if best < 12 else "minor", float(shares[best]))


def key_shares(evidence: KeyEvidence, hints: Sequence[KeyHint] = ()) -> Array:
    """Return how probable each key is, (KEYS,)."""
    shares = _alone(evidence)
    for hint in hints:
        shares = shares * (hint.weight * _alone(hint.evidence) + (1.0 - hint.weight) / KEYS) ** KINSHIP
    return np.asarray(shares / shares.sum(), np.float64)


def _alone(evidence: KeyEvidence) -> Array:
    if not evidence.pitch_midi:
        return np.full(KEYS, 1.0 / KEYS)
    weights = CHORDS if evidence.is_harmony else VOICE
    score = (turned(key_features(evidence)) @ weights.T).T.ravel()
    shares = np.exp(score - score.max())
    return np.asarray(shares / shares.sum(), np.float64)


def evidence_of(notes: Sequence[PhraseNote]) -> KeyEvidence:
    """Return what sung notes tell of their key: as played, for the grid may be wrong."""
    played = sorted(notes, key=lambda note: note.played_start_qn)
    return KeyEvidence(
        tuple(note.pitch_midi for note in played),
        tuple(float(note.played_length_qn) for note in played),
        tuple(float(note.played_start_qn) for note in played),
    )
