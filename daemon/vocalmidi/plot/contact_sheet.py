"""Many arrangements of the same voices on one sheet: a page a voice, a row a genre, a column a mood, as one PNG.

Comes in: `SheetPage`s. Goes out: the picture, written whole or not at all, the same bytes for the same arrangements.
Every cell shows the first `SHOWN_BARS` bars: chord names, melody, chords, bass, drums; all on a page share their
keyboards, so that what lies higher was written higher. It decides nothing about the music.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vocalmidi.errors import PlotError
from vocalmidi.files import write_whole
from vocalmidi.values import Arrangement

MOST_PAGES = 12
"""About 20,000 pixels high: what viewers still open."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Arrangements side by side under one label."""

    label: str
    cells: tuple[Arrangement, ...]


@dataclass(frozen=True, slots=True)
class SheetPage:
    """All arrangements of one voice; every row has as many cells as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]

    def __post_init__(self) -> None:
        if not self.rows or not self.columns or any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"page {self.title} needs rows of {len(self.columns)} cells, at least one")


def draw_contact_sheet(pages: Sequence[SheetPage], path: Path) -> None:
    """Draw the pages below each other and write them to `path`.

    Raises:
        PlotError: there is no page or there are too many, or the path can't be written.
    """
    if not 1 <= len(pages) <= MOST_PAGES:
        raise PlotError(f"{path}: a sheet holds 1 to {MOST_PAGES} voices, not {len(pages)}; draw several sheets")
    # matplotlib takes longer to load than most commands take to run, so only drawing pays for it.
    from vocalmidi.plot.sheet_figure import sheet_png_bytes  # noqa: PLC0415

    content = sheet_png_bytes(pages)
    try:
        write_whole(path, content)
    except OSError as error:
        raise PlotError(f"{path}: can't write the picture ({error.strerror}); choose another with -o") from error
