"""What the bridge says of sung notes that were written and what their user did to them: frozen, checked when made."""

from dataclasses import dataclass
from enum import StrEnum

from vocalmidi.reaper.lines import check_range
from vocalmidi.reaper.ranges import MAX_BEFORE_QN, MAX_NOTES, MAX_QN, check_guid, check_source
from vocalmidi.units import QuarterNotes
from vocalmidi.values import PartName

MAX_EDITED = 64
"""Items of one command: a long session's phrases; the bridge sends the newest."""


class Fate(StrEnum):
    """What became of a note since it was written."""

    KEPT = "kept"
    """It lies where it was written."""
    NOW = "now"
    """It was moved, or put into another octave."""
    GONE = "gone"
    """It was deleted."""
    OTHER = "other"
    """Another note is in its place, which says nothing of how it was heard."""


@dataclass(frozen=True, slots=True)
class SeenNote:
    """A sung note as it was written, in quarter notes from its item's beginning, and as it is now.

    meant_qn, played_qn: where it was meant and where it was sung.
    now_qn, now_pitch_midi: where it lies now; of a note that is gone, where it lay.
    """

    pitch_midi: int
    meant_qn: QuarterNotes
    played_qn: QuarterNotes
    fate: Fate
    now_qn: QuarterNotes
    now_pitch_midi: int

    def __post_init__(self) -> None:
        check_range("pitch_midi of a seen note", self.pitch_midi, 0, 127)
        check_range("now_pitch_midi of a seen note", self.now_pitch_midi, 0, 127)
        check_range("meant_qn", self.meant_qn, 0.0, MAX_QN)
        check_range("played_qn", self.played_qn, -MAX_BEFORE_QN, MAX_QN)
        check_range("now_qn", self.now_qn, -MAX_BEFORE_QN, MAX_QN)


@dataclass(frozen=True, slots=True)
class SeenItem:
    """An item that holds sung notes, as its user has left it.

    strength: 0-1, how far its notes lie from where they were sung to where they are meant.
    source: what it takes to make it again, by which its phrase is known.
    """

    guid: str
    part: PartName
    strength: float
    source: str
    notes: tuple[SeenNote, ...]

    def __post_init__(self) -> None:
        check_guid(self.guid)
        check_source(self.source)
        check_range("strength", self.strength, 0.0, 1.0)
        if not self.source or not self.notes:
            raise ValueError("an item is seen only with its source and its sung notes")


def check_seen(items: tuple[SeenItem, ...]) -> None:
    """Raise ValueError where there are more items or notes than one command carries."""
    check_range("number of edited items", len(items), 0, MAX_EDITED)
    check_range("number of their notes", sum(len(item.notes) for item in items), 0, MAX_NOTES)
