"""No test is timed: on a busy machine a good one may take long, and what is quick is measured in `benchmarks/`."""

import os
import sys
from dataclasses import dataclass

import pytest
from hypothesis import settings

from vocalmidi.cli import main

# On a clean checkout the same examples each time: whether it passes is not to depend on luck.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test empty folders for settings, profile and calibration: not the user's, nor those of another test."""
    home = tmp_path_factory.mktemp("home")
    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))


@dataclass(frozen=True)
class Outcome:
    """What a command came to: its exit status and all that it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def vocalmidi(monkeypatch, capsys, tmp_path):
    """Return a function that runs the command line inside an empty folder with no settings of anyone's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["vocalmidi", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        printed = capsys.readouterr()
        return Outcome(stopped.value.code or 0, printed.out, printed.err)

    return run
