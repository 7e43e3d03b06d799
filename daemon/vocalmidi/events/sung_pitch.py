"""The pitch of the note that sounds, as well as it is known by now.

In: the candidates of one frame after another. Out: a note's pitch from its frames so far. Bounded: a second of frames
is remembered; a longer note's pitch is known by then.
"""

import numpy as np

from vocalmidi.events.confidence import PITCH_SEMITONES
from vocalmidi.events.notes import middle_of, sung_curve
from vocalmidi.values import CANDIDATES, Floats

MEMORY_FRAMES = 100
"""A second at hops of 10 ms."""

ARRIVAL_FRAMES = 8
"""A note's first half, up to 80 ms, does not count: the pitch is on its way."""


class PitchMemory:
    """Remembers the last second of pitch candidates."""

    def __init__(self) -> None:
        self._midi = np.zeros((MEMORY_FRAMES, CANDIDATES), np.float32)
        self._share = np.zeros((MEMORY_FRAMES, CANDIDATES), np.float32)
        self.count = 0

    def push(self, midi: Floats, share: Floats, voicing: float) -> None:
        """Take the next frame."""
        row = self.count % MEMORY_FRAMES
        self._midi[row], self._share[row] = midi, share * np.float32(voicing)
        self.count += 1

    def middle_since(self, frame: int, near_midi: float) -> float:
        """Return the weighted median pitch near a pitch of the frames since one, less those of its arrival."""
        rows = self._rows(frame + min((self.count - frame) // 2, ARRIVAL_FRAMES))
        curve, weight = sung_curve(self._midi[rows], self._share[rows], near_midi)
        return middle_of(curve, weight, near_midi)

    def share_since(self, frame: int, near_midi: float) -> float:
        """Return the mean likelihood near a pitch of the frames since one."""
        rows = self._rows(frame)
        near = np.abs(self._midi[rows] - near_midi) <= PITCH_SEMITONES
        return float((self._share[rows] * near).sum(axis=1).mean())

    def spread_since(self, frame: int, least_frames: int, near_midi: float) -> float:
        """Return how far the pitch moved in the last `least_frames`; infinity when the note is younger."""
        if self.count - frame < least_frames:
            return float("inf")
        rows = self._rows(self.count - least_frames)
        curve, weight = sung_curve(self._midi[rows], self._share[rows], near_midi)
        heard = curve[weight > 0.0]
        return float(np.ptp(heard)) if len(heard) else float("inf")

    def _rows(self, frame: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        first = max(frame, self.count - MEMORY_FRAMES, 0)
        return np.arange(min(first, self.count - 1), self.count) % MEMORY_FRAMES
