"""Which moments may be the beginning of a strike, said as soon as the sound rises, 2–4 ms after it began.

In: sound at 16 kHz, whole steps at a time. Out: `Candidate`s in order, placed with what has been heard by then; whoever
waits may have them placed again with the sound that came since. It doesn't judge them: most consonants, some breaths
and every hit are candidates.
"""

from dataclasses import dataclass

import numpy as np

from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.placing import REACH_BEHIND, placed
from vocalmidi.frames.rises import STEP, RiseStream, room_power
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
STEEP_STEPS = APART // STEP
"""The rise is at its highest within so many steps after it was noticed, or never."""
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


def onsets_in(sound: Floats) -> list[int]:
    """Return at which samples something may begin in a whole sound at 16 kHz, as the considered pass places it."""
    whole = len(sound) // STEP * STEP
    padded = np.concatenate([np.zeros(BEHIND, np.float32), np.asarray(sound, np.float32), np.zeros(BEHIND, np.float32)])
    heard = Stretch(-BEHIND, padded)
    found = CandidateStream(room_power(padded[BEHIND : BEHIND + whole])).push(padded[BEHIND : BEHIND + whole], heard)
    return [max(0, candidate.placed_again(heard, heard.stop)) for candidate in found]


class CandidateStream:
    """The candidates of one source; `room` as for `RiseStream`."""

    def __init__(self, room: Floats | None = None) -> None:
        self._rises = RiseStream(room)
        self._rises_db = Stretch(0, np.zeros(0, np.float32))
        self._last = -APART

    def push(self, fresh: Floats, sound: Stretch) -> list[Candidate]:
        """Take whole steps and return what may have begun; `sound` holds them and BEHIND samples before."""
        rises = self._rises.push(fresh)
        before = self._rises_db.stop
        self._rises_db.append(rises.rise_db)
        found: list[Candidate] = []
        for step in (rises.rise_db >= LEAST_RISE_DB).nonzero()[0].tolist():
            noticed = (before + step + 1) * STEP
            if noticed - self._last >= APART:
                self._last = noticed
                followed_db = float(rises.followed_db[step])
                onset = placed(sound, noticed - REACH_BACK, noticed, followed_db)
                found.append(Candidate(onset, noticed, followed_db))
        return found

    def steepest_db(self, candidate: Candidate, known: int) -> float:
        """Return the highest rise of a candidate in the sound before sample `known`."""
        first = candidate.noticed // STEP - 1
        return float(self._rises_db.span(first, min(first + STEEP_STEPS, known // STEP)).max())

    def forget(self, stop: int) -> None:
        """Forget the rises before a sample."""
        self._rises_db.drop_before(stop // STEP - 1)
