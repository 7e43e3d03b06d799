"""The curves of a part's notes as messages of a file: pitch as wheel, MPE or controller, level as pressure or one.

Comes in: the notes in ticks. Goes out: what is said before all of them, and messages at ticks. A file holds each value
until the next, so straight lines between the points of a curve go in small steps, a hundred a second at most; read and
written again they are the same. A curve that outlasts its note is cut, one that begins late holds from its start.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import mido

from vocalmidi.smf.placed import MANAGER, MEMBERS, Placed
from vocalmidi.units import qn_to_ticks
from vocalmidi.values import CC_BEND_CENTRE, CC_BEND_CENTS, BendPointQn, Expression, Part

BEND_RANGE_SEMITONES, MPE_RANGE_SEMITONES = 12, 48
"""Of the wheel: wide enough for a scoop of an octave, because General MIDI starts at 2; MPE's own. Sent as RPN 0."""
BEND_MAX = 8191
"""Of the wheel's 14 bits with a sign, the same up and down."""
STEP_CENTS, STEP_LEVEL = 5.0, 2
"""Of a line, less than is heard; of 127."""
TOP = 127
BRIGHTNESS = 74
"""The controller that MPE has for each note by itself; others are of the zone."""
RESTS = {7: 100, 11: TOP}
"""Where General MIDI has controllers that nobody moved; others are at 0."""
_ZONE_SIZE, _BEND_RANGE = 6, 0
"""Registered parameters: MPE configuration and pitch bend sensitivity."""


class Sent(NamedTuple):
    """A message at a tick; wheel: the channel whose pitch wheel it moves, None where it moves another controller."""

    tick: int
    message: mido.Message
    wheel: int | None = None


class Row(NamedTuple):
    """A value from a tick on."""

    tick: int
    value: int


class Step(NamedTuple):
    """How finely a line is drawn: no two messages within so many ticks, and none for a smaller difference."""

    ticks: int
    value: int


def opening_messages(part: Part, sent: Sequence[Sent]) -> list[mido.Message]:
    """Return what comes before all that is `sent`: MPE's zone, and how far the wheels go that move."""
    used = sorted({each.wheel for each in sent if each.wheel is not None})
    if part.expression.is_mpe:
        ranges = [message for channel in used for message in _parameter(channel, _BEND_RANGE, MPE_RANGE_SEMITONES)]
        return [*_parameter(MANAGER, _ZONE_SIZE, MEMBERS), *ranges]
    return [message for channel in used for message in _parameter(channel, _BEND_RANGE, BEND_RANGE_SEMITONES)]


def curve_messages(part: Part, placed: Sequence[Placed], step_ticks: int, end: int) -> Iterator[Sent]:
    """Yield all messages of the notes' curves, note by note; end: the tick at which controllers come to rest."""
    if part.expression.is_mpe:
        yield from _bends_apart(placed, step_ticks, end)
    else:
        yield from _bends_together(placed, part.expression, step_ticks)
    yield from _levels(placed, part, step_ticks, end)


def wheel_cents(position: int, semitones: int) -> float:
    """Return what a position of the wheel is with a range."""
    return position / BEND_MAX * 100 * semitones


def controller_cents(value: int) -> float:
    """Return the pitch that a controller's value stands for."""
    return (value - CC_BEND_CENTRE) / CC_BEND_CENTRE * CC_BEND_CENTS


def is_of_notes(expression: Expression) -> bool:
    """Return whether each note has its own level, as MPE has it of pressure and brightness."""
    return expression.is_mpe and expression.level_controller in (None, BRIGHTNESS)


def _bends_apart(placed: Sequence[Placed], step_ticks: int, end: int) -> Iterator[Sent]:
    """Yield each note's bends on its channel, whose wheel is where the note begins, and comes to rest at the end."""
    step = Step(step_ticks, _wheel_position(STEP_CENTS, MPE_RANGE_SEMITONES))
    for each in placed:
        rows = _bend_rows(each, each.ticks.stop, step, MPE_RANGE_SEMITONES) or [Row(each.ticks.start, 0)]
        yield from (_wheel_sent(each.channel, row) for row in rows)
    yield from (_wheel_sent(channel, Row(end, 0)) for channel in sorted({each.channel for each in placed}))


