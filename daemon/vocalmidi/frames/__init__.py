"""Sound in, `Frames` out, every 10 ms: what is sung, struck and how loud, considered and live."""

from vocalmidi.frames.considered import ConsideredAnalyser, analyse
from vocalmidi.frames.live import LOOK_AHEADS_MS, LiveAnalyser

__all__ = ["LOOK_AHEADS_MS", "ConsideredAnalyser", "LiveAnalyser", "analyse"]
