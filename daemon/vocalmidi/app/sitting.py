"""The session as several threads have it: changed whole, one change after another.

Comes in: changes, from the panel by the answering thread, from controllers by theirs. Goes out: the session as it is.
"""

import threading
from collections.abc import Callable

from vocalmidi.app.session import Session, begun
from vocalmidi.config import Settings


class Sitting:
    """Holds the session."""

    def __init__(self, settings: Settings) -> None:
        """Begin with the settings of the file."""
        self._now = begun(settings)
        self._lock = threading.Lock()

    @property
    def now(self) -> Session:
        """The session; another object after each change."""
        return self._now

    def change(self, changed: Callable[[Session], Session]) -> tuple[Session, Session]:
        """Let `changed` make another session of this one; return both. What it raises leaves all as it was."""
        with self._lock:
            before = self._now
            self._now = changed(before)
            return before, self._now
