"""When the chords are struck: the rows of the genre, giving way to the melody, more or fewer as wished.

Who accompanies listens: weak strokes rest where the melody is busy, a stroke answers where it has a rest or a long
note; how much of either is the genre's (`room`). A push, the next chord struck an eighth before its time, comes with
complexity. Broken chords keep their figure: only what is wished makes them thinner.
"""

from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import pairwise, zip_longest

from vocalmidi.arrange.amounts import freedom, fullness
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.kit_timing import Places
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.plan import Plan, Section
from vocalmidi.arrange.strokes import TINY_QN, Stroke, lay_row, swing_at
from vocalmidi.arrange.timeline import Strength, strength_at

OTHER_ROW = 0.5
"""How often a bar takes another row of its groove in a genre that gives all the room."""
BUSY_QN = 0.5
"""Half a beat either side of a stroke is where it would cover the melody."""
BUSY = 2
"""Melody notes that begin there, other than one with the stroke itself."""
GIVES_WAY = {Strength.BETWEEN: 1.0, Strength.EIGHTH: 0.8, Strength.BEAT: 0.5, Strength.STRONG: 0.0, Strength.BAR: 0.0}
"""How readily a stroke rests for the melody in a genre that gives it all the room."""
LEFT_OUT = {Strength.BETWEEN: 1.0, Strength.EIGHTH: 0.9, Strength.BEAT: 0.7, Strength.STRONG: 0.3, Strength.BAR: 0.0}
"""How readily a stroke is left out as the density falls to 0."""
ANSWERED_QN = 2.0
"""From this long on a note or rest of the melody leaves room for an answer."""
ANSWERS_AFTER_QN = 1.5
"""An answer comes off the beat, when the melody's own attack has been heard."""
ANSWER_QN = 0.5
APART_QN = 0.5
"""An answer keeps this far from what is written; nearer it would be one stroke too many."""
PUSH_QN = 0.5
AGAIN_QN = 1.0
"""A chord that lasts this long may be struck again as the density rises."""
AGAIN = "o"
PLAIN_STROKES = "xo"
"""Strokes that may rest; an accent is the groove itself, a digit belongs to a figure."""


def comp_strokes(sheet: LeadSheet, dice: Dice) -> list[Stroke]:
    """Return the rhythm of the chords at its written places, in order."""
    rows = [stroke for section in sheet.plan.sections for stroke in _section(section, sheet, dice)]
    onsets = [float(note.start_qn) for note in sheet.phrase.notes]
    strokes = _fewer(rows, onsets, sheet, dice)
    struck = _more(strokes, sheet, dice) + _answers(strokes, onsets, sheet, dice)
    ordered = sorted(struck + _ending(struck, sheet.plan), key=lambda each: each.start_qn)
    return [
        replace(each, stop_qn=min(each.stop_qn, following.start_qn if following else sheet.plan.length_qn))
        for each, following in zip_longest(ordered, ordered[1:])
    ]


def pushed(pieces: list[tuple[Stroke, int]], sheet: LeadSheet, dice: Dice) -> list[tuple[Stroke, int]]:
    """Return strokes and their chords, some changes of chord struck an eighth early; complexity and room bring them."""
    chance, push_qn = freedom(sheet.wish) * sheet.style.chord_way.room, PUSH_QN * sheet.plan.pace
    moved = pieces[:1]
    for (before, last), (stroke, index) in pairwise(pieces):
        start_qn = swing_at(max(0.0, stroke.start_qn - push_qn), sheet.plan)
        changes = last != index and strength_at(stroke.start_qn, sheet.phrase.meter) >= Strength.STRONG
        if changes and dice.share() < chance and moved[-1][0].start_qn < start_qn - TINY_QN:
            moved[-1] = (replace(moved[-1][0], stop_qn=min(before.stop_qn, start_qn)), last)
            moved.append((replace(stroke, start_qn=start_qn), index))
        else:
            moved.append((stroke, index))
    return moved


