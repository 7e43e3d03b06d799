import errno
import os
import stat
import sys
from dataclasses import replace

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.music import REQUEST_ID, small_request
from reaper.test_codec import BEAT, COMMAND, RECEIPT
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import AudioTake, ReceiptStatus, Spool, encode

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
NAME = f"{REQUEST_ID}.vocalmidi"


class HandClock:
    """A clock that only moves when somebody sleeps, and calls `on_sleep` each time."""

    def __init__(self, on_sleep=lambda: None):
        self.time_s, self.on_sleep, self.sleeps = BEAT.time_s, on_sleep, 0

    def now(self):
        return self.time_s

    def sleep(self, seconds):
        self.time_s += seconds
        self.sleeps += 1
        self.on_sleep()


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def spool(tmp_path, clock):
    spool = Spool(tmp_path / "Data" / "vocalmidi", clock)
    spool.prepare()
    (spool.root / "bridge.heartbeat").write_bytes(encode(BEAT))
    return spool


def everything(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@POSIX
def test_folders_and_files_are_for_the_user_alone(spool):
    spool.post(small_request())
    for name in ("", "inbox", "processing", "done", "failed", "results", "commands"):
        assert stat.S_IMODE((spool.root / name).stat().st_mode) == 0o700
    assert stat.S_IMODE((spool.root / "inbox" / NAME).stat().st_mode) & 0o077 == 0


def test_a_posted_request_is_whole_and_alone_in_the_inbox(spool):
    spool.post(small_request())
    assert everything(spool.root) == ["bridge.heartbeat", f"inbox/{NAME}"]
    assert (spool.root / "inbox" / NAME).read_bytes() == encode(small_request())


def test_a_full_disk_is_told_and_leaves_nothing(spool, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReaperError, match=r"can't write .*inbox.*No space left on device; free space"):
        spool.post(small_request())
    assert everything(spool.root) == ["bridge.heartbeat"]


def test_a_missing_spool_is_told_with_the_command_that_makes_it(tmp_path, clock):
    with pytest.raises(ReaperError, match="run `vocalmidi reaper install`"):
        Spool(tmp_path / "nowhere", clock).post(small_request())
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path, clock):
    (tmp_path / "file").write_text("")
    with pytest.raises(ReaperError, match=r"can't make the folder .*file"):
        Spool(tmp_path / "file", clock).prepare()


@pytest.mark.parametrize("content", [b"", b"nonsense", encode(BEAT)[:-2], encode(RECEIPT)])
def test_without_a_readable_sign_of_life_nothing_is_posted(spool, content):
    (spool.root / "bridge.heartbeat").write_bytes(content)
    with pytest.raises(ReaperError, match=r"no sign of life .* start Reaper"):
        spool.post(small_request())
    assert everything(spool.root) == ["bridge.heartbeat"]


def test_an_answer_is_waited_for_and_taken(spool, clock):
    def answer():
        if clock.sleeps == 3:
            (spool.root / "results" / f"{REQUEST_ID}.receipt").write_bytes(encode(RECEIPT))

    clock.on_sleep = answer
    assert spool.receipt(REQUEST_ID, 5.0) == RECEIPT
    assert clock.sleeps == 3
    assert everything(spool.root) == ["bridge.heartbeat"]


def test_an_old_answer_is_not_taken_for_a_new_one(spool):
    (spool.root / "results" / f"{REQUEST_ID}.receipt").write_bytes(encode(RECEIPT))
    spool.post(small_request())
    with pytest.raises(ReaperError, match="did not take"):
        spool.receipt(REQUEST_ID, 0.1)


def test_a_request_nobody_took_is_taken_back_so_that_it_cannot_surprise_later(spool):
    spool.post(small_request())
    with pytest.raises(ReaperError, match=r"within 1 s, it was taken back; close an open dialog"):
        spool.receipt(REQUEST_ID, 1.0)
    assert everything(spool.root) == ["bridge.heartbeat", f"failed/{NAME}", f"failed/{NAME}.reason.txt"]


def test_a_request_taken_but_not_answered_is_said_to_be_uncertain(spool):
    spool.post(small_request())
    (spool.root / "inbox" / NAME).rename(spool.root / "processing" / NAME)
    with pytest.raises(
        ReaperError, match="may be in the project or still come; posting the same request again is safe"
    ):
        spool.receipt(REQUEST_ID, 1.0)


