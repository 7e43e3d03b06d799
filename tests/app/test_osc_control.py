"""A controller, the daemon, the bridge and Reaper together: what is asked by OSC is done, and what is done is told."""

import socket
import time
from dataclasses import replace

import numpy as np
import pytest

from app.studio import RATE, TUNE, Studio, quiet
from app.test_run import free_port
from control.test_desk import PHONE, Room, message, told
from needs import absent
from reaper.test_bridge_remake import deselect
from synth import sing
from vocalmidi.app.controlled import Controlled, pitch_words
from vocalmidi.app.ears import open_ears
from vocalmidi.app.errands import Errands
from vocalmidi.app.lesson import LESSON_S, Lessons
from vocalmidi.app.osc_control import allow_list, controlled_by_osc
from vocalmidi.app.showing import meter_now
from vocalmidi.config import load_settings
from vocalmidi.control import Desk, Message, decode, encode, entries
from vocalmidi.errors import ConfigError
from vocalmidi.values import AudioBlock


class Stage(Room):
    """A studio with a controller, subscribed, on the studio's clock; every message of the desk's is heard."""

    def __init__(self, studio, folder):
        self.studio = studio
        writer = studio.writer
        settings = replace(load_settings(folder / "config.toml"), voice_profile=str(folder / "profile.json"))
        lessons = Lessons(writer, settings, lambda: writer.sitting.now.listening)
        self.errands = Errands(studio.spool, lessons)
        writer.attend(self.errands)
        meter = lambda: meter_now(writer.history)  # noqa: E731 - as the daemon has it
        self.program = Controlled(writer.sitting, self.errands, meter, lambda: writer.is_writing)
        self.desk = Desk(self.program)
        self.now_s = 100.0
        self.state = dict(pair for pair in told(self.subscribe()) if len(pair) == 2)

    def ask(self, name, *arguments):
        """Send a message; return what the subscriber is told at once."""
        return self.kept(told(self.send(message(name, *arguments))))

    def kept(self, sent):
        self.state |= {each[0]: each[1] for each in sent if each[0] in self.state}
        return sent

    def do(self, name, *arguments):
        """Send a message and let the bridge, the daemon and Reaper work on it; return all that was told but meters."""
        said = self.ask(name, *arguments)
        for _ in range(4):
            self.studio.answer()
            said += self.kept(told(self.pass_s(0.1)))
        return [each for each in said if each[0] not in ("level", "pitch", "pitch/name")]


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    made = Studio(tmp_path, ears)
    yield made
    made.reaper.check()
    assert made.told == []  # nobody sits before a box


@pytest.fixture
def stage(studio, tmp_path):
    return Stage(studio, tmp_path)


@pytest.fixture
def written(stage):
    """A stage on which the tune was sung at bar 3 and written from the controller."""
    stage.studio.user("project.play_state, project.play_s = 1, 4.0")
    stage.studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    said = stage.do("write")
    assert [each for each in said if each[0] == "error"] == []
    return stage


def test_all_state_comes_on_subscribing(stage):
    names = {each.address.removeprefix("/vocalmidi/") for each in entries() if each.has_state}
    assert set(stage.state) == names | {"busy"}
    assert (stage.state["genre"], stage.state["tempo"], stage.state["listen"]) == ("pop", "auto", True)
    assert stage.state["part/drums/enabled"] is True
    assert stage.state["part/drums/lock"] is False


SETTINGS = [("genre", "jazz", "jazz"), ("mood", "dark", "dark"), ("key", "C minor", "C minor"), ("tempo", 92, 92.0),
            ("tempo", "auto", "auto"), ("seed", 7.0, 7), ("quantize", "50", 50), ("density", 80, 80),
            ("complexity", 20, 20), ("scale_lock", "blues", "blues"), ("bend", "true", "true"),
            ("octave", -1, -1), ("feel", 40, 40), ("swing", 66.0, 66.0), ("bend", "snap", "snap"),
            ("live/bend", "true", "true"), ("live/scale", "blues", "blues"), ("live/mpe", 1.0, True), ("live", 1, True),
            ("part/drums/enabled", 0, False), ("listen", 0, False)]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "echo"), SETTINGS, ids=[f"{each[0]}-{each[1]}" for each in SETTINGS])