def _bends_together(placed: Sequence[Placed], expression: Expression, step_ticks: int) -> Iterator[Sent]:
    """Yield the bends inside the notes of one channel, and the wheel or controller at rest where each ends."""
    number = expression.bend_controller
    step = Step(step_ticks, _wheel_position(STEP_CENTS, BEND_RANGE_SEMITONES) if number is None else 1)
    for index, each in enumerate(placed):
        stop = _stop(placed, index)
        rows = _bend_rows(each, stop, step, BEND_RANGE_SEMITONES if number is None else None)
        for row in [*rows, Row(stop, 0)] if rows else ():
            yield _wheel_sent(each.channel, row) if number is None else _control_sent(each.channel, number, row)


def _levels(placed: Sequence[Placed], part: Part, step_ticks: int, end: int) -> Iterator[Sent]:
    """Yield the levels; the controller comes to rest at the end and not before: after a note it still sounds."""
    if not part.expression.has_level:
        return
    own, number = is_of_notes(part.expression), part.expression.level_controller
    moved = set[int]()
    for index, each in enumerate(placed):
        channel = each.channel if own else MANAGER if part.expression.is_mpe else part.channel
        points = [Row(qn_to_ticks(point.after_qn), point.value) for point in each.note.level]
        rows = _rows(each, points, each.ticks.stop if own else _stop(placed, index), Step(step_ticks, STEP_LEVEL))
        moved |= {channel} if rows else set()
        yield from (Sent(row.tick, _level(channel, number, row.value)) for row in rows)
    rest = RESTS.get(number, 0) if number is not None else 0
    yield from (Sent(end, _level(channel, number, 0 if own else rest)) for channel in sorted(moved))


def _stop(placed: Sequence[Placed], index: int) -> int:
    """Return where a curve of one channel ends: with its note, or where the next begins."""
    following = placed[index + 1].ticks.start if index + 1 < len(placed) else placed[index].ticks.stop
    return min(placed[index].ticks.stop, following)


def _bend_rows(each: Placed, stop: int, step: Step, semitones: int | None) -> list[Row]:
    """Return a note's pitch curve as positions of the wheel, or of a controller about its centre; [] for none."""
    rows = _rows(each, [_bend_row(point, semitones) for point in each.note.bend], stop, step)
    return rows if any(row.value for row in rows) else []


def _bend_row(point: BendPointQn, semitones: int | None) -> Row:
    if semitones is None:
        value = round(point.bend_cents / CC_BEND_CENTS * CC_BEND_CENTRE)
        return Row(qn_to_ticks(point.after_qn), max(-CC_BEND_CENTRE, min(TOP - CC_BEND_CENTRE, value)))
    return Row(qn_to_ticks(point.after_qn), _wheel_position(point.bend_cents, semitones))


def _wheel_position(cents: float, semitones: int) -> int:
    return max(-BEND_MAX, min(BEND_MAX, round(cents / (100 * semitones) * BEND_MAX)))


def _rows(each: Placed, points: Sequence[Row], stop: int, step: Step) -> list[Row]:
    """Return a curve from its note's start to before `stop`, its lines drawn in steps."""
    start = each.ticks.start
    rows = [Row(start, points[0].value)] if points else []
    for point in points:
        tick = start + max(0, point.tick)
        if tick > rows[-1].tick:
            rows.append(Row(tick, point.value))
        else:
            rows[-1] = Row(rows[-1].tick, point.value)
    drawn = [*rows[:1], *(row for line in pairwise(rows) for row in _line(*line, step))]
    return [row for row in drawn if row.tick < stop]


def _line(first: Row, last: Row, step: Step) -> Iterator[Row]:
    """Yield the steps from one point to the next, which is the last of them."""
    ticks, value = last.tick - first.tick, last.value - first.value
    pieces = max(1, min(ticks // step.ticks, -(-abs(value) // step.value)))
    yield from (Row(first.tick + ticks * n // pieces, first.value + value * n // pieces) for n in range(1, pieces + 1))


def _wheel_sent(channel: int, row: Row) -> Sent:
    return Sent(row.tick, mido.Message("pitchwheel", channel=channel, pitch=row.value), channel)


def _control_sent(channel: int, number: int, row: Row) -> Sent:
    value = CC_BEND_CENTRE + row.value
    return Sent(row.tick, mido.Message("control_change", channel=channel, control=number, value=value))


def _level(channel: int, number: int | None, value: int) -> mido.Message:
    if number is None:
        return mido.Message("aftertouch", channel=channel, value=value)
    return mido.Message("control_change", channel=channel, control=number, value=value)


def _parameter(channel: int, parameter: int, value: int) -> list[mido.Message]:
    """Return a registered parameter, then RPN null so that later data entry changes nothing."""
    controls = ((101, 0), (100, parameter), (6, value), (38, 0), (101, 127), (100, 127))
    return [mido.Message("control_change", channel=channel, control=c, value=v) for c, v in controls]
