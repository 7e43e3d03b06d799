"""Where Reaper's folder is, on three systems, portable and not, by what runs and by what is there."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from vocalmidi.errors import ReaperError
from vocalmidi.reaper import find_resource_path
from vocalmidi.reaper.resource_path import Machine
from vocalmidi.reaper.running import RunningReaper, running_reapers

PLACES = [
    ("linux", {}, "home/.config/REAPER"),
    ("linux", {"XDG_CONFIG_HOME": "{home}/elsewhere"}, "home/elsewhere/REAPER"),
    ("linux", {"XDG_CONFIG_HOME": "{home}/elsewhere"}, "home/.config/REAPER"),
    ("darwin", {}, "home/Library/Application Support/REAPER"),
    ("win32", {"APPDATA": "{home}/Roaming"}, "home/Roaming/REAPER"),
    ("win32", {}, "home/AppData/Roaming/REAPER"),
    ("linux", {}, "opt/REAPER"),
    ("linux", {}, "home/opt/REAPER"),
    ("linux", {}, "home/REAPER"),
    ("darwin", {}, "Applications"),
    ("darwin", {}, "home/Applications"),
    ("win32", {"ProgramFiles": "{root}/Program Files"}, "Program Files/REAPER (x64)"),
    ("win32", {"ProgramFiles": "{root}/Program Files"}, "Program Files/REAPER"),
    ("win32", {}, "REAPER"),
    ("win32", {}, "home/REAPER"),
]


def make(folder: Path) -> Path:
    """Make a resource folder."""
    folder.mkdir(parents=True)
    (folder / "reaper.ini").touch()
    return folder


def machine(root: Path, platform: str = "linux", environment: dict[str, str] | None = None, *running: RunningReaper):
    home = root / "home"
    named = {name: text.format(home=home, root=root) for name, text in (environment or {}).items()}
    return Machine(platform, named, home, lambda: running, root)


@pytest.mark.parametrize(("platform", "environment", "place"), PLACES)
def test_reapers_folder_is_found_on_every_system(tmp_path, platform, environment, place):
    folder = make(tmp_path / place)
    assert find_resource_path(None, machine(tmp_path, platform, environment)) == folder


def test_a_program_folder_without_settings_is_no_portable_reaper(tmp_path):
    (tmp_path / "opt" / "REAPER").mkdir(parents=True)
    usual = make(tmp_path / "home" / ".config" / "REAPER")
    assert find_resource_path(None, machine(tmp_path)) == usual


def test_a_portable_reaper_is_found_by_the_command_that_starts_it(tmp_path):
    folder = make(tmp_path / "music" / "reaper")
    program = folder / "reaper"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    commands = tmp_path / "bin"
    commands.mkdir()
    try:
        (commands / "reaper").symlink_to(program)
    except OSError:
        pytest.skip("this system makes no links")
    if sys.platform == "win32":
        pytest.skip("a program without an ending is none here")
    assert find_resource_path(None, machine(tmp_path, "linux", {"PATH": str(commands)})) == folder


def test_several_reapers_are_named_and_none_is_guessed(tmp_path):
    folders = make(tmp_path / "home" / ".config" / "REAPER"), make(tmp_path / "opt" / "REAPER")
    with pytest.raises(ReaperError, match=r"several Reapers are here: .* --resource-path") as told:
        find_resource_path(None, machine(tmp_path))
    assert all(str(folder) in str(told.value) for folder in folders)
    assert find_resource_path(folders[1], machine(tmp_path)) == folders[1]


def test_one_folder_by_two_ways_is_one(tmp_path):
    folder = make(tmp_path / "home" / ".config" / "REAPER")
    try:
        (tmp_path / "home" / "REAPER").symlink_to(folder)
    except OSError:
        pytest.skip("this system makes no links")
    assert find_resource_path(None, machine(tmp_path)) == folder


RUNNING = [
    ("linux", "usb/REAPER", "usb/REAPER/reaper"),
    ("win32", "usb/REAPER", "usb/REAPER/reaper.exe"),
    ("darwin", "usb", "usb/REAPER.app/Contents/MacOS/REAPER"),
]


@pytest.mark.parametrize(("platform", "place", "program"), RUNNING)
def test_the_reaper_that_runs_is_meant_though_another_is_installed(tmp_path, platform, place, program):
    for usual in (".config/REAPER", "Library/Application Support/REAPER", "AppData/Roaming/REAPER"):
        make(tmp_path / "home" / usual)
    portable = make(tmp_path / place)
    assert find_resource_path(None, machine(tmp_path, platform, {}, RunningReaper(tmp_path / program))) == portable


def test_a_running_reaper_that_is_not_portable_uses_the_usual_folder(tmp_path):
    usual = make(tmp_path / "home" / ".config" / "REAPER")
    make(tmp_path / "opt" / "REAPER")
    running = RunningReaper(tmp_path / "usr" / "bin" / "reaper")
    assert find_resource_path(None, machine(tmp_path, "linux", {}, running)) == usual


def test_a_reaper_that_was_told_other_settings_uses_their_folder(tmp_path):
    make(tmp_path / "home" / ".config" / "REAPER")
    other = make(tmp_path / "other")
    running = RunningReaper(tmp_path / "opt" / "reaper", other / "reaper.ini")
    assert find_resource_path(None, machine(tmp_path, "linux", {}, running)) == other


def test_two_reapers_that_run_are_named(tmp_path):
    folders = make(tmp_path / "one"), make(tmp_path / "two")
    running = [RunningReaper(folder / "reaper") for folder in folders]
    with pytest.raises(ReaperError, match=r"several Reapers run: .*one, .*two; name one"):
        find_resource_path(None, machine(tmp_path, "linux", {}, *running))


def test_a_folder_that_is_named_must_be_one(tmp_path):
    folder = make(tmp_path / "any where")
    assert find_resource_path(folder) == folder
    with pytest.raises(ReaperError, match="Show REAPER resource path"):
        find_resource_path(tmp_path)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_no_reaper_at_all_is_told_with_what_to_do(tmp_path, platform):
    with pytest.raises(ReaperError, match="start Reaper once, or name the folder with --resource-path"):
        find_resource_path(None, machine(tmp_path, platform))


def process(proc: Path, number: int, program: str, *words: str) -> None:
    folder = proc / str(number)
    folder.mkdir(parents=True)
    (folder / "exe").symlink_to(program)
    (folder / "cwd").symlink_to(proc)
    (folder / "cmdline").write_bytes("\0".join([program, *words, ""]).encode())


@pytest.mark.skipif(sys.platform == "win32", reason="links like Linux's own")
def test_linuxs_processes_tell_which_reapers_run(tmp_path):
    process(tmp_path, 1, "/sbin/init")
    process(tmp_path, 20, "/opt/REAPER/reaper", "song.rpp")
    process(tmp_path, 21, "/opt/REAPER/reaper")
    process(tmp_path, 30, "/opt/REAPER/Plugins/reaper_host_x86_64")
    process(tmp_path, 40, "/usb/reaper (deleted)", "-cfgfile", "/music/reaper.ini")
    process(tmp_path, 50, "/usb/reaper", "-cfgfile", "my.ini")
    process(tmp_path, 51, "/usb/reaper", "-cfgfile")
    (tmp_path / "60").mkdir()  # it ended, or is another user's
    assert running_reapers("linux", tmp_path) == (
        RunningReaper(Path("/opt/REAPER/reaper")),
        RunningReaper(Path("/usb/reaper (deleted)"), Path("/music/reaper.ini")),
        RunningReaper(Path("/usb/reaper"), tmp_path / "my.ini"),
        RunningReaper(Path("/usb/reaper")),
    )


@pytest.mark.parametrize(
    ("platform", "told", "programs"),
    [
        (
            "darwin",
            "/sbin/launchd\n/Applications/REAPER.app/Contents/MacOS/REAPER\nreaperd\n",
            ["/Applications/REAPER.app/Contents/MacOS/REAPER"],
        ),
        ("win32", "D:\\Reaper\\reaper.exe\r\nD:\\Reaper\\reaper.exe\r\n", ["D:\\Reaper\\reaper.exe"]),
        ("win32", "", []),
    ],
)
def test_what_the_other_systems_tell_is_understood(monkeypatch, platform, told, programs):
    done = subprocess.CompletedProcess([], 0, told)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert [each.program for each in running_reapers(platform)] == [Path(program) for program in programs]


def test_a_system_without_the_program_that_would_tell_tells_nothing(monkeypatch):
    def missing(*_: object, **__: object):
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "run", missing)
    assert running_reapers("win32") == ()


@pytest.mark.skipif(sys.platform != "linux", reason="a process of this name is easily made only here")
def test_a_real_process_is_seen_while_it_runs(tmp_path):
    program = tmp_path / "reaper"
    program.write_bytes(Path("/bin/sleep").read_bytes())
    program.chmod(0o755)
    with subprocess.Popen([program, "60"]) as sleeper:
        try:
            deadline = time.monotonic() + 10
            while RunningReaper(program) not in running_reapers() and time.monotonic() < deadline:
                time.sleep(0.01)
            assert RunningReaper(program) in running_reapers()
        finally:
            sleeper.kill()
    assert RunningReaper(program) not in running_reapers()
