"""Where Reaper keeps its scripts and settings: platform, environment and running programs in, its resource folder out.

Looks only; makes nothing. Reaper shows the folder under Options › Show REAPER resource path in explorer/finder. A
portable Reaper has its settings beside its program, any other one in the user's folder.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.running import RunningReaper, running_reapers

SETTINGS_FILE = "reaper.ini"
"""Reaper writes it at its first start; a portable installation has it beside the program."""
_SHOWN = "Reaper shows the right one under Options › Show REAPER resource path"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it is looked: the system, its environment, the user's home, what runs, and the root of its folders."""

    platform: str = sys.platform
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    home: Path = field(default_factory=Path.home)
    running: Callable[[], Iterable[RunningReaper]] = running_reapers
    root: Path = Path("/")


def find_resource_path(given: Path | None = None, machine: Machine | None = None) -> Path:
    """Return Reaper's resource folder: `given`, or that of the Reaper that runs, or the only one there is.

    Raises:
        ReaperError: there is none, or there are several, which are named.
    """
    machine = machine or Machine()
    found = resource_path_if_any(given, machine)
    if found is None:
        looked = " and ".join(map(str, _usual_places(machine)))
        raise ReaperError(
            f"Reaper's resource folder is not at {looked}; start Reaper once, or name the folder with --resource-path"
        )
    return found


def resource_path_if_any(given: Path | None = None, machine: Machine | None = None) -> Path | None:
    """Return Reaper's resource folder as `find_resource_path` does, or None where there is no Reaper.

    Raises:
        ReaperError: `given` is no such folder, or there are several, which are named.
    """
    if given is not None:
        if not _is_one(given):
            raise ReaperError(f"{given} has no {SETTINGS_FILE}, so it is not Reaper's resource folder; {_SHOWN}")
        return given
    machine = machine or Machine()
    usual = list(_usual_places(machine))
    in_use = _distinct(folder for each in machine.running() for folder in _folders_of(each, usual))
    found = in_use or _distinct([*usual, *_portable_places(machine)])
    if len(found) > 1:
        listed = ", ".join(map(str, found))
        kind = "run" if in_use else "are here"
        raise ReaperError(f"several Reapers {kind}: {listed}; name one of these folders with --resource-path")
    return found[0] if found else None


def _is_one(folder: Path) -> bool:
    return (folder / SETTINGS_FILE).is_file()


def _distinct(folders: Iterable[Path]) -> list[Path]:
    """Return those that are Reaper's, each once, however it is reached."""
    known: dict[Path, Path] = {}
    for folder in folders:
        if _is_one(folder):
            known.setdefault(folder.resolve(), folder)
    return list(known.values())


def _folders_of(reaper: RunningReaper, usual: list[Path]) -> list[Path]:
    """Return the folder that a running Reaper uses: the one it was told, beside its program, else the user's."""
    if reaper.settings_file is not None:
        return [reaper.settings_file.parent]
    beside = _program_folder(reaper.program)
    return [beside] if _is_one(beside) else usual


def _program_folder(program: Path) -> Path:
    """Return the folder in which a portable Reaper has its settings: that of its program, or of its macOS bundle."""
    bundle = next((above for above in program.parents if above.suffix == ".app"), None)
    return (bundle or program).parent


def _usual_places(machine: Machine) -> Iterator[Path]:
    """Yield where a Reaper that is not portable keeps its settings."""
    if machine.platform == "win32":
        yield Path(machine.environment.get("APPDATA") or machine.home / "AppData" / "Roaming") / "REAPER"
    elif machine.platform == "darwin":
        yield machine.home / "Library" / "Application Support" / "REAPER"
    else:
        if machine.environment.get("XDG_CONFIG_HOME"):
            yield Path(machine.environment["XDG_CONFIG_HOME"]) / "REAPER"
        yield machine.home / ".config" / "REAPER"


def _portable_places(machine: Machine) -> Iterator[Path]:
    """Yield where Reaper's installers put its program; one that has its settings there is portable."""
    if machine.platform == "win32":
        for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            above = machine.environment.get(name)
            if above:
                yield from (Path(above) / kind for kind in ("REAPER (x64)", "REAPER", "REAPER (ARM64)"))
        yield from (machine.root / "REAPER", machine.home / "REAPER")
    elif machine.platform == "darwin":
        yield from (machine.root / "Applications", machine.home / "Applications", machine.home / "REAPER")
    else:
        yield from (machine.root / "opt" / "REAPER", machine.home / "opt" / "REAPER", machine.home / "REAPER")
        program = shutil.which("reaper", path=machine.environment.get("PATH", ""))
        if program:
            yield Path(program).resolve().parent
