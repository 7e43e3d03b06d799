"""The command `vocalmidi gallery`: one picture of what voices become in every genre and mood.

Comes in: words typed. Goes out: a PNG, a line or JSON on stdout, what is being done on stderr. Errors go up to `cli`,
which prints them. Apart from it only for its length.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from vocalmidi.config import MELODY_WORDS, Settings

JSON_VERSION = 1


@click.command()
@click.argument("voices", type=click.Path(path_type=Path), nargs=-1)
@click.option("--demo", is_flag=True, help="Show the bundled recording.")
@click.option("-o", "--out", type=click.Path(path_type=Path), default="gallery.png", show_default=True)
@click.option("--genres", default="all", show_default=True, help="Rows: comma-separated names.")
@click.option("--moods", default="all", show_default=True, help="Columns: comma-separated names.")
@click.option("--seed", type=int, help="Another seed is another take of chords, bass and drums.")
@click.option("--density", type=click.IntRange(0, 100), help="Percent; 50: as many strokes as the genre.")
@click.option("--complexity", type=click.IntRange(0, 100), help="Percent; 50: as intricate as the genre.")
@click.option("--melody", type=click.Choice(MELODY_WORDS), help="The sung notes, or a variation of them.")
@click.option("--tempo", help="Quarter notes a minute, or auto.")
@click.option("--key", help="For example 'C minor', or auto.")
@click.option("--meter", help="For example 3/4, or auto.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def gallery(
    settings: Settings,
    /,
    voices: tuple[Path, ...],
    *,
    demo: bool,
    out: Path,
    genres: str,
    moods: str,
    as_json: bool,
    **music: Any,
) -> None:
    """Draw what the recordings VOICES become in every genre and mood as one picture."""
    from vocalmidi.app.gallery import draw_gallery, parse_showing
    from vocalmidi.app.job import demo_voice

    if bool(voices) == demo:
        raise click.UsageError("name recordings, or --demo: vocalmidi gallery VOICE.wav -o SHEET.png")
    showing = parse_showing(genres, moods)
    chosen = replace(settings, **{name: value for name, value in music.items() if value is not None})
    shown = voices or (demo_voice(),)
    count = draw_gallery(shown, out, chosen, showing, lambda words: click.echo(words, err=True))
    if as_json:
        table = {"version": JSON_VERSION, "file": str(out), "arrangements": count}
        names = {"voices": [str(voice) for voice in shown], "genres": showing.genres, "moods": showing.moods}
        click.echo(json.dumps(table | names))
        return
    click.echo(f"{count} arrangements → {out}")
