"""A part's notes in ticks, each on its channel: the part's own, or with MPE one of its own.

MPE (MIDI Association, M1-100): the lower zone, its manager on the first channel, each note on one of the others.
"""

from collections.abc import Sequence
from typing import NamedTuple

from vocalmidi.smf.remarks import TickNote
from vocalmidi.units import qn_to_ticks
from vocalmidi.values import Note, Part

MANAGER, MEMBERS = 0, 15
"""Channels from 0 on: the zone's own, and how many follow it."""


DRUMS = 9
"""General MIDI's channel of them: who knows no MPE would play a note there as a drum."""


class Placed(NamedTuple):
    """A note of a part, where it lies in ticks, and its channel."""

    ticks: TickNote
    channel: int
    note: Note


def placed_notes(part: Part) -> list[Placed]:
    """Return the notes in order of ticks."""
    ordered = sorted(((ticks_of(note), note) for note in part.notes), key=lambda each: each[0])
    channels = _spread([ticks for ticks, _ in ordered]) if part.expression.is_mpe else [part.channel] * len(ordered)
    return [Placed(ticks, channel, note) for (ticks, note), channel in zip(ordered, channels, strict=True)]


def channel_of(part: Part) -> int:
    """Return the channel of a part's program: with MPE that of the zone's manager."""
    return MANAGER if part.expression.is_mpe else part.channel


def ticks_of(note: Note) -> TickNote:
    """Return where a note lies; one shorter than a tick would end before it begins for who sorts offs first."""
    start = qn_to_ticks(note.start_qn)
    return TickNote(start, note.pitch_midi, max(start + 1, qn_to_ticks(note.start_qn + note.length_qn)), note.velocity)


def _spread(notes: Sequence[TickNote]) -> list[int]:
    """Return the channel of each: that which has rested longest, so that the end of a note is not bent by the next."""
    free_at = {channel: -1 for channel in range(MANAGER + 1, MANAGER + 1 + MEMBERS) if channel != DRUMS}
    channels = list[int]()
    for note in notes:
        first = min(free_at, key=lambda channel: free_at[channel])
        free_at[first] = note.stop
        channels.append(first)
    return channels
