"""A .mid file as a session of the real Ardour: its tracks under their names, its tempo and metre; and what Ardour's own
engine reads back of it. Ardour's import dialog needs a screen, so the files are entered in the saved session instead.
"""

import os
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

import mido

HERE = Path(__file__).parent
NAME, TICKS = "song", 1920
"""Ardour's ticks a quarter note."""
SOURCE = {"take-id": "", "type": "midi", "flags": "Writable,CanRename"}
REGION = {
    "muted": "0", "opaque": "1", "locked": "0", "automatic": "0", "start": "b0", "type": "midi", "whole-file": "0",
    "first-edit": "nothing", "layering-index": "0", "stretch": "1", "shift": "1",
}  # fmt: skip


@dataclass
class ArdourTrack:
    """What Ardour makes of a track: notes as (start, length, key, velocity, channel), in ticks."""

    name: str
    region_samples: tuple[int, int] = (0, 0)
    notes: list[tuple[int, int, int, int, int]] = field(default_factory=list)


def run_lua(folder: Path, script: str, *arguments: str) -> str:
    """Run a script in Ardour's engine, with settings of its own; return what it printed."""
    environment = os.environ | {"XDG_CONFIG_HOME": str(folder / "config"), "LC_ALL": "C.UTF-8"}
    (folder / "config").mkdir(exist_ok=True)
    command = ["ardour7-lua", str(HERE / script), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, env=environment
    ).stdout  # its exit takes down its threads untidily; what it printed counts


def enter_track(tree: ET.ElementTree, folder: Path, track: mido.MidiTrack, ticks_per_beat: int) -> None:
    """Put one track of a file into the saved session's track of that name, as a region from the start on."""
    root = tree.getroot()
    number = int(root.get("id-counter")) + 10
    file = mido.MidiFile(ticks_per_beat=ticks_per_beat, tracks=[track])
    (folder / "interchange" / NAME / "midifiles").mkdir(parents=True, exist_ok=True)
    file.save(folder / "interchange" / NAME / "midifiles" / f"{track.name}.mid")
    source = {"name": f"{track.name}.mid", "id": f"{number}"} | SOURCE
    ET.SubElement(root.find("Sources"), "Source", source)
    (playlist,) = [each for each in root.find("Playlists") if each.get("name") == track.name]
    length = round(sum(message.time for message in track) * TICKS / ticks_per_beat)
    own = {"name": track.name, "id": f"{number + 1}", "length": f"b{length}@b0", "source-0": f"{number}"}
    ET.SubElement(playlist, "Region", REGION | own | {"master-source-0": f"{number}"})
    root.set("id-counter", str(number + 10))


def in_ardour(mid: Path, folder: Path) -> list[ArdourTrack]:
    """Make a session of a .mid file and return its tracks as Ardour reads them."""
    file = mido.MidiFile(mid)
    conductor, *parts = file.tracks
    tempo = next(mido.tempo2bpm(message.tempo) for message in conductor if message.type == "set_tempo")
    meter = next(message for message in conductor if message.type == "time_signature")
    session = folder / NAME  # Ardour names the folder of its files after this one
    names = [track.name for track in parts]
    beats = (repr(tempo), str(meter.numerator), str(meter.denominator))
    run_lua(folder, "make_session.lua", str(session), NAME, *beats, *names)
    tree = ET.parse(session / f"{NAME}.ardour")
    for track in parts:
        enter_track(tree, session, track, file.ticks_per_beat)
    tree.write(session / f"{NAME}.ardour")
    return read_back(run_lua(folder, "read_session.lua", str(session), NAME))


def read_back(printed: str) -> list[ArdourTrack]:
    tracks: list[ArdourTrack] = []
    for line in printed.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "track":
            tracks.append(ArdourTrack(rest))
        elif kind == "region":
            start, length = rest.split()
            tracks[-1].region_samples = int(start), int(length)
        elif kind == "note":
            tracks[-1].notes.append(tuple(int(word) for word in rest.split()))
    return tracks
