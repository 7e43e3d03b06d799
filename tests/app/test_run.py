"""`vocalmidi run` from its settings: what was calibrated is applied, and Reaper's OSC is heard where a port is set."""

import gc
import os
import socket
import sys
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from vocalmidi.app import daemon
from vocalmidi.app.calibration import save
from vocalmidi.app.ears import open_ears
from vocalmidi.app.gauge_door import ask
from vocalmidi.app.gauging import Question
from vocalmidi.app.osc_in import LOOPBACK
from vocalmidi.capture import Device
from vocalmidi.config import load_settings
from vocalmidi.control import Message, decode, encode
from vocalmidi.reaper import spool_root
from vocalmidi.transport import Calibration
from vocalmidi.values import AudioBlock

RATE = 16_000
MICROPHONE = Device(0, "Mic", "ALSA", 1, RATE, True)


class Ran:
    """Runs the daemon on half a second of silence and remembers what it was given."""

    def __init__(self, folder, monkeypatch, osc_port):
        self.osc_port, self.sightings, self.shifts_s, self.said = osc_port, [], [], []
        self.beside = lambda _number: None  # done before each block
        ran = self

        class FakeMicrophone:
            device, sample_rate_hz = MICROPHONE, RATE

            def __init__(self, device, _reastream_from, **_):
                pass

            def __enter__(self):
                return self

            def __exit__(self, *_):
                pass

            def blocks(self):
                for number in range(5):
                    ran.say_where_reaper_is(number)
                    ran.beside(number)
                    yield AudioBlock(1600 * number, RATE, np.zeros(1600, np.float32))

        class SpiedFollowing(daemon.Following):
            def __init__(self, *arguments, shift_s):
                super().__init__(*arguments, shift_s=shift_s)
                ran.shifts_s.append(shift_s)

            def sighted(self, sighting, host_now_s):
                super().sighted(sighting, host_now_s)
                ran.sightings.append((sighting.time_s, host_now_s))

        monkeypatch.setattr(daemon, "open_source", FakeMicrophone)
        monkeypatch.setattr(daemon, "Following", SpiedFollowing)
        monkeypatch.setattr(daemon, "open_own_ears", lambda _: open_ears("cpu"))
        monkeypatch.setattr(daemon, "calibration_file", lambda: folder / "calibration.json")

    def say_where_reaper_is(self, number):
        if not self.osc_port:
            return
        builder = OscMessageBuilder("/time")
        builder.add_arg(float(number))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reaper:
            reaper.sendto(builder.build().dgram, (LOOPBACK, self.osc_port))
        deadline = time.monotonic() + 10
        while len(self.sightings) <= number and time.monotonic() < deadline:
            time.sleep(0.005)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind((LOOPBACK, 0))
        return door.getsockname()[1]


@pytest.fixture
def run(tmp_path, monkeypatch):
    def run(osc_port, control_port=0, beside=None, reaper=tmp_path, midi_port=""):
        ran = Ran(tmp_path, monkeypatch, osc_port)
        monkeypatch.setattr(daemon, "resource_path_if_any", lambda _: reaper)
        ran.beside = beside or ran.beside
        settings = f"[reaper]\nosc_port = {osc_port}\n[osc]\nport = {control_port}\nadvertise = false\n"
        settings += f'[midi]\nmidi_port = "{midi_port}"\n'
        (tmp_path / "config.toml").write_text(settings, encoding="utf-8")
        daemon.run_daemon(load_settings(tmp_path / "config.toml"), say=ran.said.append)
        return ran

    return run


def test_what_was_calibrated_for_this_microphone_is_applied(run, tmp_path):
    assert run(0).shifts_s == [0.0]
    save(tmp_path / "calibration.json", MICROPHONE, RATE, Calibration(0.043, 0.001, 40))
    assert run(0).shifts_s == [0.043]


def test_reapers_osc_is_heard_on_the_port_that_is_set(run):
    assert [time_s for time_s, _ in run(free_port()).sightings] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_without_a_port_nothing_listens(run, monkeypatch):
    monkeypatch.setattr(daemon, "hear_osc", None)
    assert run(0).sightings == []


