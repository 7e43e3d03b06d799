"""Our pages: what stands where, for a phone in the hand and a tablet on the stand.

Comes in: the size of the screen. Goes out: the root node of a layout, which subscribes by itself. Every page is rows of
cells; a cell has a width in shares of its row, a row a height in shares of its page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vocalmidi.control import ROOT, Entry, Word, by_address
from vocalmidi.touchosc.node import Color, Frame, Node, NodeType, Property
from vocalmidi.touchosc.widgets import BLUE, DIM, GAP, GREEN, ORANGE, PAPER, PURPLE, RED, Sheet
from vocalmidi.values import PART_NAMES

RECEIVE_PORT = 9011
"""Of the device; docs/OSC.md tells the user to set it."""
RENEW_S = 10
"""A third of the lease: two lost packets in a row don't end it."""
TAB_POINTS = 44
"""Height of the tabs: a finger's width (Apple's and Google's guides say 44 and 48)."""
_TRIGGERS = ("kick", "snare", "clap", "hihat_closed", "hihat_open", "click")
_KEYS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_PART_COLORS = dict(zip(PART_NAMES, (BLUE, PURPLE, GREEN, ORANGE), strict=True))


class Device(StrEnum):
    """What the layout is for; a tablet's holds the phone's pages, too."""

    TABLET = "tablet"
    PHONE = "phone"


_SIZES = {Device.TABLET: Frame(0, 0, 1024, 768), Device.PHONE: Frame(0, 0, 390, 844)}
"""Of an iPad and an iPhone in points; TouchOSC scales to others."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Something that takes `share` of its row's width."""

    make: Callable[[Frame], Sequence[Node]]
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side that take `share` of their page's height."""

    cells: tuple[Cell, ...]
    share: float = 1.0


def layout(device: Device = Device.TABLET) -> Node:
    """Return the layout for a device."""
    sheet, frame = Sheet(device), _SIZES[device]
    phone = {"Play": _play(sheet), "Style": _style(sheet), "Parts": _parts(sheet), "Voice": _voice(sheet)}
    pages = {"Tablet": _tablet(sheet), **phone} if device is Device.TABLET else phone
    inner = Frame(0, TAB_POINTS, frame.w, frame.h - TAB_POINTS)
    groups = [_page(sheet, name, inner, rows) for name, rows in pages.items()]
    tabs = (
        Property("tabbar", value=True), Property("tabLabels", value=True), Property("tabbarDoubleTap", value=False),
        Property("tabbarSize", TAB_POINTS), Property("textSizeOff", 16), Property("textSizeOn", 16),
        Property("color", PAPER),
    )  # fmt: skip
    pager = sheet.node(NodeType.PAGER, "pages", frame, tabs, values=[("page", "0")], children=groups)
    root = (Property("color", Color(0, 0, 0)), Property("interactive", value=False), Property("script", _script()))
    return sheet.node(NodeType.GROUP, "Vocal MIDI", frame, root, children=[pager])


def _page(sheet: Sheet, name: str, frame: Frame, rows: Sequence[Row]) -> Node:
    properties = (
        Property("tabLabel", name), Property("tabColorOff", Color(0.15, 0.16, 0.19)), Property("tabColorOn", BLUE),
        Property("textColorOff", Color(1, 1, 1)), Property("textColorOn", Color(1, 1, 1)), Property("color", PAPER),
        Property("interactive", value=False), Property("grabFocus", value=False),
    )  # fmt: skip
    children = _placed(rows, Frame(0, 0, frame.w, frame.h))
    return sheet.node(NodeType.GROUP, name, frame, properties, children=children)


def _placed(rows: Sequence[Row], area: Frame) -> list[Node]:
    """Return the nodes of rows that fill an area, whole points apart."""
    nodes: list[Node] = []
    for row, (y, h) in zip(rows, _spans([row.share for row in rows], area.h), strict=True):
        widths = _spans([cell.share for cell in row.cells], area.w)
        for cell, (x, w) in zip(row.cells, widths, strict=True):
            nodes += cell.make(Frame(area.x + x, area.y + y, w, h))
    return nodes


