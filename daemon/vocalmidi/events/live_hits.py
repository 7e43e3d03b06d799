"""Live hits: said as soon as the hit curve is known to fall again, unless the voice says it was a consonant.

In: one frame after another: hit probabilities, which come `lag` frames late, the level, and where notes were said to
begin. Out: `Struck` for the frame before, when its bump was a hit. What `weighing` does with a whole take is done here
with what is known so far; since hits come late, that is what follows them, too.
"""

from collections import deque

import numpy as np
import numpy.typing as npt

from vocalmidi.events.settings import HitSettings, WeighingSettings
from vocalmidi.events.strikes import LEVEL_FRAMES, Struck, bump, loudest_label

MEMORY_S = 1.0
"""Of levels and of notes; hits are at most 0.2 s late, and a consonant is 0.2 s before its vowel."""

MEMORY_SOUNDS = 32
"""Notes, and hits, that tell how loud the voice is and whether the take is drummed: about two phrases."""
LEAST_NOTES = 3
"""Fewer tell nothing of the voice's loudness."""


class HitWatch:
    """Remembers just enough of the hit curve to see its tops, and of the voice to tell consonants."""

    def __init__(self, settings: HitSettings, weighing: WeighingSettings, hop_s: float, lag_s: float) -> None:
        self._settings, self._weighing, self._hop_s = settings, weighing, hop_s
        self._lag = lag_s / hop_s
        self._apart = settings.apart_s / hop_s
        self._older = self._old = np.zeros(0, np.float32)
        self._last_place = -np.inf
        self._levels_db: deque[float] = deque(maxlen=round(MEMORY_S / hop_s))
        self._onsets: deque[float] = deque(maxlen=round(MEMORY_S / hop_s))
        self._notes: deque[float] = deque(maxlen=round(MEMORY_S / hop_s))
        self._notes_db: deque[float] = deque(maxlen=MEMORY_SOUNDS)
        self._hits_db: deque[float] = deque(maxlen=MEMORY_SOUNDS)

    def note_began(self, place: float) -> None:
        """Hear that a note was said whose pitched sound began at this frame."""
        self._notes.append(place)

    def note_ended(self, frame: int, place: float) -> None:
        """Hear at a frame that the note said last has ended at a place."""
        if self._notes and place - self._notes[-1] >= self._weighing.ring_s / self._hop_s:
            self._notes_db.append(self._loudest_db(frame, self._notes[-1], place))

    def push(self, frame: int, hit: npt.NDArray[np.float32], onset: float, level_db: float) -> Struck | None:
        """Take frame number `frame` and return the hit that the frame before told of, if it was one.

        onset: 0–1, probability that a syllable begins in this frame.
        """
        self._levels_db.append(level_db)
        self._onsets.append(onset)
        chances = [float(row.sum()) for row in (self._older, self._old, hit)]
        struck = self._struck(frame, chances)
        self._older, self._old = self._old, hit
        if struck is None or self._is_consonant(frame, struck) or self._is_breath(struck):
            return None
        self._hits_db.append(struck.level_db)
        return struck

    def _struck(self, frame: int, chances: list[float]) -> Struck | None:
        before, here, after = chances
        if not before < here >= after:
            return None
        top = bump(before, here, after)
        place = frame - 1 + top.shift - self._lag
        if top.height < self._settings.least_probability or place - self._last_place < self._apart:
            return None
        self._last_place = place
        return Struck(place, loudest_label(self._old), self._loudest_db(frame, place, place + LEVEL_FRAMES), top.height)

    def _is_consonant(self, frame: int, struck: Struck) -> bool:
        """Return whether a note begins so soon after the hit, and so loudly, that the hit is how it begins."""
        s = self._weighing
        for place in self._notes:
            wait_s = (place - struck.place) * self._hop_s
            near = -s.after_s <= wait_s <= s.before_s
            if near and struck.level_db < self._loudest_db(frame, place, frame) + s.stands_out_db:
                return True
        since = self._since(self._onsets, frame, struck.place - s.after_s / self._hop_s, frame + 1.0)
        follows_db = self._loudest_db(frame, struck.place + LEVEL_FRAMES, frame + 1.0)
        return max(since, default=0.0) >= s.syllable and struck.level_db < follows_db + s.stands_out_db

    def _is_breath(self, struck: Struck) -> bool:
        """Return whether the hit is far softer than the notes of a take that is not drummed."""
        s = self._weighing
        if len(self._notes_db) < LEAST_NOTES:
            return False
        least_db = float(np.median(self._notes_db)) - s.below_voice_db
        firm = sum(level_db >= least_db for level_db in self._hits_db)
        return struck.level_db < least_db and firm < s.drummed_share * len(self._notes_db)

    def _loudest_db(self, frame: int, first: float, stop: float) -> float:
        """Return the highest level of the frames from one place to another."""
        return max(self._since(self._levels_db, frame, first, stop), default=self._levels_db[-1])

    @staticmethod
    def _since(remembered: deque[float], frame: int, first: float, stop: float) -> list[float]:
        """Return what is remembered of the frames from one place to another, `frame` being the newest."""
        values = list(remembered)
        start = frame + 1 - len(values)
        return values[max(0, int(first) - start) : max(1, int(np.ceil(stop)) - start)]
