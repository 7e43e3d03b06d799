"""What a test needs of the machine: where it is absent the test skips and says why; under CI it fails instead."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
"""Recordings, scores and facts that lie beside the project and are never part of it."""


def absent(reason: str) -> NoReturn:
    """Skip the test for this reason, or fail it under CI."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have every real part: {reason}")
    pytest.skip(reason, allow_module_level=True)


def shared(relative: str) -> Path:
    """Return a path in the shared folder."""
    path = SHARED / relative
    if not path.exists():
        absent(f"{path} is not here; set VOCALMIDI_SHARED to the folder that holds {relative}")
    return path


def libraries(*names: str) -> None:
    """Ask for libraries that only some of the work needs, before the modules that import them are imported."""
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        absent(f"only training needs {', '.join(missing)}: pip install --group train")


def program(name: str) -> str:
    """Return the path of a program."""
    found = shutil.which(name)
    if found is None:
        absent(f"the program {name} is not installed")
    return found
