"""The commands about Reaper and the daemon as a user meets them: what is printed, and one line for each mistake."""

import json
import shutil
import signal
import subprocess
import time
from importlib import resources

import pytest

from lua.signatures import SCRIPTS
from needs import program
from reaper.in_memory import InMemoryReaper
from reaper.reapack_rules import faults
from vocalmidi.app import daemon
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import osc_device_line, osc_setup, sole_daemon, spool_root


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "my Reaper"
    folder.mkdir()
    (folder / "reaper.ini").write_text("[REAPER]\ncsurf_cnt=0\n")
    return folder


def test_how_it_stands_is_also_told_to_programs(vocalmidi, folder):
    outcome = vocalmidi("reaper", "status", "--resource-path", folder, "--json")
    told = json.loads(outcome.out)
    assert outcome.status == 1
    assert (told["version"], told["installed"], told["starts_bridge"]) == (1, False, False)
    assert "bridge.lua" in told["missing"]
    assert (told["bridge"]["is_alive"], told["daemon"]["is_alive"], told["osc_device"]) == (False, False, None)
    assert told["resource_path"] == str(folder)
    vocalmidi("reaper", "install", "--resource-path", folder)
    told = json.loads(vocalmidi("reaper", "status", "--resource-path", folder, "--json").out)
    assert (told["installed"], told["missing"], told["outdated"], told["starts_bridge"]) == (True, [], [], True)


def test_a_daemon_that_runs_is_told_in_words(vocalmidi, folder):
    vocalmidi("reaper", "install", "--resource-path", folder)
    assert "daemon   not running" in vocalmidi("reaper", "status", "--resource-path", folder).out
    daemon.Spool(spool_root(folder), app="vocalmidi 9.9").beat()
    assert "daemon   running, vocalmidi 9.9" in vocalmidi("reaper", "status", "--resource-path", folder).out


def test_actions_are_listed_by_the_commands_they_have_there(vocalmidi, folder):
    outcome = vocalmidi("reaper", "actions", "--resource-path", folder)
    assert outcome.status == 1
    assert "start Reaper once" in outcome.err
    vocalmidi("reaper", "install", "--resource-path", folder)
    reaper = InMemoryReaper(folder)
    reaper.run(folder / "Scripts" / "Vocal MIDI" / "bridge.lua")
    reaper.turn(5)
    rows = vocalmidi("reaper", "actions", "--resource-path", folder).out.splitlines()
    assert all(row.startswith("_RS") for row in rows)
    assert any(row.endswith("  Vocal MIDI: Write what I just sang") for row in rows)
    command = next(row.split()[0] for row in rows if row.endswith("  Vocal MIDI: New seed"))
    for use, sent in (
        ("osc", f'/action/str "{command}"'),
        ("web", f"/_/{command}"),
        ("lua", f'NamedCommandLookup("{command}")'),
    ):
        listed = vocalmidi("reaper", "actions", "--for", use, "--resource-path", folder).out
        assert f"{sent}  Vocal MIDI: New seed\n" in listed
    told = json.loads(vocalmidi("reaper", "actions", "--resource-path", folder, "--json").out)
    assert [f"{action['command']}  {action['title']}" for action in told["actions"]] == rows


def test_osc_is_explained_and_nothing_is_written_unasked(vocalmidi, folder):
    before = (folder / "reaper.ini").read_bytes()
    outcome = vocalmidi("reaper", "osc", "--resource-path", folder)
    assert outcome.status == 0
    assert 'OSC "Vocal MIDI" 2 0 "127.0.0.1" 9000 1024 10 "VocalMIDI"' in outcome.out
    assert "It takes no commands" in outcome.out
    assert "osc_port = 9000" in outcome.out
    listening = vocalmidi("reaper", "osc", "--port", 9100, "--receive", 8000, "--resource-path", folder).out
    assert "from every network" in listening
    assert 'OSC "Vocal MIDI" 3 8000 "127.0.0.1" 9100' in listening
    assert (folder / "reaper.ini").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["reaper.ini"]


