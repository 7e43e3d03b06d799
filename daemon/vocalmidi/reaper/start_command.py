"""The command with which Reaper starts the daemon: a resource folder in, the file that lies beside our scripts out.

Written by `vocalmidi reaper install`, read by lib/daemon.lua: one argument a line, the program first. No spool message
ever names a program. It starts nothing itself.
"""

import sys
from pathlib import Path

from vocalmidi.errors import ReaperError

START_FILE = "daemon.txt"
LOG_FILE = "daemon.log"
"""In the spool folder: what a daemon says that has no terminal."""


def start_command(resource_path: Path, python: str = sys.executable, platform: str = sys.platform) -> tuple[str, ...]:
    """Return program and arguments that run this very installation's daemon for one Reaper."""
    folder = resource_path.absolute()
    log = folder / "Data" / "vocalmidi" / LOG_FILE
    program = _windowless(python) if platform == "win32" else python
    return program, "-m", "vocalmidi", "run", "--resource-path", str(folder), "--log", str(log)


def start_command_bytes(resource_path: Path) -> bytes:
    """Return the file that holds the command.

    Raises:
        ReaperError: a path has a character that Reaper's command lines can't hold.
    """
    command = start_command(resource_path)
    for word in command:
        # Each word is put between quotation marks; a backslash before the closing one would escape it on Windows.
        if '"' in word or word.endswith("\\") or not word.isprintable():
            raise ReaperError(f"Reaper can't start a program with {word!r} in its command; move that folder")
    return "".join(f"{word}\n" for word in command).encode()


def _windowless(python: str) -> str:
    """Return the interpreter that opens no console window, where there is one."""
    beside = Path(python).with_name("pythonw.exe")
    return str(beside) if beside.is_file() else python
