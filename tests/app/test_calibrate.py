"""Calibrating through the real Lua scripts: claps to the click of a Reaper in memory; what was found is kept."""

import numpy as np
import pytest
from click.testing import CliRunner

from reaper.in_memory import InMemoryReaper
from synth import room_noise
from vocalmidi.app import calibrate as calibrating
from vocalmidi.app.calibrate import calibrate_by_last_claps, listen_and_calibrate
from vocalmidi.app.calibration import forget, save, saved_shift_s
from vocalmidi.app.following import Following, Now
from vocalmidi.capture import Device, History
from vocalmidi.cli import vocalmidi
from vocalmidi.errors import TransportError
from vocalmidi.transport import Calibration
from vocalmidi.values import AudioBlock

RATE = 16_000
BLOCK = 1_600
MICROPHONE = Device(3, "Désk mic", "ALSA", 2, RATE, True)
FOUND = Calibration(0.043, 0.002, 32)


class Session:
    """A Reaper that plays at 120 BPM and a microphone beside it, on one virtual clock: a block is three turns."""

    def __init__(self, folder, sound, is_playing=True):
        self.reaper = InMemoryReaper(folder)
        self.reaper.start()
        self.sound, self.is_playing = sound, is_playing
        self.following = Following(self.reaper.spool(), RATE, lambda: Now(self.reaper.fake.clock_s, self.reaper.now()))

    def blocks(self):
        project = self.reaper.project
        project.play_state = int(self.is_playing)
        for at in range(0, len(self.sound), BLOCK):
            for _ in range(3):
                project.play_s += 1 / 30
                self.reaper.turn()
            yield AudioBlock(at, RATE, self.sound[at : at + BLOCK])

    def calibrate(self, claps=16):
        self.heard = []
        return listen_and_calibrate(self.blocks(), self.following, RATE, claps, self.heard.append)


def clapping(late_s, count, unsteady_s=0.0):
    """Claps to the half seconds from 2 s on."""
    rng = np.random.default_rng(1)
    sound = room_noise(count / 2 + 5.0, RATE, level_db=-65.0, seed=2).astype(np.float64)
    for number in range(count):
        at = round(RATE * (2.0 + number / 2 + late_s + rng.normal(0.0, unsteady_s)))
        sound[at : at + 800] += 0.3 * rng.normal(size=800) * np.exp(-np.arange(800) / 120)
    return sound.astype(np.float32)


def test_what_claps_tell_differs_by_how_late_they_come_and_it_ends_when_it_is_sure(tmp_path):
    on_the_click = Session(tmp_path / "one", clapping(0.0, 60)).calibrate(claps=32)
    session = Session(tmp_path / "two", clapping(0.043, 60))
    late = session.calibrate(claps=32)
    assert late.shift_s - on_the_click.shift_s == pytest.approx(0.043, abs=0.0015)
    assert late.claps == session.heard[-1]
    assert 32 <= late.claps <= 35
    assert late.sure_s < 0.001


def test_unsteady_claps_are_listened_to_for_longer(tmp_path):
    found = Session(tmp_path, clapping(0.02, 90, unsteady_s=0.008)).calibrate(claps=8)
    assert found.claps > 20
    assert found.sure_s <= 0.0015


def test_of_a_history_only_the_last_claps_in_a_row_count_and_the_shift_found_before_is_in_what_they_tell(tmp_path):
    knocks = clapping(0.17, 12)
    session = Session(tmp_path, np.concatenate([knocks, clapping(0.0, 40)[: 24 * RATE]]))
    history = History(3, RATE)
    for block in session.blocks():
        history.append(block)
        session.following.heard(block)
    # The knocks end at 11 s, so the claps to the click begin at half seconds again.
    found = calibrate_by_last_claps(history, session.following)
    assert found.claps == 40
    assert abs(found.shift_s) < 0.06
    session.following.shift_s = 0.02
    assert calibrate_by_last_claps(history, session.following).shift_s == pytest.approx(found.shift_s, abs=0.0005)


def test_a_transport_that_stands_still_and_silence_are_said(tmp_path):
    with pytest.raises(TransportError, match="did not play"):
        Session(tmp_path / "one", clapping(0.0, 20), is_playing=False).calibrate()
    with pytest.raises(TransportError, match="0 claps were heard"):
        Session(tmp_path / "two", clapping(0.0, 0)).calibrate()


def test_what_was_found_is_kept_for_each_device_and_rate(tmp_path):
    path = tmp_path / "state" / "calibration.json"
    assert saved_shift_s(path, MICROPHONE, RATE) == 0.0
    save(path, MICROPHONE, RATE, FOUND)
    save(path, MICROPHONE, 48_000, Calibration(0.01, 0.001, 40))
    assert saved_shift_s(path, MICROPHONE, RATE) == 0.043
    assert saved_shift_s(path, MICROPHONE, 44_100) == 0.0
    assert forget(path, MICROPHONE, RATE)
    assert not forget(path, MICROPHONE, RATE)
    assert saved_shift_s(path, MICROPHONE, 48_000) == 0.01


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"version": 2, "devices": {}}', '{"version": 1}', "\xff"]
    + [
        f'{{"version": 1, "devices": {{"Désk mic (ALSA) at 16000 Hz": {entry}}}}}'
        for entry in ("3", "{}", '{"shift_s": "x"}', '{"shift_s": 7.0}', '{"shift_s": NaN}')
    ],
)
def test_a_damaged_file_is_said_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "calibration.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TransportError, match="delete it and calibrate again"):
        saved_shift_s(path, MICROPHONE, RATE)
    assert path.read_text(encoding="utf-8") == content


def test_the_command_listens_keeps_what_it_found_and_forgets_it(tmp_path, monkeypatch):
    session = Session(tmp_path, clapping(0.043, 40))
    path = tmp_path / "calibration.json"

    class FakeMicrophone:
        device, sample_rate_hz, blocks = MICROPHONE, RATE, staticmethod(session.blocks)

        def __init__(self, device, _reastream_from):
            assert device == ""

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(calibrating, "open_source", FakeMicrophone)
    monkeypatch.setattr(calibrating, "Following", lambda *_: session.following)
    monkeypatch.setattr(calibrating, "find_resource_path", lambda _: tmp_path)
    monkeypatch.setattr(calibrating, "find_device", lambda _: MICROPHONE)
    monkeypatch.setattr(calibrating, "calibration_file", lambda: path)
    (tmp_path / "config.toml").touch()
    command = ["--config", str(tmp_path / "config.toml"), "calibrate"]
    done = CliRunner().invoke(vocalmidi, command, catch_exceptions=False)
    assert done.exit_code == 0
    assert "later than the drivers say" in done.stdout
    assert saved_shift_s(path, MICROPHONE, RATE) > 0.0
    assert "forgotten" in CliRunner().invoke(vocalmidi, [*command, "--forget"], catch_exceptions=False).stdout
    assert saved_shift_s(path, MICROPHONE, RATE) == 0.0
