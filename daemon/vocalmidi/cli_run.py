"""The command `vocalmidi run`: the daemon, in a terminal or started by Reaper.

Comes in: words typed, or those that `vocalmidi reaper install` wrote down. Goes out: a line for each result, on stdout
or in a log, which is all that a daemon without a terminal can say.
"""

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

import click

from vocalmidi.cli_profile import PROFILE_OPTION
from vocalmidi.config import Settings
from vocalmidi.errors import VocalMidiError


@click.command()
@PROFILE_OPTION
@click.option(
    "--resource-path", type=click.Path(path_type=Path), help="Reaper's resource folder, where it is not the usual one."
)
@click.option("--log", type=click.Path(path_type=Path), help="Write what is said to this file, not to the terminal.")
@click.option("--realtime", type=click.Choice(["auto", "off"]), help="Whether to ask for real-time priority.")
@click.pass_obj
def run(
    settings: Settings,
    voice_profile: str | None,
    resource_path: Path | None,
    log: Path | None,
    realtime: Literal["auto", "off"] | None,
) -> None:
    """Listen to the microphone and answer Reaper until stopped."""
    from vocalmidi.app.daemon import run_daemon

    if voice_profile is not None:
        settings = replace(settings, voice_profile=voice_profile)
    if realtime is not None:
        settings = replace(settings, realtime=realtime)
    if resource_path is not None:
        settings = replace(settings, resource_path=str(resource_path))
    with nullcontext() if log is None else _said_to(log), suppress(KeyboardInterrupt), _ended_by_terminate():
        run_daemon(settings, say=click.echo)


@contextmanager
def _ended_by_terminate() -> Generator[None]:
    """Let the system's request to end be as Ctrl-C meanwhile: notes that sound are ended, files taken away."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _said_to(log: Path) -> Generator[None]:
    """Let stdout and stderr go to a new file at `log`, line by line; an error that ends the daemon is its last line."""
    try:
        file = log.open("w", encoding="utf-8", buffering=1, errors="replace")
    except OSError as error:
        raise click.UsageError(f"can't write {log}: {error.strerror}; choose another file") from error
    with file:
        outside = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = file
        try:
            yield
        except VocalMidiError as error:
            click.echo(f"vocalmidi: {' '.join(str(error).split())}")
            raise
        finally:
            sys.stdout, sys.stderr = outside
