"""When the bass plays: the rows of the genre with the kick that is really played, more or fewer as wished.

`bass_kicks.py` brings rows and kicks together; here every change of chord gets its note, weak strokes go where fewer
are wished for, long notes are struck again where more are. Which key each stroke becomes, `bass_line.py` finds.
"""

from bisect import bisect_right
from dataclasses import replace
from itertools import zip_longest

from vocalmidi.arrange.amounts import fullness
from vocalmidi.arrange.bass_kicks import ALONE_QN, bar_of, between_kicks, with_kicks
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.kit import Role
from vocalmidi.arrange.kit_timing import Places, places_of
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.plan import Plan
from vocalmidi.arrange.strokes import TINY_QN, Stroke, lay_row, swing_at
from vocalmidi.arrange.style import KickWay
from vocalmidi.arrange.timeline import Strength, strength_at
from vocalmidi.values import Note

ROOT = "R"
LATE_QN = 0.3
"""A little over a sixteenth: a bass note that comes later does not mark the change of chord."""
LEFT_OUT = {Strength.BETWEEN: 1.0, Strength.EIGHTH: 0.9, Strength.BEAT: 0.7, Strength.STRONG: 0.2, Strength.BAR: 0.0}
"""How readily a stroke is left out as the density falls to 0."""
WITH_KICK = 0.4
"""What that is multiplied by at a kick: the last strokes to go."""
SPLIT_QN = 1.0
"""A note that lasts this long is struck again as the density rises; one of half this as often as not."""
NEAREST_QN = 1.0 / 16.0
"""A 64th note: no bass is played faster."""
_AGAIN = {"a": "w"}
"""What an approach to the next chord begins with when it takes two notes."""


def bass_strokes(sheet: LeadSheet, drums: tuple[Note, ...], dice: Dice) -> list[Stroke]:
    """Return the rhythm of the bass at its written places, in order, never two at once."""
    plan, kicks = sheet.plan, places_of(drums, {Role.KICK})
    rows = [
        stroke
        for section in plan.sections
        for stroke in lay_row(section.bass, section.groove.steps_per_qn, section, plan)
    ]
    way = sheet.style.bass_way.kick
    if way is KickWay.WITH:
        rows = _on_changes(with_kicks(rows, kicks, sheet, dice), sheet)
    elif way is KickWay.BETWEEN:
        rows = between_kicks(rows, kicks, plan)
    else:
        rows = _on_changes(rows, sheet)
    return _apart(_filled(_thinned(_apart(rows, plan), kicks, sheet, dice), sheet, dice), plan)


def _on_changes(rows: list[Stroke], sheet: LeadSheet) -> list[Stroke]:
    """Return the rows with a stroke at every change of chord that would else be heard too late.

    One held over a change is struck again there when strokes meet chords.
    """
    written = Places(tuple(stroke.start_qn for stroke in rows))
    pace = sheet.plan.pace
    starts, late = [stroke.start_qn for stroke in rows], list[float]()
    for start_qn in (float(chord.start_qn) for chord in sheet.chords):
        before = bisect_right(starts, start_qn) - 1
        held = before >= 0 and rows[before].stop_qn > start_qn + TINY_QN
        if not held and not written.within(start_qn - LATE_QN * pace, start_qn + LATE_QN * pace):
            late.append(start_qn)
    added = [Stroke(start_qn, start_qn + ALONE_QN * pace, ROOT, 0.25 * pace) for start_qn in late]
    return sorted(rows + added, key=lambda stroke: stroke.start_qn)


def _thinned(strokes: list[Stroke], kicks: Places, sheet: LeadSheet, dice: Dice) -> list[Stroke]:
    """Return fewer strokes where fewer are wished for, the weakest out first and the first of a bar never.

    A note that is held up to one that is left out goes on over it.
    """
    scarcity = max(0.0, -fullness(sheet.wish))
    changes = Places(tuple(float(chord.start_qn) for chord in sheet.chords))
    kept = list[Stroke]()
    for stroke in strokes:
        likely = scarcity * LEFT_OUT[strength_at(stroke.start_qn, sheet.phrase.meter)]
        likely *= 1.0 if kicks.near(stroke.start_qn) is None else WITH_KICK
        bar = bar_of(stroke.start_qn, sheet.plan)
        first = not kept or bar_of(kept[-1].start_qn, sheet.plan) < bar
        if dice.share() >= likely or first or changes.near(stroke.start_qn) is not None:
            kept.append(stroke)
        elif kept and kept[-1].stop_qn > stroke.start_qn - TINY_QN:
            kept[-1] = replace(kept[-1], stop_qn=stroke.stop_qn)
    return kept


def _filled(strokes: list[Stroke], sheet: LeadSheet, dice: Dice) -> list[Stroke]:
    """Return more strokes where more are wished for: long notes are struck twice, or walk on."""
    plenty, pace = max(0.0, fullness(sheet.wish)), sheet.plan.pace
    struck = list[Stroke]()
    for stroke in strokes:
        struck.append(stroke)
        long_qn = stroke.stop_qn - stroke.start_qn
        beats = long_qn / (SPLIT_QN * pace) + TINY_QN
        if dice.share() < plenty * (1.0 if beats >= 1.0 else 0.5 if beats >= 0.5 else 0.0):
            again_qn = swing_at(stroke.start_qn + max(0.5, round(beats)) * pace / 2.0, sheet.plan)
            if again_qn < stroke.stop_qn - TINY_QN:
                struck[-1] = replace(stroke, stop_qn=again_qn)
                struck.append(replace(stroke, start_qn=again_qn, symbol=_AGAIN.get(stroke.symbol, stroke.symbol)))
    return struck


def _apart(strokes: list[Stroke], plan: Plan) -> list[Stroke]:
    """Return strokes that never sound at once; of two that are too near to be played the later."""
    apart = [
        stroke
        for stroke, following in zip_longest(strokes, strokes[1:])
        if following is None or following.start_qn > stroke.start_qn + NEAREST_QN - TINY_QN
    ]
    return [
        replace(stroke, stop_qn=min(stroke.stop_qn, following.start_qn if following else plan.length_qn))
        for stroke, following in zip_longest(apart, apart[1:])
    ]
