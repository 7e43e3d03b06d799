"""The commands `vocalmidi osc …` and `vocalmidi touchosc …`: what controllers can say, and a layout that says it.

Comes in: words typed. Goes out: docs/OSC.md, a .tosc file, a picture of one, faults of one. Errors go up to `cli`.
"""

import sys
from pathlib import Path

import click

FAILED = 1
"""Exit status where a layout has faults."""

SUNG_DB, SUNG_MIDI = -18.0, 62.12
"""What is sung on the picture of a layout: a D in the middle of most voices, as loud as one sings."""


@click.group()
def osc() -> None:
    """Control by OSC: what can be said."""


@osc.command("addresses")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Write the page here; what was measured in it stays."
)
def osc_addresses(out: Path | None) -> None:
    """Print the table of addresses as docs/OSC.md has it."""
    from vocalmidi.control import document, figures_of

    if out is None:
        click.echo(document(), nl=False)
        return
    figures = figures_of(out.read_text(encoding="utf-8")) if out.exists() else ""
    _write(out, document(figures).encode())
    click.echo(f"wrote {out}")


@click.group()
def touchosc() -> None:
    """Make the layout for TouchOSC, check one, draw one."""


@touchosc.command("export")
@click.argument("layout_file", metavar="FILE.tosc", type=click.Path(path_type=Path))
@click.option(
    "--device",
    type=click.Choice(["tablet", "phone"]),
    default="tablet",
    show_default=True,
    help="tablet: all on one page, and the phone's pages; phone: these alone, upright.",
)
def touchosc_export(layout_file: Path, device: str) -> None:
    """Write a layout for TouchOSC."""
    from vocalmidi.touchosc import RECEIVE_PORT, Device, layout, tosc_bytes

    _write(layout_file, tosc_bytes(layout(Device(device))))
    click.echo(f"wrote {layout_file}; in TouchOSC: OSC connection 1, UDP, send port 9010, receive port {RECEIVE_PORT}")


@touchosc.command("check")
@click.argument("layout_file", metavar="FILE.tosc", type=click.Path(path_type=Path))
def touchosc_check(layout_file: Path) -> None:
    """Say what is wrong with a layout; exit status 1 when anything is."""
    from vocalmidi.touchosc import faults

    found = faults(_content(layout_file))
    for fault in found:
        click.echo(fault)
    click.echo(f"{layout_file}: " + (f"{len(found)} faults" if found else "no fault"))
    if found:
        sys.exit(FAILED)


@touchosc.command("draw")
@click.argument("layout_file", metavar="FILE.tosc", type=click.Path(path_type=Path))
@click.argument("picture", metavar="PICTURE.png", type=click.Path(path_type=Path))
def touchosc_draw(layout_file: Path, picture: Path) -> None:
    """Draw a layout's pages as a picture, as they look while somebody sings, with your settings."""
    from vocalmidi.app.controlled import pitch_words, published
    from vocalmidi.config import load_settings
    from vocalmidi.control import LEVEL, PITCH, PITCH_NAME
    from vocalmidi.touchosc import draw_layout

    sung: dict[str, str | float | bool] = {LEVEL: SUNG_DB, PITCH: SUNG_MIDI, PITCH_NAME: pitch_words(SUNG_MIDI)}
    draw_layout(_content(layout_file), picture, published(load_settings()) | sung)
    click.echo(f"wrote {picture}")


def _write(path: Path, content: bytes) -> None:
    from vocalmidi.errors import LayoutError
    from vocalmidi.files import write_whole

    try:
        write_whole(path, content)
    except OSError as error:
        raise LayoutError(f"{path} can't be written ({error.strerror}); choose another place") from error


def _content(path: Path) -> bytes:
    from vocalmidi.errors import LayoutError

    try:
        return path.read_bytes()
    except OSError as error:
        raise LayoutError(f"{path} can't be read ({error.strerror})") from error
