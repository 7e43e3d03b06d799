"""Draw the track icons anew: .venv/bin/python tests/reaper/make_icons.py (they lie in reaper_scripts/track_icons).

A rounded square in the colour of the part (lib/looks.lua), on it in white: a note, a chord, a wave, a drum, a
microphone. The same bytes each time: shapes are sampled on a grid, nothing depends on fonts or a drawing library.
"""

import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parents[2]
ICONS = ROOT / "reaper_scripts" / "track_icons" / "Vocal MIDI"
SIZE = 64
"""Pixels; Reaper shrinks larger ones and blurs smaller ones on fine screens."""
FINER = 8
"""Samples a pixel, each way, for smooth edges."""
Plane = npt.NDArray[np.float64]
Shape = npt.NDArray[np.bool_]


def disc(x: Plane, y: Plane, at: tuple[float, float], radius: float, squeeze: float = 1.0) -> Shape:
    return (x - at[0]) ** 2 + ((y - at[1]) / squeeze) ** 2 <= radius**2


def bar(x: Plane, y: Plane, corner: tuple[float, float], other: tuple[float, float]) -> Shape:
    """Return a bar with round ends, in the direction in which it is longer."""
    (left, top), (right, bottom) = corner, other
    radius = min(right - left, bottom - top) / 2
    nearest_x, nearest_y = np.clip(x, left + radius, right - radius), np.clip(y, top + radius, bottom - radius)
    return (x - nearest_x) ** 2 + (y - nearest_y) ** 2 <= radius**2


def note(x: Plane, y: Plane) -> Shape:
    flag = (x >= 36) & (y >= 14 + (x - 36) * 0.55) & (y <= 22 + (x - 36) * 0.75) & (x <= 48)
    return disc(x, y, (28, 46), 10, 0.8) | bar(x, y, (34, 13), (38.5, 48)) | flag


def chord(x: Plane, y: Plane) -> Shape:
    heads = [disc(x, y, (27, height), 9, 0.72) for height in (23, 36, 49)]
    return heads[0] | heads[1] | heads[2] | bar(x, y, (32.5, 8), (36.5, 49))


def wave(x: Plane, y: Plane) -> Shape:
    slope = np.pi / 20 * 13 * np.cos((x - 12) * np.pi / 20)
    near = np.abs(y - 32 + 13 * np.sin((x - 12) * np.pi / 20)) <= 4 * np.sqrt(1 + slope**2)
    return near & (x >= 12) & (x <= 52)


def drum(x: Plane, y: Plane) -> Shape:
    head, body = disc(x, y, (32, 34), 20, 0.38), (np.abs(x - 32) <= 20) & (y >= 34) & (y <= 46)
    shell = body | disc(x, y, (32, 46), 20, 0.38)
    gap = disc(x, y, (32, 34), 22, 0.42) & ~head
    stick = (np.abs((y - 12) - (x - 46) * -0.9) <= 3) & (y >= 9) & (y <= 26)
    return head | (shell & ~gap) | stick | disc(x, y, (48, 10), 4)


def microphone(x: Plane, y: Plane) -> Shape:
    ring = disc(x, y, (32, 32), 18) & ~disc(x, y, (32, 32), 13.5) & (y >= 32)
    stand = bar(x, y, (29.7, 48), (34.3, 57)) | bar(x, y, (22, 53), (42, 57.5))
    return bar(x, y, (23, 9), (41, 40)) | ring | stand


SHAPES: dict[str, Callable[[Plane, Plane], Shape]] = {
    "melody": note,
    "chords": chord,
    "bass": wave,
    "drums": drum,
    "voice": microphone,
}


def colours() -> dict[str, tuple[int, ...]]:
    """Return red, green and blue of each part, as its tracks have them."""
    text = (ROOT / "reaper_scripts" / "lib" / "looks.lua").read_text()
    found = re.findall(r"(\w+) = \{ 0x(\w\w), 0x(\w\w), 0x(\w\w) \}", text)
    return {name: tuple(int(byte, 16) for byte in rgb) for name, *rgb in found}


def icon(name: str) -> npt.NDArray[np.uint8]:
    """Return an icon as rows of red, green, blue and opacity."""
    places = (np.arange(SIZE * FINER) + 0.5) / FINER
    x, y = np.meshgrid(places, places)
    ground = (np.abs(np.clip(x, 12, SIZE - 12) - x) ** 2 + np.abs(np.clip(y, 12, SIZE - 12) - y) ** 2) <= 11**2
    opacity, white = shrunk(ground), shrunk(ground & SHAPES[name](x, y))
    part = np.divide(white, opacity, out=np.zeros_like(white), where=opacity > 0)[..., None]
    rgb = 255 * part + np.array(colours()[name]) * (1 - part)
    return np.rint(np.dstack([rgb, 255 * opacity])).astype(np.uint8)


def shrunk(shape: Shape) -> Plane:
    """Return how much of each pixel a shape covers."""
    return shape.reshape(SIZE, FINER, SIZE, FINER).mean(axis=(1, 3))


def png(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return a PNG file of RGBA rows."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


if __name__ == "__main__":
    ICONS.mkdir(parents=True, exist_ok=True)
    for part in SHAPES:
        (ICONS / f"{part}.png").write_bytes(png(icon(part)))
