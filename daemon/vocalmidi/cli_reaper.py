"""The commands `vocalmidi reaper …`: the scripts into Reaper, out of it, how they stand, how they are called there.

Comes in: words typed. Goes out: files in Reaper's resource folder and a few lines, or JSON, on stdout.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocalmidi.config import Settings, reaper_folder

if TYPE_CHECKING:
    from vocalmidi.reaper import OscDevice

FAILED = 1
"""Exit status where something is not in place."""
_ACTION_FORMS = {"osc": '/action/str "{command}"', "web": "/_/{command}", "lua": 'NamedCommandLookup("{command}")'}
"""What runs an action: an OSC message to Reaper's device, a path of its web interface, a call in a script."""
_OSC_WORDS = """\
Reaper can tell Vocal MIDI where it plays by OSC, where the bridge's own reports come late (docs/timing.md), and take
commands by OSC from a phone or a controller. That needs a device in Reaper's settings, which Reaper itself adds under
Preferences › Control/OSC/web › Add, or this command, with --write, while Reaper is closed: one line in reaper.ini

  csurf_N={line}

and the file {patterns}, with only the messages that are used. It sends to this computer alone.
{receiving}
Set osc_port = {port} under [reaper] in your settings, so that the daemon hears it. --remove takes all of it out again.
"""
_NO_RECEIVING = """\
It takes no commands; --receive PORT lets it: then whoever is in your network can run Reaper's actions, without a
password. `vocalmidi reaper actions` lists ours.
"""
_RECEIVING = """\
It takes commands at port {port}, from every network the computer is in and without a password: leave --receive away
where you don't trust all who are there. `vocalmidi reaper actions` lists ours.
"""


@click.group()
def reaper() -> None:
    """Put the scripts into Reaper, take them out, see how they stand."""


