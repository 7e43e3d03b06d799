"""Which moments may be the beginning of a strike, said as soon as the sound rises, 2–4 ms after it began.

In: sound at 16 kHz, whole steps at a time. Out: `Candidate`s in order, placed with what has been heard by then; whoever
waits may have them placed again with the sound that came since. It doesn't judge them: most consonants, some breaths
and every hit are candidates.
"""

from dataclasses import dataclass

from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.placing import REACH_BEHIND, placed
from vocalmidi.frames.rises import STEP, RiseStream
from vocalmidi.frames.stretch import Stretch
from vocalmidi.values import Floats

LEAST_RISE_DB = 5.0
"""Sustained vowels stay below 2 dB (99th percentile, six SSVD clips), white noise below 3."""
APART = round(0.024 * RATE_HZ)
"""Nearer rises are of one sound; faster than any tongue repeats."""
REACH_BACK = round(0.024 * RATE_HZ)
"""A rise is over the 12 ms before, of a window whose steep end has to see it: so long ago it may have begun."""
REACH_ON = round(0.012 * RATE_HZ)
"""The steep part of a slow attack may come so long after what was noticed first."""
BEHIND = REACH_BACK + REACH_BEHIND
"""Samples before a candidate that must still be there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something may begin here.

    onset: sample at 16 kHz, placed with the sound up to `noticed`.
    noticed: the sample after the last that was needed.
    followed_db: the take's peak then, dB re full scale.
    """

    onset: int
    noticed: int
    followed_db: float

    def placed_again(self, sound: Stretch, stop: int) -> int:
        """Return the onset placed with the sound up to `stop`."""
        last = min(stop, self.noticed + REACH_ON)
        return placed(sound, self.noticed - REACH_BACK, max(last, self.noticed), self.followed_db)


class CandidateStream:
    """The candidates of one source; `room` as for `RiseStream`."""

    def __init__(self, room: Floats | None = None) -> None:
        self._rises = RiseStream(room)
        self._steps = 0
        self._last = -APART

    def push(self, fresh: Floats, sound: Stretch) -> list[Candidate]:
        """Take whole steps and return what may have begun; `sound` holds them and BEHIND samples before."""
        rises = self._rises.push(fresh)
        found: list[Candidate] = []
        for step in (rises.rise_db >= LEAST_RISE_DB).nonzero()[0].tolist():
            noticed = (self._steps + step + 1) * STEP
            if noticed - self._last >= APART:
                self._last = noticed
                followed_db = float(rises.followed_db[step])
                onset = placed(sound, noticed - REACH_BACK, noticed, followed_db)
                found.append(Candidate(onset, noticed, followed_db))
        self._steps += len(rises.rise_db)
        return found
