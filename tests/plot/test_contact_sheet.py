"""The contact sheet is read back as pixels: every cell has ink of all four parts, higher where notes are higher."""

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from arrange.phrases import TWINKLE, arranged, phrase_of
from vocalmidi.arrange import load_style
from vocalmidi.errors import PlotError
from vocalmidi.plot import SheetPage, SheetRow, draw_contact_sheet
from vocalmidi.plot.lanes import COLOURS
from vocalmidi.plot.sheet_figure import CELL_PX, EDGE_PX, HEAD_PX, LABEL_PX, ROW_PX
from vocalmidi.values import PartName

GENRES = ("jazz", "trap", "rock")


def page(seeds=(1, 2), title="voice"):
    phrase = phrase_of(TWINKLE)
    rows = tuple(
        SheetRow(genre, tuple(arranged(phrase, load_style(genre), seed) for seed in seeds)) for genre in GENRES
    )
    return SheetPage(title, tuple(f"seed {seed}" for seed in seeds), rows)


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(float)


def drawn(pages, folder, name="sheet.png"):
    draw_contact_sheet(pages, folder / name)
    return pixels(folder / name)


def cell(picture, row, column):
    top, left = HEAD_PX + row * ROW_PX, LABEL_PX + column * CELL_PX
    return picture[top : top + ROW_PX, left : left + CELL_PX]


def ink(picture, name):
    """Return where the colour of a part is seen, mixed with white or not."""
    hue = np.array([int(COLOURS[name][at : at + 2], 16) for at in (1, 3, 5)], float)
    faint = 255 - picture
    strength = (faint @ (255 - hue)) / ((255 - hue) @ (255 - hue))
    return (np.abs(faint - strength[..., np.newaxis] * (255 - hue)).max(axis=-1) < 12) & (strength > 0.3)


def test_every_cell_shows_all_four_parts_from_top_to_bottom(tmp_path):
    picture = drawn([page()], tmp_path)
    assert picture.shape[:2] == (HEAD_PX + 3 * ROW_PX + EDGE_PX, LABEL_PX + 2 * CELL_PX + EDGE_PX)
    for row in range(3):
        for column in range(2):
            places = [np.nonzero(ink(cell(picture, row, column), name))[0] for name in PartName]
            assert all(len(place) > 20 for place in places)
            means = [place.mean() for place in places]
            assert means == sorted(means)


def test_what_is_written_higher_stands_higher(tmp_path):
    plain = page(seeds=(1, 1))
    part = plain.rows[0].cells[1].parts[1]
    raised = replace(part, notes=tuple(replace(note, pitch_midi=note.pitch_midi + 7) for note in part.notes))
    cells = list(plain.rows[0].cells)
    cells[1] = replace(cells[1], parts=(cells[1].parts[0], raised, *cells[1].parts[2:]))
    picture = drawn([replace(plain, rows=(SheetRow("jazz", tuple(cells)), *plain.rows[1:]))], tmp_path)
    low, high = (np.nonzero(ink(cell(picture, 0, column), PartName.CHORDS))[0].mean() for column in range(2))
    assert high < low - 2


def test_pages_stand_below_each_other_and_the_bytes_repeat(tmp_path):
    one = drawn([page()], tmp_path, "one.png")
    two = drawn([page(), page(title="another")], tmp_path, "two.png")
    assert len(two) == 2 * len(one) - EDGE_PX
    body = slice(HEAD_PX, len(one) - EDGE_PX)
    assert np.abs(two[body] - one[body]).mean() < 1.0  # edges are smoothed anew: of 255
    with mpl.rc_context({"axes.facecolor": "red", "savefig.dpi": 30}):
        drawn([page()], tmp_path, "again.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "again.png").read_bytes()


def test_a_sheet_that_can_t_be_drawn_says_why(tmp_path):
    with pytest.raises(PlotError, match="1 to 12 voices, not 0"):
        draw_contact_sheet([], tmp_path / "none.png")
    with pytest.raises(PlotError, match="can't write the picture"):
        draw_contact_sheet([page()], tmp_path / "nowhere" / "sheet.png")
    with pytest.raises(ValueError, match="2 cells"):
        replace(page(), rows=(SheetRow("jazz", ()),))


def test_a_long_metre_and_hits_alone_have_their_place(tmp_path):
    phrase = phrase_of([], hits=[(n, "kick" if n % 2 == 0 else "snare") for n in range(40)])
    made = arranged(phrase, load_style("hip_hop"), 0)
    picture = drawn([SheetPage("beat", ("plain",), (SheetRow("hip hop", (made,)),))], tmp_path)
    assert ink(cell(picture, 0, 0), PartName.DRUMS).sum() > 100
    assert not ink(cell(picture, 0, 0), PartName.MELODY).any()
