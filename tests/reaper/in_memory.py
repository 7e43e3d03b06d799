"""The real Lua scripts in a strict Reaper in memory, driven from Python: tests/fakes/fake_reaper.lua under lupa.

One virtual clock: a turn of Reaper's loop is 1/30 s, the wall clock of both sides follows it.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from lua.signatures import EXTRACT, FULL, SCRIPTS
from vocalmidi.reaper import Spool

FAKES = Path(__file__).parents[1] / "fakes"
START_S = 1_764_000_000.0
TURNS_A_SECOND = 30
SETTLED_TURNS = 70
"""The bridge waits 2 s before its first look at the inbox."""
BRIDGE = SCRIPTS / "bridge.lua"


@dataclass(frozen=True)
class TakenNote:
    """A note as it lies in a take, in quarter notes of the project."""

    start_qn: float
    stop_qn: float
    channel: int
    pitch: int
    velocity: int


class InMemoryReaper:
    """Reaper with one empty project, and the clock for a Spool beside it."""

    def __init__(self, resource: Path, lua: str = "lua54", ppq: int = 960, removed: Iterable[str] = ()):
        self.lua = import_module(f"lupa.{lua}").LuaRuntime(unpack_returned_tuples=True)
        self.resource = resource
        signatures = FULL if FULL.exists() else EXTRACT
        options = self.lua.table_from(
            {
                "dir": str(FAKES),
                "sig": self.lua.eval(f"dofile({str(signatures)!r})"),
                "resource_path": str(resource),
                "ppq": ppq,
                "list_files": lambda path: "\n".join(p.name for p in Path(path).iterdir()),
                "make_folder": lambda path: Path(path).mkdir(parents=True, exist_ok=True),
                "removed": self.lua.table_from(dict.fromkeys(removed, True)),
            }
        )
        self.fake = self.lua.eval(f"dofile({str(FAKES / 'fake_reaper.lua')!r})")(options)
        self.lua.globals().reaper = self.fake.reaper
        self.lua.globals().gfx = self.fake.gfx
        # In Lua, not a Python function: lupa can't reach Lua values again from inside a coroutine.
        self.lua.eval(f"function(fake) os.time = function() return math.floor({START_S} + fake.clock_s) end end")(
            self.fake
        )
        self.project = self.fake.add_project()

    @property
    def root(self) -> Path:
        return self.resource / "Data" / "vocalmidi"

    def spool(self) -> Spool:
        spool = Spool(self.root, self)
        spool.prepare()
        return spool

    def now(self) -> float:
        return START_S + self.fake.clock_s

    def sleep(self, seconds: float) -> None:
        self.fake.turn(math.ceil(seconds * TURNS_A_SECOND))

    def run(self, script: Path = BRIDGE) -> bool:
        return self.fake.run(str(script))

    def turn(self, count: int = 1) -> bool:
        return self.fake.turn(count)

    def start(self) -> None:
        """Start the bridge and let it settle."""
        self.run()
        self.turn(SETTLED_TURNS)

    def die(self, saved: Any = None) -> None:
        """End Reaper at once; what comes back afterwards is the project as it was `saved`."""
        self.fake.end_scripts(False)
        self.fake.forget_session()
        if saved is not None:
            self.fake.restore(self.project, saved)

    def stop_at(self, number: int, moment: str) -> None:
        """Let the next turns end the world at this call: `before` or `after` it, or `half` into writing a file."""
        stop = "function(fake, at, when) fake.freeze = function(_, i, m) return i == at and m == when end end"
        self.lua.eval(stop)(self.fake, number, moment)

    def call_names(self, first: int) -> list[tuple[int, str]]:
        """Return number and name of every call from this number on."""
        return [(index, self.fake.calls[index]) for index in range(first, self.fake.call_count + 1)]

    def all_items(self) -> list[Any]:
        """Return the items of all open projects."""
        tracks = [track for project in self.fake.projects.values() for track in project.tracks.values()]
        return [item for track in tracks for item in track["items"].values()]

    def lib(self, name: str) -> Any:
        return self.lua.eval(f"dofile({str(SCRIPTS / 'lib' / 'load.lua')!r})({str(SCRIPTS)!r})")(name)

    def action(self, name: str) -> None:
        self.run(SCRIPTS / "actions" / f"Vocal MIDI_{name}.lua")

    def state(self) -> str:
        return self.fake.state(self.project)

    def undo_titles(self) -> list[str]:
        return [point.title for point in self.project.undo.values()]

    def track_names(self) -> list[str]:
        return [track.strings.P_NAME or "" for track in self.project.tracks.values()]

    def items(self, track_name: str) -> list[Any]:
        tracks = [track for track in self.project.tracks.values() if track_name == track.strings.P_NAME]
        return [item for track in tracks for item in track["items"].values()]

    def item_count(self) -> int:
        return sum(len(track["items"]) for track in self.project.tracks.values())

    def notes(self, track_name: str) -> list[TakenNote]:
        """Return the notes on a track, positions in project QN, in order."""
        found = [note for item in self.items(track_name) for note in self._notes_of(item)]
        return sorted(found, key=lambda note: (note.start_qn, note.pitch))

    def _notes_of(self, item: Any) -> Iterable[TakenNote]:
        start_qn = self.fake.time_to_qn(self.project, item.start_s)
        ppq = item.take.ppq
        for note in self.fake.notes_of_take(item.take).values():
            span = start_qn + note.start / ppq, start_qn + note.stop / ppq
            yield TakenNote(*span, note.channel, note.pitch, note.velocity)

    def fail_at(self, hits: Callable[[str, int], bool] | None) -> None:
        """Raise inside every API call for which `hits(name, number of the call)`."""
        self.fake.fail = hits

    def check(self) -> None:
        """Assert what must hold at the end of every test: nothing illegal was done, everything is closed."""
        assert list(self.fake.violations.values()) == []
        assert list(self.fake.script_errors.values()) == []
        self.fake.check_balance()
