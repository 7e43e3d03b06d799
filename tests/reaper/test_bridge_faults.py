"""Every step of a request that can fail or be the last: each rename, removal, opening, writing and closing of a file.

Reaper ends before, after or half way through a step and comes back with the project as it was saved, before or after,
or with another one; or the step itself fails, as with a full disk. Afterwards the request was inserted once or refused
in words, never half, never twice, and it is safe to post it again. (Calls of Reaper's own: test_bridge_crashes.py.)
A script of Reaper's can't end inside a turn while Reaper lives: errors are caught, and nothing else runs meanwhile.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.music import REQUEST_ID, small_request
from vocalmidi.reaper import ReceiptStatus, decode, encode

NAME = f"{REQUEST_ID}.vocalmidi"
PATH = "song.rpp"
SERVED_TURNS, LONG_TURNS = 6, 80
FILE_CALLS = ("os.rename", "os.remove", "io.open", "file:write", "file:close")
PARTS = 4


def waiting(root: Path) -> InMemoryReaper:
    """Return a Reaper with a saved project, and a request in the inbox."""
    shutil.rmtree(root, ignore_errors=True)
    reaper = InMemoryReaper(root)
    reaper.project.path = PATH
    reaper.start()
    reaper.fake.watch_files()
    (reaper.root / "inbox" / NAME).write_bytes(encode(small_request()))
    return reaper


def file_steps(root: Path, wait: int = 0) -> list[tuple[int, str]]:
    """Return number and name of every file call from the request's arrival to its end, `wait` turns later too."""
    reaper = waiting(root)
    first = reaper.fake.call_count + 1
    reaper.turn(SERVED_TURNS + wait)
    return [(number, name) for number, name in reaper.call_names(first) if name in FILE_CALLS]


