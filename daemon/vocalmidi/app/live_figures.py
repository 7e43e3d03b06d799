"""What live playing has cost, counted while it plays and never printed there.

Comes in: delays, one at a time. Goes out: counts and percentiles. Its memory is made once.
"""

from dataclasses import dataclass, field

import numpy as np

BIN_S, BINS = 0.0001, 2000
"""A tenth of a millisecond, up to 0.2 s; what is later counts as that."""


class Delays:
    """A histogram of delays."""

    def __init__(self) -> None:
        self._counts = np.zeros(BINS, np.int64)

    def add(self, delay_s: float) -> None:
        """Count one."""
        self._counts[min(max(int(delay_s / BIN_S), 0), BINS - 1)] += 1

    def __len__(self) -> int:
        return int(self._counts.sum())

    def percentile_ms(self, percent: float) -> float:
        """Return the delay below which so many lie, the upper end of its bin; 0.0 where none was counted."""
        total = len(self)
        if not total:
            return 0.0
        return float(np.searchsorted(np.cumsum(self._counts), total * percent / 100.0) + 1) * BIN_S * 1000.0


@dataclass(slots=True)
class LiveFigures:
    """What a run has counted.

    blocks, messages: heard, and sent. skipped: blocks that were left out since the computer was busy; gaps: how often
    sound was missing. cpu_s: time of the thread on a core; heard_s: length of the sound.
    block_delays: from a block's coming to the end of its work; sent_delays: of blocks that made something sound.
    """

    block_delays: Delays = field(default_factory=Delays)
    sent_delays: Delays = field(default_factory=Delays)
    blocks: int = 0
    messages: int = 0
    skipped: int = 0
    gaps: int = 0
    cpu_s: float = 0.0
    heard_s: float = 0.0

    @property
    def core_share(self) -> float:
        """How much of one core live playing takes, 0–1."""
        return self.cpu_s / self.heard_s if self.heard_s else 0.0
