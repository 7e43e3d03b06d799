"""Bundles whose time has not come: kept in order of time, and no more than a bound.

Comes in: bundles with times. Goes out: those that are due, messages in the order in which they were bundled. What is
late is due at once; a bundle in a bundle keeps its own time, which OSC 1.0 wants not to be before the outer one's.
"""

import heapq
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from vocalmidi.control.message import IMMEDIATELY, Bundle, Message, Packet, unix_s_of
from vocalmidi.control.subscribers import Peer
from vocalmidi.errors import ControlError

MAX_AHEAD_S = 60.0
"""A sequencer schedules a bar ahead; more is a clock that is wrong, or somebody who fills the memory."""
MAX_WAITING = 1024
"""Messages."""


class Group(NamedTuple):
    """Messages that are carried out together, who sent them, and whether the answer is a bundle too."""

    messages: tuple[Message, ...]
    sender: Peer
    is_bundle: bool


class _Due(NamedTuple):
    unix_s: float
    number: int
    group: Group


class Schedule:
    """What waits for its time."""

    def __init__(self) -> None:
        self._heap: list[_Due] = []
        self._waiting = 0
        self._number = itertools.count()

    def put(self, packet: Packet, sender: Peer, unix_s: float) -> tuple[Group, ...]:
        """Return what of a packet is due now, and keep the rest; raise ControlError, with nothing kept, if it can't be.

        unix_s: now, seconds since 1970, by the clock that time tags mean.
        """
        if isinstance(packet, Message):
            return (Group((packet,), sender, is_bundle=False),)
        now: list[Group] = []
        later: list[tuple[float, Group]] = []
        for at_s, messages in _flat(packet, -MAX_AHEAD_S):
            group = Group(messages, sender, is_bundle=True)
            if at_s <= unix_s:
                now.append(group)
            elif at_s - unix_s <= MAX_AHEAD_S:
                later.append((at_s, group))
            else:
                raise ControlError(f"a bundle for {at_s - unix_s:.0f} s from now; at most {MAX_AHEAD_S:.0f} s are kept")
        self._keep(later)
        return tuple(now)

    def _keep(self, later: list[tuple[float, Group]]) -> None:
        count = sum(len(group.messages) for _, group in later)
        if self._waiting + count > MAX_WAITING:
            raise ControlError(f"{self._waiting} messages wait for their time; more than {MAX_WAITING} are not kept")
        self._waiting += count
        for at_s, group in later:
            heapq.heappush(self._heap, _Due(at_s, next(self._number), group))

    def due(self, unix_s: float) -> Iterator[Group]:
        """Yield what is due, oldest first."""
        while self._heap and self._heap[0].unix_s <= unix_s:
            group = heapq.heappop(self._heap).group
            self._waiting -= len(group.messages)
            yield group

    def next_s(self) -> float | None:
        """Return when the next is due, seconds since 1970; None where nothing waits."""
        return self._heap[0].unix_s if self._heap else None


def _flat(bundle: Bundle, outer_s: float) -> Iterator[tuple[float, tuple[Message, ...]]]:
    """Yield times and messages, in order; neighbours of one bundle together, so that they hold at one time."""
    at_s = outer_s if bundle.timetag == IMMEDIATELY else max(outer_s, unix_s_of(bundle.timetag))
    together: list[Message] = []
    for element in bundle.elements:
        if isinstance(element, Message):
            together.append(element)
            continue
        if together:
            yield at_s, tuple(together)
            together = []
        yield from _flat(element, at_s)
    if together:
        yield at_s, tuple(together)
