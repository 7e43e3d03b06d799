"""What is settled of the drums before a network is asked: the genre's rows and the singer's hits on a grid.

In: a plan, a genre's rows, the beatboxed groove. Out: `Sketch`es, one for every two written bars of 4/4. Settled are
the accents of kick and snare, what keeps the time on the beats, rows that the genre keeps, and those of drums that the
network has not learnt (rim, clap). Other strokes are tapped, as a hint of the rhythm. Cymbals and toms that the rows
don't have are silent, so that one thing keeps the time. In bars that the singer rules, his hits are settled and tapped,
and his roles are left to him. Draws nothing itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.drum_network import CELLS, STEPS, Bools, Floats
from vocalmidi.arrange.drum_voices import (
    HAT,
    HAT_OPEN,
    KICK,
    RIDE,
    SNARE,
    USUAL_KEYS,
    VOICE_OF_KEY,
    VOICES,
    VOICES_OF_ROLE,
)
from vocalmidi.arrange.plan import Plan, Section
from vocalmidi.arrange.strokes import Stroke, lay_row, swing_at
from vocalmidi.arrange.style import DrumRow, Groove
from vocalmidi.arrange.sung_groove import SungGroove

STEP_QN = 0.25
"""A written sixteenth."""
BEAT_STEPS = 4
TAP_LOUDNESS = {"X": 0.9, "x": 0.6, "o": 0.3, "r": 0.5, "t": 0.5}
"""What a symbol sounds like to the network, 0–1: accents, strokes and ghosts in gmd lie about there."""


@dataclass(frozen=True, slots=True)
class Window:
    """Two written bars: their section, where they begin and how long a step is, in quarter notes of the phrase."""

    section: Section
    start_qn: float
    step_qn: float


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Two bars before they are drawn.

    tap, late: (32,) as in `Asked`. settled, struck: (32, 9). sung: (32, 9), which of these the singer struck.
    """

    tap: Floats
    late: Floats
    settled: Bools
    struck: Bools
    sung: Bools


def windows_of(plan: Plan) -> tuple[Window, ...]:
    """Return the two-bar windows of all sections, in order; the last of a section may reach beyond it."""
    step_qn = STEP_QN * plan.pace
    return tuple(
        Window(section, start_qn, step_qn)
        for section in plan.sections
        for start_qn in np.arange(section.first_bar * plan.bar_qn, section.stop_bar * plan.bar_qn, STEPS * step_qn)
    )


def sketched(plan: Plan, window: Window, keeps: frozenset[int], sung: SungGroove) -> Sketch:
    """Return the sketch of a window; keeps: keys whose rows are played as they are written."""
    sketch = Sketch(np.zeros(STEPS, np.float32), swing_of(plan), *(np.zeros(CELLS, np.bool_) for _ in range(3)))
    bars = _bars(plan, window)
    sketch.settled[:, silent_voices(window.section.groove)] = True
    for row in window.section.groove.drums:
        _sketch_row(sketch, plan, window, row, row.key in keeps)
    for bar in np.unique(bars):
        if bar in sung.bars:
            _leave_to_singer(sketch, bars == bar, {role for at, role in sung.ruled if at == bar})
    for hit in sung.hits:
        step = round((hit.start_qn - window.start_qn) / window.step_qn)
        if 0 <= step < STEPS and hit.bar in sung.bars:
            sketch.tap[step] = max(sketch.tap[step], hit.velocity / 127.0)
            if hit.key in VOICE_OF_KEY:
                cell = step, VOICE_OF_KEY[hit.key]
                sketch.settled[cell] = sketch.struck[cell] = sketch.sung[cell] = True
    return sketch


def swing_of(plan: Plan) -> Floats:
    """Return by how many steps what the plan swings lies behind the nearest of 32 steps, (32,); 0 for the others."""
    late = np.zeros(STEPS, np.float32)
    step_qn = STEP_QN * plan.pace
    for number in range(int(STEPS * step_qn / plan.swing_qn)):
        place = swing_at(number * plan.swing_qn, plan) / step_qn
        late[round(place) % STEPS] = place - round(place)
    return late


def silent_voices(groove: Groove) -> list[int]:
    """Return the voices that a groove does without: crash, toms and timekeepers that its rows don't have."""
    has = {VOICE_OF_KEY[row.key] for row in groove.drums if row.key in VOICE_OF_KEY}
    if has & {HAT, HAT_OPEN}:
        has |= {HAT, HAT_OPEN} if RIDE not in has else set()
    return [voice for voice in range(len(VOICES)) if voice not in has | {KICK, SNARE}]


def _bars(plan: Plan, window: Window) -> npt.NDArray[np.intp]:
    """Return the bar of each step, (32,)."""
    places_qn = window.start_qn + (np.arange(STEPS) + 1e-3) * window.step_qn
    return np.asarray(places_qn // plan.bar_qn, np.intp)


def _sketch_row(sketch: Sketch, plan: Plan, window: Window, row: DrumRow, keep: bool) -> None:
    voice = VOICE_OF_KEY.get(row.key)
    if voice is None:
        return
    keep = keep or row.key != USUAL_KEYS[voice]
    if keep:
        sketch.settled[:, voice] = True
    for step, stroke in _steps_of(row, plan, window):
        sketch.tap[step] = max(sketch.tap[step], TAP_LOUDNESS.get(stroke.symbol, 0.0))
        accent, on_beat = stroke.symbol == "X", step % BEAT_STEPS == 0 and stroke.symbol in "Xx"
        if keep or (accent if voice in (KICK, SNARE) else on_beat):
            sketch.settled[step, voice] = sketch.struck[step, voice] = True


def _steps_of(row: DrumRow, plan: Plan, window: Window) -> Iterator[tuple[int, Stroke]]:
    for stroke in lay_row(row.steps, window.section.groove.steps_per_qn, window.section, plan):
        step = round((stroke.start_qn - window.start_qn) / window.step_qn)
        if 0 <= step < STEPS and stroke.symbol in TAP_LOUDNESS:
            yield step, stroke


def _leave_to_singer(sketch: Sketch, steps: Bools, roles: set[str]) -> None:
    sketch.tap[steps] = 0.0
    for role, voices in VOICES_OF_ROLE.items():
        for voice in voices if role in roles else ():
            sketch.settled[steps, voice] = True
            sketch.struck[steps, voice] = False
