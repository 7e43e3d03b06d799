"""What stands in the lanes: notes over a keyboard, drum hits in named rows, chord names.

Comes in: a `Part` or `Chord`s and the axes of its lane. Goes out: ink. Notes that begin after the shown span are left
out, those that outlast it are cut at its end.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb

from vocalmidi.plot.names import chord_name, drum_name, note_name
from vocalmidi.plot.page import BEAT_LINE, FAINT_INK, INK, PAPER
from vocalmidi.plot.span import DPI, HEIGHT_PX, Span
from vocalmidi.values import Chord, Note, Part, PartName

COLOURS = {
    PartName.MELODY: "#c8324f",
    PartName.CHORDS: "#2b6cb0",
    PartName.BASS: "#2f855a",
    PartName.DRUMS: "#8a5a00",
}
"""No reader needs them to tell parts apart: lanes never share room."""
_BLACK_KEYS = (1, 3, 6, 8, 10)
_LEAST_ROWS = 14  # semitones: a lane of one note should still look like a keyboard
_FAINTEST = 0.30  # opacity of velocity 1, still visible on white
_HIT_QN = 0.20  # a hit has no length worth seeing; a little under a sixteenth keeps neighbours apart
_LEAST_NOTE_PX = 2.5
_LEAST_EDGE_PX = 20.0  # a quarter note: with less room, edges would hide the opacity of a short note
_CHAR_EM = 0.72  # mean width of a bold DejaVu Sans character, parts of its size
_MOST_CHORD_SIZE, _LEAST_CHORD_SIZE, _CHORD_PAD_PX = 13.0, 6.5, 4.0  # points, points, pixels


def opacity(velocity: int) -> float:
    """Return how strong a note's colour is, 0–1."""
    return _FAINTEST + (1 - _FAINTEST) * velocity / 127


def _shown(part: Part, span: Span) -> list[Note]:
    return [note for note in part.notes if note.start_qn < span.end_qn]


def _draw_boxes(
    axes: Axes, boxes: Sequence[tuple[float, float, float, float]], notes: Sequence[Note], hue: str, span: Span
) -> None:
    """Draw (left, bottom, right, top) boxes, as opaque as their notes are loud."""
    corners = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)] for x0, y0, x1, y1 in boxes]
    red, green, blue = to_rgb(hue)
    faces = [(red, green, blue, opacity(note.velocity)) for note in notes]
    edge = 0.7 if span.qn_px >= _LEAST_EDGE_PX else 0.3
    axes.add_collection(PolyCollection(corners, facecolors=faces, edgecolors=hue, linewidths=edge, zorder=3))


def draw_notes(axes: Axes, keyboard: Axes, part: Part, span: Span, *, flats: bool) -> None:
    """Draw a pitched part: boxes over a keyboard just wide enough, and the sung pitch where notes carry a bend."""
    notes = _shown(part, span)
    low, high = _pitch_range(notes, part.name)
    least_qn = _LEAST_NOTE_PX / span.qn_px
    boxes = [
        (
            n.start_qn,
            n.pitch_midi - 0.44,
            min(span.end_qn, n.start_qn + max(n.length_qn, least_qn)),
            n.pitch_midi + 0.44,
        )
        for n in notes
    ]
    for pitch in range(low, high + 1):
        if pitch % 12 in _BLACK_KEYS:
            axes.axhspan(pitch - 0.5, pitch + 0.5, color="#f3f4f5", linewidth=0, zorder=0)
    _draw_boxes(axes, boxes, notes, COLOURS[part.name], span)
    curves = [
        [(n.start_qn + p.after_qn, n.pitch_midi + p.bend_cents / 100) for p in n.bend]
        for n in notes
        if len(n.bend) > 1 and span.shows_curves
    ]
    axes.add_collection(LineCollection(curves, colors=INK, linewidths=0.9, alpha=0.75, zorder=4))
    for side in (axes, keyboard):
        side.set_ylim(low - 0.5, high + 0.5)
    _draw_keys(keyboard, low, high, flats=flats)


