"""The live search: what the frames heard so far say, a frame at a time, with the scores of the considered search.

In: `Evidence` and pitch scores of one frame after another. Out: `Explanation`: how much better than silence it is that
a note goes on, and that a newer one does. Every frame is a boundary. All scores are kept relative to the best way to
have no note now, so they stay small however long the stream. Says nothing: `live_notes` does.
"""

from dataclasses import dataclass

import numpy as np

from vocalmidi.events.evidence import GRID_MIDI, Array, Evidence, logit
from vocalmidi.events.search import END_OF_ONSET, skip_cost
from vocalmidi.events.settings import ScoreSettings
from vocalmidi.events.trellis import Reading, Trellis
from vocalmidi.values import Floats


@dataclass(frozen=True, slots=True)
class Explanation:
    """Readings of the present, scores in nats over silence: of the note asked for, and of the best that began later."""

    goes_on: Reading
    newer: Reading


class PrefixSearch:
    """The best explanation of what was heard so far."""

    def __init__(self, settings: ScoreSettings, hop_s: float) -> None:
        self._settings = settings
        self._trellis = Trellis(max(1, round(settings.shortest_s / hop_s)))
        self._frame = 0
        self._onset = (0.0, 0.0)
        self._offset = 0.0
        self.prior: Array = np.zeros(len(GRID_MIDI))
        self.left = 0
        """Frame at which the last note of the best explanation without a note now has ended."""

    def push(self, heard: Evidence, row: int, pitch: Floats) -> None:
        """Take the next frame."""
        s, trellis = self._settings, self._trellis
        onset, offset = float(heard.onset[row]), float(heard.offset[row])
        trellis.begin(self._frame, self._frame, s.bonus + s.begin * float(heard.begin[row]) + self.prior)
        trellis.advance(self._frame + 1, pitch, float(heard.inside[row]))
        ended = trellis.grown().score + s.end * float(logit(max(offset, self._offset, END_OF_ONSET * onset)))
        if ended > 0.0:
            self.left = self._frame + 1
            trellis.lower(ended)
        before, last = self._onset
        if last > s.lowest_top and before < last >= onset:
            trellis.pass_over(self._frame - 1, s.skipped * float(skip_cost(np.array(last))))
        self._onset, self._offset = (last, onset), offset
        self._frame += 1

    def explained(self, latest_origin: int) -> Explanation:
        """Return the best note that began up to a frame, and the best that began after it."""
        trellis = self._trellis
        old = trellis.origin <= latest_origin
        readings = [trellis.best_of(old), trellis.best_of(~old)]
        for young in trellis.young:
            place = int(young.score.argmax())
            late = young.origin > latest_origin
            if young.score[place] > readings[late].score:
                readings[late] = Reading(float(young.score[place]), place, young.origin)
        return Explanation(*readings)
