"""The daemon's threads: one hears, one follows what is sung, one draws it, one answers, so that no sound waits.

Comes in: blocks of sound without an end. Goes out: nothing; what is heard, worked and answered is the writer's own.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from vocalmidi.capture import Microphone
from vocalmidi.realtime import called
from vocalmidi.reaper import Spool
from vocalmidi.units import samples_to_seconds
from vocalmidi.values import AudioBlock

BEAT_S = 1.0
POLL_S, LONELY_POLL_S, DEAF_POLL_S = 0.02, 0.25, 0.1
"""Between looks for a command; less than a frame of the screen on which it was given, and less often while there is no
bridge that could give one: controllers are answered by their own thread."""
WORK_S, DEAF_WORK_S = 0.05, 0.5
"""Between looks for new sound, of which a second is heard at a time; and while nothing is to be heard, often enough to
catch up with what was sung before."""
Say = Callable[[str], object]


class Served(Protocol):
    """What the threads ask of the writer, each its own."""

    @property
    def is_stopped(self) -> bool:
        """Whether the user has asked it to end."""
        ...

    @property
    def is_quiet(self) -> bool:
        """Whether nobody sings, or is not to be heard."""
        ...

    @property
    def is_deaf(self) -> bool:
        """Whether it is switched off: nothing is to be heard."""
        ...

    @property
    def patience_s(self) -> float:
        """How much sound may wait before it is heard."""
        ...

    def hear(self, block: AudioBlock) -> None:
        """Take in the next block."""
        ...

    def work(self) -> None:
        """Follow what is sung."""
        ...

    def draw(self) -> None:
        """Draw what is sung while it is recorded."""
        ...

    def answer_commands(self) -> None:
        """Obey what was asked."""
        ...

    def show(self) -> None:
        """Show how it stands."""
        ...


def told_of_gaps(blocks: Iterable[AudioBlock], say: Say) -> Iterator[AudioBlock]:
    """Pass the blocks on, and say where sound was lost between two of them."""
    due: int | None = None
    for block in blocks:
        if due is not None and block.start > due:
            lost_s = samples_to_seconds(block.start - due, block.sample_rate_hz)
            say(f"{lost_s:.3f} s of sound were lost, the computer was too busy; they are written as silence")
        due = block.start + len(block.samples)
        yield block


class Tidy(Protocol):
    """Who tidies up behind the others, when it is quiet."""

    def __call__(self, *, is_quiet: bool) -> None:
        """Do what is due."""
        ...


def nothing_tidied(*, is_quiet: bool) -> None:
    """Leave that to Python."""


def paced(blocks: Iterable[AudioBlock], microphone: object, writer: Served) -> Iterator[AudioBlock]:
    """Pass a microphone's blocks on, and let it hand over as seldom as whoever hears them allows."""
    for block in blocks:
        if isinstance(microphone, Microphone):
            microphone.patience_s = writer.patience_s
        yield block


def serve(blocks: Iterable[AudioBlock], writer: Served, spool: Spool, tidy: Tidy = nothing_tidied) -> None:
    """Hear `blocks` to their end in this thread while others work ahead, draw and answer; a failure of any ends all."""
    ended = threading.Event()

    def work() -> None:
        writer.work()
        tidy(is_quiet=writer.is_quiet)

    with ThreadPoolExecutor(3, "daemon") as pool:
        others = [
            pool.submit(_answer_until, ended, writer, spool),
            pool.submit(_repeat_until, ended, "work", work, writer),
            pool.submit(_repeat_until, ended, "draw", writer.draw, writer),
        ]
        try:
            for block in blocks:
                writer.hear(block)
                if any(other.done() for other in others):
                    break
        finally:
            ended.set()
        for other in others:
            other.result()


def _repeat_until(ended: threading.Event, name: str, work: Callable[[], None], writer: Served) -> None:
    called(name)
    while not ended.wait(DEAF_WORK_S if writer.is_deaf else WORK_S):
        work()


def _patience_s(writer: Served, spool: Spool) -> float:
    """Return how long a command may wait to be looked for."""
    if not spool.bridge_state().is_alive:
        return LONELY_POLL_S
    return DEAF_POLL_S if writer.is_deaf else POLL_S


def _answer_until(ended: threading.Event, writer: Served, spool: Spool) -> None:
    called("answer")
    beaten_s, poll_s = -BEAT_S, POLL_S
    try:
        while not (ended.wait(poll_s) or writer.is_stopped):
            if time.monotonic() - beaten_s >= BEAT_S:
                spool.beat()
                poll_s = _patience_s(writer, spool)
                beaten_s = time.monotonic()
            writer.answer_commands()
            writer.show()
    finally:
        spool.rest()
