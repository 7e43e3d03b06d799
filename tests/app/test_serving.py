"""How often the daemon's threads wake: at each block while somebody plays along, seldom while it is switched off."""

import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from app.studio import Studio
from capture.fake_portaudio import FakePortAudio, device
from vocalmidi.app.ears import open_ears
from vocalmidi.app.serving import paced, serve
from vocalmidi.app.session import changed
from vocalmidi.app.writer import DEAF_S
from vocalmidi.capture import LISTENING_S, Microphone
from vocalmidi.values import AudioBlock


@pytest.fixture
def writer(tmp_path):
    return Studio(tmp_path, open_ears("cpu")).writer


def switch(writer, word):
    writer.sitting.change(lambda session: changed(session, f"listening={word}"))


class Playing:
    is_needed = True


def test_sound_may_wait_as_long_as_whoever_hears_it_allows(writer):
    assert (writer.patience_s, writer.is_deaf) == (LISTENING_S, False)
    writer.play = Playing()
    writer.sitting.change(lambda session: replace(session, live=True))
    assert writer.patience_s == 0.0
    switch(writer, "off")
    assert (writer.patience_s, writer.is_deaf, writer.is_quiet) == (DEAF_S, True, True)
    switch(writer, "on")
    assert writer.patience_s == 0.0


def test_the_microphone_is_told_and_gives_the_same_sound(writer, monkeypatch):
    sound = np.outer(np.arange(20_000), [1, 1]).astype(np.float32)
    portaudio = FakePortAudio(device("Mic"), frames=sound)
    monkeypatch.setitem(sys.modules, "sounddevice", portaudio)
    switch(writer, "off")
    with Microphone() as microphone:
        portaudio.streams[-1].done.wait(10)
        stopper = threading.Timer(0.1, microphone.stop)
        stopper.start()
        blocks = list(paced(microphone.blocks(), microphone, writer))
        stopper.join()
    assert microphone.patience_s == DEAF_S
    assert np.array_equal(np.concatenate([block.samples for block in blocks]), sound[:, 0])


def test_while_it_is_switched_off_nobody_works(writer, monkeypatch):
    worked = []
    monkeypatch.setattr(writer, "work", lambda: worked.append(time.monotonic()))

    def blocks(first):
        for number in range(20):
            time.sleep(0.02)
            yield AudioBlock(320 * (first + number), 16_000, np.zeros(320, np.float32))

    serve(blocks(0), writer, writer._spool)
    assert worked
    worked.clear()
    switch(writer, "off")
    serve(blocks(20), writer, writer._spool)
    assert not worked
