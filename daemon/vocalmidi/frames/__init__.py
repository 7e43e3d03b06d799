"""Sound in, `Frames` out, every 10 ms: what is sung, struck and how loud, considered and live."""

from vocalmidi.frames.considered import ConsideredAnalyser, analyse
from vocalmidi.frames.live import LENGTHS as LIVE_LENGTHS
from vocalmidi.frames.live import LOOK_AHEADS_MS, LiveAnalyser
from vocalmidi.frames.rolling import LENGTHS as FOLLOWED_LENGTHS
from vocalmidi.frames.rolling import RollingAnalyser, frames_between
from vocalmidi.frames.single import Description, SingleSound, SoundDescriber, single_sounds

__all__ = [
    "FOLLOWED_LENGTHS",
    "LIVE_LENGTHS",
    "LOOK_AHEADS_MS",
    "ConsideredAnalyser",
    "Description",
    "LiveAnalyser",
    "RollingAnalyser",
    "SingleSound",
    "SoundDescriber",
    "analyse",
    "frames_between",
    "single_sounds",
]
