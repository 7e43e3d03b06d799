"""The chords part: the style's comping rhythm on voice-led chords.

In a row, `X`, `x` and `o` strike the whole chord; a digit strikes one voice, 1 the lowest, so that broken chords can be
written out. A stroke held over a change of chord is struck again on the new one.
"""

from collections.abc import Iterator

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import loudness, make_note
from vocalmidi.arrange.strokes import Stroke, lay_row
from vocalmidi.arrange.style import Style
from vocalmidi.arrange.timeline import split_at_chords
from vocalmidi.arrange.voicing import Voiced, voice_chords
from vocalmidi.values import Note


def write_chords(sheet: LeadSheet, drums: tuple[Note, ...], dice: Dice) -> list[Note]:
    """Return the chords part; where no stroke falls on the phrase at all, the chords are held."""
    style, plan = sheet.style, sheet.plan
    voiced = voice_chords(sheet.chords, sheet.phrase, style)
    if not voiced:
        return []
    strokes = [
        stroke
        for section in plan.sections
        for stroke in lay_row(section.comp, section.groove.steps_per_qn, section, plan)
    ]
    chords = tuple(each.chord for each in voiced)
    notes = [
        note
        for stroke, index in split_at_chords(strokes, chords)
        for note in _strike(stroke, voiced[index].keys, style, dice)
    ]
    return notes or held_chords(voiced, style, dice)


def held_chords(voiced: tuple[Voiced, ...], style: Style, dice: Dice) -> list[Note]:
    """Return every chord held for as long as it lasts."""
    return [
        note
        for each in voiced
        for note in _strike(
            Stroke(each.chord.start_qn, each.chord.start_qn + each.chord.length_qn, "x", 1.0), each.keys, style, dice
        )
    ]


def _strike(stroke: Stroke, keys: tuple[int, ...], style: Style, dice: Dice) -> Iterator[Note]:
    velocity = loudness(stroke.symbol, style.chords.velocity, dice)
    sounding = keys
    if stroke.symbol.isdigit():
        # A digit above the number of voices goes on in the next octave.
        octave, voice = divmod(int(stroke.symbol) - 1, len(keys))
        sounding = (min(keys[voice] + 12 * octave, 127),)
    for key in sounding:
        yield make_note(stroke.start_qn, stroke.stop_qn, key, velocity)