def _section(section: Section, sheet: LeadSheet, dice: Dice) -> list[Stroke]:
    """Return the strokes of a section: its row, and in some bars another of the groove where the genre is free."""
    plan, per_qn = sheet.plan, section.groove.steps_per_qn
    chance = OTHER_ROW * sheet.style.chord_way.room * (1.0 + freedom(sheet.wish))
    row = lay_row(section.comp, per_qn, section, plan)
    others = [other for other in section.groove.comp if other != section.comp]
    strokes = list[Stroke]()
    for bar in range(section.first_bar, section.stop_bar):
        changes = dice.share() < chance and bool(others)
        chosen = lay_row(dice.pick(others), per_qn, section, plan) if changes else row
        begin, end = bar * plan.bar_qn - TINY_QN, (bar + 1) * plan.bar_qn - TINY_QN
        strokes += [each for each in chosen if begin <= each.start_qn < end]
    return strokes


def _fewer(rows: list[Stroke], onsets: list[float], sheet: LeadSheet, dice: Dice) -> list[Stroke]:
    """Return the rows without what rests for the melody or is too many; a chord held up to it goes on over it."""
    room, scarcity = sheet.style.chord_way.room, max(0.0, -fullness(sheet.wish))
    changes = Places(tuple(float(chord.start_qn) for chord in sheet.chords))
    kept = list[Stroke]()
    for stroke in rows:
        strength = strength_at(stroke.start_qn, sheet.phrase.meter)
        likely = scarcity * LEFT_OUT[strength]
        if stroke.symbol in PLAIN_STROKES and _is_busy(stroke.start_qn, onsets):
            likely = max(likely, room * GIVES_WAY[strength])
        if dice.share() >= likely or changes.near(stroke.start_qn) is not None:
            kept.append(stroke)
        elif kept and kept[-1].stop_qn > stroke.start_qn - TINY_QN:
            kept[-1] = replace(kept[-1], stop_qn=stroke.stop_qn)
    return kept


def _is_busy(at_qn: float, onsets: list[float]) -> bool:
    around = onsets[bisect_left(onsets, at_qn - BUSY_QN) : bisect_left(onsets, at_qn + BUSY_QN)]
    return sum(abs(onset - at_qn) > TINY_QN for onset in around) >= BUSY


def _more(strokes: list[Stroke], sheet: LeadSheet, dice: Dice) -> list[Stroke]:
    """Return the strokes, long chords struck again softly where more are wished for."""
    plenty, pace = max(0.0, fullness(sheet.wish)), sheet.plan.pace
    struck = list[Stroke]()
    for stroke in strokes:
        struck.append(stroke)
        again_qn = swing_at(stroke.start_qn + AGAIN_QN * pace / 2.0, sheet.plan)
        lasts = stroke.stop_qn - stroke.start_qn >= AGAIN_QN * pace - TINY_QN
        if not stroke.symbol.isdigit() and lasts and dice.share() < plenty and again_qn < stroke.stop_qn - TINY_QN:
            struck[-1] = replace(stroke, stop_qn=again_qn)
            struck.append(replace(stroke, start_qn=again_qn, symbol=AGAIN))
    return struck


def _answers(strokes: list[Stroke], onsets: list[float], sheet: LeadSheet, dice: Dice) -> list[Stroke]:
    """Return strokes that answer the melody in its long notes and rests."""
    plan, starts = sheet.plan, [stroke.start_qn for stroke in strokes]
    chance = sheet.style.chord_way.room * (1.0 + min(freedom(sheet.wish), fullness(sheet.wish)))
    answers = list[Stroke]()
    for onset, following in pairwise([*onsets, plan.length_qn]):
        start_qn = swing_at(onset + ANSWERS_AFTER_QN, plan)
        if following - onset < ANSWERED_QN + TINY_QN or start_qn + ANSWER_QN > following or dice.share() >= chance:
            continue
        nearest = starts[bisect_left(starts, start_qn - APART_QN) : bisect_right(starts, start_qn + APART_QN)]
        if not nearest:
            answers.append(Stroke(start_qn, start_qn + ANSWER_QN, "x", ANSWER_QN / 2.0))
    return answers


def _ending(strokes: list[Stroke], plan: Plan) -> list[Stroke]:
    """Return a chord for the last bar where nothing else sounds in it: the parts end together."""
    last_qn = max(0.0, plan.length_qn - plan.bar_qn)
    if any(stroke.stop_qn > last_qn + TINY_QN for stroke in strokes) or not strokes:
        return []
    return [Stroke(last_qn, plan.length_qn, "x", plan.bar_qn)]
