"""Our pages: what stands where, for a phone in the hand and a tablet on the stand.

Comes in: the size of the screen. Goes out: the root node of a layout, which subscribes by itself.
"""

from collections.abc import Sequence
from enum import StrEnum

from vocalmidi.control import ROOT, Entry, Word, by_address
from vocalmidi.touchosc.grid import Cell, Row, block, placed
from vocalmidi.touchosc.node import Color, Frame, Node, NodeType, Property
from vocalmidi.touchosc.script import script
from vocalmidi.touchosc.widgets import (
    BLUE,
    GREEN,
    ORANGE,
    PAPER,
    PURPLE,
    RED,
    SMALL_TEXT,
    YELLOW,
    Sheet,
    shaded,
)
from vocalmidi.values import PART_NAMES

TAB_POINTS = 44
"""Height of the tabs: a finger's width (Apple's and Google's guides say 44 and 48)."""
_TRIGGERS = ("kick", "snare", "clap", "hihat_closed", "hihat_open", "click")
_KEYS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_BEND_RANGES = ("2", "12", "24", "48")
"""Semitones: what instruments are set to most."""
_BESIDE = 0.6
"""Share of a colour's light of buttons beside the one that is pressed most."""
_SOFT_RED, _SOFT_ORANGE, _DARK_RED = shaded(RED, _BESIDE), shaded(ORANGE, _BESIDE), shaded(RED, 0.4)
_PART_COLORS = dict(zip(PART_NAMES, (BLUE, PURPLE, GREEN, ORANGE), strict=True))


class Device(StrEnum):
    """What the layout is for; a tablet's holds the phone's pages, too."""

    TABLET = "tablet"
    PHONE = "phone"


_SIZES = {Device.TABLET: Frame(0, 0, 1024, 768), Device.PHONE: Frame(0, 0, 390, 844)}
"""Of an iPad and an iPhone in points; TouchOSC scales to others."""


def layout(device: Device = Device.TABLET) -> Node:
    """Return the layout for a device."""
    sheet, frame = Sheet(device), _SIZES[device]
    phone = {
        "Play": _play(sheet),
        "Live": _live(sheet),
        "Style": _style(sheet),
        "Parts": _parts(sheet),
        "Voice": _voice(sheet),
    }
    pages = {"Tablet": _tablet(sheet), **phone} if device is Device.TABLET else phone
    inner = Frame(0, TAB_POINTS, frame.w, frame.h - TAB_POINTS)
    groups = [_page(sheet, name, inner, rows) for name, rows in pages.items()]
    tabs = (
        Property("tabbar", value=True), Property("tabLabels", value=True), Property("tabbarDoubleTap", value=False),
        Property("tabbarSize", TAB_POINTS), Property("textSizeOff", 16), Property("textSizeOn", 16),
        Property("color", PAPER),
    )  # fmt: skip
    pager = sheet.node(NodeType.PAGER, "pages", frame, tabs, values=[("page", "0")], children=groups)
    root = (Property("color", Color(0, 0, 0)), Property("interactive", value=False), Property("script", script(_lit())))
    return sheet.node(NodeType.GROUP, "Vocal MIDI", frame, root, children=[pager])


def _page(sheet: Sheet, name: str, frame: Frame, rows: Sequence[Row]) -> Node:
    properties = (
        Property("tabLabel", name), Property("tabColorOff", Color(0.15, 0.16, 0.19)), Property("tabColorOn", BLUE),
        Property("textColorOff", Color(1, 1, 1)), Property("textColorOn", Color(1, 1, 1)), Property("color", PAPER),
        Property("interactive", value=False), Property("grabFocus", value=False),
    )  # fmt: skip
    children = placed(rows, Frame(0, 0, frame.w, frame.h))
    return sheet.node(NodeType.GROUP, name, frame, properties, children=children)


def _title(sheet: Sheet, text: str, share: float = 1.0) -> Cell:
    return Cell(lambda frame: [sheet.title(frame, text)], share)


def _press(sheet: Sheet, text: str, name: str, color: Color, *words: str, share: float = 1.0) -> Cell:
    return Cell(lambda frame: sheet.press(frame, text, name, color, *words), share)


def _toggle(sheet: Sheet, text: str, name: str, color: Color, share: float = 1.0) -> Cell:
    return Cell(lambda frame: sheet.toggle(frame, text, name, color), share)


def _fader(sheet: Sheet, text: str, name: str, color: Color, share: float = 1.0) -> Cell:
    return Cell(lambda frame: sheet.fader(frame, text, name, color), share)


def _choices(sheet: Sheet, name: str, color: Color, across: int) -> list[Row]:
    """Return rows of buttons, one for each word of an address; the one that holds is lit."""
    return _words(sheet, name, color, across, _options(by_address()[f"{ROOT}/{name}"]))