def _spans(shares: Sequence[float], length: int) -> list[tuple[int, int]]:
    """Return start and length of each of some shares of a length, with a gap around each."""
    room, total, done = length - GAP * (len(shares) + 1), sum(shares), 0.0
    spans: list[tuple[int, int]] = []
    for n, share in enumerate(shares):
        start, stop = round(done / total * room), round((done + share) / total * room)
        spans.append((start + GAP * (n + 1), stop - start))
        done += share
    return spans


def _block(*rows: Row, share: float = 1.0) -> Cell:
    """Return rows as a cell; they keep their own gaps, so that the edges of neighbours meet."""

    def make(frame: Frame) -> list[Node]:
        return _placed(rows, Frame(frame.x - GAP, frame.y - GAP, frame.w + 2 * GAP, frame.h + 2 * GAP))

    return Cell(make, share)


def _title(sheet: Sheet, text: str, share: float = 1.0) -> Cell:
    return Cell(lambda frame: [sheet.label(frame, text)], share)


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
    cells = [_press(sheet, word.replace("_", " "), name, color, word) for word in words]
    empty = Cell(lambda _frame: ())
    full = cells + [empty] * (-len(cells) % across)
    return [Row(tuple(full[at : at + across])) for at in range(0, len(full), across)]


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
        _block(
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
        Row((_press(sheet, "WRITE", "write", RED),), 2.4),
        Row((_toggle(sheet, "listen", "listen", GREEN), _press(sheet, "with audio", "write/audio", RED))),
        Row((_press(sheet, "selection", "write/selection", RED), *_bars(sheet, "write/bars", RED, "2", "4", "8"))),
        Row((_press(sheet, "arrange", "arrange", ORANGE), *_bars(sheet, "continue", ORANGE, "4", "8"))),
        Row((_press(sheet, "all notes off", "panic", RED),), 0.8),
        *_said(sheet),
    ]  # fmt: skip


def _bars(sheet: Sheet, name: str, color: Color, *counts: str) -> tuple[Cell, ...]:
    words = "last {} bars" if name == "write/bars" else "+{} bars"
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
    ]


def _part_row(sheet: Sheet, part: str) -> Row:
    color = _PART_COLORS[next(name for name in PART_NAMES if name == part)]
    return Row((
        _toggle(sheet, part, f"part/{part}/enabled", color, 1.4),
        _toggle(sheet, "lock", f"part/{part}/lock", RED),
        _press(sheet, "re-roll", f"part/{part}/regenerate", color),
    ))  # fmt: skip


def _parts(sheet: Sheet) -> list[Row]:
    return [
        *(_part_row(sheet, part) for part in PART_NAMES),
        Row((_press(sheet, "re-roll all", "arrange", ORANGE),)),
        *_said(sheet),
    ]


def _voice(sheet: Sheet) -> list[Row]:
    return [
        Row((_fader(sheet, "quantise", "quantize", GREEN),), 1.3),
        Row((_fader(sheet, "octave", "octave", GREEN), _fader(sheet, "tempo", "tempo", GREEN, 1.4),
             _press(sheet, "auto", "tempo", GREEN, "auto", share=0.5)), 1.3),
        Row((_title(sheet, "scale lock"),), 0.5),
        *_choices(sheet, "scale_lock", PURPLE, 4),
        Row((_title(sheet, "bend", 0.6), *_cells(_choices(sheet, "bend", GREEN, 2)))),
        Row((_title(sheet, "key"),), 0.5),
        *_words(sheet, "key", BLUE, 5, _key_words()),
        Row((_title(sheet, "learn a sound"),), 0.5),
        *_words(sheet, "trigger/learn", ORANGE, 3, _TRIGGERS),
    ]  # fmt: skip


def _cells(rows: Sequence[Row]) -> tuple[Cell, ...]:
    return tuple(cell for row in rows for cell in row.cells)


