"""Live hits: said as soon as the hit curve is known to fall again.

In: the hit probabilities of one frame after another. Out: `Struck` for the frame before, when its bump was a hit.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.events.settings import HitSettings
from vocalmidi.events.strikes import Struck, bump, loudest_label


class HitWatch:
    """Remembers just enough of the hit curve to see its tops."""

    def __init__(self, settings: HitSettings, hop_s: float) -> None:
        self._settings = settings
        self._apart = settings.apart_s / hop_s
        self._older = self._old = np.zeros(0, np.float32)
        self._old_level_db = 0.0
        self._last_place = -np.inf

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
        return Struck(place, loudest_label(self._old), level_db, top.height)
