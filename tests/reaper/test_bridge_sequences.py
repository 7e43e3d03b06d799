"""Anything in any order: what singers, users and mishaps do to a project, drawn by chance, and what must always hold.

After every step: no undo block and no stopped window is left open, each change of ours is one undo point, every note
ends, no key sounds twice at once, a part's item ends after its last note, and nothing of ours touches what is locked.
Longer than other files, since all rules share one world.

    VOCALMIDI_SEQUENCES=1000 .venv/bin/pytest tests/reaper/test_bridge_sequences.py
"""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from expressive import WAYS
from reaper.in_memory import InMemoryReaper
from reaper.music import SOURCE, small_arrangement
from reaper.test_bridge_insert import as_user
from reaper.test_bridge_lanes import old_reaper
from vocalmidi.reaper import InsertRequest, Joined, ReceiptStatus, Replaced, WriteReceipt
from vocalmidi.values import (
    PART_NAMES,
    PLAIN_EXPRESSION,
    BendPointQn,
    ControlPointQn,
    Note,
    Origin,
    Part,
    PartName,
    Played,
)

SEQUENCES = int(os.environ.get("VOCALMIDI_SEQUENCES", "25"))
STEPS = 12
SEVERAL = 3
FIXED_LANES = 2
MEASURED_TURNS = 31
"""The self-test measures for 30 and tries everything in the last of them."""
WISHES = (
    "roll",
    "roll_all",
    "again",
    "rebuild",
    "arrange",
    "learn",
    "write",
    "write_selection",
    "start_daemon",
    "stop_daemon",
)

grid = st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 7.75])
lengths = st.sampled_from([1e-6, 0.01, 0.25, 0.5, 1.0, 9.0])
shifts = st.sampled_from([-1.0, -0.26, -0.1, 0.0, 0.07, 0.25, 0.5])
bends = st.lists(st.builds(BendPointQn, grid, st.sampled_from([-300.0, -20.0, 0.0, 50.0, 200.0])), max_size=2)


@st.composite
def sung_notes(draw: Any) -> Note:
    """A note of few pitches and places, so that many meet, sung a little beside its place."""
    start, length = draw(grid), draw(lengths)
    played = draw(st.none() | st.builds(Played, shifts.map(lambda shift: start + shift), lengths))
    pitch, velocity = draw(st.sampled_from([60, 61, 72])), draw(st.sampled_from([1, 64, 127]))
    return Note(start, length, pitch, velocity, tuple(draw(bends)), played, draw(st.sampled_from(Origin)))


def in_order(notes: list[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: (note.start_qn, note.pitch_midi)))


note_lists = st.lists(sung_notes(), min_size=1, max_size=7).map(in_order)
places = st.sampled_from([0.0, 1.0, 3.5, 16.0, 17.0, 400.0])
strengths = st.sampled_from([0.0, 0.3, 1.0])
choices = st.integers(0, 1000)
selections = st.lists(choices, min_size=1, max_size=SEVERAL)


def part_of(name: PartName, notes: tuple[Note, ...]) -> Part:
    """Return a part whose notes, drawn by chance, say by their velocities what carries their curves."""
    way = (PLAIN_EXPRESSION, *WAYS)[sum(note.velocity for note in notes) % (1 + len(WAYS))]
    if way.has_level:
        notes = tuple(replace(note, level=(ControlPointQn(0.0, note.velocity),)) for note in notes)
    return Part(name, PART_NAMES.index(name), 4, notes, way)