def ends(steps: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for number, name in steps:
        for moment in ("before", "half", "after") if name == "file:write" else ("before", "after"):
            yield number, moment


def assert_once_or_refused(reaper: InMemoryReaper, told: object) -> None:
    """Hold the spool and all open projects against the promise."""
    items = reaper.all_items()
    assert len(items) in (0, PARTS), told
    for folder in ("inbox", "processing"):
        assert list((reaper.root / folder).iterdir()) == [], told
    was_inserted = (reaper.root / "done" / NAME).exists()
    assert was_inserted != (reaper.root / "failed" / NAME).exists(), told
    # What Reaper had inserted and not saved when it ended is lost with all else that was not saved.
    assert was_inserted or not items, told
    answer = reaper.root / "results" / f"{REQUEST_ID}.receipt"
    if answer.exists():
        assert (decode(answer.read_bytes()).status is ReceiptStatus.OK) == was_inserted, told
    if items:
        assert len(reaper.notes("Drums")) == 16, told
    if not was_inserted:
        assert said(reaper), told
    reaper.check()


def said(reaper: InMemoryReaper) -> str:
    """Return why the request was refused: beside it, or, where no file could be written, in Reaper's console."""
    reason = reaper.root / "failed" / f"{NAME}.reason.txt"
    told = [text for text in reaper.fake.console.values() if f"request {NAME} " in text]
    return reason.read_text() if reason.exists() else told[-1]


def assert_safe_to_post_again(reaper: InMemoryReaper, told: object) -> None:
    spool = reaper.spool()
    spool.post(small_request())
    assert spool.receipt(REQUEST_ID, 2.0).status is ReceiptStatus.OK, told
    assert len(reaper.all_items()) == PARTS, told
    assert_once_or_refused(reaper, told)


def come_back(reaper: InMemoryReaper, saved: object = None) -> None:
    reaper.fake.freeze = None
    reaper.die(saved)
    reaper.start()
    reaper.turn(LONG_TURNS)


@pytest.mark.parametrize("keeps", [False, True], ids=["unsaved", "saved"])
def test_reapers_end_at_any_file_step_inserts_once(tmp_path, keeps):
    steps = file_steps(tmp_path / "dry")
    assert [name for _, name in steps].count("os.rename") >= 4
    for number, moment in ends(steps):
        reaper = waiting(tmp_path / "host")
        before = reaper.fake.saved(reaper.project)
        reaper.stop_at(number, moment)
        assert not reaper.turn(SERVED_TURNS)
        was_done = (reaper.root / "done" / NAME).exists()
        come_back(reaper, reaper.fake.saved(reaper.project) if keeps else before)
        told = number, moment, dict(steps)[number]
        assert_once_or_refused(reaper, told)
        assert len(reaper.all_items()) == (0 if was_done and not keeps else PARTS), told
        assert_safe_to_post_again(reaper, told)


def test_another_project_after_reapers_end_gets_nothing(tmp_path):
    for number, moment in ends(file_steps(tmp_path / "dry")):
        reaper = waiting(tmp_path / "host")
        reaper.stop_at(number, moment)
        assert not reaper.turn(SERVED_TURNS)
        reaper.fake.freeze = None
        was_taken = not (reaper.root / "inbox" / NAME).exists()
        saved = reaper.fake.saved(reaper.project)
        reaper.die()
        reaper.fake.open("other.rpp")
        reaper.fake.close(reaper.project)
        reaper.start()
        reaper.turn(LONG_TURNS)
        if not was_taken:
            continue  # nothing was begun: the request goes where the user is now, within the minute
        assert reaper.all_items() == [], (number, moment)
        reaper.project = reaper.fake.open("song.rpp", saved)
        reaper.turn(LONG_TURNS)
        assert len(reaper.all_items()) in (0, PARTS), (number, moment)
        reaper.check()


def test_reapers_end_at_any_step_of_the_second_try_too(tmp_path):
    """The first end comes right after the request was taken; the second anywhere in what the next bridge does."""

    def taken_up(root: Path) -> tuple[InMemoryReaper, int]:
        reaper = waiting(root)
        saved = reaper.fake.saved(reaper.project)
        reaper.fake.freeze = lambda name, _, moment: name == "CountMediaItems" and moment == "before"
        assert not reaper.turn(SERVED_TURNS)
        reaper.fake.freeze = None
        reaper.die(saved)
        return reaper, reaper.fake.call_count + 1

    reaper, first = taken_up(tmp_path / "dry")
    reaper.start()
    steps = [(number, name) for number, name in reaper.call_names(first) if name in FILE_CALLS]
    assert len(steps) > 20
    for number, moment in ends(steps):
        reaper, _ = taken_up(tmp_path / "host")
        before = reaper.fake.saved(reaper.project)
        reaper.stop_at(number, moment)
        reaper.start()
        come_back(reaper, before)
        told = number, moment, dict(steps)[number]
        assert_once_or_refused(reaper, told)
        assert_safe_to_post_again(reaper, told)


def test_a_file_step_that_fails_once_does_no_harm(tmp_path):
    for number, name in file_steps(tmp_path / "dry"):
        reaper = waiting(tmp_path / "host")
        reaper.fail_at(lambda _, index, number=number: index == number)
        reaper.turn(SERVED_TURNS + 4)
        reaper.fail_at(None)
        assert_once_or_refused(reaper, (number, name))
        assert_safe_to_post_again(reaper, (number, name))


@pytest.mark.parametrize("broken", FILE_CALLS)
def test_a_file_step_that_never_works_leaves_the_request_to_be_taken_up_later(tmp_path, broken):
    steps = file_steps(tmp_path / "dry")
    for first, name in steps:
        if name != broken:
            continue
        reaper = waiting(tmp_path / "host")
        reaper.fail_at(lambda each, index, first=first: each == broken and index >= first)
        reaper.turn(LONG_TURNS)
        assert len(reaper.all_items()) in (0, PARTS), (first, name)
        reaper.fail_at(None)
        reaper.start()
        reaper.turn(LONG_TURNS)
        assert_once_or_refused(reaper, (first, name))
        assert_safe_to_post_again(reaper, (first, name))
