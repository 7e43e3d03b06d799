"""Sound in, `Frames` out: what is sung, struck and how loud, every 8 ms."""

from vocalmidi.frames.analyser import FrameAnalyser, analyse

__all__ = ["FrameAnalyser", "analyse"]
