"""A picture of a layout's pages, as its file has them: what a phone shows, without one.

Comes in: the bytes of a .tosc. Goes out: a PNG, pages side by side. It draws frames, colours and words; values stand in
the middle, as they do nowhere, so that faders can be told from buttons.
"""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from vocalmidi.errors import LayoutError
from vocalmidi.touchosc.node import Color, Frame, Node, NodeType
from vocalmidi.touchosc.tosc_file import read_tosc

DPI = 100
SCALE = 0.72
"""Of a point on the picture: five pages are as wide as a screen."""
MARGIN, HEAD = 24, 34
FADER_SHARE = 0.4
MOST_LETTERS = 24
INK = "#24292f"


def draw_layout(content: bytes, path: Path) -> None:
    """Draw every page of a layout into a PNG; raise LayoutError where it is none or the picture can't be written."""
    root = read_tosc(content)
    pages = [page for pager in root.children for page in pager.children]
    if not pages:
        raise LayoutError("the layout has no pages; export it again")
    w, h = pages[0].frame.w, pages[0].frame.h
    columns = min(3 if w > h else 4, len(pages))
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
            _draw(axes, child, left, top)
    try:
        figure.savefig(path, format="png", metadata={"Software": None})
    except OSError as error:
        raise LayoutError(f"{path} can't be written ({error.strerror}); choose another place") from error


def _draw(axes: Axes, node: Node, left: int, top: int) -> None:
    frame = node.frame._replace(x=node.frame.x + left, y=node.frame.y + top)
    if node.type is NodeType.LABEL:
        if node.value_of("background"):
            axes.add_patch(_patch(frame, _color(node)))
        text, size = dict(node.values).get("text", ""), node.value_of("textSize")
        axes.text(
            frame.x + frame.w / 2, frame.y + frame.h / 2, text[:MOST_LETTERS], color="white", ha="center", va="center",
            fontsize=(size if isinstance(size, int) else 14) * SCALE * 0.62,
        )  # fmt: skip
        return
    color = _color(node)
    if node.type is NodeType.FADER:
        axes.add_patch(_patch(frame, tuple(share * 0.35 for share in color)))
        axes.add_patch(_patch(frame._replace(w=max(1, round(frame.w * FADER_SHARE))), color))
        return
    axes.add_patch(_patch(frame, color, is_switch=node.value_of("buttonType") == 1))


def _patch(frame: Frame, color: tuple[float, ...], *, is_switch: bool = False) -> FancyBboxPatch:
    return FancyBboxPatch(
        (frame.x, frame.y), frame.w, frame.h, boxstyle="round,pad=0,rounding_size=4", facecolor=color[:3],
        edgecolor="white" if is_switch else "none", linewidth=0.8,
    )  # fmt: skip


def _color(node: Node) -> tuple[float, ...]:
    color = node.value_of("color")
    return tuple(color[:3]) if isinstance(color, Color) else (0.25, 0.25, 0.25)
