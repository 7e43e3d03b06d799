"""A melody whose notes have a pitch and a level of their own, and the ways to carry them; and what must be heard."""

from itertools import pairwise

import numpy as np
import pytest

from vocalmidi.values import BendPointQn, ControlPointQn, Expression, Note, Origin, Part, PartName, Played

TICKS = 960
WAYS = [
    Expression("wheel", "cc11"),
    Expression("wheel", "pressure"),
    Expression("mpe"),
    Expression("mpe", "pressure"),
    Expression("mpe", "cc74"),
    Expression("mpe", "cc11"),
    Expression("cc16", "cc2"),
    Expression("cc16", "pressure"),
]
NAMES = [f"{way.bend_as}-{way.level_as}" for way in WAYS]
SCOOP = ((0.0, -180.0), (0.2, 30.0), (0.5, 30.0), (0.75, -30.0), (0.9, -20.0))
FALL = ((0.02, 40.0), (0.5, 0.0), (2.0, -150.0))
SWELL = ((0.0, 40), (0.3, 110), (0.6, 110), (0.8, 30))
FADE = ((0.0, 127), (2.0, 3))
CURVES = ((SCOOP, SWELL), (FALL, FADE), ((), ((0.0, 90),)), (SCOOP, FADE))
STARTS = (0.0, 1.0, 2.0, 3.5)
LENGTHS = (1.0, 0.75, 1.0, 0.5)
PITCHES = (60, 64, 62, 60)


def note(at, curves, *, shift=0.0):
    bend, level = curves
    return Note(
        STARTS[at],
        LENGTHS[at],
        PITCHES[at],
        80,
        tuple(BendPointQn(after, cents) for after, cents in bend),
        Played(STARTS[at] + shift, LENGTHS[at]) if shift else None,
        Origin.SUNG,
        tuple(ControlPointQn(after, value) for after, value in level),
    )


def melody(way, *, shift=0.0):
    """Return a melody of four notes; with a `shift` they were sung so much later than they are meant."""
    curves = CURVES if way.has_level else tuple((bend, ()) for bend, _ in CURVES)
    notes = tuple(note(at, each, shift=shift) for at, each in enumerate(curves))
    return Part(PartName.MELODY, 0, 53, notes, way)


def places(heard):
    """Return ticks inside a note: its start, its end, and between."""
    return np.linspace(heard.start, heard.stop - 1, 25).astype(int)


def cents_of(heard, tick, way):
    number = way.bend_controller
    if number is None:
        return heard.cents_at(tick)
    return (heard.control_at(number, tick) - 64) / 64 * 200


def level_of(heard, tick, way):
    number = way.level_controller
    return heard.pressure_at(tick) if number is None else heard.control_at(number, tick)


def assert_heard(notes, way, *, step_ticks):
    """Assert that every note has its curves; step_ticks: how long a value may hold before the next."""
    assert [each.pitch for each in notes] == list(PITCHES)
    for each, (bend, level) in zip(notes, CURVES, strict=True):
        for tick in places(each):
            after = (tick - each.start) / TICKS
            if way.bend_controller is None or bend:
                steep = steepest(bend) * step_ticks / TICKS
                assert cents_of(each, tick, way) == pytest.approx(at(bend, after), abs=4.0 + steep), (each.pitch, tick)
            if way.has_level:
                steep = steepest(level) * step_ticks / TICKS
                assert level_of(each, tick, way) == pytest.approx(at(level, after), abs=2.5 + steep), (each.pitch, tick)


def at(curve, after):
    return float(np.interp(after, *zip(*curve, strict=True))) if curve else 0.0


def steepest(curve):
    return max((abs((b[1] - a[1]) / (b[0] - a[0])) for a, b in pairwise(curve)), default=0.0)