def _words(sheet: Sheet, name: str, color: Color, across: int, words: Sequence[str]) -> list[Row]:
    cells = [_press(sheet, _short(word), name, color, word) for word in words]
    empty = Cell(lambda _frame: ())
    full = cells + [empty] * (-len(cells) % across)
    return [Row(tuple(full[at : at + across])) for at in range(0, len(full), across)]


def _short(word: str) -> str:
    """Return a word as it stands on a button: keys as chords are called, so that two dozen fit."""
    return word.removesuffix(" major").replace(" minor", "m").replace("_", " ")


def _options(entry: Entry) -> tuple[str, ...]:
    kind = entry.arguments[0]
    if not isinstance(kind, Word):
        raise ValueError(f"{entry.address} has no words to choose from")  # noqa: TRY004 - a fault of ours, not a type's
    return kind.options


def _key_words() -> tuple[str, ...]:
    return ("auto", *(f"{tonic} {mode}" for mode in ("major", "minor") for tonic in _KEYS))


def _meters(sheet: Sheet) -> Row:
    """Return level and live pitch."""
    return Row((
        Cell(lambda frame: sheet.show(frame, "-", "pitch/name", size=28, color=PAPER)),
        block(
            Row((Cell(lambda frame: sheet.meter(frame, "level", "level", GREEN, (-60.0, 0.0))),)),
            Row((Cell(lambda frame: sheet.meter(frame, "pitch", "pitch", PURPLE, (36.0, 84.0))),)),
            share=2.0,
        ),
    ))  # fmt: skip


def _said(sheet: Sheet) -> list[Row]:
    return [
        Row((Cell(lambda frame: sheet.show(frame, "–", "written", size=13)),), 0.6),
        Row((Cell(lambda frame: sheet.show(frame, "–", "error", size=13, color=Color(0.3, 0.1, 0.1))),), 0.6),
    ]


def _play(sheet: Sheet) -> list[Row]:
    return [
        _meters(sheet),
        Row((_press(sheet, "WRITE", "write", RED),), 2.6),
        Row((_toggle(sheet, "listen", "listen", GREEN), _press(sheet, "with audio", "write/audio", _SOFT_RED))),
        Row((_press(sheet, "selection", "write/selection", _SOFT_RED), *_bars(sheet, "write/bars", "2", "4", "8"))),
        Row((_press(sheet, "arrange", "arrange", ORANGE), *_bars(sheet, "continue", "4", "8"))),
        Row((_press(sheet, "all notes off", "panic", _DARK_RED),), 0.8),
        *_said(sheet),
    ]  # fmt: skip


def _live(sheet: Sheet) -> list[Row]:
    """Return what a player turns while he sings."""
    return [
        _meters(sheet),
        Row((_toggle(sheet, "play live", "live", GREEN, 1.4), _press(sheet, "all notes off", "panic", _DARK_RED),
             Cell(lambda frame: sheet.show(frame, "hit", "hit", size=SMALL_TEXT), 0.8)), 1.3),
        Row((_title(sheet, "bend, and how far the wheel reaches"),), 0.5),
        Row(_cells(_choices(sheet, "live/bend", GREEN, 3))),
        Row(_cells(_words(sheet, "live/bend_range", GREEN, 4, _BEND_RANGES))),
        Row((_fader(sheet, "octave", "live/octave", GREEN), _fader(sheet, "transpose", "live/transpose", GREEN)), 1.4),
        Row((_title(sheet, "scale"),), 0.5),
        *_choices(sheet, "live/scale", PURPLE, 4),
        Row((_title(sheet, "chords, and how they lie"),), 0.5),
        Row(_cells(_choices(sheet, "live/chords", BLUE, 3))),
        Row(_cells(_choices(sheet, "live/voicing", BLUE, 5))),
        Row((_title(sheet, "what the level moves, and MPE"),), 0.5),
        Row((*_cells(_choices(sheet, "live/level", ORANGE, 3)), _toggle(sheet, "MPE", "live/mpe", ORANGE, 1.5))),
    ]  # fmt: skip


def _bars(sheet: Sheet, name: str, *counts: str) -> tuple[Cell, ...]:
    words, color = ("last {} bars", _SOFT_RED) if name == "write/bars" else ("+{} bars", _SOFT_ORANGE)
    return tuple(_press(sheet, words.format(count), name, color, count) for count in counts)


def _style(sheet: Sheet) -> list[Row]:
    return [
        Row((_title(sheet, "genre"),), 0.5),
        *_choices(sheet, "genre", BLUE, 3),
        Row((_title(sheet, "mood"),), 0.5),
        *_choices(sheet, "mood", PURPLE, 3),
        Row((_fader(sheet, "density", "density", BLUE),), 1.3),
        Row((_fader(sheet, "complexity", "complexity", BLUE),), 1.3),
        Row((_fader(sheet, "feel", "feel", BLUE),), 1.3),
        Row((_fader(sheet, "swing", "swing", BLUE), _press(sheet, "auto", "swing", BLUE, "auto", share=0.25)), 1.3),
    ]