def test_a_setting_is_changed_and_echoed(stage, name, value, echo):
    if stage.state[name] == echo:
        stage.ask(name, 60)
    assert (name, echo) in stage.ask(name, value)
    assert stage.state[name] == echo


@pytest.mark.parametrize(("name", "value"), [("key", "H minor"), ("feel", 50)])
def test_what_the_program_can_t_do_is_an_error_and_the_state_holds(stage, name, value):
    stage.ask("genre", "cinematic")  # of which nobody has taught a feel
    before = dict(stage.state)
    said = stage.ask(name, value)
    assert [each[0] for each in said] == ["error", name]
    assert stage.state == before


def test_the_last_part_can_t_be_switched_off(stage):
    for part in ("melody", "chords", "bass"):
        stage.ask(f"part/{part}/enabled", 0)
    assert stage.ask("part/drums/enabled", 0)[0][0] == "error"
    assert stage.state["part/drums/enabled"] is True
    stage.ask("part/*/enabled", 1)
    assert stage.studio.writer.sitting.now.settings.parts == "all"


def test_what_an_action_in_reaper_changes_is_told(stage):
    stage.studio.act("Next genre")
    assert ("genre", "rnb") in told(stage.pass_s(0.1))


def test_what_was_sung_is_written_where_it_was_sung_and_told(written):
    starts = [start for start, _ in written.studio.melody()]
    assert starts == pytest.approx([8.5 + step for step in range(len(TUNE))], abs=0.02)
    assert len(written.studio.reaper.undo_titles()) == 1
    said = written.do("write")
    assert [each for each in said if "already inserted" in str(each[1])]


def test_who_writes_is_busy_until_it_is_done(stage):
    stage.studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    busy = [each[1] for each in stage.do("write") if each[0] == "busy"]
    assert busy == [True, False]


def test_the_next_phrase_is_written_as_the_controller_wants_it(stage):
    stage.ask("genre", "jazz")
    stage.ask("part/drums/enabled", 0)
    stage.studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    stage.do("write")
    assert stage.studio.reaper.undo_titles() == ["Vocal MIDI: insert arrangement (jazz)"]
    assert stage.studio.reaper.track_names() == ["Melody", "Chords", "Bass"]


def notes(stage):
    return {name: stage.studio.reaper.notes(name) for name in ("Melody", "Chords", "Bass", "Drums")}


@pytest.mark.parametrize("ask", [("regenerate", "drums"), ("part/drums/regenerate", 1.0), ("arrange", "drums")])
def test_a_part_is_rolled_again_and_the_others_stay(written, ask):
    before = notes(written)
    said = written.do(*ask)
    assert [each[0] for each in said if each[0] in ("written", "error")] == ["written"]
    after = notes(written)
    assert [name for name in after if after[name] != before[name]] == ["Drums"]


def test_the_same_seed_gives_the_same_part_again(written):
    first = notes(written)["Drums"]
    written.do("regenerate", "drums", 7)
    seventh = notes(written)["Drums"]
    written.do("regenerate", "drums")
    assert notes(written)["Drums"] not in (first, seventh)
    written.do("regenerate", "drums", 7)
    assert notes(written)["Drums"] == seventh


def test_what_is_locked_stays_and_the_lock_is_echoed_once_reaper_has_it(written):
    said = written.do("part/drums/lock", 1)
    assert ("part/drums/lock", True) in said
    before = notes(written)
    written.do("arrange")
    after = notes(written)
    assert [name for name in after if after[name] != before[name]] == ["Chords", "Bass"]
    [error] = [each[1] for each in written.do("regenerate", "drums") if each[0] == "error"]
    assert "is locked" in error
    assert ("part/drums/lock", False) in written.do("part/drums/lock", 0)
    written.do("regenerate", "drums")
    assert notes(written)["Drums"] != before["Drums"]


