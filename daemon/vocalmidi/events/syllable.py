"""Where the syllable of a note began: people hear a note from its consonant on, the pitch comes after it.

In: the onset probabilities of one frame after another, in both conventions. Out: the place of a note's onset.
"""

import numpy as np

from vocalmidi.events.evidence import CENTRE_FRAMES, centred
from vocalmidi.values import Convention, Floats

NEAR_FRAMES = 3
LATEST_FRAMES = 50
"""A note is said at most half a second after it began: when the gate has to open first."""


class SyllableMemory:
    """Remembers the last onsets of syllables."""

    def __init__(self, look_back: int, least: float) -> None:
        self._look_back, self._least = look_back, least
        self._onset = np.zeros((look_back + LATEST_FRAMES, len(Convention)))
        self._count = 0

    def push(self, onset: Floats) -> None:
        """Take the next frame's (conventions,) probabilities."""
        self._onset[self._count % len(self._onset)] = onset
        self._count += 1

    def likeliest_since(self, frame: int) -> float:
        """Return the highest probability of an onset, in either convention, from a little before a frame on."""
        first = max(frame - NEAR_FRAMES, self._count - len(self._onset), 0)
        return float(self._onset[np.arange(first, self._count) % len(self._onset)].max(initial=0.0))

    def place_before(self, origin: int, least_place: float) -> float:
        """Return where the syllable began whose pitched sound began at frame `origin`, but not before a place."""
        first = max(origin - self._look_back, int(np.ceil(least_place)), self._count - len(self._onset), 0)
        if first >= self._count:
            return float(origin)
        onset = self._onset[np.arange(first, self._count) % len(self._onset)]
        for column in (Convention.SYLLABLE, Convention.SOUND):
            top = int(onset[:, column].argmax())
            if onset[top, column] >= self._least:
                # What is not heard yet must not draw the place towards the past.
                reach = min(CENTRE_FRAMES, len(onset) - 1 - top)
                return first + float(centred(onset[:, column], np.array([top]), reach)[0])
        return float(max(origin, first))
