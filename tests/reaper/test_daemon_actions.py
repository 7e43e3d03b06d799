"""The actions that start and stop the daemon: what is run, what is said, and what never is."""

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.test_bridge_life import wished
from vocalmidi.reaper import CommandName, install
from vocalmidi.reaper.start_command import start_command

LUAS = ["lua53", "lua54"]


@pytest.fixture(params=LUAS)
def installed(tmp_path, request):
    """Reaper with the scripts that `vocalmidi reaper install` has put there, its bridge running."""
    folder = tmp_path / "my Reaper"
    folder.mkdir()
    (folder / "reaper.ini").touch()
    install(folder)
    reaper = InMemoryReaper(folder, request.param)
    reaper.run(folder / "Scripts" / "Vocal MIDI" / "bridge.lua")
    reaper.turn(70)
    yield reaper
    reaper.check()


def run(reaper, name):
    reaper.run(reaper.resource / "Scripts" / "Vocal MIDI" / "actions" / f"Vocal MIDI_{name}.lua")
    reaper.turn(2)


def started(reaper):
    return list(reaper.fake.processes.values())


def messages(reaper):
    return list(reaper.fake.messages.values())


def said(reaper):
    return [text.removeprefix("!SHOW:Vocal MIDI: ").strip() for text in reaper.fake.console.values()]


def test_the_daemon_is_started_as_it_was_installed_and_told_when_it_listens(installed):
    run(installed, "Start daemon")
    assert started(installed) == [" ".join(f'"{word}"' for word in start_command(installed.resource))]
    assert said(installed) == ["starting …"]
    installed.turn(60)
    installed.spool().beat()
    installed.turn(30)
    assert said(installed) == ["starting …", "listening to the microphone"]
    assert messages(installed) == []


def test_one_that_runs_is_not_started_again(installed):
    installed.spool().beat()
    run(installed, "Start daemon")
    assert started(installed) == []
    assert messages(installed) == ["Vocal MIDI runs already."]


def test_one_that_is_being_started_is_not_started_again(installed):
    run(installed, "Start daemon")
    run(installed, "Start daemon")
    assert len(started(installed)) == 1
    assert messages(installed) == ["Vocal MIDI is being started."]


def test_what_kept_it_from_starting_is_told_in_its_own_words(installed):
    log = installed.root / "daemon.log"
    log.write_text("vocalmidi: of an earlier try\n")
    run(installed, "Start daemon")
    installed.turn(30)
    assert messages(installed) == []
    log.write_text("some line\nvocalmidi: no microphone is found; plug one in\n")
    installed.turn(30)
    assert messages(installed) == ["Vocal MIDI could not start.\n\nno microphone is found; plug one in"]
    installed.turn(30 * 90)
    assert len(messages(installed)) == 1
    run(installed, "Start daemon")
    assert len(started(installed)) == 2


def test_one_that_never_comes_up_is_told_once(installed):
    run(installed, "Start daemon")
    installed.turn(30 * 59)
    assert messages(installed) == []
    installed.turn(30 * 30)
    assert messages(installed) == ["Vocal MIDI has not started. `vocalmidi run` in a terminal tells why."]


def test_scripts_that_came_without_the_program_say_what_to_do(reaper):
    reaper.action("Start daemon")
    reaper.turn(2)
    assert started(reaper) == []
    (message,) = messages(reaper)
    assert "was not told how to start" in message
    assert "`vocalmidi reaper install`" in message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{python}\n-m\nvocalmidi" & calc "\n', "is damaged"),
        ("{python}\n-m\nvocal\tmidi\n", "is damaged"),
        ("/gone/python\n-m\nvocalmidi\n", "is not there any more: /gone/python"),
        ("", "is not there any more"),
    ],
)
def test_a_damaged_or_outdated_command_is_not_run(installed, content, reason):
    path = installed.resource / "Scripts" / "Vocal MIDI" / "daemon.txt"
    path.write_text(content.format(python=start_command(installed.resource)[0]))
    run(installed, "Start daemon")
    assert started(installed) == []
    assert reason in messages(installed)[0]


def test_nothing_in_the_spool_decides_what_is_run(installed):
    (installed.root / "daemon.txt").write_text("/bin/sh\n-c\nfalse\n")
    run(installed, "Start daemon")
    assert "/bin/sh" not in started(installed)[0]


@pytest.mark.parametrize("broken", ["ExecProcess", "file_exists", "os.remove", "io.open"])
def test_a_step_that_fails_is_told_and_another_try_goes_through(installed, broken):
    installed.fake.watch_files()
    failed = []

    def first(name, number):
        failed.extend([number] if name == broken else [])
        return failed[:1] == [number]

    installed.run(installed.resource / "Scripts" / "Vocal MIDI" / "actions" / "Vocal MIDI_Start daemon.lua")
    installed.fail_at(first)
    installed.turn(2)
    installed.fail_at(None)
    assert failed
    if not started(installed):
        assert len(messages(installed)) == 1
        run(installed, "Start daemon")
    assert len(started(installed)) == 1


def test_stopping_asks_the_daemon_to_end(reaper):
    command = wished(reaper, "Stop daemon")
    assert command.name is CommandName.STOP


def test_stopping_where_none_runs_is_told(reaper):
    reaper.action("Stop daemon")
    reaper.turn(2)
    assert "Vocal MIDI is not listening" in messages(reaper)[0]
