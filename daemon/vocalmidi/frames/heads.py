"""What the voice models say of each frame, and where: the layout of their outputs, shared by training and runtime.

In: nothing. Out: places in the last axis of a model's logits. It does not interpret them: `posteriors.py` does.
The considered model gives one block; the live one gives a block for each of `DELAYS` and the f0 once.
"""

from vocalmidi.frames.features import F0_BINS

HIT_CLASSES = 5
"""kick, snare, hihat_closed, hihat_open, other: the order of `HIT_LABELS`."""
VOWEL_CLASSES = 5
"""a, e, i, o, u."""


class Heads:
    """Where each head lies in the output of the considered model."""

    ONSET, OFFSET, ACTIVE = 0, 1, 2
    """Of notes as the sound has them: the first pitched sample."""
    LABEL_ONSET, LABEL_OFFSET, LABEL_ACTIVE = 3, 4, 5
    """Of notes as people label recordings: from the syllable's start. Learnt from labelled recordings alone."""
    VOICING, LEVEL = 6, 7
    HITS = slice(8, 8 + HIT_CLASSES)
    VOWELS = slice(8 + HIT_CLASSES, 8 + HIT_CLASSES + VOWEL_CLASSES)
    F0 = slice(8 + HIT_CLASSES + VOWEL_CLASSES, 8 + HIT_CLASSES + VOWEL_CLASSES + F0_BINS)
    OUTPUTS = 8 + HIT_CLASSES + VOWEL_CLASSES + F0_BINS


PAST = 8
"""Frames before the present that the live model's convolutions see: 5 + 5 mel frames less 2."""
DELAYS = (0, 2, 5, 10)
"""Frames of 10 ms by which the live heads look back: the choice of latency against accuracy."""
F0_DELAY = 2
"""The live window that ends at now weighs most what was 30 ms ago: the pitch is the pitch of that."""


class LiveHeads:
    """Where they lie in the live model's: for each of DELAYS the block of `Heads` without f0, then f0 at F0_DELAY."""

    BLOCK = Heads.F0.start
    F0 = slice(len(DELAYS) * BLOCK, len(DELAYS) * BLOCK + F0_BINS)
    OUTPUTS = len(DELAYS) * BLOCK + F0_BINS
