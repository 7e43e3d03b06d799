"""What a controller asks of the program: frozen values between this room and who obeys.

An order is made only from the table, with arguments that are in range; whether it can be obeyed is for the program to
say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from vocalmidi.control.arguments import Value
from vocalmidi.control.message import Message


class Action(StrEnum):
    """What is to be done."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    STATUS = "status"
    LISTEN = "listen"
    LIVE = "live"
    """Live playing on or off."""
    SET = "set"
    """A setting of the session, `Order.subject`."""
    ENABLE = "enable"
    """A part, `Order.subject`, is arranged or not."""
    LOCK = "lock"
    """A part's items stay as they are."""
    WRITE = "write"
    WRITE_AUDIO = "write_audio"
    WRITE_SELECTION = "write_selection"
    WRITE_BARS = "write_bars"
    ARRANGE = "arrange"
    REGENERATE = "regenerate"
    CONTINUE = "continue"
    LEARN = "learn"
    CLEAR = "clear"
    PANIC = "panic"


@dataclass(frozen=True, slots=True)
class Order:
    """An action, what it is about ("" where nothing needs saying), and the values given."""

    action: Action
    subject: str = ""
    values: tuple[Value, ...] = ()


class Program(Protocol):
    """What this room needs of the program. All of it is called from one thread and must return at once."""

    def obey(self, order: Order) -> None:
        """Carry out an order, or begin to; raise VocalMidiError in words where it can't be."""
        ...

    def state(self) -> tuple[Message, ...]:
        """Return one message for each address that has a state; the same objects, in and out, where nothing changed.

        Addresses never go away.
        """
        ...

    def holds(self, address: str) -> Message:
        """Return the one of `state` for an address that has one, at less cost than all of it."""
        ...

    def attend(self, *, is_heard: bool) -> None:
        """Know whether anybody is subscribed: what nobody hears needs no news."""
        ...

    def meters(self) -> Sequence[Message]:
        """Return level and pitch of this moment."""
        ...

    def news(self) -> Sequence[Message]:
        """Return and forget what happened since the last call: results, errors, live notes and hits."""
        ...
