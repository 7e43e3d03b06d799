"""The curves of a track's notes as a file has them, whatever carries them.

Comes in: a track's messages at ticks, its notes and what carries their curves. Goes out: the pitch and the level of
each note. A movement belongs to the note of its channel that began last; what moves while none sounds is no curve.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from vocalmidi.smf.curves import controller_cents, is_of_notes, wheel_cents
from vocalmidi.smf.remarks import TickNote
from vocalmidi.units import TICKS_PER_QN, Cents, QuarterNotes
from vocalmidi.values import BendPointQn, ControlPointQn, Expression

BEND_RANGE_SEMITONES = 2
"""General MIDI's, until RPN 0 says another."""
_DATA_ENTRY, _RPN_LOW, _RPN_HIGH = 6, 100, 101
_NO_RPN = (127, 127)
_BEND_RANGE = (0, 0)


@dataclass(frozen=True, slots=True)
class Timed:
    """A message at a tick of ours."""

    tick: int
    message: Any  # mido gives its messages attributes by their type, of which it says nothing


class HeardNote(NamedTuple):
    """A note of a track, and its channel."""

    ticks: TickNote
    channel: int


@dataclass(frozen=True, slots=True)
class Curves:
    """Of one note: its pitch about its key, () where that never moves, and its level."""

    bend: tuple[BendPointQn, ...] = ()
    level: tuple[ControlPointQn, ...] = ()


class _Moved(NamedTuple):
    """A controller that was put to a value."""

    channel: int
    tick: int
    value: float


def read_curves(track: Sequence[Timed], notes: Sequence[HeardNote], expression: Expression) -> list[Curves]:
    """Return the curves of each note; notes: in order."""
    number = expression.bend_controller
    bends = _by_note(_wheel(track) if number is None else _controller(track, number), notes, by_channel=True)
    levels = _by_note(_level(track, expression), notes, by_channel=is_of_notes(expression))
    return [_curves(note, bends.get(index, {}), levels.get(index, {}), number) for index, note in enumerate(notes)]


def _curves(note: HeardNote, bend: Mapping[int, float], level: Mapping[int, float], number: int | None) -> Curves:
    cents = bend if number is None else {tick: controller_cents(int(value)) for tick, value in bend.items()}
    curve = tuple(BendPointQn(_after(note, tick), Cents(value)) for tick, value in cents.items())
    levels = tuple(ControlPointQn(_after(note, tick), int(value)) for tick, value in level.items())
    return Curves(curve if any(point.bend_cents for point in curve) else (), levels)


def _after(note: HeardNote, tick: int) -> QuarterNotes:
    return QuarterNotes((tick - note.ticks.start) / TICKS_PER_QN)


def _by_note(moves: Iterator[_Moved], notes: Sequence[HeardNote], *, by_channel: bool) -> dict[int, dict[int, float]]:
    """Return the moves within each note by tick, the last of each; by_channel: only those of its own channel."""
    members: dict[int, list[int]] = {}
    for index, note in enumerate(notes):
        members.setdefault(note.channel if by_channel else 0, []).append(index)
    starts = {channel: [notes[index].ticks.start for index in its] for channel, its in members.items()}
    found: dict[int, dict[int, float]] = {}
    for move in moves:
        channel = move.channel if by_channel else 0
        begun = bisect_right(starts.get(channel, []), move.tick)
        latest = members[channel][begun - 1] if begun else None
        if latest is not None and move.tick < notes[latest].ticks.stop:
            found.setdefault(latest, {})[move.tick] = move.value
    return found


def _wheel(track: Sequence[Timed]) -> Iterator[_Moved]:
    """Yield where the wheels move to, in cents."""
    chosen: dict[int, tuple[int, int]] = {}
    semitones: dict[int, int] = {}
    for each in track:
        message = each.message
        if message.type == "control_change":
            high, low = chosen.get(message.channel, _NO_RPN)
            if message.control == _RPN_HIGH:
                chosen[message.channel] = message.value, low
            elif message.control == _RPN_LOW:
                chosen[message.channel] = high, message.value
            elif message.control == _DATA_ENTRY and (high, low) == _BEND_RANGE:
                semitones[message.channel] = message.value
        elif message.type == "pitchwheel":
            its = semitones.get(message.channel, BEND_RANGE_SEMITONES)
            yield _Moved(message.channel, each.tick, wheel_cents(message.pitch, its))


def _controller(track: Sequence[Timed], number: int) -> Iterator[_Moved]:
    for each in track:
        if each.message.type == "control_change" and each.message.control == number:
            yield _Moved(each.message.channel, each.tick, each.message.value)


def _level(track: Sequence[Timed], expression: Expression) -> Iterator[_Moved]:
    if not expression.has_level:
        return iter(())
    number = expression.level_controller
    if number is not None:
        return _controller(track, number)
    pressed = (each for each in track if each.message.type == "aftertouch")
    return (_Moved(each.message.channel, each.tick, each.message.value) for each in pressed)
