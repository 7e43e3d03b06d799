"""What the daemon shows of itself to the panel inside Reaper: frozen values, checked when made.

A `Status` is one file that is replaced: at every change of the session's settings, and ten times a second while a panel
is open, which says so by its lease. It is a picture, no command: who misses one sees the next.
"""

import re
from dataclasses import dataclass

from vocalmidi.reaper.lines import check_id, check_range, check_text
from vocalmidi.reaper.ranges import MAX_QN
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import Key

MIN_LEVEL_DB = -120.0
"""Lower is drawn as silence."""
MAX_SHOWN_NOTES = 200
"""Of a piano roll a hand wide; of a longer phrase the last are shown."""
MAX_CHOICES = 16
NOTHING_QN = QuarterNotes(0.0)
_WORD = re.compile(r"[!-+\--~]{1,40}")
"""Printable ASCII without a space or a comma."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting of the session: its value, and the values it can take, () where these are too many to list."""

    name: str
    value: str
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for word in (self.name, self.value, *self.options):
            if not _WORD.fullmatch(word):
                raise ValueError(f"{word[:50]!r} must be 1–40 printable ASCII characters without a space or comma")


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note of the phrase that was heard last, after its beginning; MIDI key 0–127."""

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    pitch_midi: int

    def __post_init__(self) -> None:
        check_range("start_qn of a shown note", self.start_qn, 0.0, MAX_QN)
        check_range("length_qn of a shown note", self.length_qn, 0.0, MAX_QN)
        check_range("pitch_midi of a shown note", self.pitch_midi, 0, 127)


@dataclass(frozen=True, slots=True)
class Status:
    """How the daemon stands.

    owner_id: the daemon's, as in its heartbeat.
    written_s: seconds since 1970.
    listening: whether what comes from the microphone is taken in.
    level_db: RMS of the last moment, dB re full scale.
    pitch_midi: what is sung just now, None where no pitch is heard.
    key: of the phrase that was heard last, None before the first.
    choices: the session's settings, in the order in which they are shown.
    length_qn: of the phrase that was heard last; notes: its notes.
    said: what the daemon said last, "" before it said anything.
    """

    owner_id: str
    written_s: Seconds
    listening: bool
    level_db: float = MIN_LEVEL_DB
    pitch_midi: float | None = None
    key: Key | None = None
    choices: tuple[Choice, ...] = ()
    length_qn: QuarterNotes = NOTHING_QN
    notes: tuple[ShownNote, ...] = ()
    said: str = ""

    def __post_init__(self) -> None:
        check_id(self.owner_id)
        check_text(self.said)
        check_range("level_db", self.level_db, MIN_LEVEL_DB, 20.0)
        check_range("length_qn", self.length_qn, 0.0, MAX_QN)
        check_range("number of shown notes", len(self.notes), 0, MAX_SHOWN_NOTES)
        check_range("number of choices", len(self.choices), 0, MAX_CHOICES)
        if self.pitch_midi is not None:
            check_range("pitch_midi", self.pitch_midi, 0.0, 127.0)