_RESOURCE_PATH = click.option(
    "--resource-path", type=click.Path(path_type=Path), help="Reaper's resource folder, where it is not the usual one."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
_PORTS = click.IntRange(1, 65535)


def _folder(settings: Settings, resource_path: Path | None) -> Path:
    from vocalmidi.reaper import find_resource_path

    return find_resource_path(resource_path or reaper_folder(settings))


@reaper.command("install")
@_RESOURCE_PATH
@click.pass_obj
def reaper_install(settings: Settings, resource_path: Path | None) -> None:
    """Put the scripts into Reaper, or bring them up to date."""
    from vocalmidi.reaper import install

    folder = _folder(settings, resource_path)
    changed = install(folder)
    click.echo(f"{folder}: " + (f"{len(changed)} files written; restart Reaper" if changed else "all in place"))


@reaper.command("uninstall")
@_RESOURCE_PATH
@click.pass_obj
def reaper_uninstall(settings: Settings, resource_path: Path | None) -> None:
    """Take the scripts out of Reaper; tracks and items stay."""
    from vocalmidi.reaper import osc_device_line, uninstall

    folder = _folder(settings, resource_path)
    click.echo(f"{folder}: {len(uninstall(folder))} files removed")
    if osc_device_line(folder) is not None:
        click.echo("the OSC device stays; close Reaper and run vocalmidi reaper osc --remove")


@reaper.command("status")
@_RESOURCE_PATH
@_JSON
@click.pass_obj
def reaper_status(settings: Settings, resource_path: Path | None, *, as_json: bool) -> None:
    """Say whether the scripts are installed and the bridge runs; exit status 1 when not."""
    from vocalmidi.reaper import status

    found = status(_folder(settings, resource_path))
    if as_json:
        click.echo(json.dumps(found.table()))
    else:
        scripts = "installed" if found.is_installed else "not installed or out of date; run vocalmidi reaper install"
        bridge = f"running in {found.bridge.app}" if found.bridge.is_alive else "not running; start Reaper"
        daemon = f"running, {found.daemon.app}" if found.daemon.is_alive else "not running; start vocalmidi run"
        click.echo(f"folder   {found.resource_path}\nscripts  {scripts}\nbridge   {bridge}\ndaemon   {daemon}")
        click.echo(f"osc      {found.osc_device or 'no device; vocalmidi reaper osc tells what it is for'}")
    if not (found.is_installed and found.bridge.is_alive):
        sys.exit(FAILED)


@reaper.command("actions")
@_RESOURCE_PATH
@click.option("--for", "use", type=click.Choice(list(_ACTION_FORMS)), help="Print what such a program sends.")
@_JSON
@click.pass_obj
def reaper_actions(settings: Settings, resource_path: Path | None, use: str | None, *, as_json: bool) -> None:
    """List the actions with the commands that they have in this Reaper.

    For a key, a toolbar button, a MIDI note or an OSC message to be learnt, find them in Reaper's action list.
    """
    from dataclasses import asdict

    from vocalmidi.reaper import published_actions

    actions = published_actions(_folder(settings, resource_path))
    if as_json:
        click.echo(json.dumps({"version": 1, "actions": [asdict(action) for action in actions]}))
        return
    form = _ACTION_FORMS[use] if use else "{command}"
    for action in actions:
        click.echo(f"{form.format(command=action.command)}  {action.title}")


@reaper.command("osc")
@_RESOURCE_PATH
@click.option("--write", is_flag=True, help="Write the device into Reaper's settings; Reaper must be closed.")
@click.option("--remove", is_flag=True, help="Take the device out of Reaper's settings; Reaper must be closed.")
@click.option("--port", type=_PORTS, help="Where Reaper sends to [default: osc_port of your settings, or 9000].")
@click.option("--receive", type=_PORTS, help="Also let Reaper take commands at this port, from every network.")
@click.pass_obj
def reaper_osc(
    settings: Settings, resource_path: Path | None, *, write: bool, remove: bool, port: int | None, receive: int | None
) -> None:
    """Explain Reaper's OSC device, and write it or take it out where that is asked for."""
    from vocalmidi.reaper import USUAL_OSC_PORT, OscDevice, remove_osc_device, write_osc_device

    if write and remove:
        raise click.UsageError("--write and --remove are opposites; choose one")
    send_port = port or settings.osc_port or USUAL_OSC_PORT
    if send_port == receive:
        raise click.UsageError(f"port {receive} can't be used both ways; choose another --receive or --port")
    device = OscDevice(send_port, receive or 0)
    if not (write or remove):
        click.echo(_osc_words(device), nl=False)
        return
    folder = _folder(settings, resource_path)
    change = write_osc_device(folder, device) if write else remove_osc_device(folder)
    if not change.is_changed:
        click.echo(f"{folder}: " + ("all in place" if write else "there is no OSC device of ours"))
        return
    click.echo(f"{folder}: the OSC device is {'written' if write else 'taken out'}; before it: {change.backup}")
    if write and settings.osc_port != send_port:
        click.echo(f"set osc_port = {send_port} under [reaper] in your settings, so that the daemon hears it")


@reaper.command("index")
@click.option("--url", required=True, help="Where the files are, such as https://HOST/OWNER/REPO/raw/$commit/$path.")
@click.option("-o", "--out", type=click.Path(path_type=Path), default="index.xml", show_default=True)
def reaper_index(url: str, out: Path) -> None:
    """Write the index by which ReaPack installs the scripts of this git checkout."""
    from importlib import resources

    from vocalmidi.reaper import index_xml, origin_of, put_file, shipped_files

    with resources.as_file(resources.files("vocalmidi.reaper_scripts")) as folder:
        origin = origin_of(folder, url)
    files = shipped_files()
    put_file(out, index_xml(files, origin))
    click.echo(f"{out}: {len(files)} files of commit {origin.commit[:12]}")


def _osc_words(device: "OscDevice") -> str:
    from vocalmidi.reaper import OSC_PATTERN_FILE

    receiving = _RECEIVING.format(port=device.receive_port) if device.receive_port else _NO_RECEIVING
    return _OSC_WORDS.format(line=device.line, patterns=OSC_PATTERN_FILE, receiving=receiving, port=device.send_port)
