"""A contact sheet put together: page titles, column and row labels, cells; then PNG bytes.

Comes in: `SheetPage`s. Goes out: bytes. Importing this file loads matplotlib; its window systems stay untouched.
"""

import io
from collections.abc import Iterable, Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from vocalmidi.plot.contact_sheet import SheetPage, SheetRow
from vocalmidi.plot.lanes import COLOURS, opacity
from vocalmidi.plot.names import chord_name, key_name, uses_flats
from vocalmidi.plot.page import BAR_LINE, FAINT_INK, INK, LANE_PAPER, PAPER
from vocalmidi.plot.span import DPI
from vocalmidi.values import Arrangement, Note, PartName

SHOWN_BARS = 8
"""Two sections of four bars: what a genre does and what it changes, and a sixteenth is still 2 pixels wide."""
CELL_PX, ROW_PX, LABEL_PX, HEAD_PX, EDGE_PX = 330, 158, 128, 74, 10
_BANDS = {
    PartName.MELODY: (0.66, 0.87),
    PartName.CHORDS: (0.44, 0.64),
    PartName.BASS: (0.29, 0.42),
    PartName.DRUMS: (0.02, 0.27),
}
"""Where each part stands in a cell, from the bottom 0 to the top 1; the names of the chords stand above."""
_NAMES_Y = 0.94
_CHORD_SIZE, _CHAR_PX = 6.5, 6.4
"""Points, and pixels that a letter of that size takes."""
_HIT_QN = 0.18
"""As on the piano roll, a little less: neighbouring sixteenths stay apart."""
_LEAST_KEYS = 12
"""A band spans an octave at least: one held note is a line, not a block."""
Keys = dict[PartName, tuple[int, int]]


def sheet_png_bytes(pages: Sequence[SheetPage]) -> bytes:
    """Return the picture of all pages."""
    # As for the piano roll: nobody's matplotlibrc and no version in the bytes.
    with mpl.rc_context():
        mpl.rcdefaults()
        columns = max(len(page.columns) for page in pages)
        width_px = LABEL_PX + columns * CELL_PX + EDGE_PX
        height_px = sum(HEAD_PX + len(page.rows) * ROW_PX for page in pages) + EDGE_PX
        figure = Figure(figsize=(width_px / DPI, height_px / DPI), dpi=DPI, facecolor=PAPER)
        top_px = 0
        for page in pages:
            _draw_page(figure, page, top_px, width_px, height_px)
            top_px += HEAD_PX + len(page.rows) * ROW_PX
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=DPI, facecolor=PAPER, metadata={"Software": None})
        return stream.getvalue()


def _draw_page(figure: Figure, page: SheetPage, top_px: int, width_px: int, height_px: int) -> None:
    def place(left_px: float, down_px: float) -> tuple[float, float]:
        return left_px / width_px, 1.0 - (top_px + down_px) / height_px

    figure.text(*place(EDGE_PX, 26), page.title, fontsize=17, weight="bold", color=INK, va="center")
    first = page.rows[0].cells[0]
    figure.text(*place(width_px - EDGE_PX, 26), _facts(first), fontsize=13, color=FAINT_INK, ha="right", va="center")
    for column, name in enumerate(page.columns):
        x, y = place(LABEL_PX + (column + 0.5) * CELL_PX, 58)
        figure.text(x, y, name, fontsize=13, color=INK, ha="center", va="center", weight="bold")
    keys = _keyboards([arrangement for row in page.rows for arrangement in row.cells])
    for number, row in enumerate(page.rows):
        down_px = HEAD_PX + number * ROW_PX
        x, y = place(EDGE_PX, down_px + ROW_PX / 2)
        figure.text(x, y, row.label, fontsize=13, color=INK, va="center", weight="bold")
        drum_rows = _drum_rows(row)
        for column, arrangement in enumerate(row.cells):
            left, bottom = place(LABEL_PX + column * CELL_PX, down_px + ROW_PX - 4)
            size = ((CELL_PX - 6) / width_px, (ROW_PX - 8) / height_px)
            axes = figure.add_axes((left, bottom, *size), facecolor=LANE_PAPER)
            _draw_cell(axes, arrangement, keys, drum_rows)


