"""A picture of a layout's pages, as its file has them: what a phone shows, without one.

Comes in: the bytes of a .tosc, and what the program tells a subscriber. Goes out: a PNG, pages side by side: frames,
colours and words, faders and switches where they stand after that.
"""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from vocalmidi.control import ROOT
from vocalmidi.errors import LayoutError
from vocalmidi.touchosc.node import Color, Frame, Node, NodeType
from vocalmidi.touchosc.tosc_file import read_tosc
from vocalmidi.touchosc.widgets import DIM, GAP, LEFT

DPI = 100
SCALE = 0.72
"""Of a point on the picture: five pages are as wide as a screen."""
MARGIN, HEAD = 24, 34
SHADOW = 0.35
"""Share of its colour's light that a fader's way and a switch that is off have."""
MOST_LETTERS = 40
POINT = 0.72
"""Of a picture's dot: matplotlib's points are 72 to the inch, and there are 100 dots."""
INK = "#24292f"


Shown = Mapping[str, str | float | bool]
"""What is told, by address."""


def draw_layout(content: bytes, path: Path, shown: Shown) -> None:
    """Draw every page of a layout into a PNG; raise LayoutError where it is none or the picture can't be written."""
    root = read_tosc(content)
    pages = [page for pager in root.children for page in pager.children]
    if not pages:
        raise LayoutError("the layout has no pages; export it again")
    w, h = pages[0].frame.w, pages[0].frame.h
    columns = min(3 if w > h else 5, len(pages))
    rows = -(-len(pages) // columns)
    width, height = columns * (w + MARGIN) + MARGIN, rows * (h + MARGIN + HEAD) + MARGIN
    figure = Figure(figsize=(width * SCALE / DPI, height * SCALE / DPI), dpi=DPI, facecolor="#f6f8fa")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    for n, page in enumerate(pages):
        left = MARGIN + (n % columns) * (w + MARGIN)
        top = MARGIN + HEAD + (n // columns) * (h + MARGIN + HEAD)
        axes.text(left + 4, top - 10, str(page.value_of("tabLabel")), color=INK, fontsize=13, weight="bold")
        axes.add_patch(_patch(Frame(left, top, w, h), _color(page)))
        for child in page.children:
            _draw(axes, child, (left, top), shown)
    try:
        figure.savefig(path, format="png", metadata={"Software": None})
    except OSError as error:
        raise LayoutError(f"{path} can't be written ({error.strerror}); choose another place") from error


def _draw(axes: Axes, node: Node, at: tuple[int, int], shown: Shown) -> None:
    frame = node.frame._replace(x=node.frame.x + at[0], y=node.frame.y + at[1])
    color, told = _color(node), _told(node, shown)
    shadow = tuple(share * SHADOW for share in color)
    match node.type:
        case NodeType.LABEL:
            _write(axes, node, frame, told)
        case NodeType.FADER:
            axes.add_patch(_patch(frame, shadow))
            share = _share(node, told)
            if share > 0:
                axes.add_patch(_patch(frame._replace(w=max(1, round(frame.w * share))), color))
        case _ if node.value_of("buttonType") == 1:
            axes.add_patch(_patch(frame, color if told else shadow, is_switch=True))
        case _:
            axes.add_patch(_patch(frame, tuple(each / DIM for each in color) if _is_chosen(node, shown) else color))


def _told(node: Node, shown: Shown) -> str | float | bool | None:
    """Return what a control has been told, None where nothing is."""
    return next((shown[each.address] for each in node.messages if each.receives and each.address in shown), None)


def _is_chosen(node: Node, shown: Shown) -> bool:
    """Return whether the layout's script would light this button."""
    name, _, word = str(node.value_of("tag") or "").partition("=")
    return bool(word) and str(shown.get(f"{ROOT}/{name}")) == word


def _share(node: Node, told: str | float | bool | None) -> float:
    """Return how far along a fader stands."""
    reach = next(each.arguments[0] for each in node.messages if each.receives)
    if isinstance(told, str) or told is None:
        return 0.0
    return min(max((told - reach.low) / (reach.high - reach.low), 0.0), 1.0)


def _write(axes: Axes, node: Node, frame: Frame, told: str | float | bool | None) -> None:
    if node.value_of("background"):
        axes.add_patch(_patch(frame, _color(node)))
    text = dict(node.values).get("text", "") if told is None else f"{told:g}" if isinstance(told, float) else str(told)
    size, ink = node.value_of("textSize"), node.value_of("textColor")
    is_left = node.value_of("textAlignH") == LEFT
    axes.text(
        frame.x + (2 * GAP if is_left else frame.w / 2), frame.y + frame.h / 2, text[:MOST_LETTERS],
        color=tuple(ink[:3]) if isinstance(ink, Color) else "white", ha="left" if is_left else "center", va="center",
        fontsize=(size if isinstance(size, int) else 14) * SCALE * POINT,
    )  # fmt: skip


def _patch(frame: Frame, color: tuple[float, ...], *, is_switch: bool = False) -> FancyBboxPatch:
    return FancyBboxPatch(
        (frame.x, frame.y), frame.w, frame.h, boxstyle="round,pad=0,rounding_size=4", facecolor=color[:3],
        edgecolor="white" if is_switch else "none", linewidth=0.8,
    )  # fmt: skip


def _color(node: Node) -> tuple[float, ...]:
    color = node.value_of("color")
    return tuple(color[:3]) if isinstance(color, Color) else (0.25, 0.25, 0.25)
