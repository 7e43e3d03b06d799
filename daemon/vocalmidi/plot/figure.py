"""The whole picture put together: title, chord names, lanes, times; then PNG bytes.

Comes in: an `Arrangement`. Goes out: bytes. Importing this file loads matplotlib; its window systems stay untouched.
"""

import io

import matplotlib as mpl
from matplotlib.figure import Figure

from vocalmidi.plot.lanes import COLOURS, draw_chord_names, draw_drums, draw_notes
from vocalmidi.plot.names import key_name, uses_flats
from vocalmidi.plot.page import (
    FAINT_INK,
    INK,
    PAPER,
    add_chord_strip,
    add_keyboard,
    add_lane,
    add_times,
    lane_boxes,
)
from vocalmidi.plot.span import DPI, HEIGHT_PX, LANES_LEFT, LANES_RIGHT, WIDTH_PX, Span, shown_span
from vocalmidi.values import Arrangement, Part, PartName

_TITLE_Y, _LEGEND_Y, _LABEL_X, _LABEL_WIDTH = 0.967, 0.012, 0.008, 0.030
_TITLE_CHAR = 0.0125  # mean width of a letter of the title, parts of the page's width


def png_bytes(arrangement: Arrangement) -> bytes:
    """Return the picture of an arrangement."""
    # A user's matplotlibrc must not change the picture; the file names no software, for the version would be in it.
    with mpl.rc_context():
        mpl.rcdefaults()
        figure = _figure(arrangement)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=DPI, facecolor=PAPER, metadata={"Software": None})
        return stream.getvalue()


def _figure(arrangement: Arrangement) -> Figure:
    figure = Figure(figsize=(WIDTH_PX / DPI, HEIGHT_PX / DPI), dpi=DPI, facecolor=PAPER)
    span, flats = shown_span(arrangement), uses_flats(arrangement.key)
    _write_title(figure, arrangement, span)
    draw_chord_names(add_chord_strip(figure, span), arrangement.chords, span, flats=flats)
    for part, (bottom, height) in zip(arrangement.parts, lane_boxes(arrangement.parts), strict=True):
        lane, keyboard = add_lane(figure, span, bottom, height), add_keyboard(figure, bottom, height)
        _write_label(figure, part, bottom, height)
        if part.name is PartName.DRUMS:
            draw_drums(lane, keyboard, part, span)
        else:
            draw_notes(lane, keyboard, part, span, flats=flats)
        if not part.notes:
            lane.text(0.5, 0.5, "no notes", transform=lane.transAxes, ha="center", va="center", color=FAINT_INK)
    add_times(figure, span, arrangement.tempo_qpm)
    _write_legend(figure, arrangement, span)
    return figure


def _write_title(figure: Figure, arrangement: Arrangement, span: Span) -> None:
    meter = arrangement.meter
    facts = (
        key_name(arrangement.key),
        f"{arrangement.tempo_qpm:.4g} BPM",
        f"{meter.beats}/{meter.unit}",
        f"seed {arrangement.seed}",
    )
    bars = f"{span.bars} bars" if span.bars > 1 else "1 bar"
    if span.bars < span.bars_in_all:
        bars = f"bars 1–{span.bars} of {span.bars_in_all}"
    genre = arrangement.genre.replace("_", " ")
    genre = genre[:1].upper() + genre[1:]
    after = max(LANES_LEFT, _LABEL_X + len(genre) * _TITLE_CHAR + 0.02)
    figure.text(_LABEL_X, _TITLE_Y, genre, fontsize=19, weight="bold", color=INK, va="center")
    figure.text(after, _TITLE_Y, "   ·   ".join(facts), fontsize=15, color=INK, va="center")
    figure.text(LANES_RIGHT, _TITLE_Y, bars, fontsize=13, color=FAINT_INK, ha="right", va="center")


def _write_legend(figure: Figure, arrangement: Arrangement, span: Span) -> None:
    curves = span.shows_curves and any(note.bend for part in arrangement.parts for note in part.notes)
    legend = "strong colour: loud" + ("   ·   line: pitch as sung" if curves else "")
    figure.text(LANES_RIGHT, _LEGEND_Y, legend, fontsize=8.5, color=FAINT_INK, ha="right")


def _write_label(figure: Figure, part: Part, bottom: float, height: float) -> None:
    """Draw the coloured tab at the left of a lane, with the part's name and how many notes it has."""
    tab = figure.add_axes((_LABEL_X, bottom, _LABEL_WIDTH, height), facecolor=COLOURS[part.name])
    tab.set_xticks([])
    tab.set_yticks([])
    for spine in tab.spines.values():
        spine.set_visible(False)
    tab.text(
        0.36, 0.5, part.name.title(), rotation=90, ha="center", va="center", color="white", fontsize=13, weight="bold"
    )
    count = f"{len(part.notes)} note{'' if len(part.notes) == 1 else 's'}"
    tab.text(0.78, 0.5, count, rotation=90, ha="center", va="center", color="white", fontsize=8.5)
