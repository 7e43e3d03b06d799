"""The drums part: the style's kit rows, its fills and crashes, and the singer's own beatboxed groove.

In a row, `X` is an accent, `x` a stroke, `o` a ghost stroke, `?` a ghost stroke that comes or not, `r` a roll of two
and `t` of three in one step. What the singer beatboxed keeps its place and loudness; in the bars it rules, the genre
leaves out every drum of the same role (kick, snare, timekeeping) and any fill. Channel and key map: General MIDI.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.kit import CRASH_KEY, DRUM_KEYS, Role, role_of
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import loudness, make_note
from vocalmidi.arrange.plan import Plan, Section
from vocalmidi.arrange.strokes import HOLD, REST, TINY_QN, Stroke, lay_row, swung
from vocalmidi.arrange.style import Fill, Style
from vocalmidi.arrange.sung_groove import SungHit, sung_groove
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note, Origin, Played

STROKE_QN = 0.125
"""Length of a drum note: samplers play drums to their end, so short is tidy, and long enough to be seen."""
ROLLS = {"r": 2, "t": 3}
"""Strokes in one step."""
MAYBE = 0.5
"""Chance of a `?` stroke."""


def write_drums(sheet: LeadSheet, dice: Dice) -> list[Note]:
    """Return the drums part; where nothing else falls on the phrase, one kick marks its beginning."""
    plan, sung = sheet.plan, sung_groove(sheet.phrase, sheet.style.other_key)
    drummer, ruled = _Drummer(plan, sheet.style, dice), sung.ruled
    notes = [
        note
        for section in plan.sections
        for note in drummer.play(section, fills=section.stop_bar - 1 not in sung.bars)
        if (int((note.start_qn + TINY_QN) // plan.bar_qn), role_of(note.pitch_midi)) not in ruled
    ]
    notes += map(_sung_stroke, sung.hits)
    return notes or [drummer.stroke(0.0, DRUM_KEYS["kick"], "X")]


def _sung_stroke(hit: SungHit) -> Note:
    note = make_note(hit.start_qn, hit.start_qn + STROKE_QN, hit.key, hit.velocity)
    return replace(note, played=Played(QuarterNotes(hit.played_start_qn), note.length_qn), origin=Origin.SUNG)


@dataclass(frozen=True, slots=True)
class _Drummer:
    """Plays the sections of a plan in a style."""

    plan: Plan
    style: Style
    dice: Dice

    def play(self, section: Section, fills: bool) -> Iterator[Note]:
        """Yield the strokes of a section: groove, fill at its end, crash at its beginning when a fill led there."""
        fill = section.fill if fills else None
        fill_strokes = list(self._fill_strokes(section, fill)) if fill else []
        fill_qn = min((stroke.start_qn for stroke, _ in fill_strokes), default=self.plan.length_qn)
        filling = {key for _, key in fill_strokes}
        for row in section.groove.drums:
            # Hand percussion goes on through a fill; the drummer has two hands only.
            goes_on = role_of(row.key) is Role.COLOUR and row.key not in filling
            for stroke in lay_row(row.steps, section.groove.steps_per_qn, section, self.plan):
                if goes_on or stroke.start_qn < fill_qn - TINY_QN:
                    yield from self._hits(stroke, row.key)
        for stroke, key in fill_strokes:
            yield from self._hits(stroke, key)
        if self.style.crash and section.first_bar > 0:
            yield self.stroke(section.first_bar * self.plan.bar_qn, CRASH_KEY, "X")

    def _fill_strokes(self, section: Section, fill: Fill) -> Iterator[tuple[Stroke, int]]:
        """Yield the strokes of a fill with their keys, counted back from the end of the section within its last bar."""
        step_qn = self.plan.pace / fill.steps_per_qn
        stop_qn = section.stop_bar * self.plan.bar_qn
        for row in fill.drums:
            for step, symbol in enumerate(row.steps):
                start_qn = stop_qn - (len(row.steps) - step) * step_qn
                if symbol not in (REST, HOLD) and start_qn > stop_qn - self.plan.bar_qn - TINY_QN:
                    yield swung(Stroke(start_qn, start_qn + step_qn, symbol, step_qn), self.plan), row.key

    def _hits(self, stroke: Stroke, key: int) -> Iterator[Note]:
        if stroke.symbol == "?" and self.dice.share() >= MAYBE:
            return
        strokes = ROLLS.get(stroke.symbol, 1)
        for n in range(strokes):
            yield self.stroke(stroke.start_qn + n * stroke.step_qn / strokes, key, stroke.symbol)

    def stroke(self, start_qn: float, key: int, symbol: str) -> Note:
        """Return one stroke of a drum."""
        velocity = loudness(symbol, self.style.drum_velocity, self.dice)
        return make_note(start_qn, start_qn + STROKE_QN, key, velocity)
