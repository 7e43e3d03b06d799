"""How much a note is worth believing.

In: how surely its onset and its pitch were heard. Out: 0–1, the share of such notes that are right: within half a
semitone and a tenth of a second of one that was sung.
"""

from vocalmidi.events.evidence import logistic

PITCH_NATS, ONSET_NATS, BASE_NATS = 5.35, 6.73, -6.86
"""Logistic regression on the 4,764 notes found in the training part of SSVD and the synthetic validation set, of which
97.5 % were right; with score, length, voicing and activity besides it tells right from wrong no better (area .844
against .834)."""
PITCH_SEMITONES = 0.7
"""Candidates this near count as the note's pitch."""


def note_confidence(pitch_share: float, onset: float) -> float:
    """Return the confidence of a note: mean share of the pitch likelihood near its pitch, highest onset probability."""
    return float(logistic(BASE_NATS + PITCH_NATS * pitch_share + ONSET_NATS * onset))