def _part_row(sheet: Sheet, part: str) -> Row:
    color = _PART_COLORS[next(name for name in PART_NAMES if name == part)]
    return Row((
        _toggle(sheet, part, f"part/{part}/enabled", color, 1.4),
        _toggle(sheet, "lock", f"part/{part}/lock", YELLOW),
        _press(sheet, "re-roll", f"part/{part}/regenerate", shaded(color, _BESIDE)),
    ))  # fmt: skip


def _parts(sheet: Sheet) -> list[Row]:
    return [
        *(_part_row(sheet, part) for part in PART_NAMES),
        Row((_press(sheet, "re-roll all", "arrange", ORANGE),)),
        Row((_title(sheet, "learn a sound of your own"),), 0.4),
        *_words(sheet, "trigger/learn", ORANGE, 3, _TRIGGERS),
        Row((_title(sheet, "forget it"),), 0.4),
        *_words(sheet, "trigger/clear", _DARK_RED, 3, _TRIGGERS),
        *_said(sheet),
    ]


def _voice(sheet: Sheet) -> list[Row]:
    return [
        Row((_fader(sheet, "quantise", "quantize", GREEN),), 1.3),
        Row((_fader(sheet, "octave", "octave", GREEN), _fader(sheet, "tempo", "tempo", GREEN, 1.4),
             _press(sheet, "auto", "tempo", GREEN, "auto", share=0.5)), 1.3),
        Row((_title(sheet, "scale lock"),), 0.5),
        *_choices(sheet, "scale_lock", PURPLE, 4),
        Row((_title(sheet, "bend", 0.6), *_cells(_choices(sheet, "bend", GREEN, 3)))),
        Row((_title(sheet, "key"),), 0.5),
        Row((_press(sheet, "auto", "key", BLUE, _key_words()[0]),)),
        *_words(sheet, "key", BLUE, 6, _key_words()[1:]),
    ]  # fmt: skip


def _cells(rows: Sequence[Row]) -> tuple[Cell, ...]:
    return tuple(cell for row in rows for cell in row.cells)


def _tablet(sheet: Sheet) -> list[Row]:
    """Return everything that is played with, on one page."""
    left = block(
        Row((_press(sheet, "WRITE", "write", RED),), 2.4),
        Row((_toggle(sheet, "listen", "listen", GREEN), _toggle(sheet, "play live", "live", GREEN))),
        Row((_press(sheet, "with audio", "write/audio", _SOFT_RED),
             _press(sheet, "selection", "write/selection", _SOFT_RED), *_bars(sheet, "write/bars", "4"))),
        Row((_press(sheet, "arrange", "arrange", ORANGE), *_bars(sheet, "continue", "4", "8"))),
        Row((_press(sheet, "all notes off", "panic", _DARK_RED),)),
    )  # fmt: skip
    middle = block(
        Row((_title(sheet, "genre"),), 0.4),
        *_choices(sheet, "genre", BLUE, 5),
        Row((_title(sheet, "mood"),), 0.4),
        *_choices(sheet, "mood", PURPLE, 6),
        Row((_title(sheet, "scale lock"),), 0.4),
        *_choices(sheet, "scale_lock", PURPLE, 7),
        Row((_fader(sheet, "quantise", "quantize", GREEN), _fader(sheet, "octave", "octave", GREEN)), 1.4),
        Row((_title(sheet, "bend", 0.6), *_cells(_choices(sheet, "bend", GREEN, 3)))),
        share=2.0,
    )
    parts = block(*(_part_row(sheet, part) for part in PART_NAMES))
    faders = block(
        Row((_fader(sheet, "density", "density", BLUE), _fader(sheet, "complexity", "complexity", BLUE),
             _fader(sheet, "feel", "feel", BLUE))),
        Row((_fader(sheet, "tempo", "tempo", GREEN, 1.4), _press(sheet, "auto", "tempo", GREEN, "auto", share=0.5),
             _fader(sheet, "swing", "swing", BLUE, 1.0), _press(sheet, "auto", "swing", BLUE, "auto", share=0.5))),
    )  # fmt: skip
    said = Row(_cells(_said(sheet)), 0.4)
    return [Row(_meters(sheet).cells, 0.8), Row((left, middle), 4.4), Row((parts, faders), 2.4), said]


def _lit() -> dict[str, tuple[str, ...]]:
    """Return the choices that are lit where they hold, by their addresses."""
    stated = {address.removeprefix(f"{ROOT}/"): entry for address, entry in by_address().items() if entry.has_state}
    words = {name: _options(entry) for name, entry in stated.items() if isinstance(entry.arguments[0], Word)}
    return words | {"key": _key_words(), "tempo": ("auto",), "swing": ("auto",), "live/bend_range": _BEND_RANGES}
