"""Strokes of a kit for a phrase, drawn by the drum network in a genre's style around what is settled already.

In: a lead sheet, the beatboxed groove, dice. Out: `Drawing`: strokes of nine voices in every window of two bars, how
loud, how late. Each groove of the plan is drawn once; a section begins with it, goes on with a few of its strokes drawn
anew, and ends in a fill where the plan has one. Chance is shared by both bars of a groove, so that they differ only
where the network has a reason; in timekeeping also by half bars. What becomes of it as notes is not decided here.
"""

from dataclasses import dataclass, replace

import numpy as np

from vocalmidi.arrange.amounts import fullness
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.drum_groove import TAP_LOUDNESS, Sketch, Window, sketched, windows_of
from vocalmidi.arrange.drum_hands import playable
from vocalmidi.arrange.drum_network import (
    CELLS,
    FILL,
    GROOVE,
    STEPS,
    Asked,
    Bools,
    Chance,
    Floats,
    answered,
    drawn,
    played,
)
from vocalmidi.arrange.drum_voices import CRASH, HAT, RIDE, STYLES
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.strokes import TINY_QN
from vocalmidi.arrange.style import Fill, Groove, Learned
from vocalmidi.arrange.sung_groove import SungGroove
from vocalmidi.inference import Model

ROUNDS, VARY_ROUNDS = 12, 4
"""As `training/drums/draw.py`; a few strokes among settled ones need fewer."""
BAR_STEPS, HALF_BAR_STEPS = 16, 8
VARIED = 0.24
"""Share of cells drawn anew in a repetition, at full complexity: by eye, a drummer's repetition stays itself."""
DENSER = 3.0
"""Added to every logit from the lowest to the highest density: the odds of a stroke change by e³."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What the kit plays: windows, and (n, 32, 9) arrays of them.

    struck: strokes, the singer's own among them. velocity: 0–1. late: steps behind their step.
    sung: which cells the singer struck. filling: (n, 32), which steps are a fill's. swing: (32,), how late a step is by
    the plan alone.
    """

    windows: tuple[Window, ...]
    struck: Bools
    velocity: Floats
    late: Floats
    sung: Bools
    filling: Bools
    swing: Floats


def drawing(sheet: LeadSheet, learned: Learned, model: Model, sung: SungGroove, dice: Dice) -> Drawing:
    """Return what the kit plays over the whole phrase."""
    band = _Kit(sheet, learned, model, windows_of(sheet.plan), STYLES.index(dice.pick(learned.styles)) + 1)
    # Of all grooves in the file's order, so that more bars change none of those before.
    chances = {groove: band.chance(dice) for groove in sheet.style.grooves}
    sketch = _with_crashes(_stacked([sketched(sheet.plan, at, learned.keeps, sung) for at in band.windows]), band)
    struck = band.grooves(sketch, chances)
    struck = band.varied(sketch, struck, dice)
    tap, filling = band.fills(sketch, sung)
    struck = band.filled(replace(sketch, tap=tap), struck, filling, dice)
    struck = playable(struck, sketch.settled & ~filling[..., None])
    velocity, late = band.performed(sketch, struck)
    return Drawing(band.windows, struck, velocity, late, sketch.sung, filling, sketch.late[0])


def _stacked(sketches: list[Sketch]) -> Sketch:
    return Sketch(*(np.stack([getattr(one, name) for one in sketches]) for name in Sketch.__slots__))


def _with_crashes(sketch: Sketch, band: "_Kit") -> Sketch:
    """Return the sketch with crashes where a section begins after another, if the genre has them, and nowhere else."""
    sketch.settled[..., CRASH] = True
    for number, window in enumerate(band.windows):
        first = window.section.first_bar
        begins = first > 0 and window.start_qn < first * band.sheet.plan.bar_qn + TINY_QN
        sketch.struck[number, 0, CRASH] |= band.sheet.style.crash and begins
    return sketch


