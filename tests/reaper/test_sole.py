"""One daemon a spool: a second one says so; one that died, in whatever way, stands in nobody's way."""

import subprocess
import sys

import pytest

from vocalmidi.errors import ReaperError
from vocalmidi.reaper import Spool, sole_daemon

HOLD = "import sys, time; from pathlib import Path; from vocalmidi.reaper import sole_daemon\n"
HOLD += "with sole_daemon(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"


def test_a_second_daemon_is_told_who_runs(tmp_path):
    with sole_daemon(tmp_path):
        Spool(tmp_path, app="vocalmidi 9.9").beat()
        with pytest.raises(ReaperError, match=r"a daemon \(vocalmidi 9\.9\) runs for this Reaper already; stop it"):
            sole_daemon(tmp_path).__enter__()


def test_before_its_first_sign_of_life_too(tmp_path):
    with sole_daemon(tmp_path), pytest.raises(ReaperError, match="a daemon runs for this Reaper already"):
        sole_daemon(tmp_path).__enter__()


def test_after_its_end_another_may_run(tmp_path):
    for _ in range(3):
        with sole_daemon(tmp_path / "Data" / "vocalmidi"):
            pass


def test_two_spools_have_two_daemons(tmp_path):
    with sole_daemon(tmp_path / "one"), sole_daemon(tmp_path / "two"):
        pass


def test_an_error_inside_lets_go(tmp_path):
    with pytest.raises(ZeroDivisionError), sole_daemon(tmp_path):
        _ = 1 / 0
    with sole_daemon(tmp_path):
        pass


def test_a_daemon_that_was_killed_holds_nothing(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ReaperError, match="runs for this Reaper already"):
            sole_daemon(tmp_path).__enter__()
        other.kill()
    with sole_daemon(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "daemon.lock").mkdir()
    with pytest.raises(ReaperError, match="make its folder writable"):
        sole_daemon(tmp_path).__enter__()
