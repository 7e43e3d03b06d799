"""Puts our scripts into Reaper's folder and takes them out again; works while Reaper runs, which then needs a restart.

Comes in: Reaper's resource folder. Goes out: Scripts/Vocal MIDI/ with the command that starts the daemon, icons in
Data/track_icons/Vocal MIDI/, the spool folders in Data/vocalmidi/ and a marked block in Scripts/__startup.lua. The
action list is the bridge's own work at its first start: only Reaper can write that.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.disk import make_folder, put_file
from vocalmidi.reaper.osc_device import device_line
from vocalmidi.reaper.resource_path import SETTINGS_FILE
from vocalmidi.reaper.sole import daemon_state
from vocalmidi.reaper.spool import BridgeState, Spool
from vocalmidi.reaper.start_command import START_FILE, start_command_bytes
from vocalmidi.reaper.startup import has_block, with_block, without_block

SCRIPTS_FOLDER = PurePosixPath("Scripts/Vocal MIDI")
ICONS_FOLDER = "track_icons"
"""In our package and in Reaper's Data; the one folder of ours that does not lie among the scripts."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A file of ours: what it is called, where it goes below the resource folder, and what it holds."""

    name: str
    place: PurePosixPath
    content: bytes


@dataclass(frozen=True, slots=True)
class ReaperStatus:
    """What of Vocal MIDI is in one Reaper.

    resource_path: Reaper's folder.
    missing, outdated: our files that are not there, or differ from this version's.
    starts_bridge: whether Reaper starts the bridge by itself.
    bridge, daemon: whether they run now.
    osc_device: our OSC device as it stands in Reaper's settings, None where it does not.
    """

    resource_path: Path
    missing: tuple[str, ...]
    outdated: tuple[str, ...]
    starts_bridge: bool
    bridge: BridgeState
    daemon: BridgeState
    osc_device: str | None

    @property
    def is_installed(self) -> bool:
        """Whether everything is in place."""
        return not self.missing and not self.outdated and self.starts_bridge

    def table(self) -> dict[str, object]:
        """Return it for JSON."""
        return {"version": 1, "installed": self.is_installed, **asdict(self), "resource_path": str(self.resource_path)}


def spool_root(resource_path: Path) -> Path:
    """Return the spool folder of a Reaper."""
    return resource_path / "Data" / "vocalmidi"


def install(resource_path: Path) -> tuple[str, ...]:
    """Install or bring up to date; return what was changed, nothing when all was in place already.

    Raises:
        ReaperError: a file can't be written, or the marks in __startup.lua don't match (then nothing is changed).
    """
    _require_reaper(resource_path)
    _require_no_other_copy(resource_path)
    startup, before = _startup(resource_path)
    after = with_block(before)
    files = (*shipped_files(), _start_file(resource_path))
    changed = [file.name for file in files if _put_changed(resource_path / file.place, file.content)]
    changed += _remove_foreign(resource_path)
    Spool(spool_root(resource_path)).prepare()
    if after != before:
        make_folder(startup.parent)
        put_file(startup, after)
        changed.append(startup.name)
    return tuple(changed)


def uninstall(resource_path: Path) -> tuple[str, ...]:
    """Take our scripts and our startup block out; return what was removed. The spool's files stay, they are results.

    Raises:
        ReaperError: a file can't be removed, or the marks in __startup.lua don't match (then nothing is changed).
    """
    _require_reaper(resource_path)
    startup, before = _startup(resource_path)
    after = without_block(before)
    removed: list[str] = []
    if after != before:
        if after:
            put_file(startup, after)
        else:
            _unlink(startup)
        removed.append(startup.name)
    return tuple(removed + _remove_shipped(resource_path))


