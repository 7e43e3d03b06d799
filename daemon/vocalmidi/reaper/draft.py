"""What is shown while a phrase is recorded, and how the user begins and ends that: frozen values, checked when made.

A `Draft` is one file that is replaced as the singer goes on: the notes and hits heard live, which may be wrong. It is a
picture and no command: who misses one sees the next. The considered notes come as an `InsertRequest` that names it.
"""

from dataclasses import dataclass
from enum import StrEnum

from vocalmidi.reaper.lines import check_id, check_range
from vocalmidi.reaper.ranges import MAX_NUMBER, MAX_QN
from vocalmidi.units import QuarterNotes
from vocalmidi.values import PART_NAMES, PartName

MAX_DRAFT_NOTES = 1000
"""Of one draft: four minutes of eighth notes and hits at 120 BPM; of a longer one the last are shown."""


class RecordWay(StrEnum):
    """What is to become of the recording of a phrase."""

    START = "start"
    """Listen for it from now on, and draw it."""
    STOP = "stop"
    """It is complete: write what was sung."""
    DROP = "drop"
    """Its project is gone: draw no more, write nothing."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Which recording is meant, by the id that its draft has, and what becomes of it."""

    way: RecordWay
    draft_id: str

    def __post_init__(self) -> None:
        check_id(self.draft_id)


@dataclass(frozen=True, slots=True)
class DraftNote:
    """A note heard live, after the draft's beginning: where it sounds, MIDI key 0–127, velocity 1–127."""

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    pitch_midi: int
    velocity: int

    def __post_init__(self) -> None:
        check_range("start_qn of a draft's note", self.start_qn, 0.0, MAX_QN)
        check_range("length_qn of a draft's note", self.length_qn, 0.0, MAX_QN)
        if self.length_qn <= 0:
            raise ValueError("a draft's note has no length")
        check_range("pitch_midi of a draft's note", self.pitch_midi, 0, 127)
        check_range("velocity of a draft's note", self.velocity, 1, 127)


@dataclass(frozen=True, slots=True)
class DraftPart:
    """The notes of one part in order of start, then pitch; channel 0–15 and General MIDI program 0–127."""

    name: PartName
    channel: int
    program: int
    notes: tuple[DraftNote, ...]

    def __post_init__(self) -> None:
        check_range("channel", self.channel, 0, 15)
        check_range("program", self.program, 0, 127)
        places = [(note.start_qn, note.pitch_midi) for note in self.notes]
        if not places or places != sorted(places):
            raise ValueError(f"a draft's {self.name} needs notes, in order of start and pitch")


@dataclass(frozen=True, slots=True)
class Draft:
    """What was heard of a phrase up to now.

    draft_id: of the recording; number: counts from 1, each picture its own.
    place_qn: the bar line of the project where it begins; length_qn: whole bars.
    parts: those in which something was heard, in the order of tracks.
    """

    draft_id: str
    number: int
    place_qn: QuarterNotes
    length_qn: QuarterNotes
    parts: tuple[DraftPart, ...]

    def __post_init__(self) -> None:
        check_id(self.draft_id)
        check_range("number of a draft", self.number, 1, MAX_NUMBER)
        check_range("place_qn", self.place_qn, 0.0, MAX_QN)
        check_range("length_qn", self.length_qn, 0.0, MAX_QN)
        if self.length_qn <= 0:
            raise ValueError("a draft has no length")
        check_range("number of a draft's notes", sum(len(part.notes) for part in self.parts), 0, MAX_DRAFT_NOTES)
        names = [part.name for part in self.parts]
        if names != [name for name in PART_NAMES if name in names]:
            raise ValueError(f"parts {names} must each come once, in the order of {list(PART_NAMES)}")
