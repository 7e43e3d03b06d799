"""From a message to the orders it means, by the table.

Comes in: a message. Goes out: orders with arguments in range; none for the release of a button; or one `ControlError`.
An address may be a pattern of OSC 1.0 (`/vocalmidi/part/*/lock`): it means every address of the table that it matches.
"""

import difflib
import re
from functools import lru_cache

from vocalmidi.control.arguments import Value, number_of
from vocalmidi.control.message import Message
from vocalmidi.control.order import Order
from vocalmidi.control.table import FEEDBACK, Entry, by_address, entries
from vocalmidi.errors import ControlError

MAX_WILD = 4
"""Wild cards in one address; `re` takes time that grows with a power of them."""
_WILD = re.compile(r"[*?\[{]")
_OUT_ONLY = frozenset(each.address for each in FEEDBACK)


def orders_of(message: Message) -> tuple[tuple[Entry, Order], ...]:
    """Return the orders of a message, each with its entry; raise ControlError where it is not in the table.

    What only the program sends means nothing when it comes back.
    """
    if message.address in _OUT_ONLY:
        return ()
    meant = _entries_meant(message.address)
    ordered = [(entry, _order(entry, message)) for entry in meant]
    return tuple((entry, order) for entry, order in ordered if order is not None)


def _entries_meant(address: str) -> tuple[Entry, ...]:
    exact = by_address().get(address)
    if exact is not None:
        return (exact,)
    found = _matched(address) if _WILD.search(address) else ()
    if not found:
        near = difflib.get_close_matches(address, list(by_address()), n=1)
        hint = f"did you mean {near[0]}?" if near else "docs/OSC.md lists those there are"
        raise ControlError(f"{address[:80]} is no address; {hint}")
    return found


@lru_cache(maxsize=64)
def _matched(pattern: str) -> tuple[Entry, ...]:
    """Return the entries whose addresses a pattern matches; none where it is no pattern."""
    if len(_WILD.findall(pattern)) > MAX_WILD:
        return ()
    pieces = re.split(r"(\*|\?|\[[^]/]*\]|\{[^}/]*\})", pattern)
    try:
        form = re.compile("".join(_as_regex(piece) for piece in pieces))
    except re.error:
        return ()
    return tuple(entry for entry in entries() if form.fullmatch(entry.address))


def _as_regex(piece: str) -> str:
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("[") and piece.endswith("]") and len(piece) > 2:
        inner = re.escape(piece[1:-1].removeprefix("!")).replace(r"\-", "-")
        return f"[{'^' if piece[1] == '!' else ''}{inner}]"
    if piece.startswith("{") and piece.endswith("}"):
        return "(?:" + "|".join(map(re.escape, piece[1:-1].split(","))) + ")"
    return re.escape(piece)


def _order(entry: Entry, message: Message) -> Order | None:
    """Return the order of a message for an entry, None for the release of a button."""
    given = message.arguments
    if entry.is_momentary and len(given) == 1:
        number = number_of(given[0])
        if number == 0:
            return None
        if not entry.needed and number is not None:
            given = ()  # a button that was pressed says nothing more than that
    if not entry.needed <= len(given) <= len(entry.arguments):
        raise ControlError(f"{entry.address} takes {_counted(entry)}, not {len(given)} arguments")
    values: list[Value] = []
    for kind, argument in zip(entry.arguments, given, strict=False):
        try:
            values.append(kind.read(argument))
        except ControlError as error:
            raise ControlError(f"{entry.address}: {error}") from None
    return Order(entry.action, entry.subject, tuple(values))


def _counted(entry: Entry) -> str:
    names = [kind.name for kind in entry.arguments]
    if not names:
        return "no arguments"
    return ", ".join(name if n < entry.needed else f"[{name}]" for n, name in enumerate(names))