def test_osc_is_written_on_asking_and_taken_out_again(vocalmidi, folder, monkeypatch):
    monkeypatch.setattr(osc_setup.write_osc_device, "__defaults__", (tuple,))
    monkeypatch.setattr(osc_setup.remove_osc_device, "__defaults__", (tuple,))
    written = vocalmidi("reaper", "osc", "--write", "--port", 9123, "--resource-path", folder)
    assert written.status == 0, written.err
    assert "reaper.ini.before-vocalmidi" in written.out
    assert "set osc_port = 9123" in written.out
    assert "9123" in osc_device_line(folder)
    assert "the OSC device stays" in vocalmidi("reaper", "uninstall", "--resource-path", folder).out
    assert "taken out" in vocalmidi("reaper", "osc", "--remove", "--resource-path", folder).out
    assert osc_device_line(folder) is None
    assert "no OSC device of ours" in vocalmidi("reaper", "osc", "--remove", "--resource-path", folder).out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--write", "--remove"), "choose one"),
        (("--port", 9000, "--receive", 9000), "can't be used both ways"),
        (("--port", 0), "--port"),
    ],
)
def test_osc_options_that_contradict_each_other_are_bad_use(vocalmidi, folder, words, reason):
    outcome = vocalmidi("reaper", "osc", *words, "--resource-path", folder)
    assert outcome.status == 2
    assert reason in outcome.err


def git(folder, *words):
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    told = subprocess.run([program("git"), "-C", folder, *identity, *words], capture_output=True, text=True, check=True)
    return told.stdout.strip()


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Return a git checkout of the scripts, which the command takes for its own."""
    scripts = tmp_path / "repository" / "reaper_scripts"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(resources, "files", lambda _: scripts)
    git(scripts.parent, "init", "--quiet")
    git(scripts.parent, "add", ".")
    git(scripts.parent, "commit", "--quiet", "-m", "first")
    return scripts


URL = "https://example.org/raw/$commit/$path"


def test_the_index_for_reapack_names_the_commit(vocalmidi, checkout, tmp_path):
    outcome = vocalmidi("reaper", "index", "--url", URL)
    assert outcome.status == 0, outcome.err
    content = (tmp_path / "index.xml").read_bytes()
    assert faults(content) == []
    commit = git(checkout, "rev-parse", "HEAD")
    assert f"https://example.org/raw/{commit}/reaper_scripts/bridge.lua<".encode() in content
    assert vocalmidi("reaper", "index", "--url", URL, "-o", "again.xml").status == 0
    assert (tmp_path / "again.xml").read_bytes() == content


def test_no_index_is_made_of_scripts_that_nobody_can_fetch(vocalmidi, checkout, tmp_path):
    (checkout / "lib" / "new one.lua").write_text("-- @noindex")
    outcome = vocalmidi("reaper", "index", "--url", URL)
    assert outcome.status == 1
    assert "new one.lua" in outcome.err
    assert "commit them" in outcome.err
    shutil.rmtree(checkout.parent / ".git")
    assert "is no git checkout" in vocalmidi("reaper", "index", "--url", URL).err
    assert not (tmp_path / "index.xml").exists()


@pytest.mark.usefixtures("checkout")
def test_an_address_that_leads_nowhere_is_told(vocalmidi):
    assert "no address with $path" in vocalmidi("reaper", "index", "--url", "https://example.org").err


def test_a_second_daemon_says_so_and_ends(vocalmidi, folder):
    with sole_daemon(spool_root(folder)):
        outcome = vocalmidi("run", "--resource-path", folder)
    assert outcome.status == 1
    assert outcome.err.startswith("vocalmidi: a daemon runs for this Reaper already; stop it")


def test_a_daemon_without_a_terminal_says_all_in_its_log(vocalmidi, folder, monkeypatch):
    told = []

    def run_daemon(settings, say):
        told.append(settings.resource_path)
        say("listening to a microphone")
        raise ReaperError("it broke;\n mend it")

    monkeypatch.setattr(daemon, "run_daemon", run_daemon)
    outcome = vocalmidi("run", "--resource-path", folder, "--log", folder / "daemon.log")
    assert told == [str(folder)]
    assert (outcome.status, outcome.out) == (1, "")
    log = (folder / "daemon.log").read_text(encoding="utf-8")
    assert log == "listening to a microphone\nvocalmidi: it broke; mend it\n"


def test_who_is_asked_to_end_by_the_system_ends_in_good_order(vocalmidi, folder, monkeypatch):
    closed = []
    before = signal.getsignal(signal.SIGTERM)

    def run_daemon(_settings, say):
        try:
            say("listening to a microphone")
            signal.raise_signal(signal.SIGTERM)
            time.sleep(10)
        finally:
            closed.append("all notes off")

    monkeypatch.setattr(daemon, "run_daemon", run_daemon)
    assert vocalmidi("run", "--resource-path", folder).status == 0
    assert closed == ["all notes off"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_log_that_cannot_be_written_is_told(vocalmidi, folder):
    outcome = vocalmidi("run", "--resource-path", folder, "--log", folder)
    assert outcome.status == 2
    assert "choose another file" in outcome.err
