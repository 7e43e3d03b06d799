"""What the bridge tells and what the microphone gives come together, whatever is late, lost or begun anew."""

import numpy as np
import pytest

from app.studio import BLOCK, RATE
from reaper.in_memory import InMemoryReaper
from reaper.test_bridge_insert import as_user
from vocalmidi.app.following import Following, Now
from vocalmidi.values import AudioBlock

SILENCE = np.zeros(BLOCK, np.float32)


class Listener:
    """A microphone and a Reaper on one clock; the device may say when it took a block, or not."""

    def __init__(self, folder, latency_s=None):
        self.reaper = InMemoryReaper(folder)
        self.spool = self.reaper.spool()
        self.following = Following(self.spool, RATE, lambda: Now(self.reaper.fake.clock_s, self.reaper.now()))
        self.latency_s = latency_s
        self.heard = 0
        self.reaper.start()

    def listen(self, seconds):
        for _ in range(round(seconds * 10)):
            for _ in range(3):
                self.reaper.project.play_s += 1 / 30 if self.reaper.project.play_state & 1 else 0.0
                self.reaper.turn()
            taken_s = None if self.latency_s is None else self.reaper.fake.clock_s - 0.1 - self.latency_s
            self.following.heard(AudioBlock(self.heard, RATE, SILENCE, taken_s))
            self.heard += BLOCK

    def pieces(self):
        return self.following.pieces(0, self.heard)


@pytest.fixture
def listener(tmp_path):
    return Listener(tmp_path)


def test_before_the_bridge_told_anything_nothing_was_played(listener):
    assert listener.pieces() == ()


def test_what_was_played_is_one_piece_with_the_project_that_was_open(listener):
    listener.listen(1.0)
    as_user(listener.reaper, "project.play_state, project.play_s = 1, 30.0")
    listener.listen(4.0)
    (piece,) = listener.pieces()
    assert piece.project_s(3.0 * RATE) == pytest.approx(32.0, abs=0.005)
    assert listener.following.project_of(piece) == 1


@pytest.mark.parametrize("latency_s", [0.0, 0.012, 0.08])
def test_the_devices_own_time_takes_its_latency_off(tmp_path, latency_s):
    listener = Listener(tmp_path, latency_s)
    as_user(listener.reaper, "project.play_state, project.play_s = 1, 30.0")
    listener.listen(5.0)
    start_s = listener.pieces()[0].project_s(0)
    # The first sample was taken `latency_s` before the moment at which the block without latency begins.
    assert start_s == pytest.approx(30.0 - latency_s, abs=0.005)


def test_a_report_that_a_dead_bridge_left_says_nothing(listener):
    as_user(listener.reaper, "project.play_state = 1")
    listener.reaper.turn(10)
    listener.reaper.fake.end_scripts(False)
    content = (listener.spool.root / "bridge.transport").read_bytes()
    (listener.spool.root / "bridge.transport").write_bytes(content[:-3])
    listener.listen(1.0)
    assert listener.pieces() == ()


def test_without_the_projects_map_a_report_waits_for_nobody(listener):
    as_user(listener.reaper, "project.play_state = 1")
    listener.listen(1.0)
    before = listener.pieces()
    (listener.spool.root / "bridge.project_map").unlink()
    listener.listen(1.0)
    assert len(listener.pieces()) == len(before) == 1
    assert listener.pieces()[0].stop > before[0].stop
