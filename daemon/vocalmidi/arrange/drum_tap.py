"""A full kit for what the singer tapped: the rhythm, loudness and timing are his, the drums the network's.

In: a lead sheet in 4/4, the tapped hits, the network. Out: notes. What a tap is, `sung_tap.py` decides. The tap
goes whole to the network, which says at each of its steps which drums it stood for: all above a level, at least one.
The loudest stroke of a step is the tap itself, where and as loud as it was tapped; the others lie beside it as a
drummer's hands do, and are never louder. What two hands and two feet can't play is left out (`drum_hands.py`).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vocalmidi.arrange.amounts import fullness
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.drum_drawing import BAR_STEPS, DENSER
from vocalmidi.arrange.drum_groove import Window, silent_voices, windows_of
from vocalmidi.arrange.drum_hands import by_foot, playable
from vocalmidi.arrange.drum_kit import FARTHEST, STROKE_QN, keys_of, sung_stroke, velocity_of
from vocalmidi.arrange.drum_network import CELLS, GROOVE, STEPS, Asked, Bools, Floats, likeliest, played
from vocalmidi.arrange.drum_voices import HAT, PEDAL_KEY, STYLES, VOICES
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import make_note
from vocalmidi.arrange.style import Learned
from vocalmidi.arrange.sung_groove import SungGroove, SungHit
from vocalmidi.inference import Model
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note, Origin, PartName, Played

LEVEL = 0.36
"""Probability above which a voice is struck: the best F1 on gmd's validation grooves with their style told, fitted on
one half of the takes for the other (.679), by `one_level` of `benchmarks/drum_accuracy.py`. A level for each voice that
gives as many strokes as drummers play (its `even_levels`) is worse (.661)."""
GUIDANCE = 1.0
"""The style is told and no more, so the tap leads: a guidance of 1.5 takes F1 to .677, 2 to .664, and at 1.5 a plain
backbeat already lost kicks in pop."""
HEAT = 0.5
"""Of the chance that moves levels at full complexity, where 1 is a drummer's whole variety: a tap rolled again is the
same groove with other strokes beside it; at 1 backbeats moved. At no complexity it is the likeliest kit, every time."""
STAYS = 0.03
"""Steps from the tap within which a stroke is at the tap, as `training/drums/draw.py`."""


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """The tap on sixteenths: windows, hits by window and step, and which steps, (n, 32), are the tap's to rule."""

    windows: tuple[Window, ...]
    hits: dict[tuple[int, int], list[SungHit]]
    ruled: Bools

    def loudest(self, at: tuple[int, int]) -> SungHit | None:
        """Return the loudest hit of a step; None where nothing is tapped."""
        return max(self.hits.get(at, ()), key=_loudness, default=None)


def tapped_steps(sheet: LeadSheet, tap: SungGroove) -> Bools:
    """Return which steps of the plan's two-bar windows, (n, 32), a tap rules."""
    return _grid(sheet, tap).ruled


def tapped_notes(sheet: LeadSheet, learned: Learned, model: Model, tap: SungGroove) -> Iterator[Note]:
    """Yield the kit in the bars that a tap rules, the tap's own strokes among it."""
    dice = sheet.dice(PartName.DRUMS)
    style = STYLES.index(dice.pick(learned.styles)) + 1
    grid = _grid(sheet, tap)
    chosen = [number for number, ruled in enumerate(grid.ruled) if ruled.any()]
    asked = _asked(sheet, grid, chosen, style)
    struck = likeliest(model, asked, _levels(sheet, dice)) & (asked.tap > 0.0)[..., None]
    struck = playable(struck, np.zeros_like(struck))
    velocity, late = played(model, asked, struck)
    for row, number in enumerate(chosen):
        cells = _Cells(number, struck[row], velocity[row], late[row] - asked.late[row][:, None])
        yield from _notes(sheet, grid, cells)


def _levels(sheet: LeadSheet, dice: Dice) -> Floats:
    """Return the logit that each voice has to pass at each step, (32, 9), the same in both bars, as full as wished."""
    share = np.array([[dice.share() for _ in VOICES] for _ in range(BAR_STEPS)]).clip(1e-6, 1.0 - 1e-6)
    chance = HEAT * sheet.wish.complexity * np.log(share / (1.0 - share))
    level = math.log(LEVEL / (1.0 - LEVEL)) - DENSER * fullness(sheet.wish) / 2.0
    return np.asarray(level + np.tile(chance, (2, 1)), np.float32)


