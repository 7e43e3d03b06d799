"""Files and folders of this room: whole or not at all, for the user alone (0700), errors in words.

Adds to `vocalmidi.files` what a spool needs: the rename itself is flushed to the disk, so that a request said to be
posted is still there after a power cut.
"""

import os
import sys
from pathlib import Path

from vocalmidi.errors import ReaperError
from vocalmidi.files import write_whole

FOLDER_MODE = 0o700


def put_file(path: Path, content: bytes) -> None:
    """Put `content` at `path`, replacing what is there; raise ReaperError, with nothing changed, when that fails."""
    try:
        write_whole(path, content)
        _flush_folder(path.parent)
    except OSError as error:
        raise ReaperError(f"can't write {path}: {_why(error)}; free space or make its folder writable") from error


def make_folder(path: Path) -> None:
    """Make a folder and those above it; raise ReaperError when that fails."""
    try:
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise ReaperError(f"can't make the folder {path}: {_why(error)}; make {path.parent} writable") from error


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _flush_folder(folder: Path) -> None:
    # Windows can't open a folder for this; NTFS journals its renames.
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
