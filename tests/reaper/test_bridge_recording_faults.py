"""A phrase is recorded while any call fails, or Reaper ends at any: it is written once or not at all, nothing is left.

A whole recording is lived through: begun, drawn, drawn again, ended, written, answered. In it a call of Reaper's or of
the file system fails once, or is the last one; of each function the first and the last call of each stage.

    VOCALMIDI_EACH_FAULT=1 .venv/bin/pytest tests/reaper/test_bridge_recording_faults.py
"""

import os
import shutil
from pathlib import Path

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.recordings import LOOK_TURNS, Recordist, drums, melody
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import ReceiptStatus, RecordWay

TITLE = "Vocal MIDI: record phrase (pop)"
LOOP = ("defer", "PreventUIRefresh", "Undo_EndBlock2", "Undo_BeginBlock2")
"""What keeps the loop going and closes what is open can't be replaced when it fails itself."""
STAGES = ("begun", "drawn", "drawn again", "ended", "written", "answered")
PARTS = 4
SWEPT_TURNS = 80
EACH = int(os.environ.get("VOCALMIDI_EACH_FAULT", "2"))
"""1 is every one of them, and twice the time."""


class Life:
    """One recording in one Reaper, stage by stage, whatever fails on the way."""

    def __init__(self, root: Path) -> None:
        shutil.rmtree(root, ignore_errors=True)
        self.reaper = InMemoryReaper(root)
        self.reaper.project.path = "song.rpp"
        self.reaper.start()
        self.reaper.fake.watch_files()
        self.recordist = Recordist(self.reaper)
        self.command = None
        self.posted = False

    def live(self, stage: str) -> None:
        """Live through one stage."""
        recordist = self.recordist
        match stage:
            case "begun":
                self._pressed()
                self._answered()
            case "drawn" if recordist.draft_id:
                recordist.draw(melody(60, 62))
            case "drawn again" if recordist.draft_id:
                recordist.draw(melody(60, 62, 64, 65, 67), drums(36), length_qn=8.0)
            case "ended":
                self._pressed()
                recordist.file.remove()
            case "written":
                self._written()
            case "answered":
                self._answered()
            case _:
                pass  # the wish to begin was lost

    def _pressed(self) -> None:
        self.recordist.press()
        self.command = next(iter(self.recordist.spool.take_commands()), None)
        if self.command is not None and self.command.wish.recording.way is RecordWay.START:
            self.recordist.draft_id = self.command.wish.recording.draft_id

    def _written(self) -> None:
        self.posted = self.command is not None and self.command.wish.recording.way is RecordWay.STOP
        if self.posted:
            self.recordist.spool.post(self.recordist.request())
            self.reaper.turn(LOOK_TURNS)

    def _answered(self) -> None:
        if self.command is not None:
            self.recordist.answer(self.command)
            self.command = None

    def ended(self) -> None:
        """Let time pass, and end the recording that began late, when the first press was lost."""
        for _ in range(2):
            self.recordist.spool.beat()
            self.reaper.turn(SWEPT_TURNS)
        if self.recordist.is_lit:
            self._pressed()
            if self.command is not None:
                self.recordist.answer(self.command, ReceiptStatus.REFUSED, "nothing was sung")

    def assert_whole(self, told: object) -> None:
        """Hold what is in the project against the promise."""
        assert self.recordist.marked() == [], told
        assert len(self.reaper.all_items()) in (0, PARTS), told
        assert not self.recordist.is_lit, told
        if self.reaper.all_items():
            assert len(self.reaper.notes("Drums")) == 16, told
        else:
            assert self.reaper.track_names() == [], told
        # An action that fails itself is told by Reaper, and asks for nothing.
        errors = self.reaper.fake.script_errors
        assert all("injected fault" in error for error in errors.values()), told
        self.reaper.fake.script_errors = self.reaper.lua.table()
        self.reaper.check()


def steps(root: Path) -> list[tuple[str, int, str]]:
    """Return stage, number and name of the calls to meddle with."""
    life, found = Life(root), list[tuple[str, int, str]]()
    for stage in STAGES:
        first = life.reaper.fake.call_count + 1
        life.live(stage)
        by_name: dict[str, list[int]] = {}
        for number, name in life.reaper.call_names(first):
            by_name.setdefault(name, []).append(number)
        for name, numbers in by_name.items():
            found += [(stage, at, name) for at in sorted({numbers[0], numbers[-1]})]
    life.ended()
    life.assert_whole("undisturbed")
    assert life.reaper.undo_titles() == [TITLE]
    assert {"MIDI_SetAllEvts", "MIDI_SetItemExtents", "OnPlayButtonEx", "os.rename"} <= {name for _, _, name in found}
    return found


def test_a_call_that_fails_once_leaves_nothing(tmp_path):
    for at_stage, number, name in steps(tmp_path / "dry")[::EACH]:
        if name in LOOP:
            continue
        life = Life(tmp_path / "host")
        told = at_stage, number, name
        life.reaper.fail_at(lambda _, index, number=number: index == number)
        for stage in STAGES:
            life.live(stage)
        life.reaper.fail_at(None)
        life.ended()
        life.assert_whole(told)
        points = life.reaper.undo_titles()
        assert points == ([TITLE] if life.reaper.all_items() else []), told
        if life.reaper.all_items():
            life.reaper.fake.undo(life.reaper.project)
            assert life.reaper.all_items() == [], told


@pytest.mark.parametrize("moment", ["before", "after"])
def test_reapers_end_at_any_call_leaves_nothing(tmp_path, moment):
    """The project comes back as it was when the stage began, drafts and all; what was asked for comes once or never."""
    first = 0 if moment == "before" else 1
    for at_stage, number, name in steps(tmp_path / "dry")[first :: 2 * EACH]:
        life = Life(tmp_path / "host")
        told = at_stage, number, name
        saved = life.reaper.fake.saved(life.reaper.project)
        life.reaper.stop_at(number, moment)
        for stage in STAGES:
            if stage == at_stage:
                saved = life.reaper.fake.saved(life.reaper.project)
            try:
                life.live(stage)
            except ReaperError:
                break  # the daemon posts nothing to a bridge that is silent
            if stage == at_stage:
                break
        life.reaper.fake.freeze = None
        life.reaper.die(saved)
        life.reaper.start()
        life.ended()
        life.assert_whole(told)
        # Undo points do not outlive Reaper: one is left where the request was taken up again.
        assert life.reaper.undo_titles() in ([], [TITLE]), told
