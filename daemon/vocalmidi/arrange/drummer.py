"""A drummer who plays a genre's rows: grooves, fills at the ends of sections, crashes where the next begins.

In a row, `X` is an accent, `x` a stroke, `o` a ghost stroke, `?` a ghost stroke that comes or not, `r` a roll of two
and `t` of three in one step; `drum_rows.py` makes it as full as wished. Roles that the singer rules in a bar are left
to him. What is struck lies as far beside its place as a human's strokes, if one plays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.drum_kit import STROKE_QN
from vocalmidi.arrange.drum_rows import wished_row
from vocalmidi.arrange.drum_voices import VOICE_OF_KEY
from vocalmidi.arrange.kit import CRASH_KEY, Role, role_of
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import loudness, make_note
from vocalmidi.arrange.plan import Section
from vocalmidi.arrange.strokes import HOLD, REST, TINY_QN, Stroke, lay_row, swung
from vocalmidi.arrange.style import DrumRow, Fill
from vocalmidi.units import seconds_to_qn
from vocalmidi.values import Note

ROLLS = {"r": 2, "t": 3}
"""Strokes in one step."""
MAYBE = 0.5
"""Chance of a `?` stroke where density is as written."""
HUMAN_S = 0.012
"""How far a human's strokes lie from their own mean place in the beat: the median of gmd's training split."""
FARTHEST = 0.2
"""Of the distance between strokes: however fast, they stay in order and apart."""


@dataclass(frozen=True, slots=True)
class Drummer:
    """Plays the sections of a plan in a style.

    ruled: bar and role of what is left to the singer. kit: whether the rows of the kit are played, or only those of
    what no kit has.
    """

    sheet: LeadSheet
    dice: Dice
    ruled: frozenset[tuple[int, Role]]
    kit: bool
    _wished: dict[DrumRow, DrumRow] = field(default_factory=dict[DrumRow, DrumRow])

    def play(self, section: Section, fills: bool) -> Iterator[Note]:
        """Yield the strokes of a section: groove, fill at its end, crash at its beginning when a fill led there."""
        fill = section.fill if fills and self.kit else None
        fill_strokes = list(self._fill_strokes(section, fill)) if fill else []
        fill_qn = min((stroke.start_qn for stroke, _ in fill_strokes), default=self.sheet.plan.length_qn)
        filling = {key for _, key in fill_strokes}
        for row in section.groove.drums:
            # Hand percussion goes on through a fill; the drummer has two hands only.
            goes_on = role_of(row.key) is Role.COLOUR and row.key not in filling
            for stroke in self._row(row, section):
                if goes_on or stroke.start_qn < fill_qn - TINY_QN:
                    yield from self._hits(stroke, row.key)
        for stroke, key in fill_strokes:
            yield from self._hits(stroke, key)
        if self.kit and self.sheet.style.crash and section.first_bar > 0:
            yield self.stroke(section.first_bar * self.sheet.plan.bar_qn, CRASH_KEY, "X")

    def _row(self, row: DrumRow, section: Section) -> Iterator[Stroke]:
        """Yield the strokes of a row that is played here, as it is wished, and not in bars where the singer has it."""
        if not self.kit and row.key in VOICE_OF_KEY:
            return
        grid, role = section.groove.steps_per_qn, role_of(row.key)
        if row not in self._wished:
            self._wished[row] = wished_row(row, grid, self.sheet.wish, self.dice)
        for stroke in lay_row(self._wished[row].steps, grid, section, self.sheet.plan):
            if (self._bar(stroke.start_qn), role) not in self.ruled:
                yield stroke

    def _bar(self, at_qn: float) -> int:
        return int((at_qn + TINY_QN) // self.sheet.plan.bar_qn)

    def _fill_strokes(self, section: Section, fill: Fill) -> Iterator[tuple[Stroke, int]]:
        """Yield the strokes of a fill with their keys, counted back from the end of the section within its last bar."""
        plan = self.sheet.plan
        step_qn = plan.pace / fill.steps_per_qn
        stop_qn = section.stop_bar * plan.bar_qn
        for row in fill.drums:
            for step, symbol in enumerate(row.steps):
                start_qn = stop_qn - (len(row.steps) - step) * step_qn
                if symbol not in (REST, HOLD) and start_qn > stop_qn - plan.bar_qn - TINY_QN:
                    yield swung(Stroke(start_qn, start_qn + step_qn, symbol, step_qn), plan), row.key

    def _hits(self, stroke: Stroke, key: int) -> Iterator[Note]:
        if stroke.symbol == "?" and self.dice.share() >= MAYBE:
            return
        strokes = ROLLS.get(stroke.symbol, 1)
        apart_qn = stroke.step_qn / strokes
        for n in range(strokes):
            yield self.stroke(stroke.start_qn + n * apart_qn, key, stroke.symbol, apart_qn)

    def stroke(self, start_qn: float, key: int, symbol: str, apart_qn: float = 1.0) -> Note:
        """Return one stroke of a drum, where a human plays a little beside its place; apart_qn: from its neighbours."""
        human_qn = self.sheet.style.drum_way.timing * seconds_to_qn(HUMAN_S, self.sheet.tempo_qpm)
        spread_qn = min(human_qn, FARTHEST * apart_qn)
        at_qn = max(0.0, start_qn + self.dice.between(-spread_qn, spread_qn))
        return make_note(at_qn, at_qn + STROKE_QN, key, loudness(symbol, self.sheet.style.drum_velocity, self.dice))
