"""What the daemon passes on to the bridge from a controller: a wish, as an action inside Reaper would have it.

The bridge does with it what it does with the action, with the transport of that moment; only its words go back to the
daemon instead of into a box that nobody sits before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.lines import LineReader, check_id, check_range, check_text, number_text
from vocalmidi.reaper.ranges import MAX_CLOCK_S
from vocalmidi.units import Seconds

WISH_KIND = "wish"
MAX_ARGUMENT = 80
"""Characters; four parts and commas are 25."""


class WishName(StrEnum):
    """What may be wished from outside of Reaper; the bridge knows no others."""

    WRITE = "write"
    WRITE_AUDIO = "write_audio"
    WRITE_SELECTION = "write_selection"
    WRITE_BARS = "write_bars"
    """Argument: how many."""
    ROLL_PARTS = "roll_parts"
    """New takes of these parts, commas between; of all that are free where none is named."""
    SEED_PART = "seed_part"
    """Argument: part and seed, a space between."""
    CONTINUE = "continue"
    """Argument: bars."""
    SET_LOCK = "set_lock"
    """Argument: part, then on or off."""
    PANIC = "panic"


@dataclass(frozen=True, slots=True)
class BridgeWish:
    """A wish given at `sent_s`, seconds since 1970."""

    wish_id: str
    name: WishName
    sent_s: Seconds
    argument: str = ""

    def __post_init__(self) -> None:
        check_id(self.wish_id)
        check_text(self.argument)
        check_range("number of characters of a wish", len(self.argument), 0, MAX_ARGUMENT)


def wish_lines(wish: BridgeWish) -> Iterator[str]:
    """Yield the body lines of a wish."""
    yield f"name {wish.name}"
    yield f"sent_s {number_text(wish.sent_s)}"
    yield f"argument {wish.argument}"


def read_wish(reader: LineReader) -> BridgeWish:
    """Return the wish; raise ReaperError where a line is not as it should be."""
    name = reader.fields("name", 1)[0]
    if name not in list(WishName):
        reader.refuse(f"wish {name[:20]!r} is none of {', '.join(WishName)}")
    sent_s = Seconds(reader.number(reader.fields("sent_s", 1)[0], 0.0, MAX_CLOCK_S))
    try:
        return BridgeWish(reader.message_id, WishName(name), sent_s, reader.text("argument"))
    except ValueError as error:
        raise ReaperError(f"spool message refused: {error}; write it again with this version") from error
