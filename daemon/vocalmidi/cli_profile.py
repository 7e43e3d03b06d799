"""The commands `vocalmidi profile …`: teach sounds of your own, see them, clear them.

Comes in: words typed. Goes out: the profile's file, a line or JSON on stdout, what to do now on stderr. Errors go up to
`cli`, which prints them. Apart from it only for its length.
"""

import json
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocalmidi.config import Settings
from vocalmidi.errors import ProfileError

if TYPE_CHECKING:
    from vocalmidi.profile import Taught, VoiceProfile
    from vocalmidi.values import AudioBlock

JSON_VERSION = 1
PROFILE_OPTION = click.option(
    "--profile", "voice_profile", metavar="FILE", help="Voice profile with your own sounds, or none."
)
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def _with_profile(settings: Settings, voice_profile: str | None) -> Settings:
    return settings if voice_profile is None else replace(settings, voice_profile=voice_profile)


def _checked_name(_context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    from vocalmidi.profile import check_name

    try:
        return None if name is None else check_name(name)
    except ProfileError as error:
        raise click.UsageError(str(error)) from None


@click.group(invoke_without_command=True)
@click.option("--seconds", type=click.FloatRange(1, 600), help="Measure what the program costs for so long.")
@click.option("--json", "json_file", metavar="FILE", help="Also write the measures as JSON; - is stdout.")
@click.option("--trace", type=click.Path(path_type=Path), help="Also write a trace for ui.perfetto.dev.")
@click.option(
    "--from", "recording", type=click.Path(path_type=Path), help="Measure with this recording, sung over and over."
)
@click.pass_context
def profile(
    context: click.Context,
    seconds: float | None,
    json_file: str | None,
    trace: Path | None,
    recording: Path | None,
) -> None:
    """Teach sounds of your own: a clap, a click, your way of making a kick; or, with --seconds, measure the program.

    With --seconds the daemon that runs is measured, or, where none runs, live playing at the microphone: how long each
    stage takes, what each thread takes of a core, what was lost.
    """
    from vocalmidi.cli_gauge import Asked, profile_program

    is_measured = any(each is not None for each in (seconds, json_file, trace, recording))
    if context.invoked_subcommand is not None:
        if is_measured:
            raise click.UsageError(
                f"to measure, leave {context.invoked_subcommand} out: vocalmidi profile --seconds 60"
            )
    elif not is_measured:
        click.echo(context.get_help())
    elif seconds is None:
        raise click.UsageError("say for how long to measure: vocalmidi profile --seconds 60")
    else:
        profile_program(context.obj, Asked(seconds, json_file, trace, recording))


@profile.command("learn")
@click.argument("name", callback=_checked_name)
@click.argument("recording", type=click.Path(path_type=Path), required=False)
@click.option("--pitch", "pitch_midi", type=click.IntRange(0, 127), help="The drum key that it plays.")
@click.option("--examples", type=click.IntRange(3, 10), help="Take so many examples, the first of the recording.")
@click.option("--allow-clipped", is_flag=True, help="Learn from clipped examples, too.")
@click.option("--seconds", type=click.FloatRange(1, 60), help="Listen to the microphone for so long.")
@PROFILE_OPTION
@_AS_JSON
@click.pass_obj
def profile_learn(
    settings: Settings,
    /,
    name: str,
    recording: Path | None,
    *,
    pitch_midi: int | None,
    examples: int | None,
    allow_clipped: bool,
    seconds: float | None,
    voice_profile: str | None,
    as_json: bool,
) -> None:
    """Learn the sound NAME from 3 to 10 examples, in RECORDING or from the microphone.

    kick, snare, hihat_closed and hihat_open teach these anew, as you make them; any other name is a sound of your own.
    """
    from vocalmidi.app.ears import open_timbre
    from vocalmidi.app.profile import Teaching, learn_trigger, profile_place

    if (recording is None) == (seconds is None):
        raise click.UsageError(
            f"name a recording, or --seconds for the microphone: vocalmidi profile learn {name} --seconds 10"
        )
    settings = _with_profile(settings, voice_profile)
    place, model = profile_place(settings), open_timbre(settings.provider)
    with _blocks(settings, name, recording, seconds or 0.0) as blocks:
        lesson = learn_trigger(Teaching(name, pitch_midi, examples, allow_clipped), blocks, settings, model)
    if as_json:
        table = {"version": JSON_VERSION, "profile": str(place), "learnt": _sound_table(lesson.taught)}
        click.echo(json.dumps(table | {"left_out": list(lesson.left_out)}))
        return
    click.echo(f"learnt {_sound_line(lesson.taught)}; kept in {place}")
    for reason in lesson.left_out:
        click.echo(f"  {reason}")


@profile.command("list")
@PROFILE_OPTION
@_AS_JSON
@click.pass_obj
def profile_list(settings: Settings, voice_profile: str | None, as_json: bool) -> None:
    """Say which sounds are taught, what your corrections in Reaper say of you, and in which file."""
    from vocalmidi.app.profile import profile_place, taught_sounds

    settings = _with_profile(settings, voice_profile)
    _show(profile_place(settings), taught_sounds(settings), as_json)


@profile.command("clear")
@click.argument("name", required=False, callback=_checked_name)
@click.option("--edits", is_flag=True, help="Forget what was learnt from your edits in Reaper.")
@click.option("--all", "everything", is_flag=True, help="Forget every sound, and what was learnt from edits.")
@PROFILE_OPTION
@_AS_JSON
@click.pass_obj
def profile_clear(
    settings: Settings, /, name: str | None, *, edits: bool, everything: bool, voice_profile: str | None, as_json: bool
) -> None:
    """Forget the sound NAME, what was learnt from edits, or --all."""
    from vocalmidi.app.profile import clear_all, clear_edits, clear_trigger, profile_place

    if [name is not None, edits, everything].count(True) != 1:
        raise click.UsageError("name one sound, or --edits, or --all: vocalmidi profile clear NAME")
    settings = _with_profile(settings, voice_profile)
    if name is not None:
        left = clear_trigger(name, settings)
    else:
        left = clear_edits(settings) if edits else clear_all(settings)
    _show(profile_place(settings), left, as_json)


@contextmanager
def _blocks(settings: Settings, name: str, recording: Path | None, seconds: float) -> "Generator[Iterator[AudioBlock]]":
    """Give the sound to learn from: a recording's, or so many seconds of the microphone's."""
    from vocalmidi.app.profile import first_seconds
    from vocalmidi.capture import open_recording, open_source

    if recording is not None:
        yield open_recording(recording).blocks()
        return
    with open_source(settings.device, settings.reastream_from) as microphone:
        click.echo(f"{microphone.device.label}: make {name} 3 to 10 times in the next {seconds:g} s", file=sys.stderr)
        yield first_seconds(microphone.blocks(), seconds)


def _show(place: Path, found: "VoiceProfile | None", as_json: bool) -> None:
    from vocalmidi.app.habit_words import habits_in_words
    from vocalmidi.profile import NO_HABITS

    sounds, habits = (found.taught, found.habits) if found else ((), NO_HABITS)
    counts = {"notes": len(habits.verdicts), "phrases": len(habits.phrases)}
    said = habits_in_words(habits)
    if as_json:
        table = {"version": JSON_VERSION, "profile": str(place), "sounds": [_sound_table(each) for each in sounds]}
        click.echo(json.dumps(table | {"edits": counts | {"habits": list(said)}}))
        return
    click.echo(f"{place}: " + (f"{len(sounds)} taught" if found else "none yet; vocalmidi profile learn makes it"))
    for each in sounds:
        click.echo(f"  {_sound_line(each)}")
    if habits.verdicts:
        click.echo(f"learnt from edits of {counts['notes']} notes in {counts['phrases']} phrases:")
    for line in said:
        click.echo(f"  {line}")


def _sound_table(taught: "Taught") -> dict[str, object]:
    return {"name": taught.name, "pitch_midi": taught.pitch_midi, "examples": len(taught.examples)}


def _sound_line(taught: "Taught") -> str:
    key = f"key {taught.pitch_midi}" if taught.pitch_midi is not None else "its usual key"
    return f"{taught.name} from {len(taught.examples)} examples, {key}"
