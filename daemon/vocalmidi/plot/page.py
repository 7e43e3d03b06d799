"""The page: where each lane stands, and the bars, beats and times that all lanes share.

Comes in: a `Span` and a matplotlib figure. Goes out: axes in figure coordinates, ruled. Draws no notes.
"""

from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vocalmidi.plot.span import LANES_LEFT, LANES_RIGHT, Span
from vocalmidi.values import Part, PartName

INK, FAINT_INK, PAPER, LANE_PAPER = "#24292f", "#6e7781", "#fbfbf8", "#ffffff"
BAR_LINE, BEAT_LINE = "#9aa3ad", "#e7e9ec"

# Parts of the page, in figure coordinates; the lanes share what lies between _BOTTOM and _LANES_TOP.
_BOTTOM, _LANES_TOP, _GAP = 0.048, 0.868, 0.012
_CHORDS_TOP = 0.905
KEYBOARD_WIDTH = 0.030
_SHARES = {PartName.MELODY: 3.2, PartName.CHORDS: 3.0, PartName.BASS: 2.4, PartName.DRUMS: 2.2}
"""Heights of the lanes relative to each other: melody and chords span the most pitches."""
_LEAST_BEAT_PX, _LEAST_BAR_NUMBER_PX = 7.0, 34.0  # closer lines are a grey mass, closer numbers touch


def lane_boxes(parts: tuple[Part, ...]) -> tuple[tuple[float, float], ...]:
    """Return bottom and height of each part's lane, top part first."""
    room = _LANES_TOP - _BOTTOM - _GAP * (len(parts) - 1)
    total = sum(_SHARES[part.name] for part in parts)
    boxes: list[tuple[float, float]] = []
    top = _LANES_TOP
    for part in parts:
        height = room * _SHARES[part.name] / total
        boxes.append((top - height, height))
        top -= height + _GAP
    return tuple(boxes)


def add_lane(figure: Figure, span: Span, bottom: float, height: float) -> Axes:
    """Return an empty lane, ruled in bars and beats."""
    axes = figure.add_axes((LANES_LEFT, bottom, LANES_RIGHT - LANES_LEFT, height), facecolor=LANE_PAPER)
    axes.set_xlim(0, span.end_qn)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(BAR_LINE)
    beat_qn = 4 / span.meter.unit
    if beat_qn * span.qn_px >= _LEAST_BEAT_PX:
        beats = [i * beat_qn for i in range(span.bars * span.meter.beats) if i % span.meter.beats]
        axes.vlines(beats, 0, 1, colors=BEAT_LINE, linewidth=0.8, transform=axes.get_xaxis_transform(), zorder=1)
    bars = [i * span.meter.bar_qn for i in range(span.bars)]
    axes.vlines(bars, 0, 1, colors=BAR_LINE, linewidth=0.9, transform=axes.get_xaxis_transform(), zorder=1)
    return axes


def add_keyboard(figure: Figure, bottom: float, height: float) -> Axes:
    """Return the empty strip at the left of a lane, for keys or row names."""
    axes = figure.add_axes((LANES_LEFT - KEYBOARD_WIDTH, bottom, KEYBOARD_WIDTH, height), facecolor=LANE_PAPER)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(BAR_LINE)
    return axes


def add_chord_strip(figure: Figure, span: Span) -> Axes:
    """Return the strip above the lanes, with bar numbers over it."""
    axes = figure.add_axes((LANES_LEFT, _LANES_TOP + 0.006, LANES_RIGHT - LANES_LEFT, _CHORDS_TOP - _LANES_TOP - 0.006))
    axes.set_xlim(0, span.end_qn)
    axes.set_ylim(0, 1)
    axes.set_axis_off()
    bar_px = span.meter.bar_qn * span.qn_px
    every = next(step for step in (1, 2, 4, 8, 16, 32, 64, 128) if step * bar_px >= _LEAST_BAR_NUMBER_PX or step == 128)
    for bar in range(0, span.bars, every):
        axes.text(bar * span.meter.bar_qn, 1.12, str(bar + 1), color=FAINT_INK, fontsize=9, ha="left", va="bottom")
    return axes


def add_times(figure: Figure, span: Span, tempo_qpm: float) -> None:
    """Write the time of some bar lines under the lowest lane, as minutes and seconds."""
    every = max(1, ceil(span.bars / 12))
    for bar in range(0, span.bars, every):
        seconds = bar * span.meter.bar_qn * 60 / tempo_qpm
        place = LANES_LEFT + (LANES_RIGHT - LANES_LEFT) * bar / span.bars
        text = f"{int(seconds // 60)}:{seconds % 60:04.1f}"
        figure.text(place, _BOTTOM - 0.008, text, color=FAINT_INK, fontsize=8.5, ha="left", va="top")
