"""All that one run has of real time: the priority of its threads, its memory, its collector, the turns they take.

Comes in: whether it is wanted, and threads that want it. Goes out: grants, in words, for who listens and for profilers.
Everything is undone at the end.
"""

import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Literal

from vocalmidi.realtime import apple, windows
from vocalmidi.realtime.asking import Grant, Way, ask, not_asked
from vocalmidi.realtime.collector import Collector
from vocalmidi.realtime.memory import Locked, lock_memory, nothing_locked
from vocalmidi.realtime.turns import short_turns

Wish = Literal["auto", "off"]
OFF = "off: asked for by the settings"


def system_ways(platform: str = sys.platform) -> tuple[Sequence[Way], str]:
    """Return the ways of a system to more than normal priority, and what to do where none is open."""
    match platform:
        case "linux":
            from vocalmidi.realtime import linux  # noqa: PLC0415 -- its modules are there only

            return linux.ways(), linux.ADVICE
        case "darwin":
            return apple.ways(), apple.ADVICE
        case "win32":
            return windows.ways(), windows.ADVICE
        case _:
            return (), "this system is not known"


def quick_ways(platform: str = sys.platform) -> Sequence[Way]:
    """Return the ways of a system to come before other programs, but not before sound."""
    if platform != "linux":
        return ()
    from vocalmidi.realtime import linux  # noqa: PLC0415 -- its modules are there only

    return linux.quick_ways()


class RealTime:
    """What one run asked for and got.

    collector: counts its pauses. memory: what is locked, once `settled`.
    """

    def __init__(self, wish: Wish = "auto", ways: tuple[Sequence[Way], str] | None = None) -> None:
        self._is_wanted = wish == "auto"
        self._ways, self._advice = ways or system_ways()
        self._quick_ways = self._ways if ways else quick_ways()
        self._grants: dict[str, Grant] = {}
        self._lock = threading.Lock()
        self.collector = Collector()
        self.memory: Locked = nothing_locked("not locked yet")

    @property
    def grants(self) -> tuple[Grant, ...]:
        """What the threads have that asked, in the order in which they did."""
        with self._lock:
            return tuple(self._grants.values())

    @contextmanager
    def raised(self, thread: str) -> Generator[Grant]:
        """Let the calling thread come before others meanwhile, where it may."""
        with self._asked(thread, self._ways, self._advice) as grant:
            yield grant

    @contextmanager
    def hastened(self, thread: str) -> Generator[Grant]:
        """Let the calling thread come before other programs meanwhile, where it may, but not before sound."""
        with self._asked(thread, self._quick_ways, "") as grant:
            yield grant

    @contextmanager
    def _asked(self, thread: str, ways: Sequence[Way], advice: str) -> Generator[Grant]:
        called(thread)
        grant, undo = ask(thread, ways, advice) if self._is_wanted else not_asked(thread, OFF)
        with self._lock:
            self._grants[thread] = grant
        try:
            yield grant
        finally:
            undo()

    @contextmanager
    def settled(self) -> Generator[None]:
        """Now that all is open: keep it in memory, and the collector and long turns away from it, meanwhile."""
        with ExitStack() as undoings:
            undoings.enter_context(short_turns())
            if self._is_wanted:
                undoings.enter_context(self.collector.in_charge())
                self.memory = lock_memory()
                undoings.callback(self.memory.undo)
            yield

    def tidy(self, *, is_quiet: bool) -> None:
        """Let the collector have its turn."""
        if self._is_wanted:
            self.collector.turn(is_quiet=is_quiet)

    def in_words(self) -> str:
        """Return what was got, and once what to do where that is not all."""
        if not self._is_wanted:
            return f"real time: {OFF}"
        parts = [f"{grant.thread} thread {grant.how}" for grant in self.grants] + [self.memory.how]
        advice = [words for words in (*(grant.advice for grant in self.grants), self.memory.advice) if words]
        return f"real time: {', '.join(parts)}" + (f"; {advice[0]}" if advice else "")


def probe(ways: tuple[Sequence[Way], str] | None = None) -> Grant:
    """Return what a thread would get now; nothing stays of it."""
    found: list[Grant] = []

    def look() -> None:
        with RealTime("auto", ways).raised("probe") as grant:
            found.append(grant)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


def called(name: str) -> None:
    """Name the calling thread where the system shows names."""
    _on_linux("name_thread", name)


def patient(name: str) -> Callable[[], None]:
    """Return what makes a thread that calls it come after others, for good, and names it."""

    def begin() -> None:
        called(name)
        _on_linux("give_way")

    return begin


def _on_linux(function: str, *arguments: str) -> None:
    if sys.platform == "linux":
        from vocalmidi.realtime import linux  # noqa: PLC0415 -- its modules are there only

        with suppress(OSError):
            getattr(linux, function)(*arguments)
