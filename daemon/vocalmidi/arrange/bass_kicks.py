"""Bass and kick as one instrument: rows gone to the kicks that are played, or resting on them.

In: the strokes of a genre's rows, the kicks as they sound. Out: the strokes of a bass that plays with these: those at a
kick stay, one beside a kick goes to it, a kick alone gets a note of its own, off the beat not every one. Or those of a
bass between the kicks (house and its kin). In bars where the singer's own kicks make the groove, a bass that goes with
kicks plays exactly these.
"""

from bisect import bisect_right
from itertools import groupby

from vocalmidi.arrange.bass_line import SAME
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.kit_timing import Places
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.plan import Plan
from vocalmidi.arrange.strokes import REST, TINY_QN, Stroke
from vocalmidi.arrange.sung_tap import without_taps
from vocalmidi.arrange.timeline import Strength, strength_at

ASIDE_QN = 0.3
"""A little over a sixteenth: an off-beat stroke this near to a kick, but not with it, sounds like a slip."""
ALONE_QN = 0.5
"""Length of a note that a kick alone gets, in rows that stop rather than hold."""
HELD_ROW = 0.75
"""Share of a row that must sound for its added notes to be held."""
JOINED = {Strength.BETWEEN: 0.75, Strength.EIGHTH: 0.9}
"""How often a kick alone is joined, one place of the bar the same for a section; on the beat always. Pop909's bass
begins a note at .78 of the kicks of the human groove that fits it best (benchmarks/bass_accuracy.py)."""
STEP_QN = 0.25


def bar_of(at_qn: float, plan: Plan) -> int:
    """Return the bar that a place lies in."""
    return int((at_qn + TINY_QN) // plan.bar_qn)


def with_kicks(rows: list[Stroke], kicks: Places, sheet: LeadSheet, dice: Dice) -> list[Stroke]:
    """Return the rows gone to the kicks, and the singer's kicks alone in the bars that these rule."""
    plan = sheet.plan
    ruled = {bar_of(kick_qn, plan) for kick_qn in without_taps(sheet)[0].kicks_qn}
    rows = [stroke for stroke in rows if bar_of(stroke.start_qn, plan) not in ruled]
    written, lines, joining = Places(tuple(stroke.start_qn for stroke in rows)), _lines(sheet), _Joining(sheet, dice)
    joined = [
        kick_qn
        for kick_qn in kicks.at_qn
        if bar_of(lines.moved(kick_qn), plan) in ruled or written.near(kick_qn) or joining.takes(lines.moved(kick_qn))
    ]
    alone = [lines.moved(kick_qn) for kick_qn in joined if written.near(kick_qn) is None]
    rows = [stroke for stroke in rows if not _is_beside(stroke, Places(tuple(joined)), sheet)]
    added = [_added(start_qn, bar_of(start_qn, plan) in ruled, plan) for start_qn in alone]
    return sorted(rows + added, key=lambda stroke: stroke.start_qn)


def between_kicks(rows: list[Stroke], kicks: Places, plan: Plan) -> list[Stroke]:
    """Return the rows without what falls on kicks; a bar that would be left empty keeps its own."""
    kept = list[Stroke]()
    for _, grouped in groupby(rows, key=lambda stroke: bar_of(stroke.start_qn, plan)):
        bar = list(grouped)
        kept += [stroke for stroke in bar if kicks.near(stroke.start_qn) is None] or bar
    return kept


class _Joining:
    """Which kicks off the beat the bass joins: drawn once for each place of the bar in each section."""

    def __init__(self, sheet: LeadSheet, dice: Dice) -> None:
        self._sheet, self._dice = sheet, dice
        self._drawn = dict[tuple[int, int], bool]()

    def takes(self, at_qn: float) -> bool:
        plan = self._sheet.plan
        step = round(at_qn % plan.bar_qn / (STEP_QN * plan.pace))
        likely = JOINED.get(strength_at(step * STEP_QN * plan.pace, self._sheet.phrase.meter), 1.0)
        place = _section_of(bar_of(at_qn, plan), plan), step
        if place not in self._drawn:
            self._drawn[place] = self._dice.share() < likely
        return self._drawn[place]


def _section_of(bar: int, plan: Plan) -> int:
    return bisect_right([section.first_bar for section in plan.sections], bar) - 1


def _added(start_qn: float, ruled: bool, plan: Plan) -> Stroke:
    """Return the stroke for a kick alone: held to the bar line where the row holds, or where kicks rule."""
    bar = bar_of(start_qn, plan)
    row = plan.sections[_section_of(bar, plan)].bass
    holds = ruled or sum(symbol != REST for symbol in row) >= HELD_ROW * len(row)
    stop_qn = (bar + 1) * plan.bar_qn if holds else start_qn + ALONE_QN * plan.pace
    return Stroke(start_qn, min(stop_qn, plan.length_qn), SAME, STEP_QN * plan.pace)


def _lines(sheet: LeadSheet) -> Places:
    """Return bar lines and changes of chord: what a kick near one is meant for."""
    plan = sheet.plan
    bars = (bar * plan.bar_qn for bar in range(round(plan.length_qn / plan.bar_qn)))
    return Places(tuple(sorted({*bars, *(float(chord.start_qn) for chord in sheet.chords)})))


def _is_beside(stroke: Stroke, kicks: Places, sheet: LeadSheet) -> bool:
    """Tell whether a stroke off the eighths has a kick a sixteenth away and none at its own place."""
    if strength_at(stroke.start_qn, sheet.phrase.meter) > Strength.BETWEEN or kicks.near(stroke.start_qn) is not None:
        return False
    aside_qn = ASIDE_QN * sheet.plan.pace
    return any(kicks.within(stroke.start_qn - aside_qn, stroke.start_qn + aside_qn))