class Life(RuleBasedStateMachine):
    """One Reaper with its bridge, its user and its daemon."""

    @initialize(lua=st.sampled_from(["lua53", "lua54"]), ppq=st.sampled_from([96, 960]), lanes=st.booleans())
    def begin(self, lua: str, ppq: int, *, lanes: bool) -> None:
        """Start with an empty, saved project, in a Reaper with lanes or an older one."""
        self.folder = Path(tempfile.mkdtemp())
        self.reaper = InMemoryReaper(self.folder, lua, ppq)
        self.reaper.project.path = "song0.rpp"
        if not lanes:
            old_reaper(self.reaper)
        self.reaper.start()
        self.spool = self.reaper.spool()
        self.count, self.tabs = 0, 0
        self.locked: dict[str, str] = {}
        self.trimmed: set[str] = set()

    def teardown(self) -> None:
        """Leave no folder behind."""
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    @property
    def project(self) -> Any:
        return self.reaper.fake.current

    def items(self) -> list[Any]:
        """Return the items of the open tab."""
        return [item for track in self.project.tracks.values() for item in track["items"].values()]

    def state(self) -> str:
        return self.reaper.fake.state(self.project)

    def undo_points(self) -> int:
        return len(self.project.undo)

    def ask(self, request: InsertRequest) -> WriteReceipt:
        """Post a request; its answer and what it did to the project must fit."""
        before, points = self.state(), self.undo_points()
        self.spool.post(request)
        receipt = self.spool.receipt(request.request_id, 2.0)
        if receipt.status is ReceiptStatus.OK:
            assert self.undo_points() == points + 1
        else:
            assert self.state() == before
            assert self.undo_points() == points
        return receipt

    def next_id(self) -> str:
        self.count += 1
        return f"abcdef-{self.count:06}"

    def by_user(self, code: str) -> None:
        as_user(self.reaper, f"local project = fake.current {code}")
        self.remember_locked()

    def remember_locked(self) -> None:
        """The user may change what is locked, and lock; from here on it must stay."""
        fake, self.locked = self.reaper.fake, {}
        for item in self.reaper.all_items():
            if item.lock == 1 or item.strings["P_EXT:vocalmidi_locked"] == "1":
                self.locked[item.guid] = fake.item_state(item)

    @rule(
        music=st.lists(note_lists, min_size=1, max_size=4), place=st.none() | places, strength=st.none() | strengths,
        passes=st.lists(note_lists, max_size=2), length=st.sampled_from([0.0, 4.0, 8.0]), in_lanes=st.booleans(),
    )  # fmt: skip
    def insert(
        self, music: list[tuple[Note, ...]], place: float | None, strength: float | None,
        passes: list[tuple[Note, ...]], length: float, *, in_lanes: bool,
    ) -> None:  # fmt: skip
        """A phrase was sung."""
        parts = tuple(part_of(name, notes) for name, notes in zip(PART_NAMES, music, strict=False))
        if strength is None:
            parts = tuple(replace(part, notes=unplayed(part.notes)) for part in parts)
            passes = [unplayed(notes) for notes in passes]
        arrangement = replace(small_arrangement(), parts=parts, length_qn=length)
        again = tuple(part_of(PART_NAMES[0], notes) for notes in passes)
        request = InsertRequest(
            self.next_id(),
            place,
            arrangement,
            "by chance",
            strength=strength,
            passes=again,
            sources=(SOURCE,),
            in_lanes=in_lanes and bool(again),
        )
        receipt = self.ask(request)
        assert receipt.status is ReceiptStatus.OK, receipt.message
        assert len(receipt.item_guids) == len(parts)

    @precondition(lambda self: self.items())
    @rule(
        which=choices, notes=note_lists, length=st.sampled_from([0.0, 4.0, 8.0]), aside=st.booleans(),
        rebuild=st.booleans(),
    )  # fmt: skip
    def rewrite(self, which: int, notes: tuple[Note, ...], length: float, *, aside: bool, rebuild: bool) -> None:
        """A part is rolled again, or rebuilt; what is locked refuses, and what is edited, but for notes beside it."""
        item = self.items()[which % len(self.items())]
        name = item.strings["P_EXT:vocalmidi_part"]
        if not name:
            return
        parts = (part_of(PartName(name), unplayed(notes)),)
        arrangement = replace(small_arrangement(), parts=parts, length_qn=length)
        replaces = (Replaced(parts[0].name, item.guid, aside),)
        receipt = self.ask(
            InsertRequest(
                self.next_id(), 16.0, arrangement, "again", sources=(SOURCE,), replaces=replaces, rebuild=rebuild
            )
        )
        assert receipt.status is not ReceiptStatus.FAILED, receipt.message
        if item.guid in self.locked:
            assert receipt.status is ReceiptStatus.REFUSED

    @precondition(lambda self: self.items())
    @rule(which=choices, notes=note_lists, name=st.sampled_from(PART_NAMES))
    def join(self, which: int, notes: tuple[Note, ...], name: PartName) -> None:
        """A part is arranged around an item, of ours or of the user's."""
        item = self.items()[which % len(self.items())]
        arrangement = replace(small_arrangement(), parts=(part_of(name, unplayed(notes)),))
        joins = (Joined(PartName.BASS, item.guid),)
        request = InsertRequest(self.next_id(), 16.0, arrangement, "around", sources=(SOURCE,), joins=joins)
        assert self.ask(request).status is ReceiptStatus.OK

    def select(self, numbers: list[int]) -> None:
        """The user selects some items."""
        items = self.items()
        for item in items:
            item.selected = False
        for number in numbers:
            items[number % len(items)].selected = True

    def act(self, numbers: list[int], wish: str, argument: str = "") -> None:
        """Run one of our actions on selected items; it is one undo point at most, and then the project was changed."""
        self.select(numbers)
        before, points = self.state(), self.undo_points()
        self.reaper.lib("signals").send(wish, argument)
        self.reaper.turn(2)
        assert self.undo_points() - points in ((0,) if self.state() == before else (1,))

    @precondition(lambda self: self.items())
    @rule(numbers=selections, wish=st.sampled_from(WISHES))
    def ask_the_daemon(self, numbers: list[int], wish: str) -> None:
        """The user asks for something new; what Python reads of it is whole."""
        self.spool.beat()
        self.act(numbers, wish)
        waiting = len(list((self.reaper.root / "commands").iterdir()))
        commands = self.spool.take_commands()
        assert waiting == len(commands)
        # While one waits for its answer, what comes goes to the tab in which it was given.
        for command in commands:
            self.spool.answer(command, ReceiptStatus.OK, "done")
        self.reaper.turn(4)

    @precondition(lambda self: self.items())
    @rule(
        numbers=selections, percents=st.lists(st.sampled_from(["0", "37.5", "100", "101", "x"]), min_size=1, max_size=3)
    )
    def quantise(self, numbers: list[int], percents: list[str]) -> None:
        """The user changes the strength, and again."""
        for percent in percents:
            self.act(numbers, "quantise", percent)
            self.all_holds()

    @precondition(lambda self: self.items())
    @rule(numbers=selections)
    def lock(self, numbers: list[int]) -> None:
        """The user locks items, or unlocks them."""
        self.act(numbers, "lock")
        self.remember_locked()

    @precondition(lambda self: self.undo_points())
    @rule()
    def undo(self) -> None:
        """Ctrl-Z."""
        self.reaper.fake.undo(self.project)
        self.remember_locked()

    @precondition(lambda self: self.items())
    @rule(which=choices, lane=st.integers(0, 2), plays=st.integers(0, 2))
    def let_lanes_play(self, which: int, lane: int, plays: int) -> None:
        """The user has a lane of a track play, alone or too, or not."""
        item = self.items()[which % len(self.items())]
        if item.track.free_mode == FIXED_LANES and lane < self.reaper.fake.lane_count(item.track):
            self.by_user(
                FIND.format(guid=item.guid) + f"api.SetMediaTrackInfo_Value(item.track, 'C_LANEPLAYS:{lane}', {plays})"
            )

    @precondition(lambda self: self.items())
    @rule(which=choices, how=st.sampled_from(["move", "trim", "delete", "transpose", "lock", "split"]))
    def edit(self, which: int, how: str) -> None:
        """The user changes an item by hand."""
        items = self.items()
        item = items[which % len(items)]
        if how in ("trim", "split"):
            self.trimmed.add(item.guid)
        self.by_user(FIND.format(guid=item.guid) + EDITS[how])

    @rule(markers=st.lists(st.tuples(st.sampled_from([30.0, 90.0, 240.0]), st.booleans()), max_size=3))
    def change_tempo(self, markers: list[tuple[float, bool]]) -> None:
        """The user draws a tempo map, with ramps; items keep their beats, as Reaper's do unless told otherwise."""
        rows = ", ".join(
            f"{{ time_s = {index * 5.0}, bpm = {bpm}, beats = 4, unit = 4, glides = {str(glides).lower()} }}"
            for index, (bpm, glides) in enumerate(markers)
        )
        self.by_user(f"fake.set_markers(project, {{ {rows} }})")

    @rule(kind=st.sampled_from(["new", "next", "close"]))
    def change_tab(self, kind: str) -> None:
        """The user opens, closes or changes projects."""
        if kind == "new":
            self.tabs += 1
            self.by_user(f"fake.open('song{self.tabs}.rpp')")
        elif kind == "close":
            self.by_user("fake.close(project)")
        else:
            self.by_user("fake.current = fake.projects[#fake.projects]")

    @rule(is_rude=st.booleans())
    def end_and_come_back(self, *, is_rude: bool) -> None:
        """Reaper dies and comes back with what it had saved just before, or only the bridge is started again."""
        if is_rude:
            self.reaper.project = self.project
            self.reaper.die(self.reaper.fake.saved(self.project))
            self.reaper.start()
        else:
            self.reaper.start()
        self.reaper.turn(4)

    @rule()
    def test_itself(self) -> None:
        """The user runs the self-test: all of it holds, and every open project is as it was."""
        fake = self.reaper.fake
        before = [(fake.state(each), len(each.undo)) for each in fake.projects.values()]
        self.reaper.action("Self-test")
        self.reaper.turn(MEASURED_TURNS)
        assert "failed" not in (self.reaper.root / "selftest.txt").read_text()
        assert [(fake.state(each), len(each.undo)) for each in fake.projects.values()] == before
        assert list(fake.questions.values()) == []

    @rule(after=st.integers(0, 120), notes=note_lists)
    def fail(self, after: int, notes: tuple[Note, ...]) -> None:
        """A call of Reaper's fails while a phrase is written."""
        at = self.reaper.fake.call_count + after
        closers = ("PreventUIRefresh", "Undo_EndBlock2", "defer", "Undo_BeginBlock2")
        self.reaper.fail_at(lambda name, number: number == at and name not in closers)
        arrangement = replace(small_arrangement(), parts=(part_of(PART_NAMES[0], notes),))
        self.ask(InsertRequest(self.next_id(), 8.0, arrangement, "fails", strength=0.5))
        self.reaper.fail_at(None)

    @invariant()
    def all_holds(self) -> None:
        """Hold everything that must always be so."""
        if not hasattr(self, "reaper"):
            return
        fake = self.reaper.fake
        self.reaper.check()
        states = {}
        for item in self.reaper.all_items():
            states[item.guid] = item
            for take in item.takes.values():
                fake.notes_of_take(take)  # raises where one never ends, or a key sounds twice
            if item.take.offset_qn == 0 and item.guid not in self.trimmed:
                assert_in_bounds(fake, item)
        for guid, text in self.locked.items():
            assert guid in states, "a locked item is gone"
            assert fake.item_state(states[guid]) == text, "a locked item was changed"


