"""Hits as they are struck: sound in, hop by hop, and the hit columns of `Frames` out, a constant while later.

In: sound at 16 kHz, unfiltered. Out: (n, len(HIT_LABELS)) chances for the frames that are decided, in order: a bump at
each hit, from whose shape a decoder finds the place between frames. Whether an onset is a hit, and of which drum, is
said by `hits` from the 130 ms after it; hence the delay. Rows don't depend on how many hops come at once.
"""

import numpy as np

from vocalmidi.frames.features import HOP
from vocalmidi.frames.hits import ROWS_AFTER, ROWS_BEFORE, hit_probabilities, measure_strike
from vocalmidi.frames.level import PEAK_HOP, PeakFollower
from vocalmidi.frames.onsets import LAG_ROWS, PLACE_REACH, PLACE_SPAN, REACH_ROWS, peaks, placed, rise_db
from vocalmidi.frames.spectrum import BINS, FINE_HOP, ROOM_ROWS, SPAN, powers, room_power, rows_within
from vocalmidi.frames.stretch import Stretch
from vocalmidi.values import HIT_LABELS, Floats

LATE_HOPS = 18
"""The columns of frame h are decided when hop h + LATE_HOPS - 1 is complete: 130 ms after an onset that may be placed
12 ms late and leaves its bump 15 ms early, and half a window."""
BLUR = 120
"""Samples: 7.5 ms, the width of a hit's bump; three frames of 10 ms then see it well above nothing."""
BUMP_REACH = 3 * HOP // 2
"""The nearest frame and the one on each side of it."""
LOUD_AFTER = 3 * PEAK_HOP
"""24 ms after an onset the followed peak has it."""
_ROWS_A_HOP = HOP // FINE_HOP
_PLACE_ROWS = PLACE_REACH // FINE_HOP
_DECIDED_ROWS = _PLACE_ROWS + ROWS_AFTER
_FIRST_WHOLE = SPAN // 2 // FINE_HOP
_ROWS_BEFORE_ALL = _PLACE_ROWS + ROWS_BEFORE + REACH_ROWS + LAG_ROWS
_SAMPLES_BEFORE_ALL = 2 * PLACE_REACH + PLACE_SPAN + 2
_BUMP_ROWS = (BUMP_REACH + PLACE_REACH) // FINE_HOP


class HitStream:
    """The hit columns of one source."""

    def __init__(self) -> None:
        self._follower = PeakFollower()
        self._sound = Stretch(-_SAMPLES_BEFORE_ALL, np.zeros(_SAMPLES_BEFORE_ALL, np.float32))
        self._followed_db = Stretch(0, np.zeros(0, np.float32))
        self._power = Stretch(_FIRST_WHOLE, np.zeros((0, BINS), np.float32))
        self._rise_db = Stretch(LAG_ROWS - _ROWS_BEFORE_ALL, np.zeros(0, np.float32))
        self._begun = False
        self._row = 0
        self._frame = 0
        self._struck: list[tuple[int, Floats]] = []

    def push(self, sound: Floats) -> Floats:
        """Take whole hops and return the frames that they decide."""
        self._take(sound)
        self._add_rows(rows_within(self._sound.stop))
        if not self._begun:
            if self._power.stop < _FIRST_WHOLE + ROOM_ROWS:
                return _no_rows(0)
            self._begin()
        return self._decided()

    def finish(self, rest: Floats) -> Floats:
        """End the stream with less than a hop and return the frames up to there; silence is what follows."""
        left = -(-(self._sound.stop + len(rest)) // HOP) - self._frame
        whole = rows_within(self._sound.stop + len(rest))
        silence = np.zeros(-len(rest) % HOP + (LATE_HOPS + 1) * HOP, np.float32)
        self._take(np.concatenate([rest, silence]))
        self._add_rows(whole)
        if not self._begun:
            self._begin()
        # What sounded last goes on: else every recording would end with a bang.
        missing = rows_within(self._sound.stop) - self._power.stop
        self._power.append(np.repeat(self._power.span(self._power.stop - 1, self._power.stop), missing, axis=0))
        return self._decided()[: max(0, left)]

    def _take(self, sound: Floats) -> None:
        self._sound.append(sound)
        self._followed_db.append(self._follower.push(sound))

    def _add_rows(self, stop: int) -> None:
        if stop > self._power.stop:
            self._power.append(powers(self._sound, self._power.stop, stop))

    def _begin(self) -> None:
        """Put the room before the recording."""
        self._begun = True
        heard = self._power.span(_FIRST_WHOLE, self._power.stop)
        room = room_power(heard) if len(heard) else np.zeros(BINS, np.float32)
        before = np.repeat(room[None], _FIRST_WHOLE + _ROWS_BEFORE_ALL, axis=0)
        self._power = Stretch(-_ROWS_BEFORE_ALL, np.concatenate([before, heard]))

    def _decided(self) -> Floats:
        self._add_rises()
        stop = self._power.stop - _DECIDED_ROWS + 1
        if stop > self._row:
            for row in peaks(self._rise_db.span(self._row - REACH_ROWS, stop + REACH_ROWS)):
                self._strike(self._row + int(row))
            self._row = stop
        rows = self._spread((self._row - 1 - _BUMP_ROWS) // _ROWS_A_HOP + 1)
        self._forget()
        return rows

    def _add_rises(self) -> None:
        first, stop = self._rise_db.stop, self._power.stop
        hops = np.maximum(np.arange(first, stop) * FINE_HOP // PEAK_HOP, 0) - self._followed_db.first
        followed_db = self._followed_db.span(self._followed_db.first, self._followed_db.stop)[hops]
        self._rise_db.append(rise_db(self._power.span(first - LAG_ROWS, stop), followed_db))

    def _strike(self, row: int) -> None:
        onset = placed(self._sound, row, self._peak_db(row * FINE_HOP))
        rise = float(self._rise_db.span(row, row + 1)[0])
        strike = measure_strike(self._sound, self._power, onset, rise, self._peak_db(onset + LOUD_AFTER))
        self._struck.append((onset, hit_probabilities(strike).astype(np.float32)))

    def _peak_db(self, sample: int) -> float:
        hop = max(0, sample // PEAK_HOP)
        return float(self._followed_db.span(hop, hop + 1)[0])

    def _spread(self, stop: int) -> Floats:
        """Return the frames up to `stop`: at each hit a bump as high as its chance."""
        rows = _no_rows(max(0, stop - self._frame))
        centres = np.arange(self._frame, self._frame + len(rows)) * HOP
        for onset, chances in self._struck:
            away = (centres - onset).astype(np.float32)
            bump = np.where(np.abs(away) <= BUMP_REACH, np.exp(-0.5 * (away / BLUR) ** 2), np.float32(0.0))
            rows = np.maximum(rows, bump[:, None] * chances)
        self._frame += len(rows)
        self._struck = [one for one in self._struck if one[0] + BUMP_REACH >= self._frame * HOP]
        return rows

    def _forget(self) -> None:
        row = self._row - _ROWS_BEFORE_ALL
        self._power.drop_before(row)
        self._rise_db.drop_before(self._row - REACH_ROWS)
        self._sound.drop_before(min(row * FINE_HOP, self._power.stop * FINE_HOP - SPAN) - _SAMPLES_BEFORE_ALL)
        self._followed_db.drop_before(max(0, row * FINE_HOP // PEAK_HOP))


def _no_rows(count: int) -> Floats:
    return np.zeros((count, len(HIT_LABELS)), np.float32)
