"""A run that is killed while a note sounds, and the next one, heard at a real socket as Reaper would."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from needs import ROOT
from vocalmidi.capture.reastream_format import read_midi

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX matter")
PROGRAM = Path(__file__).parent / "sing_until_killed.py"
PATIENCE_S = 60


class Reaper:
    """Receives MIDI by ReaStream and knows which keys are down."""

    def __init__(self):
        self._door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._door.bind(("127.0.0.1", 0))
        self._door.settimeout(0.2)
        self.port_name = f"reastream:voice@127.0.0.1:{self._door.getsockname()[1]}"
        self.down = set()

    def listen(self, until):
        deadline = time.monotonic() + PATIENCE_S
        while not until():
            assert time.monotonic() < deadline
            try:
                content = self._door.recv(4096)
            except TimeoutError:
                continue
            for status, key, value in (message for message in read_midi(content) if len(message) == 3):
                if status & 0xF0 == 0x90 and value:
                    self.down.add((status & 0x0F, key))
                elif status & 0xF0 in (0x80, 0x90):
                    self.down.discard((status & 0x0F, key))

    def close(self):
        self._door.close()


def started(reaper, state, seconds):
    command = [sys.executable, str(PROGRAM), reaper.port_name, str(state), str(seconds)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tests")}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def test_notes_of_a_run_that_was_killed_end_when_the_next_one_starts(tmp_path):
    reaper, state = Reaper(), tmp_path / "midi_open.json"
    singing = started(reaper, state, 3.0)
    reaper.listen(lambda: reaper.down == {(0, 60)})
    singing.kill()
    singing.communicate(timeout=PATIENCE_S)
    assert state.exists()
    assert reaper.down == {(0, 60)}  # nobody else would ever end it
    following = started(reaper, state, 0.0)
    reaper.listen(lambda: not reaper.down)
    told, _ = following.communicate("\n", timeout=PATIENCE_S)
    assert "killed while it played live" in told
    assert following.returncode == 0
    assert not state.exists()
    reaper.close()
