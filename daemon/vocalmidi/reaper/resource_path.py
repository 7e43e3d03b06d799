"""Where Reaper keeps its scripts and settings: platform and environment in, its resource folder out.

Looks only; makes nothing. Reaper shows the folder under Options › Show REAPER resource path in explorer/finder.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from vocalmidi.errors import ReaperError

SETTINGS_FILE = "reaper.ini"
"""Reaper writes it at its first start; a portable installation has it beside the program."""


def find_resource_path(
    given: Path | None = None,
    platform: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> Path:
    """Return Reaper's resource folder, `given` (a portable one) or the usual one; raise ReaperError if none is."""
    if given is not None:
        if not (given / SETTINGS_FILE).is_file():
            raise ReaperError(
                f"{given} has no {SETTINGS_FILE}, so it is not Reaper's resource folder; Reaper shows the right one "
                "under Options › Show REAPER resource path"
            )
        return given
    tried = list(_usual_places(platform, environment, home or Path.home()))
    for place in tried:
        if (place / SETTINGS_FILE).is_file():
            return place
    looked = " and ".join(map(str, tried))
    raise ReaperError(
        f"Reaper's resource folder is not at {looked}; start Reaper once, or name the folder with --resource-path"
    )


def _usual_places(platform: str, environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    if platform == "win32":
        yield Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "REAPER"
    elif platform == "darwin":
        yield home / "Library" / "Application Support" / "REAPER"
    else:
        if environment.get("XDG_CONFIG_HOME"):
            yield Path(environment["XDG_CONFIG_HOME"]) / "REAPER"
        yield home / ".config" / "REAPER"
