"""An arrangement as one PNG of 1600 × 1000 pixels: a lane a part, chord names above, bars and beats through all.

Comes in: an `Arrangement`. Goes out: the picture, written whole or not at all, the same bytes for the same arrangement.
A piece longer than `MAX_SHOWN_QN` is shown from its start, and the picture says so. It decides nothing about the music.
"""

from pathlib import Path

from vocalmidi.errors import PlotError
from vocalmidi.files import write_whole
from vocalmidi.values import Arrangement


def draw_piano_roll(arrangement: Arrangement, path: Path) -> None:
    """Draw the arrangement and write it to `path`.

    Raises:
        PlotError: the path can't be written.
    """
    # matplotlib takes longer to load than most commands take to run, so only drawing pays for it.
    from vocalmidi.plot.figure import png_bytes  # noqa: PLC0415

    content = png_bytes(arrangement)
    try:
        write_whole(path, content)
    except OSError as error:
        raise PlotError(f"{path}: can't write the picture ({error.strerror}); choose another with --plot") from error