def _pitch_range(notes: Sequence[Note], name: PartName) -> tuple[int, int]:
    """Return the lowest and highest key of a lane: the notes' own with a key to spare, or the usual ones if none."""
    if not notes:
        return (36, 50) if name is PartName.BASS else (60, 74)
    low, high = min(n.pitch_midi for n in notes) - 1, max(n.pitch_midi for n in notes) + 1
    spare = max(0, _LEAST_ROWS - (high - low))
    return max(0, low - spare // 2), min(127, high + spare - spare // 2)


def _draw_keys(keyboard: Axes, low: int, high: int, *, flats: bool) -> None:
    row_px = keyboard.get_position().height * HEIGHT_PX / (high - low + 1)
    every_white = row_px >= 11  # below that the names of neighbours touch
    for pitch in range(low, high + 1):
        if pitch % 12 in _BLACK_KEYS:
            keyboard.axhspan(pitch - 0.42, pitch + 0.42, xmax=0.55, color="#4a5058", linewidth=0)
            keyboard.axhline(pitch, xmin=0.55, color=BEAT_LINE, linewidth=0.8)
            continue
        if pitch % 12 in (0, 5):
            keyboard.axhline(pitch - 0.5, color="#c9ced4", linewidth=0.8)
        if pitch % 12 == 0 or every_white:
            strong = pitch % 12 == 0
            name = note_name(pitch, flats=flats)
            colour, weight = (INK, "bold") if strong else (FAINT_INK, "normal")
            keyboard.text(
                0.94, pitch, name, fontsize=7.5, ha="right", va="center_baseline", color=colour, weight=weight
            )


def draw_drums(axes: Axes, names: Axes, part: Part, span: Span) -> None:
    """Draw the drums: a row a key that is used, lowest at the bottom."""
    notes = _shown(part, span)
    keys = sorted({note.pitch_midi for note in notes}) or [36, 38, 42]
    row = {key: index for index, key in enumerate(keys)}
    width_qn = max(_HIT_QN, _LEAST_NOTE_PX / span.qn_px)
    boxes = [
        (n.start_qn, row[n.pitch_midi] - 0.34, min(span.end_qn, n.start_qn + width_qn), row[n.pitch_midi] + 0.34)
        for n in notes
    ]
    for index in range(1, len(keys), 2):
        axes.axhspan(index - 0.5, index + 0.5, color="#f6f6f4", linewidth=0, zorder=0)
    _draw_boxes(axes, boxes, notes, COLOURS[part.name], span)
    for key, index in row.items():
        names.text(0.92, index, drum_name(key), fontsize=8, ha="right", va="center_baseline", color=INK)
    names.patch.set_visible(False)
    for spine in names.spines.values():
        spine.set_visible(False)
    for side in (axes, names):
        side.set_ylim(-0.6, len(keys) - 0.4)


def draw_chord_names(strip: Axes, chords: Sequence[Chord], span: Span, *, flats: bool) -> None:
    """Write the chords' names in boxes, all in one size; a chord that goes on is written once, one without room not."""
    shown = [chord for chord in _merged(chords) if chord.start_qn < span.end_qn]
    names = [chord_name(chord, flats=flats) for chord in shown]
    ends = [min(span.end_qn, chord.start_qn + chord.length_qn) for chord in shown]
    room_px = [(end - chord.start_qn) * span.qn_px - _CHORD_PAD_PX for chord, end in zip(shown, ends, strict=True)]
    largest = [px / (len(name) * _CHAR_EM * DPI / 72) for name, px in zip(names, room_px, strict=True)]
    size = min([_MOST_CHORD_SIZE, *(points for points in largest if points >= _LEAST_CHORD_SIZE)])
    for chord, name, end, points in zip(shown, names, ends, largest, strict=True):
        strip.axvspan(chord.start_qn, end, 0, 0.92, facecolor="#e8eff8", edgecolor=PAPER, linewidth=1.5)
        if points >= size:
            middle, hue = (chord.start_qn + end) / 2, COLOURS[PartName.CHORDS]
            strip.text(middle, 0.44, name, fontsize=size, ha="center", va="center", color=hue, weight="bold")


def _merged(chords: Sequence[Chord]) -> list[Chord]:
    """Return the chords with neighbours of one name joined."""
    joined: list[Chord] = []
    for chord in chords:
        last = joined[-1] if joined else None
        if last and (last.root, last.quality, last.bass) == (chord.root, chord.quality, chord.bass):
            length_qn = type(chord.length_qn)(chord.start_qn + chord.length_qn - last.start_qn)
            joined[-1] = Chord(last.start_qn, length_qn, last.root, last.quality, last.bass)
        else:
            joined.append(chord)
    return joined
