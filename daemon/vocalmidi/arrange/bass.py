"""The bass part: the style's bass rows on the roots of the chords, one note at a time.

In a row, `R` is the root, `3`, `5`, `7`, `8` that interval of the chord (8 the octave), `w` a step of a walking line
and `a` an approach to the next chord's root. The first note of every chord is its bass note, whatever the row says. In
bars where the singer's own kicks make the groove, the bass plays with these. `bass_line.py` finds the keys.
"""

from dataclasses import replace
from itertools import zip_longest

from vocalmidi.arrange.bass_line import BassLine
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import loudness, make_note
from vocalmidi.arrange.plan import Plan
from vocalmidi.arrange.strokes import TINY_QN, Stroke, lay_row
from vocalmidi.arrange.sung_groove import SungGroove, sung_groove
from vocalmidi.arrange.timeline import split_at_chords
from vocalmidi.values import Note

ROOT = "R"


def write_bass(sheet: LeadSheet, drums: tuple[Note, ...], dice: Dice) -> list[Note]:
    """Return the bass part; where no stroke falls on the phrase at all, the roots are held."""
    chords, sound = sheet.chords, sheet.style.bass
    if not chords:
        return []
    line = BassLine(chords, sheet.phrase.key, sound.register, dice)
    sung = sung_groove(sheet.phrase, sheet.style.other_key)
    pieces = list(split_at_chords(bass_strokes(sheet.plan, sung), chords)) or [
        (Stroke(chord.start_qn, chord.start_qn + chord.length_qn, ROOT, 1.0), index)
        for index, chord in enumerate(chords)
    ]
    notes, last_index = list[Note](), -1
    followers = [index for _, index in pieces[1:]] + [len(chords) - 1]
    for (stroke, index), following in zip(pieces, followers, strict=True):
        symbol = ROOT if index != last_index else stroke.symbol
        last_index = index
        # The root carries the harmony, so it is the accent of the line.
        velocity = loudness("X" if symbol == ROOT else "x", sound.velocity, dice)
        notes.append(make_note(stroke.start_qn, stroke.stop_qn, line.next_key(symbol, index, following), velocity))
    return notes


def bass_strokes(plan: Plan, sung: SungGroove) -> list[Stroke]:
    """Return the rhythm of the bass: the rows, but the singer's kicks in bars that these rule; never two at once."""
    kicks = [Stroke(kick_qn, _bar_end(kick_qn, plan), ROOT, 0.25) for kick_qn in sung.kicks_qn]
    kicked = {_bar(kick.start_qn, plan) for kick in kicks}
    rows = [
        stroke
        for section in plan.sections
        for stroke in lay_row(section.bass, section.groove.steps_per_qn, section, plan)
        if _bar(stroke.start_qn, plan) not in kicked
    ]
    strokes = sorted(rows + kicks, key=lambda stroke: stroke.start_qn)
    apart = [
        stroke
        for stroke, following in zip_longest(strokes, strokes[1:])
        if following is None or following.start_qn > stroke.start_qn + TINY_QN
    ]
    return [
        replace(stroke, stop_qn=min(stroke.stop_qn, following.start_qn if following else plan.length_qn))
        for stroke, following in zip_longest(apart, apart[1:])
    ]


def _bar(at_qn: float, plan: Plan) -> int:
    return int((at_qn + TINY_QN) // plan.bar_qn)


def _bar_end(at_qn: float, plan: Plan) -> float:
    return (_bar(at_qn, plan) + 1) * plan.bar_qn