def test_a_lock_set_in_reaper_is_shown_and_another_arrangement_has_its_own(written):
    written.studio.act("Lock or unlock bass")
    written.studio.turns(40)
    written.do("status")
    assert written.state["part/bass/lock"] is True
    assert written.state["part/drums/lock"] is False
    written.studio.play(np.concatenate([quiet(2.0), sing(TUNE[:5], RATE).samples, quiet(1.0)]))
    deselect(written.studio.reaper)
    written.do("write")
    written.studio.turns(40)
    written.do("status")
    assert written.state["part/bass/lock"] is False


def test_what_is_refused_in_reaper_is_an_error_in_words_and_no_box(stage):
    for ask in (("part/drums/lock", 1), ("regenerate", "bass"), ("continue", 4), ("write/selection",), ("write",)):
        said = stage.do(*ask)
        errors = [each for each in said if each[0] == "error"]
        assert len(errors) == 1, ask
    assert stage.state["part/drums/lock"] is False


def test_an_arrangement_goes_on(written):
    before = max(note.stop_qn for note in notes(written)["Bass"])
    written.do("continue", 4)
    assert max(note.stop_qn for note in notes(written)["Bass"]) > before + 8


def test_panic_reaches_reaper(stage):
    assert ("written", "all notes off") in stage.do("panic")
    assert list(stage.studio.reaper.fake.commands.values()) == [40345]  # "Send all notes off", as the panel's button


def test_without_a_bridge_the_errors_say_what_to_do(stage):
    stage.studio.reaper.fake.end_scripts(True)
    said = stage.do("write")
    assert [each for each in said if each[0] == "error" and "start Reaper" in each[1]]
    assert stage.state["busy"] is False


def test_a_wish_that_nobody_takes_is_given_up_in_words(stage):
    stage.ask("write")
    stage.studio.writer.answer_commands()
    assert list((stage.studio.reaper.root / "wishes").iterdir())
    stage.studio.reaper.fake.clock_s += 5.5
    stage.studio.writer.answer_commands()
    assert [each for each in told(stage.pass_s(0.1)) if each[0] == "error" and "has not answered" in each[1]]
    assert not list((stage.studio.reaper.root / "wishes").iterdir())


def test_more_than_a_line_of_errands_is_refused(stage):
    said = [each for _ in range(40) for each in stage.ask("arrange")]
    assert len([each for each in said if each[0] == "error" and "wait to be done" in each[1]]) == 8


