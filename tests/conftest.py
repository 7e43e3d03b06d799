"""No test is timed: on a busy machine a good one may take long, and what is quick is measured in `benchmarks/`."""

import os

import pytest
from hypothesis import settings

# On a clean checkout the same examples each time: whether it passes is not to depend on luck.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test empty folders for settings, profile and calibration: not the user's, nor those of another test."""
    home = tmp_path_factory.mktemp("home")
    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
