"""Files and folders of this room: whole or not at all, errors in words, private where asked.

Adds to `vocalmidi.files` what a spool needs: the rename itself is flushed to the disk, so that a request said to be
posted is still there after a power cut; and what a user sang is for that user alone.
"""

import os
import sys
from pathlib import Path

from vocalmidi.errors import ReaperError
from vocalmidi.files import write_whole

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


def put_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Put `content` at `path`, replacing what is there; raise ReaperError, with nothing changed, when that fails."""
    try:
        write_whole(path, content)
        if private:
            path.chmod(PRIVATE_FILE)
        _flush_folder(path.parent)
    except OSError as error:
        raise ReaperError(f"can't write {path}: {_why(error)}; free space or make its folder writable") from error


def put_picture(path: Path, content: bytes) -> None:
    """Put `content` at `path` whole, but without waiting for the disk: it is replaced within the second.

    Raises:
        ReaperError: that fails; what was there before still is.
    """
    fresh = path.with_name(f".{path.name}.tmp")
    try:
        fresh.write_bytes(content)
        fresh.chmod(PRIVATE_FILE)
        fresh.replace(path)
    except OSError as error:
        raise ReaperError(f"can't write {path}: {_why(error)}; free space or make its folder writable") from error


def make_folder(path: Path, *, private: bool = False) -> None:
    """Make a folder and those above it; raise ReaperError when that fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if private:
            path.chmod(PRIVATE_FOLDER)
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
