"""What of a voice's curves is written with its notes, and as what: the settings' wish, laid on an arrangement.

Comes in: an arrangement whose sung notes have every curve of the voice. Goes out: the same with those that are wanted,
and its sung parts told what carries them. What a genre bends, such as a sliding bass, stays on the wheel, which every
instrument understands; drums have no curves.
"""

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Protocol

from vocalmidi.config import Settings
from vocalmidi.errors import ConfigError
from vocalmidi.live import ALL_TONES, snapped
from vocalmidi.units import Cents, QuarterNotes, level_to_controller
from vocalmidi.values import (
    PLAIN_EXPRESSION,
    Arrangement,
    BendPointQn,
    ControlPointQn,
    Expression,
    Note,
    Origin,
    Part,
    PartName,
)

SUNG = (Origin.SUNG, Origin.VARIED)
"""Notes that carry the curves of the voice."""
MIDDLE = (ControlPointQn(QuarterNotes(0.0), level_to_controller(0.0)),)
"""Of a note that nobody sang among those that have a level: else it would be as loud as the last one ended."""
CENTS = 100.0
"""In a semitone."""
UNSAID = {"bend_as": "wheel", "expression": "off", "swing": "auto"}
"""What held when these settings were not there: of what was written then."""


class Wished(Protocol):
    """What settings say of curves."""

    @property
    def bend(self) -> str:
        """Whether pitch is carried."""
        ...

    @property
    def bend_as(self) -> str:
        """What carries it."""
        ...

    @property
    def expression(self) -> str:
        """What carries the level."""
        ...


def expression_of(settings: Wished) -> Expression:
    """Return what is to carry the curves; raise ConfigError where the settings name nothing that can."""
    try:
        expression = Expression(settings.bend_as, settings.expression)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    return expression if settings.bend != "off" else replace(expression, bend_as=PLAIN_EXPRESSION.bend_as)


def expressed(arrangement: Arrangement, settings: Settings, kept: Container[PartName] = ()) -> Arrangement:
    """Return the arrangement with the curves that are wanted; parts that are `kept` stay as they are."""
    parts = tuple(part if part.name in kept else _expressed(part, settings) for part in arrangement.parts)
    return replace(arrangement, parts=parts)


def spared(arrangements: Sequence[Arrangement], *, bends: int, levels: int) -> list[Arrangement]:
    """Return arrangements with at most so many points of each curve in all; the last are the first to go without.

    Half an hour of a loop, or an hour's phrase, has more than a spool file takes; its notes are worth having plain.
    """
    made = list[Arrangement]()
    for each in arrangements:
        notes = [note for part in each.parts for note in part.notes]
        bends -= sum(len(note.bend) for note in notes)
        levels -= sum(len(note.level) for note in notes)
        made.append(_without(each, bends=bends < 0, levels=levels < 0))
    return made


def _without(arrangement: Arrangement, *, bends: bool, levels: bool) -> Arrangement:
    if not (bends or levels):
        return arrangement
    return replace(arrangement, parts=tuple(_plainer(part, bends=bends, levels=levels) for part in arrangement.parts))


def _plainer(part: Part, *, bends: bool, levels: bool) -> Part:
    notes = tuple(
        replace(note, bend=() if bends else note.bend, level=() if levels else note.level) for note in part.notes
    )
    return replace(part, notes=notes)


def _expressed(part: Part, settings: Settings) -> Part:
    notes = part.notes
    if settings.bend != "true":
        drawn = _snapped if settings.bend == "snap" else _straight
        notes = tuple(drawn(note) if note.bend and note.origin in SUNG else note for note in notes)
    carried = expression_of(settings) if _is_sung(part) else PLAIN_EXPRESSION
    return replace(part, notes=tuple(_levelled(note, carried) for note in notes), expression=carried)


def _straight(note: Note) -> Note:
    return replace(note, bend=())


def _snapped(note: Note) -> Note:
    """Return the note with its curve drawn to tones, as live playing does; none where it never leaves its own."""
    home, points = note.pitch_midi, list[BendPointQn]()
    for point in note.bend:
        drawn = snapped(note.pitch_midi + point.bend_cents / CENTS, home, ALL_TONES)
        home, cents = drawn.home, Cents((drawn.pitch_midi - note.pitch_midi) * CENTS)
        still = len(points) > 1 and cents == points[-1].bend_cents == points[-2].bend_cents
        points[-1 if still else len(points) :] = [BendPointQn(point.after_qn, cents)]
    return replace(note, bend=tuple(points) if any(point.bend_cents for point in points) else ())


def _is_sung(part: Part) -> bool:
    return part.name is not PartName.DRUMS and any(note.origin in SUNG for note in part.notes)


def _levelled(note: Note, carried: Expression) -> Note:
    level = (note.level or MIDDLE) if carried.has_level else ()
    return note if level == note.level else replace(note, level=level)
