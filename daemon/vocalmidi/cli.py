"""The command line: `vocalmidi COMMAND`.

Comes in: words typed. Goes out: files, one summary or JSON on stdout, progress and errors on stderr. Each error is one
line; exit status 2 for words that can't be obeyed, 1 for a job that failed. Rooms are imported inside the commands, so
that `--help` answers at once and a machine without PortAudio can still convert. Long, since each command's words stand
here; `cli_*.py` have those of groups.
"""

import json
import math
import sys
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from vocalmidi import __version__
from vocalmidi.cli_control import osc, touchosc
from vocalmidi.cli_gallery import gallery
from vocalmidi.cli_music import music_options
from vocalmidi.cli_profile import PROFILE_OPTION, profile
from vocalmidi.cli_reaper import reaper
from vocalmidi.cli_run import run
from vocalmidi.config import Settings, load_settings
from vocalmidi.errors import ConfigError, FallbackWarning, VocalMidiError

if TYPE_CHECKING:
    from vocalmidi.app import job

BAD_USE, FAILED = 2, 1


def main() -> NoReturn:
    """Run the command line; every error a user can cause ends here as one line."""
    try:
        with _warnings_as_lines():
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


@contextmanager
def _warnings_as_lines() -> Generator[None]:
    """Let what does not go as it was meant to be one line on stderr, every time."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def shown(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, FallbackWarning):
                click.echo(f"vocalmidi: {message}", err=True)
            else:
                usual(message, category, *where, **more)

        warnings.simplefilter("always", FallbackWarning)
        warnings.showwarning = shown
        yield


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


@vocalmidi.command()
@click.argument("voice", type=click.Path(path_type=Path), required=False)
@click.option("--demo", is_flag=True, help="Convert the bundled recording.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The .mid file to write [default: VOICE.mid here].")
@music_options
@click.option("--plot", type=click.Path(path_type=Path), help="Also draw the piano roll as a PNG picture.")
@click.option(
    "--reaper", type=click.Path(path_type=Path), help="Also write a .vocalmidi file for Reaper's insert action."
)
@click.option("--key-from", type=click.Path(path_type=Path), help="A .mid of the project: its notes tell the key, too.")
@click.option("--from", "earlier", type=click.Path(path_type=Path), help="An earlier result to go on from.")
@click.option("--lock", metavar="PART,…", help="Parts of --from that stay as they are.")
@click.option("--from-s", type=click.FloatRange(0), help="Only what is sung from here on, seconds.")
@click.option("--to-s", type=click.FloatRange(0), help="Only what is sung before, seconds.")
@PROFILE_OPTION
@click.option("--allow-silence", is_flag=True, help="Write empty parts where nothing is heard.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def convert(
    settings: Settings,
    /,
    voice: Path | None,
    *,
    demo: bool,
    out: Path | None,
    plot: Path | None,
    reaper: Path | None,
    key_from: Path | None,
    earlier: Path | None,
    lock: str | None,
    from_s: float | None,
    to_s: float | None,
    voice_profile: str | None,
    allow_silence: bool,
    as_json: bool,
    **music: Any,
) -> None:
    """Turn the recording VOICE into a .mid file of four tracks."""
    from vocalmidi.app import job

    source = _one_source(voice, demo)
    settings = _with_options(settings, {"voice_profile": voice_profile})
    span_s = None if from_s is None and to_s is None else (from_s or 0.0, math.inf if to_s is None else to_s)
    beside = job.Beside(key_from, span_s=span_s, allow_silence=allow_silence)
    if earlier is not None:
        said = {name: value for name, value in music.items() if value is not None}
        again = job.rework(earlier, settings, said, lock or "")
        settings, beside = again.settings, replace(beside, earlier=again.earlier, before=again.before)
    elif lock is not None:
        raise click.UsageError("--lock needs --from, the result whose parts stay")
    else:
        settings = _with_options(settings, music)
    targets = job.Targets(mid=out or Path(f"{source.stem}.mid"), picture=plot, reaper=reaper)
    with _progress("listening") as progress:
        conversion = job.convert(source, targets, settings, beside, progress)
    if as_json:
        click.echo(json.dumps(job.conversion_json(conversion, str(targets.mid))))
    else:
        click.echo(f"{source.name}\n{job.conversion_text(conversion)}")
        for path in (*targets.written, *job.pass_files(targets.mid, len(conversion.passes))):
            click.echo(f"  wrote  {path}")


def _one_source(voice: Path | None, demo: bool) -> Path:
    from vocalmidi.app.job import demo_voice

    if (voice is None) != demo:
        raise click.UsageError("name one recording, or --demo: vocalmidi convert VOICE.wav -o OUT.mid")
    return voice if voice is not None else demo_voice()


def _with_options(settings: Settings, music: dict[str, Any]) -> Settings:
    return replace(settings, **{name: value for name, value in music.items() if value is not None})


@vocalmidi.command()
@click.argument("voices", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--out-dir", type=click.Path(path_type=Path), help="Write STEM.json for each recording into this folder.")
@PROFILE_OPTION
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def transcribe(
    settings: Settings, voices: tuple[Path, ...], out_dir: Path | None, voice_profile: str | None, as_json: bool
) -> None:
    """Write down the notes and hits of the recordings VOICES."""
    from vocalmidi.app import job

    settings = _with_options(settings, {"voice_profile": voice_profile})
    with _progress("listening") as progress:
        results = list(job.transcribe(_each_once(voices, out_dir), settings, out_dir, progress))
    _show(results, as_json)


@vocalmidi.command()
@click.argument("voices", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--speed", type=click.FloatRange(0, min_open=True), help="Times real time; as fast as it goes if not given."
)
@click.option(
    "--look-ahead",
    "look_ahead_ms",
    type=click.Choice([20, 50, 100]),
    help="How long a note is listened to before it sounds, ms.",
)
@click.option(
    "--note-change",
    type=click.Choice(["eager", "hold", "lock"]),
    help="What a sounding note does when the pitch moves.",
)
@click.option("--gate/--no-gate", default=None, help="Whether speech is kept from making notes.")
@click.option("--tempo", help="Quarter notes a minute: says a chord at each half bar from the first note on.")
@click.option("--midi-out", type=click.Path(path_type=Path), help="Write what `run` would have played as a .mid file.")
@click.option("--meter", help="Of these chords, for example 3/4; 4/4 if not given.")
@click.option("--key", help="Of these chords, for example 'C minor'; found from what is sung if not given.")
@PROFILE_OPTION
@click.option("--out-dir", type=click.Path(path_type=Path), help="Write STEM.json for each recording into this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def simulate(
    settings: Settings,
    /,
    voices: tuple[Path, ...],
    speed: float | None,
    *,
    midi_out: Path | None,
    out_dir: Path | None,
    as_json: bool,
    **live: Any,
) -> None:
    """Play the recordings VOICES through the live path and say when each note was decided."""
    from vocalmidi.app import job

    chosen = _with_options(settings, live)
    if midi_out is not None and len(voices) > 1:
        raise click.UsageError("--midi-out takes the live MIDI of one recording")
    results = list(job.simulate(_each_once(voices, out_dir), chosen, out_dir, speed, midi_out))
    _show(results, as_json)


def _each_once(voices: tuple[Path, ...], out_dir: Path | None) -> tuple[Path, ...]:
    stems = [voice.stem for voice in voices]
    twice = next((stem for stem in stems if stems.count(stem) > 1), None)
    if out_dir is not None and twice is not None:
        raise click.UsageError(f"two recordings are called {twice}; their results would overwrite each other")
    return voices


def _show(results: "list[job.Result]", as_json: bool) -> None:
    """Print results: one JSON object, or a list of them for several recordings; or a line each."""
    if as_json:
        tables = [result.table for result in results]
        click.echo(json.dumps(tables[0] if len(tables) == 1 else tables))
        return
    for result in results:
        click.echo(result.line)


@vocalmidi.command()
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_obj
def devices(settings: Settings, as_json: bool) -> None:
    """List the microphones and other inputs, the ReaStreams that can be heard, and the MIDI ports."""
    from vocalmidi.app.ports import midi_ports, senders
    from vocalmidi.capture import list_devices

    found, streams, ports = list_devices(), senders(settings), midi_ports()
    if as_json:
        table = {
            "devices": [asdict(device) for device in found],
            "reastreams": [asdict(each) for each in streams.found],
        }
        click.echo(json.dumps({"version": 1, **table, "midi_ports": list(ports.found)}))
        return
    for device in found:
        mark = "*" if device.is_default else " "
        click.echo(
            f"{mark} {device.index:3d}  {device.name} ({device.host_api}),"
            f" {device.input_channels} channels, {device.default_rate_hz} Hz"
        )
    if not found:
        click.echo("no input is found; plug in a microphone, then look at vocalmidi doctor")
    for sender in streams.found:
        click.echo(
            f"  reastream:{sender.identifier} from {sender.address}, {sender.channels} channels,"
            f" {sender.sample_rate_hz} Hz"
        )
    for port in ports.found:
        click.echo(f"  MIDI port {port}")
    for fault in filter(None, (streams.fault, ports.fault)):
        click.echo(f"  {fault}")


@vocalmidi.command()
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_obj
def doctor(settings: Settings, as_json: bool) -> None:
    """Say what works here and what to do about what does not."""
    from vocalmidi.app.doctor import Status, examine

    checks = examine(settings)
    if as_json:
        click.echo(json.dumps({"version": 1, "checks": [asdict(check) for check in checks]}))
    else:
        for check in checks:
            click.echo(f"{check.status.upper():5} {check.name}: {check.detail}")
            if check.advice:
                click.echo(f"      {check.advice}")
    if any(check.status is Status.FAIL for check in checks):
        sys.exit(FAILED)


@vocalmidi.command()
@click.option("--claps", type=click.IntRange(8, 100), default=16, show_default=True, help="At least so many.")
@click.option("--forget", is_flag=True, help="Drop what was found for this microphone.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def calibrate(settings: Settings, claps: int, *, forget: bool, as_json: bool) -> None:
    """Find how late this microphone's sound comes: clap to Reaper's click while it plays.

    Or hold the microphone to the loudspeaker or headphone that plays the click and do not clap: that is exact.
    """
    from vocalmidi.app.calibrate import forget_calibration, in_words, run_calibration

    if forget:
        click.echo("forgotten" if forget_calibration(settings) else "this microphone has not been calibrated")
        return
    click.echo("switch Reaper's metronome on, play, and clap once to each click", err=True)
    found = run_calibration(settings, claps, lambda count: click.echo(f"\r{count} heard", err=True, nl=False))
    click.echo("", err=True)
    if as_json:
        click.echo(json.dumps({"version": 1, **asdict(found)}))
    else:
        click.echo(in_words(found))


vocalmidi.add_command(gallery)
vocalmidi.add_command(profile)
vocalmidi.add_command(osc)
vocalmidi.add_command(touchosc)


vocalmidi.add_command(reaper)
vocalmidi.add_command(run)


@contextmanager
def _progress(label: str) -> Generator[Callable[[float], None] | None]:
    """Give a function that draws progress, or None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(max(0, round(done * 1000) - bar.pos))