def test_a_controller_is_obeyed_while_it_runs_and_no_longer(run):
    port, heard = free_port(), []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.settimeout(10)

        def play(number):
            if number == 1:
                for each in (Message("/vocalmidi/subscribe"), Message("/vocalmidi/genre", ("jazz",))):
                    phone.sendto(encode(each), (LOOPBACK, port))
                heard.append(decode(phone.recv(9000)))
                while heard[-1] != Message("/vocalmidi/genre", ("jazz",)):
                    heard.append(decode(phone.recv(9000)))

        ran = run(0, port, play)
    assert len(heard) > 1
    assert any(f"port {port}" in line for line in ran.said)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind((LOOPBACK, port))


def told(packets):
    """What was told last on each address."""
    messages = [each for packet in packets for each in getattr(packet, "elements", [packet])]
    return {each.address.removeprefix("/vocalmidi/"): each.arguments[0] for each in messages}


def test_without_reaper_controllers_are_served_and_told_why_nothing_can_be_written(run, tmp_path, monkeypatch):
    monkeypatch.setattr(daemon, "lonely_spool", lambda: tmp_path / "state" / "spool")
    port, heard = free_port(), []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.settimeout(10)

        def play(number):
            if number == 0:
                for each in (Message("/vocalmidi/subscribe"), Message("/vocalmidi/write")):
                    phone.sendto(encode(each), (LOOPBACK, port))
                while "error" not in told(heard):
                    heard.append(decode(phone.recv(9000)))

        ran = run(0, port, play, reaper=None)
    assert ran.said[0].startswith("there is no Reaper in the usual places")
    assert "bridge" in told(heard)["error"]
    assert (tmp_path / "state" / "spool").stat().st_mode & 0o077 == 0


def test_without_a_control_port_no_controller_is_heard(run, monkeypatch):
    monkeypatch.setattr(daemon, "controlled_by_osc", None)
    assert run(0).said


def test_where_a_port_is_open_every_block_is_played_live(run, monkeypatch):
    played = []

    class FakePlay:
        heard = staticmethod(played.append)
        rest = None

    @contextmanager
    def live_play(_settings, rate_hz, _say, _real_time, _gauge):
        assert rate_hz == RATE
        yield FakePlay

    monkeypatch.setattr(daemon, "live_play", live_play)
    run(0, midi_port="virtual")
    assert [block.start for block in played] == [0, 1600, 3200, 4800, 6400]


def test_what_real_time_it_got_is_said_and_everything_is_as_before_at_the_end(run):
    def state():
        scheduled = os.sched_getscheduler(0) if hasattr(os, "sched_getscheduler") else None
        return gc.isenabled(), gc.get_freeze_count(), sys.getswitchinterval(), scheduled

    before, during = state(), []
    ran = run(0, beside=lambda _: during.append(state()))
    assert len([line for line in ran.said if line.startswith("real time: ")]) == 1
    assert {(collects, frozen > 0) for collects, frozen, _, _ in during} == {(False, True)}
    assert state() == before


def test_a_profiler_that_asks_is_told_what_the_daemon_costs(run, tmp_path):
    found = []
    root = spool_root(tmp_path)
    asking = threading.Thread(target=lambda: found.append(ask(root, Question(1.0))))

    def beside(number):
        if number == 1:
            asking.start()
        if number > 1:
            time.sleep(0.3)
        if number == 4:
            asking.join()

    run(0, beside=beside)
    (report,) = [each.report for each in found]
    assert report.measured == "daemon"
    assert next(row.count for row in report.stages if row.stage == "history") >= 1
    assert {"reader", "work", "answer"} <= {row.name for row in report.threads} or sys.platform != "linux"
    facts = {fact.name: fact.words for fact in report.facts}
    assert "voice_considered on " in facts["considered"]
    assert MICROPHONE.label in facts["sound"]
    assert list((root / "profile").iterdir()) == []
