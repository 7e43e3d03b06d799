"""Which Reapers run on this computer now: nothing in, the path of each one's program and the folder it uses out.

Asks the system for its list of processes; touches none of them. What the system does not tell (another user's, a
sandbox) is not there for us: who must know that Reaper is closed also looks at the bridge's sign of life.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NAMES = ("reaper", "reaper.exe", "REAPER")
"""The program on Linux, Windows and macOS; its helpers (reaper_host64, …) are none."""
CONFIG_OPTION = "-cfgfile"
"""Reaper's option to use another settings file; that file's folder is then its resource folder."""
ASK_S = 10.0
"""A busy Windows answers PowerShell in a few seconds."""


@dataclass(frozen=True, slots=True)
class RunningReaper:
    """A Reaper that runs: its program, and the settings file that it was told to use, None for the usual one."""

    program: Path
    settings_file: Path | None = None


def running_reapers(platform: str = sys.platform, proc: Path = Path("/proc")) -> tuple[RunningReaper, ...]:
    """Return the Reapers that run now, each once.

    proc: where Linux lists its processes.
    """
    if platform == "win32":
        ask = "Get-Process -Name reaper -ErrorAction SilentlyContinue | ForEach-Object { $_.Path }"
        found = _from_paths(_told("powershell", "-NoProfile", "-Command", ask))
    elif platform == "darwin":
        found = _from_paths(_told("ps", "-axo", "comm="))
    else:
        found = _from_proc(proc)
    return tuple(dict.fromkeys(found))


def _from_paths(text: str) -> Iterator[RunningReaper]:
    for line in text.splitlines():
        # Windows' paths are read here on any system, for the tests.
        if line.strip().replace("\\", "/").rsplit("/", 1)[-1] in NAMES:
            yield RunningReaper(Path(line.strip()))


def _from_proc(proc: Path) -> Iterator[RunningReaper]:
    for folder in sorted(proc.glob("[0-9]*")):
        # A process may end while it is looked at, and another user's tells nothing.
        with suppress(OSError):
            program = (folder / "exe").readlink()
            if program.name.removesuffix(" (deleted)") in NAMES:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
                yield RunningReaper(program, _settings_file(words, folder))


def _settings_file(words: list[str], folder: Path) -> Path | None:
    """Return the file that a command line names, from the folder in which it was given."""
    if CONFIG_OPTION not in words[:-1]:
        return None
    named = Path(words[words.index(CONFIG_OPTION) + 1])
    return named if named.is_absolute() else (folder / "cwd").readlink() / named


def _told(*command: str) -> str:
    """Return what a program of the system's says, nothing where there is no such program or it takes too long."""
    with suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=ASK_S).stdout  # noqa: S603 -- fixed words, no shell
    return ""
