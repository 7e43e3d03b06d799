"""What `vocalmidi profile --seconds 60` does: measure a running daemon, or the live path where none runs.

Comes in: words typed. Goes out: a table on stdout, JSON or a trace as files, what goes on meanwhile on stderr.
"""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocalmidi.config import Settings
from vocalmidi.errors import GaugeError

if TYPE_CHECKING:
    from vocalmidi.app.gauging import Found

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be measured, and where the findings go; json "-" is stdout."""

    seconds: float
    json: str | None = None
    trace: Path | None = None
    recording: Path | None = None


def profile_program(settings: Settings, asked: Asked) -> None:
    """Measure, and write what was found.

    Raises:
        VocalMidiError: nothing can be measured, or a file can't be written.
    """
    from vocalmidi.gauge import report_lines, report_table

    for path in (asked.trace, None if asked.json in (None, STDOUT) else Path(asked.json)):
        if path is not None and not path.absolute().parent.is_dir():
            raise click.UsageError(f"can't write {path}: there is no folder {path.parent}")
    found = _found(settings, asked)
    if asked.json is not None:
        text = json.dumps(report_table(found.report))
        if asked.json == STDOUT:
            click.echo(text)
        else:
            _write(Path(asked.json), f"{text}\n".encode())
    if asked.trace is not None:
        _write(asked.trace, found.trace)
    if asked.json != STDOUT:
        click.echo("\n".join(report_lines(found.report)))


def _found(settings: Settings, asked: Asked) -> "Found":
    from vocalmidi.app.gauge_door import ask, daemon_root
    from vocalmidi.app.gauge_here import measure_here
    from vocalmidi.app.gauging import Question, check_seconds

    check_seconds(asked.seconds)
    question = Question(asked.seconds, asked.trace is not None)
    root = None if asked.recording is not None else daemon_root(settings)
    if root is not None:
        _say(f"measuring the daemon that runs for {asked.seconds:g} s")
        return ask(root, question)
    if asked.recording is None:
        _say("no daemon runs")
    return measure_here(replace(settings, midi_port=""), question, _say, asked.recording)


def _say(words: str) -> None:
    click.echo(words, file=sys.stderr)


def _write(path: Path, content: bytes) -> None:
    from vocalmidi.files import write_whole

    try:
        write_whole(path, content)
    except OSError as error:
        raise GaugeError(f"{path} can't be written ({error.strerror}); choose another place") from error
    _say(f"wrote {path}")