def _facts(arrangement: Arrangement) -> str:
    meter = arrangement.meter
    bars = round(arrangement.length_qn / meter.bar_qn)
    shown = f"bars 1–{SHOWN_BARS} of {bars}" if bars > SHOWN_BARS else f"{bars} bars" if bars > 1 else "1 bar"
    facts = (key_name(arrangement.key), f"{arrangement.tempo_qpm:.4g} BPM", f"{meter.beats}/{meter.unit}", shown)
    return "   ·   ".join((*facts, f"seed {arrangement.seed}", "strong colour: loud"))


def _end_qn(arrangement: Arrangement) -> float:
    return min(arrangement.length_qn, SHOWN_BARS * arrangement.meter.bar_qn)


def _shown(arrangement: Arrangement, name: PartName) -> list[Note]:
    end_qn = _end_qn(arrangement)
    notes = (note for part in arrangement.parts if part.name is name for note in part.notes)
    return [note for note in notes if note.start_qn < end_qn]


def _keyboards(arrangements: Iterable[Arrangement]) -> Keys:
    """Return the lowest and the highest key of each pitched part over a page."""
    every = list(arrangements)
    keys = Keys()
    for name in (PartName.MELODY, PartName.CHORDS, PartName.BASS):
        pitches = [note.pitch_midi for arrangement in every for note in _shown(arrangement, name)] or [60]
        low, high = min(pitches), max(pitches)
        spare = max(0, _LEAST_KEYS - (high - low))
        keys[name] = (low - spare // 2, high + spare - spare // 2)
    return keys


def _drum_rows(row: SheetRow) -> dict[int, int]:
    """Return the line of each drum of a genre, lowest key at the bottom."""
    keys = sorted({note.pitch_midi for cell in row.cells for note in _shown(cell, PartName.DRUMS)})
    return {key: line for line, key in enumerate(keys)}


def _draw_cell(axes: Axes, arrangement: Arrangement, keys: Keys, drum_rows: dict[int, int]) -> None:
    end_qn, bar_qn = _end_qn(arrangement), arrangement.meter.bar_qn
    axes.set_xlim(0, end_qn)
    axes.set_ylim(0, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(BAR_LINE)
    bars = [bar * bar_qn for bar in range(1, round(end_qn / bar_qn))]
    axes.vlines(bars, 0, 1, colors=BAR_LINE, linewidth=0.6, zorder=1)
    corners, faces = list[list[tuple[float, float]]](), list[tuple[float, float, float, float]]()
    for name in PartName:
        red, green, blue = to_rgb(COLOURS[name])
        for note in _shown(arrangement, name):
            corners.append(_box(note, name, end_qn, keys, drum_rows))
            faces.append((red, green, blue, opacity(note.velocity)))
    axes.add_collection(PolyCollection(corners, facecolors=faces, linewidths=0, zorder=3))
    _write_chords(axes, arrangement, end_qn)


def _box(note: Note, name: PartName, end_qn: float, keys: Keys, drum_rows: dict[int, int]) -> list[tuple[float, float]]:
    """Return the corners of a note in its part's band."""
    bottom, top = _BANDS[name]
    if name is PartName.DRUMS:
        line, lines, stop_qn = drum_rows[note.pitch_midi], len(drum_rows), note.start_qn + _HIT_QN
    else:
        low, high = keys[name]
        line, lines, stop_qn = note.pitch_midi - low, high - low + 1, note.start_qn + note.length_qn
    height = (top - bottom) / lines
    low_y = bottom + line * height
    # Thinner than 2 pixels a line would vanish among many keys.
    high_y = low_y + max(height * 0.9, 2.0 / ROW_PX)
    right = min(stop_qn, end_qn)
    return [(note.start_qn, low_y), (right, low_y), (right, high_y), (note.start_qn, high_y)]


def _write_chords(axes: Axes, arrangement: Arrangement, end_qn: float) -> None:
    """Write the names of the chords that have room for theirs."""
    flats, qn_px = uses_flats(arrangement.key), CELL_PX / end_qn
    for chord in arrangement.chords:
        if chord.start_qn < end_qn:
            name = chord_name(chord, flats=flats)
            room_px = (min(end_qn, chord.start_qn + chord.length_qn) - chord.start_qn) * qn_px
            if room_px >= len(name) * _CHAR_PX:
                axes.text(
                    chord.start_qn + 2.0 / qn_px, _NAMES_Y, name, fontsize=_CHORD_SIZE, color=INK, va="center_baseline"
                )
