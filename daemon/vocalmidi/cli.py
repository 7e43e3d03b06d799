"""The command line: `vocalmidi COMMAND`.

Comes in: words typed. Goes out: files, one summary or JSON on stdout, progress and errors on stderr. Each error is one
line; exit status 2 for words that can't be obeyed, 1 for a job that failed. Rooms are imported inside the commands, so
that `--help` answers at once and a machine without PortAudio can still convert.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from vocalmidi import __version__
from vocalmidi.config import Settings, load_settings
from vocalmidi.errors import ArrangeError, ConfigError, VocalMidiError

BAD_USE, FAILED = 2, 1


def main() -> NoReturn:
    """Run the command line; every error a user can cause ends here as one line."""
    try:
        sys.exit(vocalmidi.main(standalone_mode=False) or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        _die("stopped", 130)
    except click.ClickException as error:
        _die(error.format_message(), BAD_USE)
    except ConfigError as error:
        _die(str(error), BAD_USE)
    except VocalMidiError as error:
        _die(str(error), FAILED)


def _die(message: str, status: int) -> NoReturn:
    click.echo("vocalmidi: " + " ".join(message.split()), err=True)
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(version)s")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file to use instead of your own.")
@click.pass_context
def vocalmidi(context: click.Context, config: Path | None) -> None:
    """Sing, hum or beatbox; get an editable Melody, Chords, Bass and Drums arrangement."""
    context.obj = load_settings(config)


def _music_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how an arrangement is made; unset ones are left to the settings."""
    for option in reversed(
        [
            click.option("--genre", help="Style of the arrangement, for example jazz or hip_hop."),
            click.option("--parts", default="all", show_default=True, help="Comma-separated, or all."),
            click.option("--tempo", help="Quarter notes a minute, or auto."),
            click.option("--key", help="For example 'C minor', or auto."),
            click.option("--meter", help="For example 3/4."),
            click.option("--seed", type=int, help="Another seed is another take of chords, bass and drums."),
            click.option("--bend", type=click.Choice(["off", "true"]), help="Keep the sung pitch curve as bends."),
        ]
    ):
        command = option(command)
    return command


@vocalmidi.command()
@click.argument("voice", type=click.Path(path_type=Path), required=False)
@click.option("--demo", is_flag=True, help="Convert the bundled recording.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The .mid file to write [default: VOICE.mid here].")
@_music_options
@click.option("--plot", type=click.Path(path_type=Path), help="Also draw the piano roll as a PNG picture.")
@click.option(
    "--reaper", type=click.Path(path_type=Path), help="Also write a .vocalmidi file for Reaper's insert action."
)
@click.option("--allow-silence", is_flag=True, help="Write empty parts where nothing is heard.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def convert(
    settings: Settings,
    voice: Path | None,
    demo: bool,
    out: Path | None,
    parts: str,
    plot: Path | None,
    reaper: Path | None,
    allow_silence: bool,
    as_json: bool,
    **music: Any,
) -> None:
    """Turn the recording VOICE into a .mid file of four tracks."""
    from vocalmidi.app import job

    source = _one_source(voice, demo)
    settings = _with_options(settings, music)
    targets = job.Targets(mid=out or Path(f"{source.stem}.mid"), picture=plot, reaper=reaper)
    with _progress("listening") as progress:
        conversion = job.convert(source, targets, settings, parts, allow_silence, progress)
    if as_json:
        click.echo(json.dumps(job.conversion_json(conversion, str(targets.mid))))
    else:
        click.echo(f"{source.name}\n{job.conversion_text(conversion)}")
        for path in targets.written:
            click.echo(f"  wrote  {path}")


def _one_source(voice: Path | None, demo: bool) -> Path:
    from vocalmidi.app.job import demo_voice

    if (voice is None) != demo:
        raise click.UsageError("name one recording, or --demo: vocalmidi convert VOICE.wav -o OUT.mid")
    return voice if voice is not None else demo_voice()


def _with_options(settings: Settings, music: dict[str, Any]) -> Settings:
    return replace(settings, **{name: value for name, value in music.items() if value is not None})


@contextmanager
def _progress(label: str) -> Iterator[Callable[[float], None] | None]:
    """Give a function that draws progress, or None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(max(0, round(done * 1000) - bar.pos))
