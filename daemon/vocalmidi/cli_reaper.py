"""The commands `vocalmidi reaper …`: the scripts into Reaper, out of it, and how they stand.

Comes in: words typed. Goes out: files in Reaper's resource folder and a few lines on stdout.
"""

import sys
from pathlib import Path

import click

from vocalmidi.config import Settings, reaper_folder

FAILED = 1
"""Exit status where something is not in place."""


@click.group()
def reaper() -> None:
    """Put the scripts into Reaper, take them out, see how they stand."""


_RESOURCE_PATH = click.option(
    "--resource-path", type=click.Path(path_type=Path), help="Reaper's resource folder, where it is not the usual one."
)


@reaper.command("install")
@_RESOURCE_PATH
@click.pass_obj
def reaper_install(settings: Settings, resource_path: Path | None) -> None:
    """Put the scripts into Reaper, or bring them up to date."""
    from vocalmidi.reaper import find_resource_path, install

    folder = find_resource_path(resource_path or reaper_folder(settings))
    changed = install(folder)
    click.echo(f"{folder}: " + (f"{len(changed)} files written; restart Reaper" if changed else "all in place"))


@reaper.command("uninstall")
@_RESOURCE_PATH
@click.pass_obj
def reaper_uninstall(settings: Settings, resource_path: Path | None) -> None:
    """Take the scripts out of Reaper; tracks and items stay."""
    from vocalmidi.reaper import find_resource_path, uninstall

    folder = find_resource_path(resource_path or reaper_folder(settings))
    click.echo(f"{folder}: {len(uninstall(folder))} files removed")


@reaper.command("status")
@_RESOURCE_PATH
@click.pass_obj
def reaper_status(settings: Settings, resource_path: Path | None) -> None:
    """Say whether the scripts are installed and the bridge runs; exit status 1 when not."""
    from vocalmidi.reaper import find_resource_path, status

    found = status(find_resource_path(resource_path or reaper_folder(settings)))
    scripts = "installed" if found.is_installed else "not installed or out of date; run vocalmidi reaper install"
    bridge = f"running in {found.bridge.app}" if found.bridge.is_alive else "not running; start Reaper"
    click.echo(f"folder   {found.resource_path}\nscripts  {scripts}\nbridge   {bridge}")
    if not (found.is_installed and found.bridge.is_alive):
        sys.exit(FAILED)
