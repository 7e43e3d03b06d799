"""Live hits: said as soon as the hit curve is known to fall again.

In: the hit probabilities of one frame after another. Out: `Struck` for the frame before, when its bump was a hit.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.events.loudness import velocity
from vocalmidi.events.settings import HitSettings
from vocalmidi.events.strikes import bump, loudest_label
from vocalmidi.values import HitLabel

MEMORY_HITS = 32
"""Hits whose middle level stands for the take's loudness: about two bars."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A hit and its place, in frames since the first (not whole)."""

    place: float
    label: HitLabel
    velocity: int
    confidence: float


class HitWatch:
    """Remembers just enough of the hit curve to see its tops."""

    def __init__(self, settings: HitSettings, hop_s: float) -> None:
        self._settings = settings
        self._apart = settings.apart_s / hop_s
        self._older = self._old = np.zeros(0, np.float32)
        self._old_level_db = 0.0
        self._last_place = -np.inf
        self._levels: deque[float] = deque(maxlen=MEMORY_HITS)

    def push(self, frame: int, hit: npt.NDArray[np.float32], level_db: float) -> Struck | None:
        """Take frame number `frame` and return the hit at the one before it, if that was one."""
        chances = [float(row.sum()) for row in (self._older, self._old, hit)]
        struck = self._struck(frame - 1, chances, max(level_db, self._old_level_db))
        self._older, self._old, self._old_level_db = self._old, hit, level_db
        return struck

    def _struck(self, frame: int, chances: list[float], level_db: float) -> Struck | None:
        before, here, after = chances
        if not before < here >= after:
            return None
        top = bump(before, here, after)
        place = frame + top.shift
        if top.height < self._settings.least_probability or place - self._last_place < self._apart:
            return None
        self._last_place = place
        self._levels.append(level_db)
        strength = velocity(level_db, float(np.median(self._levels)))
        return Struck(place, loudest_label(self._old), strength, top.height)
