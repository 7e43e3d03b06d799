"""What of a request is about an arrangement that is in the project: frozen values, checked when made."""

from collections.abc import Sequence
from dataclasses import dataclass

from vocalmidi.reaper.ranges import check_guid
from vocalmidi.values import PART_NAMES, PartName


@dataclass(frozen=True, slots=True)
class Replaced:
    """A part whose notes take the place of those in the item `guid`.

    aside: the item was edited by hand and stays; the notes go beside it, into a lane or a take that does not play yet.
    """

    part: PartName
    guid: str
    aside: bool = False

    def __post_init__(self) -> None:
        check_guid(self.guid)


@dataclass(frozen=True, slots=True)
class Joined:
    """An item of the arrangement that new parts join: one of ours, or the user's own, which stands for `part`."""

    part: PartName
    guid: str

    def __post_init__(self) -> None:
        check_guid(self.guid)


def check_items(items: Sequence[Replaced | Joined]) -> None:
    """Raise ValueError unless each part comes at most once, in the parts' order."""
    names = [each.part for each in items]
    if names != [name for name in PART_NAMES if name in names]:
        raise ValueError(f"items of {names} must each come once, in the order of {list(PART_NAMES)}")


def check_whole(replaces: Sequence[Replaced], joins: Sequence[Joined], written: Sequence[PartName]) -> None:
    """Raise ValueError unless every item has its part, and every part its item or others to join."""
    named = [each.part for each in replaces]
    if any(name not in written for name in named) or not (joins or named == list(written)):
        raise ValueError(f"the parts {list(written)} must be those whose items are replaced, or new ones that join")