def status(resource_path: Path) -> ReaperStatus:
    """Return what of us is installed, current and running in a Reaper."""
    _require_reaper(resource_path)
    spool = Spool(spool_root(resource_path))
    here = [(file, _content(resource_path / file.place)) for file in shipped_files()]
    missing = [file.name for file, content in here if content is None]
    # What starts the daemon differs between environments, so it is only asked whether it is there.
    missing += [START_FILE] if _content(resource_path / SCRIPTS_FOLDER / START_FILE) is None else []
    return ReaperStatus(
        resource_path=resource_path,
        missing=tuple(missing),
        outdated=tuple(file.name for file, content in here if content not in (None, file.content)),
        starts_bridge=has_block(_startup(resource_path)[1]),
        bridge=spool.bridge_state(),
        daemon=daemon_state(spool.root, spool.now()),
        osc_device=device_line(_content(resource_path / SETTINGS_FILE) or b""),
    )


def _require_reaper(resource_path: Path) -> None:
    if not (resource_path / SETTINGS_FILE).is_file():
        raise ReaperError(f"{resource_path} has no {SETTINGS_FILE}; name Reaper's resource folder with --resource-path")


def _require_no_other_copy(resource_path: Path) -> None:
    """Refuse where ReaPack has put the scripts: each action would stand in Reaper's list twice."""
    other = next((resource_path / SCRIPTS_FOLDER).glob("*/bridge.lua"), None)
    if other is not None:
        raise ReaperError(
            f"ReaPack has put the scripts into {other.parent}; uninstall Vocal MIDI in Reaper (Extensions › ReaPack › "
            "Browse packages), then run this again: it brings the same scripts and starts them with Reaper"
        )


def _startup(resource_path: Path) -> tuple[Path, bytes]:
    """Return __startup.lua, through a link if it is one, and its bytes, empty when it is not there."""
    path = (resource_path / "Scripts" / "__startup.lua").resolve()
    return path, _content(path) or b""


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReaperError(f"can't read {path}: {error.strerror}; make it readable") from error


def shipped_files() -> tuple[Shipped, ...]:
    """Return our scripts and icons as this version has them."""
    return tuple(_shipped(resources.files("vocalmidi.reaper_scripts"), PurePosixPath()))


def _shipped(folder: Traversable, below: PurePosixPath) -> Iterator[Shipped]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = below / entry.name
        if entry.is_dir():
            yield from _shipped(entry, name)
        elif name.suffix == ".lua":
            yield Shipped(str(name), SCRIPTS_FOLDER / name, entry.read_bytes())
        elif name.parts[0] == ICONS_FOLDER:
            yield Shipped(str(name), "Data" / name, entry.read_bytes())


def _start_file(resource_path: Path) -> Shipped:
    return Shipped(START_FILE, SCRIPTS_FOLDER / START_FILE, start_command_bytes(resource_path))


def _put_changed(path: Path, content: bytes) -> bool:
    if _content(path) == content:
        return False
    make_folder(path.parent)
    put_file(path, content)
    return True


def _remove_foreign(resource_path: Path) -> list[str]:
    """Remove library files of another version, which no script of this one loads; return their names."""
    ours = {file.name for file in shipped_files()}
    removed: list[str] = []
    for folder in ("lib", "actions"):
        for path in sorted((resource_path / SCRIPTS_FOLDER / folder).glob("*.lua")):
            if (name := f"{folder}/{path.name}") not in ours:
                _unlink(path)
                removed.append(name)
    return removed


def _remove_shipped(resource_path: Path) -> list[str]:
    places = [(file.name, resource_path / file.place) for file in shipped_files()]
    places.append((START_FILE, resource_path / SCRIPTS_FOLDER / START_FILE))
    removed = [(name, path) for name, path in places if path.exists()]
    for _, path in removed:
        _unlink(path)
    for emptied in sorted({path.parent for _, path in places}, reverse=True):
        # A folder that holds files of the user's stays.
        with suppress(OSError):
            emptied.rmdir()
    return [name for name, _ in removed]


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise ReaperError(f"can't remove {path}: {error.strerror}; make its folder writable") from error