def _grid(sheet: LeadSheet, tap: SungGroove) -> _Grid:
    windows, step_qn = windows_of(sheet.plan), windows_of(sheet.plan)[0].step_qn
    hits = dict[tuple[int, int], list[SungHit]]()
    for hit in tap.hits:
        step = min(round(hit.start_qn / step_qn), len(windows) * STEPS - 1)
        hits.setdefault(divmod(step, STEPS), []).append(hit)
    bars = ((np.arange(len(windows) * STEPS) + 1e-3) * step_qn // sheet.plan.bar_qn).reshape(-1, STEPS)
    ruled = np.isin(bars, list(tap.bars))
    for at in hits:
        ruled[at] = True
    return _Grid(windows, hits, ruled)


def _asked(sheet: LeadSheet, grid: _Grid, chosen: Sequence[int], style: int) -> Asked:
    tap, late = (np.zeros((len(chosen), STEPS), np.float32) for _ in range(2))
    for row, number in enumerate(chosen):
        for step in range(STEPS):
            hit = grid.loudest((number, step))
            if hit is not None:
                window = grid.windows[number]
                tap[row, step] = hit.velocity / 127.0
                late[row, step] = np.clip((hit.played_start_qn - window.start_qn) / window.step_qn - step, -0.5, 0.5)
        # A loop is two bars: beside a bar that is not tapped, the other is as good as played twice.
        halves = grid.ruled[number].reshape(2, BAR_STEPS).any(axis=1)
        for table in (tap[row], late[row]) if not halves.all() else ():
            table[:] = np.tile(table.reshape(2, BAR_STEPS)[halves.argmax()], 2)
    whole, nothing = np.ones(len(chosen), np.bool_), np.zeros((len(chosen), *CELLS), np.bool_)
    settled = nothing.copy()
    for row, number in enumerate(chosen):
        settled[row][:, silent_voices(grid.windows[number].section.groove)] = True
    tempo_qpm = sheet.tempo_qpm / sheet.plan.pace
    return Asked(tap, late, whole, settled, nothing, style, GROOVE, tempo_qpm, GUIDANCE)


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """One window's strokes, (32, 9), how loud, and by how many steps they are later than the tap of their step."""

    number: int
    struck: Bools
    velocity: Floats
    beside: Floats


def _notes(sheet: LeadSheet, grid: _Grid, cells: _Cells) -> Iterator[Note]:
    window = grid.windows[cells.number]
    keys, pedal = keys_of(window.section.groove), by_foot(cells.struck)
    loudest = (cells.velocity * cells.struck).argmax(axis=1)
    for step, voice in np.argwhere(cells.struck):
        key = PEDAL_KEY if voice == HAT and pedal[step] else keys[voice]
        hits = grid.hits.get((cells.number, int(step)), [])
        if voice == loudest[step]:
            yield from (sung_stroke(hit, key) for hit in hits)
        elif hits:
            beside_qn = window.step_qn * _beside(float(cells.beside[step, voice]), sheet)
            velocity = velocity_of(float(cells.velocity[step, voice]), sheet)
            yield _with_tap(sheet, max(hits, key=_loudness), beside_qn, (key, velocity))


def _beside(steps: float, sheet: LeadSheet) -> float:
    """Return how many steps a stroke lies beside the tap, as human as the genre's drummers are."""
    return 0.0 if abs(steps) < STAYS else max(-FARTHEST, min(FARTHEST, sheet.style.drum_way.timing * steps))


def _with_tap(sheet: LeadSheet, tap: SungHit, beside_qn: float, stroke: tuple[int, int]) -> Note:
    """Return a stroke, its key and velocity, beside the tap; it moves along to where the tap was played."""
    at_qn, (key, velocity) = max(0.0, tap.start_qn + beside_qn), stroke
    note = make_note(at_qn, at_qn + STROKE_QN, key, min(velocity, tap.velocity))
    moved = Played(QuarterNotes(tap.played_start_qn + at_qn - tap.start_qn), note.length_qn)
    return replace(note, played=moved if tap.start_qn < sheet.sung_qn else None, origin=Origin.DRUM_NETWORK)


def _loudness(hit: SungHit) -> int:
    return hit.velocity
