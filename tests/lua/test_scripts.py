"""Our Lua as files: clean, small, and calling only what Reaper has, as Reaper has it."""

import re
import subprocess
from importlib.metadata import version

import pytest

from lua.signatures import (
    EXTRACT,
    FULL,
    NEEDED,
    ROOT,
    SCRIPTS,
    calls,
    extract_text,
    gfx_calls,
    needed_text,
    script_paths,
)
from needs import program, shared

LUAS = ("5.3", "5.4")
"""Of Reaper 6 and Reaper 7."""


def ran(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_luacheck_finds_nothing():
    told = ran(program("luacheck"), "--no-color", "reaper_scripts", "tests")
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("lua", LUAS)
@pytest.mark.parametrize("path", script_paths(), ids=lambda path: path.name)
def test_every_script_compiles(path, lua):
    told = ran(program(f"luac{lua}"), "-p", str(path))
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("lua", LUAS)
def test_the_scripts_run_under_plain_lua(lua):
    told = ran(program(f"lua{lua}"), "tests/lua/run.lua")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "4 items, 1 undo point" in told.stdout


def test_an_action_is_at_most_ten_lines():
    actions = list((SCRIPTS / "actions").glob("*.lua"))
    assert actions
    for path in actions:
        assert len(path.read_text().splitlines()) <= 10, path.name


def test_every_file_but_the_bridge_is_kept_out_of_the_package_index():
    for path in script_paths():
        first = path.read_text().splitlines()[0]
        assert first == ("-- @description Vocal MIDI: bridge" if path.name == "bridge.lua" else "-- @noindex")


def test_the_bridge_has_the_packages_version():
    text = (SCRIPTS / "bridge.lua").read_text()
    assert re.findall(r'@version (\S+)|VERSION = "(\S+)"', text) == [
        (version("vocalmidi"), ""),
        ("", version("vocalmidi")),
    ]


def signatures():
    text = (FULL if FULL.exists() else EXTRACT).read_text()
    rows = re.findall(r'\["([\w.]+)"\] = \{min = (\d+), max = (\d+)', text)
    return {name: (int(fewest), int(most)) for name, fewest, most in rows}


def test_every_call_has_a_number_of_arguments_that_reaper_takes():
    known, count = signatures(), 0
    for path in script_paths():
        text = path.read_text()
        named = [(f"reaper.{name}", arguments) for name, arguments in calls(text)]
        for name, arguments in named + [(f"gfx.{name}", arguments) for name, arguments in gfx_calls(text)]:
            assert name in known, f"{path.name}: there is no {name}"
            if arguments is not None and name != "gfx.init":  # its last arguments come from one call
                assert known[name][0] <= arguments <= known[name][1], f"{path.name}: {name} with {arguments}"
                count += 1
    assert count > 60


def test_the_bridge_asks_for_exactly_the_functions_it_uses():
    assert NEEDED.read_text() == needed_text()


def test_the_committed_signatures_are_those_of_the_full_list():
    shared("reaper/api/reaper_sig.lua")
    assert EXTRACT.read_text() == extract_text()
