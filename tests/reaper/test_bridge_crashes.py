"""Exactly once, whatever breaks: a fault in any call of Reaper's, or Reaper's end before or after any call."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.music import REQUEST_ID, small_request
from vocalmidi.reaper import ReceiptStatus, decode, encode

NAME = f"{REQUEST_ID}.vocalmidi"
CLOSERS = ("PreventUIRefresh", "Undo_EndBlock2")
"""What closes the block: these can't be replaced when they themselves fail, so no fault is put in them."""
LONG_TURNS = 80


def prepared(root: Path) -> InMemoryReaper:
    """Return a Reaper with two of the user's tracks, one of which will be adopted, and a request in the inbox."""
    shutil.rmtree(root, ignore_errors=True)
    reaper = InMemoryReaper(root)
    reaper.project.path = "song.rpp"
    reaper.lua.eval(
        "function(fake) fake.as_user(function() for index, name in ipairs({'Guitar', 'Bass'}) do "
        "fake.api.InsertTrackInProject(0, index - 1, 0) fake.projects[1].tracks[index].strings.P_NAME = name end "
        "end) end"
    )(reaper.fake)
    reaper.start()
    (reaper.root / "inbox" / NAME).write_bytes(encode(small_request()))
    return reaper


def served_calls(root: Path) -> list[tuple[int, str]]:
    """Return number and name of every call between claiming the request and answering it."""
    reaper = prepared(root)
    first = reaper.fake.call_count
    reaper.turn(6)
    calls = [(index, reaper.fake.calls[index]) for index in range(first + 1, reaper.fake.call_count + 1)]
    start = next(index for index, name in calls if name == "CountMediaItems") - 1
    stop = max(index for index, name in calls if name == "PreventUIRefresh")
    return [(index, name) for index, name in calls if start <= index <= stop]


def test_a_fault_in_any_call_leaves_nothing_behind(tmp_path):
    calls = [(index, name) for index, name in served_calls(tmp_path / "dry") if name not in CLOSERS]
    inside = [name for _, name in calls if name in ("InsertTrackInProject", "MIDI_SetAllEvts", "SetProjExtState")]
    assert len(inside) == 3 + 4 + 4
    assert len(calls) > 100
    for at, name in calls:
        reaper = prepared(tmp_path / "host")
        before = reaper.state()
        reaper.fail_at(lambda _, index, at=at: index == at)
        reaper.turn(6)
        reaper.check()
        receipt = decode((reaper.root / "results" / f"{REQUEST_ID}.receipt").read_bytes())
        assert receipt.status is ReceiptStatus.FAILED
        assert reaper.state() == before, (at, name)
        assert reaper.undo_titles() == []
        assert f"injected fault in reaper.{name}" in receipt.message
        assert (reaper.root / "failed" / NAME).read_bytes() == encode(small_request())
        assert name in (reaper.root / "failed" / f"{NAME}.reason.txt").read_text()
        reaper.fail_at(None)
        reaper.turn(60)
        assert reaper.spool().bridge_state().is_alive


@pytest.mark.parametrize("broken", ["CreateNewMIDIItemInProj", "MIDI_SetAllEvts", "UpdateArrange", "GetTrackGUID"])
def test_a_function_that_never_works_leaves_nothing_behind(tmp_path, broken):
    reaper = prepared(tmp_path)
    before = reaper.state()
    reaper.fail_at(lambda name, _: name == broken)
    reaper.turn(6)
    assert reaper.state() == before
    assert reaper.undo_titles() == []
    assert (reaper.root / "failed" / NAME).exists()
    reaper.check()


def freezes(calls: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for at, _ in calls:
        yield at, "before"
        yield at, "after"


def stop_the_world(reaper: InMemoryReaper, at: int, moment: str) -> None:
    reaper.lua.eval(
        "function(fake, at, moment) fake.freeze = function(_, i, m) return i == at and m == moment end end"
    )(reaper.fake, at, moment)
    assert not reaper.turn(6)
    reaper.fake.freeze = None


def test_reaper_dying_in_any_call_and_coming_back_inserts_once(tmp_path):
    """The project comes back as it was saved before; the request is found half done and tried once more."""
    calls = served_calls(tmp_path / "dry")
    for at, moment in list(freezes(calls))[::3]:
        reaper = prepared(tmp_path / "host")
        saved = reaper.fake.saved(reaper.project)
        stop_the_world(reaper, at, moment)
        reaper.die(saved)
        reaper.start()
        reaper.turn(LONG_TURNS)
        assert reaper.item_count() == 4, (at, moment)
        assert (reaper.root / "done" / NAME).exists()
        assert list((reaper.root / "processing").iterdir()) == []
        receipt = decode((reaper.root / "results" / f"{REQUEST_ID}.receipt").read_bytes())
        assert receipt.status is ReceiptStatus.OK
        reaper.check()


def test_dying_after_the_insertion_but_before_the_answer_is_answered_later(tmp_path):
    calls = served_calls(tmp_path / "dry")
    last = max(index for index, name in calls if name == "PreventUIRefresh")
    reaper = prepared(tmp_path / "host")
    stop_the_world(reaper, last, "after")
    assert reaper.item_count() == 4
    reaper.die(reaper.fake.saved(reaper.project))
    reaper.start()
    receipt = decode((reaper.root / "results" / f"{REQUEST_ID}.receipt").read_bytes())
    assert receipt.message == "already inserted"
    assert reaper.item_count() == 4
    reaper.check()


def test_a_request_that_ends_reaper_twice_is_not_tried_a_third_time(tmp_path):
    reaper = prepared(tmp_path)
    saved = reaper.fake.saved(reaper.project)
    reaper.lua.eval("function(fake) fake.freeze = function(name) return name == 'MIDI_SetAllEvts' end end")(reaper.fake)
    assert not reaper.turn(6)
    reaper.die(saved)
    saved = reaper.fake.saved(reaper.project)
    reaper.run()
    assert not reaper.turn(LONG_TURNS)
    reaper.die(saved)
    reaper.start()
    assert "ended twice" in (reaper.root / "failed" / f"{NAME}.reason.txt").read_text()
    assert (reaper.root / "failed" / NAME).exists()
    assert reaper.item_count() == 0


def test_a_lost_answer_is_asked_for_again_without_a_second_item(reaper):
    spool = reaper.spool()
    spool.post(small_request())
    reaper.turn(6)
    (reaper.root / "results" / f"{REQUEST_ID}.receipt").unlink()
    spool.post(small_request())
    assert spool.receipt(REQUEST_ID, 2.0).message == "already inserted"
    assert reaper.item_count() == 4
