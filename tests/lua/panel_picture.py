"""Pictures of the panel, from what the real scripts draw into a window in memory.

Write docs/panel.png anew: .venv/bin/python tests/lua/panel_picture.py docs/panel.png
"""

import sys
import tempfile
from pathlib import Path

from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).parents[1]))

from lua.panel_window import PanelWindow
from reaper.in_memory import InMemoryReaper
from reaper.music import small_request
from vocalmidi.app.session import begun, choices
from vocalmidi.config import load_settings
from vocalmidi.reaper import ShownNote, Status
from vocalmidi.values import Key

DARK, LIGHT = (0x333333, 0xDCDCDC), (0xE4E4E4, 0x202020)
"""Ground and writing of two of Reaper's themes, as native colours."""
TUNE = ((0.0, 1.0, 62), (1.0, 0.5, 65), (1.5, 0.5, 67), (2.0, 1.5, 69), (4.0, 0.5, 72), (4.5, 0.5, 70), (5.0, 1.0, 69),
        (6.0, 1.0, 67), (7.0, 1.0, 62))  # fmt: skip
NARROWER = 0.88
"""DejaVu's letters against Arial's, which is not free to ship."""
CENTRE, RIGHT = 1, 2
GAP = 24


def sung(reaper: InMemoryReaper, **changed: object) -> Status:
    """Return what a daemon shows that has just heard a tune in D minor."""
    (reaper.resource / "config.toml").touch()
    settings = load_settings(reaper.resource / "config.toml")
    usual = {
        "owner_id": "abcdef-01",
        "written_s": reaper.now(),
        "listening": True,
        "level_db": -14.0,
        "pitch_midi": 69.12,
        "key": Key(2, "minor", 0.9),
        "choices": choices(begun(settings)),
        "length_qn": 8.0,
        "notes": tuple(ShownNote(*note) for note in TUNE),
    }
    return Status(**(usual | changed))


def opened(
    folder: Path, theme: tuple[int, int], points: float, size: tuple[int, int], *, dock: int = 0, lua: str = "lua54"
) -> PanelWindow:
    """Return a panel that shows a tune and its arrangement, drums locked."""
    reaper = InMemoryReaper(folder, lua)
    reaper.fake.theme.col_main_bg2, reaper.fake.theme.col_main_text2 = theme
    reaper.start()
    spool = reaper.spool()
    spool.post(small_request())
    reaper.turn(4)
    reaper.fake.api.SetExtState("vocalmidi", "said", "inserted 4 items", False)
    spool.beat()
    spool.show(sung(reaper))
    panel = PanelWindow(reaper)
    panel.open(points, size, dock)
    reaper.fake.api.SetExtState("vocalmidi", "wishes", "lock_part\ndrums\n", False)
    reaper.turn(20)
    spool.show(sung(reaper))
    reaper.turn(4)
    return panel


def _colour(op: dict) -> tuple[int, int, int]:
    return tuple(round(255 * op[part]) for part in "rgb")


def _write(draw: ImageDraw.ImageDraw, op: dict) -> None:
    file = font_manager.findfont(font_manager.FontProperties(family="DejaVu Sans"))
    font = ImageFont.truetype(file, round(op["size"] * NARROWER))
    x, y = op["x"], (op["y"] + op["bottom"]) / 2
    if op["flags"] & CENTRE:
        x = (op["x"] + op["right"]) / 2
    elif op["flags"] & RIGHT:
        x = op["right"]
    anchor = "m" if op["flags"] & CENTRE else "r" if op["flags"] & RIGHT else "l"
    draw.text((x, y), op["text"], _colour(op), font, f"{anchor}m")


def picture(panel: PanelWindow) -> Image.Image:
    """Return what the window shows, pixel by pixel but for its letters."""
    image = Image.new("RGB", (round(panel.gfx.w), round(panel.gfx.h)))
    draw = ImageDraw.Draw(image)
    for op in panel.drawn():
        if op["kind"] == "text":
            _write(draw, op)
        elif op["kind"] == "line":
            draw.line((op["x"], op["y"], op["x2"], op["y2"]), _colour(op))
        elif op["w"] >= 1 and op["h"] >= 1:
            box = (op["x"], op["y"], op["x"] + op["w"] - 1, op["y"] + op["h"] - 1)
            draw.rectangle(box, _colour(op) if op["filled"] else None, _colour(op))
    return image


def _side_by_side(images: list[Image.Image]) -> Image.Image:
    width = sum(image.width for image in images) + GAP * (len(images) - 1)
    whole = Image.new("RGB", (width, max(image.height for image in images)), "white")
    left = 0
    for image in images:
        whole.paste(image, (left, 0))
        left += image.width + GAP
    return whole


def _above_each_other(images: list[Image.Image]) -> Image.Image:
    height = sum(image.height for image in images) + GAP * (len(images) - 1)
    whole = Image.new("RGB", (max(image.width for image in images), height), "white")
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height + GAP
    return whole


def docs_picture(folder: Path) -> Image.Image:
    """Return the panel dark and light, at two pixels a point, and as it lies in the docker."""
    shapes = [(DARK, (300, 520), 0), (LIGHT, (300, 520), 0), (DARK, (612, 220), 1)]
    made: list[Image.Image] = []
    for number, (theme, size, dock) in enumerate(shapes):
        (folder / str(number)).mkdir()
        made.append(picture(opened(folder / str(number), theme, 2, size, dock=dock)))
    return _above_each_other([_side_by_side(made[:2]), made[2]])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        docs_picture(Path(place)).save(sys.argv[1], optimize=True)
