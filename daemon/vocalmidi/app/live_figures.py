"""What live playing has counted; how long its stages took is the gauges' (`vocalmidi.gauge`)."""

from dataclasses import dataclass


@dataclass(slots=True)
class LiveFigures:
    """What a run has counted.

    blocks, messages: heard, and sent. skipped: blocks that were left out since the computer was busy; gaps: how often
    sound was missing. cpu_s: time of the thread on a core; heard_s: length of the sound.
    """

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