def _tablet(sheet: Sheet) -> list[Row]:
    """Return everything that is played with, on one page."""
    left = _block(
        Row((_press(sheet, "WRITE", "write", RED),), 2.2),
        Row((_toggle(sheet, "listen", "listen", GREEN), _press(sheet, "with audio", "write/audio", RED))),
        Row((_press(sheet, "selection", "write/selection", RED), *_bars(sheet, "write/bars", RED, "4"))),
        Row((_press(sheet, "arrange", "arrange", ORANGE), *_bars(sheet, "continue", ORANGE, "4", "8"))),
        Row((_press(sheet, "all notes off", "panic", RED),)),
    )
    middle = _block(
        Row((_title(sheet, "genre"),), 0.4),
        *_choices(sheet, "genre", BLUE, 5),
        Row((_title(sheet, "mood"),), 0.4),
        *_choices(sheet, "mood", PURPLE, 6),
        Row((_title(sheet, "scale lock"),), 0.4),
        *_choices(sheet, "scale_lock", PURPLE, 7),
        Row((_fader(sheet, "quantise", "quantize", GREEN), _fader(sheet, "octave", "octave", GREEN)), 1.4),
        Row((_title(sheet, "bend", 0.6), *_cells(_choices(sheet, "bend", GREEN, 2)))),
        share=2.0,
    )
    parts = _block(*(_part_row(sheet, part) for part in PART_NAMES))
    faders = _block(
        Row((_fader(sheet, "density", "density", BLUE), _fader(sheet, "complexity", "complexity", BLUE))),
        Row((_fader(sheet, "tempo", "tempo", GREEN, 1.4), _press(sheet, "auto", "tempo", GREEN, "auto", share=0.4),
             _fader(sheet, "feel", "feel", BLUE))),
    )  # fmt: skip
    said = Row(_cells(_said(sheet)), 0.4)
    return [Row(_meters(sheet).cells, 0.8), Row((left, middle), 4.4), Row((parts, faders), 2.4), said]


def _script() -> str:
    """Return the layout's own Lua: it subscribes, and lights the choice that holds."""
    stated = {address.removeprefix(f"{ROOT}/"): entry for address, entry in by_address().items() if entry.has_state}
    lit = {name: _options(entry) for name, entry in stated.items() if isinstance(entry.arguments[0], Word)}
    lit |= {"key": _key_words(), "tempo": ("auto",)}
    rows = "\n".join(f"  ['{name}'] = {{{', '.join(map(repr, words))}}}," for name, words in lit.items())
    return _SCRIPT.format(root=ROOT, port=RECEIVE_PORT, renew_ms=RENEW_S * 1000, rows=rows, dim=DIM)


_SCRIPT = """-- Vocal MIDI: subscribes at {root}, and lights the button of the choice that holds.
local CHOICES = {{
{rows}
}}
local DIM = {dim}
local due_ms = 0
local full = {{}} -- the colour of each button when it is lit, by its tag

function update()
  local now_ms = getMillis()
  if now_ms < due_ms then return end
  due_ms = now_ms + {renew_ms}
  sendOSC('{root}/subscribe', {port})
end

local function shade(button, is_lit)
  local tag = button.tag
  local color = full[tag]
  if not color then
    local r, g, b = button.color.r / DIM, button.color.g / DIM, button.color.b / DIM
    color = {{ r, g, b }}
    full[tag] = color
  end
  local share = is_lit and 1 or DIM
  button.color = Color(color[1] * share, color[2] * share, color[3] * share, 1)
end

function onReceiveOSC(message, connections)
  local name = message[1]:match('^{root}/(.+)$')
  local options = name and CHOICES[name]
  local argument = message[2][1]
  if not options or not argument then return end
  for _, option in ipairs(options) do
    local is_lit = argument.value == option
    for _, button in ipairs(root:findAllByProperty('tag', name .. '=' .. option, true)) do
      shade(button, is_lit)
    end
  end
end
"""