def unplayed(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    return tuple(replace(note, played=None) for note in notes)


def assert_in_bounds(fake: Any, item: Any) -> None:
    """Assert that the notes of what plays end before the item does; the takes behind are as long as they were."""
    take, notes = item.take, list(fake.notes_of_take(item.take).values())
    project = item.track.project
    length_qn = fake.time_to_qn(project, item.end_s) - fake.time_to_qn(project, item.start_s)
    if notes:
        assert max(note.stop for note in notes) <= length_qn * take.ppq + 0.51


FIND = (
    "local item for _, t in ipairs(project.tracks) do for _, i in ipairs(t.items) do "
    "if i.guid == '{guid}' then item = i end end end "
)
EDITS = {
    "move": "fake.move(item, 1.5)",
    "trim": "item.end_s = (item.start_s + item.end_s) / 2",
    "delete": "api.DeleteTrackMediaItem(item.track, item)",
    "lock": "item.lock = 1 - (item.lock or 0)",
    "split": "fake.split(item, (item.start_s + item.end_s) / 2)",
    "transpose": "for _, event in ipairs(item.take.events) do local kind = event.bytes:byte(1) & 0xF0 "
    "if kind == 0x80 or kind == 0x90 then event.bytes = event.bytes:sub(1, 1) .. "
    "string.char(event.bytes:byte(2) ~ 1) .. event.bytes:sub(3) end end",
}


def test_whatever_is_done_in_whatever_order_the_project_stays_whole():
    chance = settings(max_examples=SEQUENCES, stateful_step_count=STEPS, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Life, settings=chance)