def test_meters_show_what_is_sung_and_nothing_while_nobody_listens(stage):
    stage.studio.play(sing(TUNE[:1], RATE).samples[: RATE // 2])
    seen = dict(told(stage.pass_s(0.1)))
    assert seen["pitch"] == pytest.approx(TUNE[0].pitch_midi, abs=0.3)
    assert seen["level"] > -40
    assert seen["pitch/name"].startswith("C4")
    seen = dict(stage.ask("listen", 0) + told(stage.pass_s(0.1)))
    assert (seen["level"], seen["pitch"], seen["pitch/name"]) == (-120.0, 0.0, "-")


def test_bend_and_octave_hold_for_what_is_written_and_what_is_played_live_alike(stage):
    assert ("octave", 2) in stage.ask("octave", 2)
    assert ("live/octave", 2) in stage.kept(told(stage.pass_s(0.05)))
    stage.ask("live/octave", -1)
    stage.kept(told(stage.pass_s(0.05)))
    assert (stage.state["octave"], stage.state["live/octave"]) == (2, -1)


def test_live_notes_are_passed_on(stage):
    stage.program.happened(Message("/vocalmidi/note", (60, 100)))
    assert ("note", 60, 100) in told(stage.pass_s(0.05))


@pytest.mark.parametrize(("pitch", "words"), [(69.0, "A4 +0"), (60.12, "C4 +12"), (58.9, "B3 -10"), (None, "-")])
def test_a_pitch_in_words(pitch, words):
    assert pitch_words(pitch) == words


def claps(seconds, every_s):
    rng = np.random.default_rng(5)
    sound = quiet(seconds).copy()
    for at in np.arange(0.5, seconds - 0.5, every_s):
        start = int(at * RATE)
        sound[start : start + 1600] += (0.4 * rng.standard_normal(1600) * np.exp(-np.arange(1600) / 200)).astype(
            np.float32
        )
    return sound


def test_a_sound_is_learnt_from_what_is_heard_next_and_forgotten(stage):
    assert ("busy", True) in stage.do("trigger/learn", "clap", 39)
    heard = AudioBlock(stage.studio.heard, RATE, claps(LESSON_S + 0.5, 1.2))
    stage.studio.heard += len(heard.samples)
    stage.studio.writer.hear(heard)
    stage.studio.writer.answer_commands()
    said = told(stage.pass_s(0.1))
    assert [each for each in said if each[0] == "written" and "learnt clap" in each[1]], said
    assert stage.studio.writer.ears.profile.names == ("clap",)
    assert [each for each in stage.do("trigger/clear", "clap") if each[0] == "written"]
    assert stage.studio.writer.ears.profile.names == ()
    assert [each for each in stage.do("trigger/clear", "clap") if each[0] == "error"]


def test_nothing_is_learnt_while_nobody_listens_nor_two_sounds_at_once(stage):
    stage.ask("listen", 0)
    assert [each for each in stage.do("trigger/learn", "clap") if each[0] == "error"]
    stage.ask("listen", 1)
    stage.do("trigger/learn", "clap")
    assert [each for each in stage.do("trigger/learn", "click") if each[0] == "error" and "clap is being" in each[1]]


def test_a_door_to_the_network_needs_names(tmp_path):
    (tmp_path / "config.toml").touch()
    settings = load_settings(tmp_path / "config.toml")
    assert allow_list(settings).allows("127.0.0.1")
    with pytest.raises(ConfigError, match=r"osc\.allow names nobody"):
        allow_list(replace(settings, bind="0.0.0.0"))
    with pytest.raises(ConfigError, match="is no address"):
        allow_list(replace(settings, bind="my-host"))
    assert allow_list(replace(settings, bind="0.0.0.0", allow="10.0.0.0/8")).allows("10.1.2.3")


def test_the_daemon_s_door_serves_and_a_taken_port_is_said(studio, tmp_path):
    settings = replace(load_settings(tmp_path / "config.toml"), port=free_port(), advertise=False)
    with (
        controlled_by_osc(studio.writer, studio.spool, settings, studio.said.append) as opened,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone,
    ):
        phone.settimeout(10)
        phone.sendto(encode(message("subscribe")), ("127.0.0.1", opened.port))
        assert message("genre", "pop") in decode(phone.recv(9000)).elements
        while not opened.program.is_heard:
            time.sleep(0.01)
        opened.program.happened(message("note", 60, 100))
        while decode(phone.recv(9000)) != message("note", 60, 100):
            pass
        with controlled_by_osc(studio.writer, studio.spool, settings, studio.said.append) as taken:
            assert taken.port is None
    assert "can't be listened to" in studio.said[-1]


def test_touchosc_s_browse_finds_it(studio, tmp_path):
    zeroconf = pytest.importorskip("zeroconf")
    settings = replace(load_settings(tmp_path / "config.toml"), port=free_port())
    found = []

    class Browser(zeroconf.ServiceListener):
        def add_service(self, zc, type_, name):
            service = zc.get_service_info(type_, name)
            if service is not None:
                found.append((name, service.port, service.parsed_addresses()))

        def update_service(self, zc, type_, name):
            self.add_service(zc, type_, name)

        def remove_service(self, zc, type_, name):
            pass

    try:
        browser = zeroconf.Zeroconf(interfaces=["127.0.0.1"])
    except OSError as error:
        absent(f"no multicast on loopback: {error}")
    with controlled_by_osc(studio.writer, studio.spool, settings, studio.said.append) as opened:
        zeroconf.ServiceBrowser(browser, "_osc._udp.local.", Browser())
        deadline = time.monotonic() + 20
        while not [each for each in found if each[1] == opened.port] and time.monotonic() < deadline:
            time.sleep(0.05)
        browser.close()
    [(name, _, addresses)] = [each for each in found if each[1] == opened.port][:1]
    assert name.startswith("Vocal MIDI on ")
    assert addresses == ["127.0.0.1"]
    assert PHONE.host == "127.0.0.1"
