"""One part as a track of a Standard MIDI File."""

from typing import NamedTuple

import mido

from vocalmidi.smf.remarks import TickNote, part_remark
from vocalmidi.units import qn_to_ticks
from vocalmidi.values import Note, Part

BEND_RANGE_SEMITONES = 12
"""Wide enough for a scoop of an octave; sent as RPN 0, because General MIDI starts at 2."""
BEND_MAX = 8191
"""Of the wheel's 14 bits with a sign, the same up and down."""


class _Event(NamedTuple):
    """A message at a tick; at one tick offs come before bends and bends before ons.

    Notes of one tick lie by their keys, so that a file that is read again is the same file.
    """

    tick: int
    rank: int
    pitch_midi: int
    message: mido.Message


def part_track(part: Part, end: int) -> mido.MidiTrack:
    """Return the part's name, program, notes and bends; the track ends at tick `end` or after its last event."""
    head = [
        mido.MetaMessage("track_name", name=part.name.title()),
        mido.MetaMessage("text", text=part_remark([(_ticks(note), note.origin) for note in part.notes])),
        mido.Message("program_change", channel=part.channel, program=part.program),
    ]
    events = sorted((event for note in part.notes for event in _note_events(note, part.channel)), key=lambda e: e[:3])
    if any(note.bend for note in part.notes):
        head += _bend_range(part.channel)
    track, now = mido.MidiTrack(head), 0
    for event in events:
        track.append(event.message.copy(time=event.tick - now))
        now = event.tick
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - now)))
    return track


def _ticks(note: Note) -> TickNote:
    start = qn_to_ticks(note.start_qn)
    # A note shorter than a tick would end before it begins for a reader that sorts offs first.
    return TickNote(start, note.pitch_midi, max(start + 1, qn_to_ticks(note.start_qn + note.length_qn)), note.velocity)


def _note_events(note: Note, channel: int) -> list[_Event]:
    start, _, stop, _ = _ticks(note)
    on = mido.Message("note_on", channel=channel, note=note.pitch_midi, velocity=note.velocity)
    off = mido.Message("note_off", channel=channel, note=note.pitch_midi, velocity=0)
    return [
        _Event(start, 2, note.pitch_midi, on),
        *_bend_events(note, channel, start, stop),
        _Event(stop, 0, note.pitch_midi, off),
    ]


def _bend_events(note: Note, channel: int, start: int, stop: int) -> list[_Event]:
    """Return the curve inside the note, and the wheel at rest where it ends."""
    if not note.bend:
        return []
    events = [
        _Event(min(stop, max(start, start + qn_to_ticks(point.after_qn))), 1, 0, _wheel(channel, point.bend_cents))
        for point in note.bend
    ]
    return [*events, _Event(stop, 1, 0, _wheel(channel, 0.0))]


def _wheel(channel: int, bend_cents: float) -> mido.Message:
    position = round(bend_cents / (100 * BEND_RANGE_SEMITONES) * BEND_MAX)
    return mido.Message("pitchwheel", channel=channel, pitch=max(-BEND_MAX, min(BEND_MAX, position)))


def _bend_range(channel: int) -> list[mido.Message]:
    """Return RPN 0 (pitch bend sensitivity), then RPN null so that later data entry changes nothing."""
    controls = ((101, 0), (100, 0), (6, BEND_RANGE_SEMITONES), (38, 0), (101, 127), (100, 127))
    return [mido.Message("control_change", channel=channel, control=c, value=v) for c, v in controls]