@pytest.mark.parametrize("content", [b"", encode(replace(RECEIPT, request_id="f" * 32)), encode(BEAT)])
def test_an_answer_that_is_none_is_an_error(spool, content):
    (spool.root / "results" / f"{REQUEST_ID}.receipt").write_bytes(content)
    with pytest.raises(ReaperError):
        spool.receipt(REQUEST_ID, 1.0)


def test_an_id_is_never_a_path(spool):
    with pytest.raises(ValueError, match="8–64 characters"):
        spool.receipt("../../etc/passwd", 1.0)


def test_commands_come_once_in_order(spool):
    commands = [replace(COMMAND, command_id=f"{9 - n}{'0' * 9}", sent_s=COMMAND.sent_s + n - 2) for n in range(3)]
    for command in reversed(commands):
        (spool.root / "commands" / f"{command.command_id}.command").write_bytes(encode(command))
    assert spool.take_commands() == tuple(commands)
    assert spool.take_commands() == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"rm -rf", "end line is missing"),
        (encode(RECEIPT), "is not the command"),
        (encode(replace(COMMAND, command_id="f" * 32)), "is not the command"),
        (encode(replace(COMMAND, sent_s=COMMAND.sent_s - 60)), "too old"),
    ],
)
def test_a_file_that_is_no_command_of_now_is_put_aside_with_its_reason(spool, caplog, content, reason):
    (spool.root / "commands" / f"{REQUEST_ID}.command").write_bytes(content)
    assert spool.take_commands() == ()
    assert reason in (spool.root / "failed" / f"{REQUEST_ID}.command.reason.txt").read_text()
    assert reason in caplog.text
    assert list((spool.root / "commands").iterdir()) == []


def test_only_the_last_hundred_finished_files_are_kept(spool):
    for index in range(130):
        path = spool.root / "done" / f"{index:08x}.vocalmidi"
        path.write_bytes(b"")
        os.utime(path, (index, index))
    spool.post(small_request())
    left = sorted(path.name for path in (spool.root / "done").iterdir())
    assert (len(left), left[0]) == (100, f"{30:08x}.vocalmidi")


def test_the_daemons_sign_of_life_comes_and_goes(spool):
    spool.beat()
    assert (spool.root / "daemon.heartbeat").exists()
    spool.rest()
    assert not (spool.root / "daemon.heartbeat").exists()


def test_an_answer_arrives_within_a_tenth_of_a_second_of_reapers_time(tmp_path):
    reaper = InMemoryReaper(tmp_path)
    reaper.start()
    spool, before = reaper.spool(), reaper.now()
    spool.post(small_request())
    spool.receipt(REQUEST_ID, 1.0)
    assert reaper.now() - before <= 0.11
    reaper.check()


def with_sound():
    return replace(small_request(), audio=AudioTake(0.0, 8.0, 4.0))


def test_sound_lies_beside_its_request_for_the_user_alone(tmp_path):
    host = InMemoryReaper(tmp_path)
    host.start()
    spool = host.spool()
    spool.post(with_sound(), b"RIFF....WAVE")
    path = spool.root / "audio" / f"{REQUEST_ID}.wav"
    assert path.read_bytes() == b"RIFF....WAVE"
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0
    assert spool.receipt(REQUEST_ID, 2.0).status is ReceiptStatus.OK
    assert not path.exists()


def test_sound_of_a_request_that_is_not_taken_is_not_left_lying_about(tmp_path):
    host = InMemoryReaper(tmp_path)
    host.start()
    spool = host.spool()
    host.fake.end_scripts(False)
    spool.post(with_sound(), b"RIFF....WAVE")
    with pytest.raises(ReaperError, match="taken back"):
        spool.receipt(REQUEST_ID, 2.0)
    assert list((spool.root / "audio").iterdir()) == []


def test_a_request_and_its_sound_belong_together(tmp_path):
    spool = InMemoryReaper(tmp_path).spool()
    for request, wav in ((with_sound(), b""), (small_request(), b"RIFF....WAVE")):
        with pytest.raises(ValueError, match="needs its file, and one without needs none"):
            spool.post(request, wav)
