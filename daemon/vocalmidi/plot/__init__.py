"""An arrangement as a picture: the piano roll of its parts in one PNG."""

from vocalmidi.plot.piano_roll import draw_piano_roll
from vocalmidi.plot.span import MAX_SHOWN_QN

__all__ = ["MAX_SHOWN_QN", "draw_piano_roll"]
