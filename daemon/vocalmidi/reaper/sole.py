"""One daemon a spool: a lock on a file in it, which the system lets go when its holder ends, however that comes.

Comes in: the spool folder. Goes out: a context in which no other daemon answers there, or an error that says who does.
"""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.codec import decode
from vocalmidi.reaper.disk import make_folder
from vocalmidi.reaper.messages import Heartbeat
from vocalmidi.reaper.spool import DAEMON_HEARTBEAT, STALE_S, BridgeState
from vocalmidi.units import Seconds

LOCK_FILE = "daemon.lock"


@contextmanager
def sole_daemon(root: Path) -> Generator[None]:
    """Be the only daemon of the spool folder `root`, which is made where it is missing.

    Raises:
        ReaperError: another one runs there, or the folder can't be written.
    """
    make_folder(root, private=True)
    try:
        file = os.open(root / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ReaperError(f"can't write {root / LOCK_FILE}: {error.strerror}; make its folder writable") from error
    try:
        _lock(file, root)
        yield
    finally:
        os.close(file)


def _lock(file: int, root: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 -- only Windows has it

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 -- Windows has none

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise ReaperError(
            f"a daemon{_who(root)} runs for this Reaper already; stop it with the action 'Vocal MIDI: Stop daemon', "
            "or with Ctrl-C where it was started"
        ) from error


def daemon_state(root: Path, now_s: float) -> BridgeState:
    """Return whether the daemon of a spool is alive, as of the bridge; `now_s` since 1970."""
    beat = _beat(root)
    if beat is None:
        return BridgeState(is_alive=False, app="", silent_s=None)
    silent_s = Seconds(max(0.0, now_s - beat.time_s))
    return BridgeState(silent_s <= STALE_S, beat.app, silent_s, beat.owner_id)


def _who(root: Path) -> str:
    beat = _beat(root)
    return f" ({beat.app})" if beat else ""


def _beat(root: Path) -> Heartbeat | None:
    with suppress(OSError, ReaperError):
        beat = decode((root / DAEMON_HEARTBEAT).read_bytes())
        return beat if isinstance(beat, Heartbeat) else None
    return None
