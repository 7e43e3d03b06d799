"""One part as a track of a Standard MIDI File."""

from collections.abc import Iterator
from typing import NamedTuple

import mido

from vocalmidi.smf.curves import curve_messages, opening_messages
from vocalmidi.smf.placed import Placed, channel_of, placed_notes
from vocalmidi.smf.remarks import curves_remark, part_remark
from vocalmidi.values import PLAIN_EXPRESSION, Part


class _Event(NamedTuple):
    """A message at a tick; at one tick offs come before curves and curves before ons.

    Notes of one tick lie by their keys, so that a file that is read again is the same file.
    """

    tick: int
    rank: int
    pitch_midi: int
    message: mido.Message


def part_track(part: Part, end: int, step_ticks: int) -> mido.MidiTrack:
    """Return the part's name, program, notes and curves; the track ends at tick `end` or after its last event.

    step_ticks: the least between two messages that draw a line.
    """
    placed = placed_notes(part)
    stop = max([end, *(each.ticks.stop for each in placed)])
    sent = list(curve_messages(part, placed, step_ticks, stop))
    events = [event for each in placed for event in _note_events(each)]
    events += [_Event(each.tick, 1, 0, each.message) for each in sent]
    track, now = mido.MidiTrack([*_head(part, placed), *opening_messages(part, sent)]), 0
    for event in sorted(events, key=lambda each: each[:3]):
        track.append(event.message.copy(time=event.tick - now))
        now = event.tick
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - now)))
    return track


def _head(part: Part, placed: list[Placed]) -> Iterator[mido.MetaMessage | mido.Message]:
    yield mido.MetaMessage("track_name", name=part.name.title())
    yield mido.MetaMessage("text", text=part_remark([(each.ticks, each.note.origin) for each in placed]))
    if part.expression != PLAIN_EXPRESSION:
        yield mido.MetaMessage("text", text=curves_remark(part.expression))
    yield mido.Message("program_change", channel=channel_of(part), program=part.program)


def _note_events(each: Placed) -> Iterator[_Event]:
    start, pitch, stop, velocity = each.ticks
    yield _Event(start, 2, pitch, mido.Message("note_on", channel=each.channel, note=pitch, velocity=velocity))
    yield _Event(stop, 0, pitch, mido.Message("note_off", channel=each.channel, note=pitch, velocity=0))
