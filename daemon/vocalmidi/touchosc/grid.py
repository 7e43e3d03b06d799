"""Rows of cells that fill an area: a cell has a width in shares of its row, a row a height in shares of its page.

Comes in: what makes the nodes of a frame. Goes out: the nodes, whole points apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vocalmidi.touchosc.node import Frame, Node
from vocalmidi.touchosc.widgets import GAP


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


def placed(rows: Sequence[Row], area: Frame) -> list[Node]:
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


def block(*rows: Row, share: float = 1.0) -> Cell:
    """Return rows as a cell; they keep their own gaps, so that the edges of neighbours meet."""

    def make(frame: Frame) -> list[Node]:
        return placed(rows, Frame(frame.x - GAP, frame.y - GAP, frame.w + 2 * GAP, frame.h + 2 * GAP))

    return Cell(make, share)
