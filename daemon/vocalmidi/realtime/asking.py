"""What a thread asks the system for, way by way, and what it got.

Comes in: ways, the best first. Goes out: a `Grant` in words, and how to undo it. No way that is refused is an error: a
computer that gives nothing plays as well as it can, and says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

PRIORITY = 40
"""Below a JACK or PipeWire server's own threads (60 to 90), above all that is not sound."""
NORMAL = "normal priority"


class Refused(Exception):  # noqa: N818 -- it is an answer, passed to whoever asks next, never an error that leaves the room
    """The system does not give that; says why."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a thread has: its name, what in words, whether that is better than any program has, what to do if not."""

    thread: str
    how: str
    is_raised: bool
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a way gave, and how it is taken back."""

    how: str
    undo: Callable[[], None]


Way = Callable[[], Given]
"""Asks for the calling thread; raises Refused."""


def ask(thread: str, ways: Sequence[Way], advice: str) -> tuple[Grant, Callable[[], None]]:
    """Return what the first way gives that gives anything, and its undoing."""
    reasons: list[str] = []
    for way in ways:
        try:
            given = way()
        except Refused as refused:
            reasons += [str(refused)] if str(refused) else []
        else:
            return Grant(thread, given.how, is_raised=True), given.undo
    why = f"{NORMAL} ({'; '.join(reasons)})" if reasons else NORMAL
    return Grant(thread, why, is_raised=False, advice=advice), _nothing


def not_asked(thread: str, why: str) -> tuple[Grant, Callable[[], None]]:
    """Return what a thread has that asked for nothing."""
    return Grant(thread, why, is_raised=False), _nothing


def _nothing() -> None:
    """Undo nothing."""
