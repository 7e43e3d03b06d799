"""The file in which the daemon draws what is sung while it is recorded (docs/SPOOL.md).

Comes in: `Draft`s. Goes out: `daemon.draft` in the spool, replaced without waiting for the disk, or taken away. The
bridge draws what it finds there while its recording goes on, and nothing else ever reads it.
"""

from contextlib import suppress
from pathlib import Path

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.codec import encode
from vocalmidi.reaper.disk import put_picture
from vocalmidi.reaper.draft import Draft

DAEMON_DRAFT = "daemon.draft"


class DraftFile:
    """One daemon's draft in its spool folder."""

    def __init__(self, root: Path) -> None:
        """Use the spool folder `root`; what a daemon that was killed left there is removed."""
        self._path = root / DAEMON_DRAFT
        self.remove()

    def show(self, draft: Draft) -> bool:
        """Leave a draft in place of the one before; return whether that worked, else the next one tells it all."""
        # Windows replaces no file that somebody reads just now.
        with suppress(ReaperError):
            put_picture(self._path, encode(draft))
            return True
        return False

    def remove(self) -> None:
        """Take the draft away."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
