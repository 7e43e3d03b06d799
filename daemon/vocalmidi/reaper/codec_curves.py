"""What carries the curves of a part, and the pitch and level of its notes, in lines of an `insert` file, and back."""

from collections.abc import Iterator
from dataclasses import dataclass

from vocalmidi.reaper.lines import LineReader, number_text
from vocalmidi.reaper.ranges import MAX_BEND_CENTS, MAX_QN
from vocalmidi.units import Cents, QuarterNotes
from vocalmidi.values import PLAIN_EXPRESSION, BendPointQn, ControlPointQn, Expression, Note, Part


@dataclass(frozen=True, slots=True)
class Announced:
    """What carries the curves of a part, and how many points of levels its notes have."""

    expression: Expression = PLAIN_EXPRESSION
    levels: int = 0


def expression_lines(part: Part) -> Iterator[str]:
    """Yield the line that says what carries a part's curves; none where that is the wheel alone."""
    if part.expression != PLAIN_EXPRESSION:
        levels = sum(len(note.level) for note in part.notes)
        yield f"curves {part.expression.bend_as} {part.expression.level_as} {levels}"


def curve_lines(note: Note) -> Iterator[str]:
    """Yield the points of a note's pitch and of its level."""
    yield from (f"b {number_text(point.after_qn)} {number_text(point.bend_cents)}" for point in note.bend)
    yield from (f"l {number_text(point.after_qn)} {point.value}" for point in note.level)


def read_expression(reader: LineReader, levels_left: int) -> Announced:
    """Return what the next line says of a part's curves, if it is of them."""
    if not reader.next_is("curves"):
        return Announced()
    bend_as, level_as, levels = reader.fields("curves", 3)
    expression = Expression(bend_as[:40], level_as[:40])
    if expression == PLAIN_EXPRESSION:
        reader.refuse("these curves need not be said")
    return Announced(expression, reader.integer(levels, 0, levels_left if expression.has_level else 0))


def read_bends(reader: LineReader) -> Iterator[BendPointQn]:
    """Yield the points of a note's pitch that the next lines hold."""
    while reader.next_is("b"):
        after, cents = reader.fields("b", 2)
        yield BendPointQn(
            QuarterNotes(reader.number(after, 0.0, MAX_QN)),
            Cents(reader.number(cents, -MAX_BEND_CENTS, MAX_BEND_CENTS)),
        )


def read_levels(reader: LineReader) -> Iterator[ControlPointQn]:
    """Yield the points of a note's level that the next lines hold."""
    while reader.next_is("l"):
        after, value = reader.fields("l", 2)
        yield ControlPointQn(QuarterNotes(reader.number(after, 0.0, MAX_QN)), reader.integer(value, 0, 127))
