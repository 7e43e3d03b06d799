"""The daemon killed at any step of a request: whatever was posted is inserted once or not at all, and never half read.

A child process posts, or waits for the answer, and ends at once, without a word, right before the n-th thing that it
does to a file (Python's own audit events). Then the daemon starts anew beside the same Reaper.
"""

import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.music import REQUEST_ID, small_request
from reaper.test_bridge_audio import WAV
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import AudioTake, ReceiptStatus, Spool

if not hasattr(os, "fork"):
    pytest.skip("Windows has no fork to kill a daemon in", allow_module_level=True)

EVENTS = ("open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "tempfile.mkstemp", "os.listdir", "os.scandir")
KILLED, FINISHED = 9, 0
MOST_STEPS = 200
OTHER_ID = "ffffffff-0000-4000-8000-000000000002"


class StoppedClock:
    """The clock of the daemon that will be killed: it waits for nobody."""

    def __init__(self, now_s: float):
        self.now_s = now_s

    def now(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def killed_at(step: int, root: Path, work: Callable[[], object]) -> bool:
    """Do `work` in a process that is killed before its step of this number; return whether it came that far."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the child starts none and takes no lock
        child = os.fork()
    if child == 0:
        count = 0

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            if event in EVENTS and any(str(root) in str(argument) for argument in arguments):
                if count == step:
                    os._exit(KILLED)
                count += 1

        sys.addaudithook(watch)
        with suppress(ReaperError):
            work()
        os._exit(FINISHED)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def alive(root: Path) -> InMemoryReaper:
    reaper = InMemoryReaper(root)
    reaper.project.path = "song.rpp"
    reaper.project.media = str(root / "Media")
    reaper.start()
    reaper.spool()
    return reaper


def request(*, has_sound: bool):
    sound = AudioTake(0.0, 8.0, 4.0) if has_sound else None
    return replace(small_request(), audio=sound)


@pytest.mark.parametrize("has_sound", [False, True], ids=["notes", "sound"])
def test_a_daemon_killed_while_it_posts_leaves_a_whole_request_or_none(tmp_path, has_sound):
    asked, wav, count = request(has_sound=has_sound), WAV if has_sound else b"", 4 + has_sound
    for step in range(MOST_STEPS):
        reaper = alive(tmp_path / str(step))
        daemon = Spool(reaper.root, StoppedClock(reaper.now()))
        was_killed = killed_at(step, reaper.root, lambda daemon=daemon: daemon.post(asked, wav))
        reaper.turn(10)
        assert len(reaper.all_items()) in (0, count), step
        assert list((reaper.root / "failed").iterdir()) == [], step
        assert list((reaper.root / "processing").iterdir()) == [], step
        again = reaper.spool()  # a new daemon
        again.post(asked, wav)
        assert again.receipt(REQUEST_ID, 2.0).status is ReceiptStatus.OK, step
        assert len(reaper.all_items()) == count, step
        assert len(reaper.undo_titles()) == 1, step
        assert [path.name for path in (reaper.root / "inbox").iterdir()] == [], step
        reaper.check()
        if not was_killed:
            assert step > 5
            return
    pytest.fail("it never came to an end")


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_daemon_killed_while_it_waits_or_takes_a_request_back_does_no_harm(tmp_path, is_answered):
    for step in range(MOST_STEPS):
        reaper = alive(tmp_path / str(step))
        daemon = Spool(reaper.root, StoppedClock(reaper.now()))
        daemon.post(request(has_sound=False))
        if is_answered:
            reaper.turn(4)
        was_killed = killed_at(step, reaper.root, lambda daemon=daemon: daemon.receipt(REQUEST_ID, 0.05))
        reaper.turn(10)
        assert len(reaper.all_items()) in (0, 4), step
        again = reaper.spool()
        again.post(request(has_sound=False))
        assert again.receipt(REQUEST_ID, 2.0).status is ReceiptStatus.OK, step
        assert len(reaper.all_items()) == 4, step
        assert [path.name for path in (reaper.root / "inbox").iterdir()] == [], step
        reaper.check()
        if not was_killed:
            return
    pytest.fail("it never came to an end")


def test_what_both_left_lying_does_not_come_up_the_next_day(tmp_path):
    """Reaper ends before it takes a request, the daemon before it takes it back; next day Reaper starts first."""
    reaper = alive(tmp_path)
    reaper.spool().post(small_request())
    reaper.die()
    reaper.fake.clock_s += 86_400.0
    reaper.start()
    reaper.turn(80)
    assert reaper.all_items() == []
    told = (reaper.root / "failed" / f"{REQUEST_ID}.vocalmidi.reason.txt").read_text()
    assert "waited more than a minute for Reaper; write it again" in told
    fresh = small_request(OTHER_ID)
    spool = reaper.spool()
    spool.post(fresh)
    assert spool.receipt(OTHER_ID, 2.0).status is ReceiptStatus.OK
    reaper.check()


def test_what_was_half_done_yesterday_is_not_done_today(tmp_path):
    reaper = alive(tmp_path)
    saved = reaper.fake.saved(reaper.project)
    reaper.spool().post(small_request())
    reaper.fake.freeze = lambda name, _, moment: name == "MIDI_SetAllEvts" and moment == "after"
    assert not reaper.turn(4)
    reaper.fake.freeze = None
    reaper.die(saved)
    reaper.fake.clock_s += 86_400.0
    reaper.start()
    assert reaper.all_items() == []
    told = (reaper.root / "failed" / f"{REQUEST_ID}.vocalmidi.reason.txt").read_text()
    assert "more than a minute ago; write it again" in told
    reaper.check()


def test_a_request_that_waits_while_the_bridge_is_started_again_is_inserted(tmp_path):
    reaper = alive(tmp_path)
    spool = reaper.spool()
    reaper.run()
    spool.post(small_request())
    reaper.run()
    assert spool.receipt(REQUEST_ID, 5.0).status is ReceiptStatus.OK
    assert len(reaper.all_items()) == 4
    reaper.check()
