"""How much a note found is worth believing.

In: what the search says of it. Out: 0–1, the share of such notes that are right, within half a semitone and a tenth of
a second.
"""

import numpy as np

from vocalmidi.events.evidence import logistic

SCORE_NATS = 3.0
"""A note this much better than none is right three times in four."""


def note_confidence(score: float) -> float:
    """Return the confidence of a note of this score."""
    return float(np.clip(logistic(score / SCORE_NATS), 0.0, 1.0))
