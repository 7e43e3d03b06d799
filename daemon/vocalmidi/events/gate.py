"""Tells singing from speech while it goes on: a sung pitch stays where it is, a spoken one slides.

In: the pitch of one frame after another. Out: the doubt: by how much better than in singing a note must be heard to be
said now. It follows the log odds of singing, from how long the pitch stayed within `STILL_SEMITONES` in each stretch of
voice. A stream begins in some doubt, so that a first note comes a little late; one long still tone dispels it; then
notes are said at once and a short or sliding one does not bring it back; a few spoken syllables do. A vibrato is as
still as its middle, averaged over about one period. Pitchless sound says nothing: there are no notes in it anyway.
"""

from dataclasses import dataclass

import numpy as np

from vocalmidi.events.settings import GateSettings

STILL_SEMITONES = 0.3
"""Within this, a tenth of a second of singing stays and speech mostly does not."""
STILL_FRAMES = (7.0, 8.0, 10.0, 12.0, 16.0, 20.0, 25.0)
STILL_ODDS = (-2.8, 0.0, 0.9, 1.9, 3.4, 5.0, 6.0)
"""Log odds of singing when the stillest part of a stretch is so many frames long: counted on 326 s of speech of 40
training voices (853 stretches) and the training part of SSVD with the synthetic validation set (1,680 notes)."""
MEMORY_FRAMES = 32
VIBRATO_FRAMES = 18
"""A period of a vibrato of 5.5 Hz."""
VOICED = 0.5
"""Even odds."""
GAP_FRAMES, STRETCH_FRAMES = 3, 60
"""A stretch of voice ends with a gap of 30 ms, and counts at least every 0.6 s."""
SHORTEST_FRAMES = 5
"""50 ms; what is shorter says nothing."""
SLIDING_FRAMES = 25
"""In a quarter of a second a sung pitch would have been still."""


@dataclass(slots=True)
class _Still:
    """How long a curve has stayed within `STILL_SEMITONES`: now, and at its stillest."""

    values: np.ndarray[tuple[int], np.dtype[np.float64]]
    count: int = 0
    longest: int = 0

    def push(self, value: float) -> None:
        self.values[:-1] = self.values[1:]
        self.values[-1] = value
        self.count = min(self.count + 1, len(self.values))
        latest = self.values[len(self.values) - self.count :][::-1]
        high, low = np.maximum.accumulate(latest), np.minimum.accumulate(latest)
        self.count = int(np.searchsorted(high - low, STILL_SEMITONES, side="right"))
        self.longest = max(self.longest, self.count)


def _still() -> _Still:
    return _Still(np.zeros(MEMORY_FRAMES))


class Gate:
    """Follows one stream; `is_open` after each frame."""

    def __init__(self, settings: GateSettings, hop_s: float) -> None:
        self._settings = settings
        self._relaxing = hop_s / settings.relax_s
        self._odds = settings.start_odds
        self._gap = 0
        self._begin()

    def _begin(self) -> None:
        """Begin a stretch of voice."""
        self._length = 0
        self._plain, self._middle = _still(), _still()
        self._recent = np.zeros(0)

    def push(self, pitch_midi: float, voicing: float) -> None:
        """Take the next frame."""
        if voicing < VOICED:
            self._gap += 1
            if self._gap == GAP_FRAMES:
                self._end()
            self._odds += self._relaxing * max(0.0, self._settings.start_odds - self._odds)
            return
        self._gap = 0
        self._length += 1
        self._plain.push(pitch_midi)
        self._recent = np.append(self._recent[-(VIBRATO_FRAMES - 1) :], pitch_midi)
        if len(self._recent) == VIBRATO_FRAMES:
            self._middle.push(float(self._recent.mean()))
        if self._length >= STRETCH_FRAMES:
            self._end()

    @property
    def doubt(self) -> float:
        """Return by how many nats a note must be heard better than in singing: none when it sounds like singing."""
        said = self._stretch_odds()
        odds = self._odds + (said if self._length >= SLIDING_FRAMES else max(said, 0.0))
        return self._settings.weight * max(0.0, -odds)

    @property
    def is_open(self) -> bool:
        """Return whether it sounds like singing by now."""
        return self.doubt == 0.0

    def _stretch_odds(self) -> float:
        """Return what the stretch so far says."""
        return float(np.interp(max(self._plain.longest, self._middle.longest), STILL_FRAMES, STILL_ODDS))

    def _end(self) -> None:
        """Count the stretch."""
        if self._length >= SHORTEST_FRAMES:
            s = self._settings
            self._odds = min(max(self._odds + self._stretch_odds(), s.lowest_odds), s.highest_odds)
        self._begin()
