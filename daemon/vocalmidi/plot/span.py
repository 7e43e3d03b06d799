"""How much of an arrangement is shown, and how large.

Comes in: an `Arrangement`. Goes out: a `Span` of whole bars. It knows pixels, but draws none.
"""

from dataclasses import dataclass
from math import ceil

from vocalmidi.values import Arrangement, Meter

WIDTH_PX, HEIGHT_PX, DPI = 1600, 1000, 100
MAX_SHOWN_QN = 128.0
"""32 bars of 4/4: a sixteenth note is then 3 pixels wide, about the least that can be seen as a note."""
LANES_LEFT, LANES_RIGHT = 0.098, 0.988
"""Where every lane begins and ends, parts of the page's width."""


@dataclass(frozen=True, slots=True)
class Span:
    """The bars shown, from the first one on, of all there are."""

    meter: Meter
    bars: int
    bars_in_all: int

    @property
    def end_qn(self) -> float:
        """Where the picture ends."""
        return self.bars * self.meter.bar_qn

    @property
    def qn_px(self) -> float:
        """Width of a quarter note."""
        return (LANES_RIGHT - LANES_LEFT) * WIDTH_PX / self.end_qn

    @property
    def shows_curves(self) -> bool:
        """Whether there is room for the pitch curves of notes: below 15 pixels a quarter note vibrato is a smear."""
        return self.qn_px >= 15.0


def shown_span(arrangement: Arrangement) -> Span:
    """Return as many whole bars as can be read, at least one."""
    bar_qn = arrangement.meter.bar_qn
    bars = max(1, ceil(arrangement.length_qn / bar_qn - 1e-6))  # a length computed in floats may be a hair over
    return Span(arrangement.meter, min(bars, max(1, int(MAX_SHOWN_QN // bar_qn))), bars)
