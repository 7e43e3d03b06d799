"""What the bridge says of an arrangement in the project that is to be made anew: frozen values, checked when made."""

from dataclasses import dataclass
from enum import StrEnum

from vocalmidi.reaper.lines import check_range, check_text
from vocalmidi.reaper.ranges import MAX_CHANGE, MAX_NOTES, MAX_QN, check_guid, check_notes, check_source
from vocalmidi.units import QuarterNotes
from vocalmidi.values import PART_NAMES, Part


class RemakeWay(StrEnum):
    """What is to become of an arrangement that is in the project."""

    AGAIN = "again"
    """The same again, at the edit cursor, as new items; the items that are there stay."""
    ROLL = "roll"
    """The parts to be written get a seed of their own each, the others stay."""
    ALL = "all"
    """The whole gets another seed; what is locked or edited stays."""
    CHANGE = "change"
    """Other settings; what is locked or edited stays."""
    REBUILD = "rebuild"
    """As it was written, in its place; beside what was edited."""
    ARRANGE = "arrange"
    """The parts to be written, and those that are not there, go by the others, which may be the user's own."""


class ItemState(StrEnum):
    """How an item of an arrangement stands."""

    WRITE = "write"
    """Its notes are to be replaced."""
    AS_WRITTEN = "as_written"
    """It holds what was written, and stays."""
    EDITED = "edited"
    """The user has changed it or made it himself, and it stays."""
    ASIDE = "aside"
    """The user has changed it, and it stays; its new notes go beside it."""


@dataclass(frozen=True, slots=True)
class ArrangedItem:
    """An item of an arrangement in the project.

    part: its notes, in quarter notes from the arrangement's beginning.
    source: what it takes to make it again, "" where the item does not remember.
    """

    guid: str
    state: ItemState
    part: Part
    source: str = ""

    def __post_init__(self) -> None:
        check_guid(self.guid)
        check_source(self.source)
        check_notes(self.part)


@dataclass(frozen=True, slots=True)
class Remake:
    """An arrangement in the project that is to be made anew.

    place_qn: where it begins.
    change: of `RemakeWay.CHANGE`: settings such as `mood=dark, density=70`.
    items: those of its parts that are there, in track order, each part at most once.
    """

    way: RemakeWay
    place_qn: QuarterNotes
    items: tuple[ArrangedItem, ...]
    change: str = ""

    def __post_init__(self) -> None:
        check_range("place_qn", self.place_qn, 0.0, MAX_QN)
        check_text(self.change)
        if bool(self.change) != (self.way is RemakeWay.CHANGE) or len(self.change) > MAX_CHANGE:
            raise ValueError(f"to make an arrangement anew ({self.way}) takes changes only where it is changed")
        names = [item.part.name for item in self.items]
        if names != [name for name in PART_NAMES if name in names]:
            raise ValueError(f"items of {names} must each come once, in the order of {list(PART_NAMES)}")
        check_range("number of notes", sum(len(item.part.notes) for item in self.items), 0, MAX_NOTES)
        written = (ItemState.WRITE, ItemState.ASIDE)
        if self.way is RemakeWay.ARRANGE:
            if not any(item.source or item.part.notes for item in self.items):
                raise ValueError("at least one item is needed to arrange around")
        elif not any(item.state in written and item.source for item in self.items):
            raise ValueError("at least one item is needed that is to be written and has a source")