@dataclass(frozen=True, slots=True)
class _Kit:
    """The network in one style, and what it plays over."""

    sheet: LeadSheet
    learned: Learned
    model: Model
    windows: tuple[Window, ...]
    style: int

    def chance(self, dice: Dice) -> Chance:
        """Return the chance of one groove, (32, 9): shared by its bars, and by half bars where it keeps time."""
        turn, noise = (np.array([[dice.share() for _ in range(CELLS[1])] for _ in range(BAR_STEPS)]) for _ in range(2))
        for table in (turn, noise):
            for voice in (HAT, RIDE):
                table[:, voice] = np.tile(table[:HALF_BAR_STEPS, voice], 2)
        return self._leaning(np.tile(turn, (2, 1)), np.tile(noise, (2, 1)))

    def _leaning(self, turn: np.ndarray, share: np.ndarray) -> Chance:
        """Return chance with its shares made noise of the wished heat, leaning to the wished density."""
        wish = self.sheet.wish
        heat = self.learned.heat * (0.5 + wish.complexity)
        share = np.clip(share, 1e-6, 1.0 - 1e-6)
        noise = heat * np.log(share / (1.0 - share)) + DENSER * fullness(wish) / 2.0
        return Chance(turn.astype(np.float32), noise.astype(np.float32))

    def grooves(self, sketch: Sketch, chances: dict[Groove, Chance]) -> Bools:
        """Return the groove of every window; windows that are asked the same are drawn once."""
        numbers = {groove: number for number, groove in enumerate(chances)}
        rows = [
            (numbers[window.section.groove], *(getattr(sketch, name)[n].tobytes() for name in Sketch.__slots__))
            for n, window in enumerate(self.windows)
        ]
        first = {row: n for n, row in reversed(list(enumerate(rows)))}
        once = sorted(first.values())
        own = [chances[self.windows[n].section.groove] for n in once]
        chance = Chance(np.stack([one.turn for one in own]), np.stack([one.noise for one in own]))
        struck = drawn(self.model, self._asked(_at(sketch, once), GROOVE), chance, ROUNDS)
        return struck[[once.index(first[row]) for row in rows]]

    def varied(self, sketch: Sketch, struck: Bools, dice: Dice) -> Bools:
        """Return the grooves with some strokes drawn anew where a section goes on."""
        later = [
            n for n, (one, other) in enumerate(zip(self.windows[1:], self.windows, strict=False), 1)
            if one.section is other.section
        ]  # fmt: skip
        share = VARIED * self.sheet.wish.complexity
        if not later or share == 0.0:
            return struck
        free = np.array([_shares(dice) < share for _ in later])
        chance = self._leaning(*(np.array([_shares(dice) for _ in later]) for _ in range(2)))
        here = _at(sketch, later)
        asked = replace(self._asked(here, GROOVE), settled=here.settled | ~free, struck=struck[later])
        struck = struck.copy()
        struck[later] = drawn(self.model, asked, chance, VARY_ROUNDS)
        return struck

    def fills(self, sketch: Sketch, sung: SungGroove) -> tuple[Floats, Bools]:
        """Return the taps with the rhythm of fills at the ends of sections, and which steps are theirs, (n, 32)."""
        tap, filling = sketch.tap.copy(), np.zeros(sketch.tap.shape, np.bool_)
        bar_qn = self.sheet.plan.bar_qn
        for n, window in enumerate(self.windows):
            fill = window.section.fill
            stop = round((window.section.stop_bar * bar_qn - window.start_qn) / window.step_qn)
            if fill is not None and 0 < stop <= STEPS and window.section.stop_bar - 1 not in sung.bars:
                taps = _fill_taps(fill)[-min(round(bar_qn / window.step_qn), stop) :]
                tap[n, stop - len(taps) : stop] = taps
                filling[n, stop - len(taps) : stop] = True
        return tap, filling

    def filled(self, sketch: Sketch, struck: Bools, filling: Bools, dice: Dice) -> Bools:
        """Return the strokes with fills: each of their taps sounds, on whatever drums the network puts it."""
        ends = [int(n) for n in np.flatnonzero(filling.any(axis=1))]
        if not ends:
            return struck
        here, steps = self._asked(_at(sketch, ends), FILL), filling[ends]
        settled = ~steps[..., None] | (np.arange(CELLS[1]) == CRASH)
        asked = replace(here, settled=settled, struck=struck[ends] & ~steps[..., None])
        chance = self._leaning(*(np.array([_shares(dice) for _ in ends]) for _ in range(2)))
        struck = struck.copy()
        struck[ends] = answered(self.model, asked, drawn(self.model, asked, chance, ROUNDS), steps)
        return struck

    def performed(self, sketch: Sketch, struck: Bools) -> tuple[Floats, Floats]:
        """Return velocity and lateness of all strokes."""
        asked = self._asked(sketch, GROOVE)
        velocity, _ = played(self.model, asked, struck)
        # What is struck is now the tap, at the plan's swing: the network says how each drum lies around that.
        tap = (velocity * struck).max(axis=2)
        _, late = played(self.model, replace(asked, tap=tap), struck)
        return velocity, late

    def _asked(self, sketch: Sketch, kind: int) -> Asked:
        tempo_qpm = self.sheet.tempo_qpm / self.sheet.plan.pace
        return Asked(
            sketch.tap,
            sketch.late,
            np.zeros(len(sketch.tap), np.bool_),
            sketch.settled,
            sketch.struck,
            self.style,
            kind,
            tempo_qpm,
            self.learned.guidance,
        )


def _at(sketch: Sketch, rows: list[int]) -> Sketch:
    return Sketch(*(getattr(sketch, name)[rows] for name in Sketch.__slots__))


def _shares(dice: Dice) -> np.ndarray:
    return np.array([[dice.share() for _ in range(CELLS[1])] for _ in range(CELLS[0])])


def _fill_taps(fill: Fill) -> Floats:
    """Return how loud a fill's rows are at its sixteenths, (steps,)."""
    rows = [row.steps for row in fill.drums]
    steps = max(1, round(4 * len(rows[0]) / fill.steps_per_qn))
    taps = np.zeros(steps, np.float32)
    for row in rows:
        for place, symbol in enumerate(row):
            step = min(steps - 1, round(4 * place / fill.steps_per_qn))
            taps[step] = max(taps[step], TAP_LOUDNESS.get(symbol, 0.0))
    return taps
