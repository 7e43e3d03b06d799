"""The chords part: the genre's rhythm on voice-led chords, with the kit's own timing; guitars are strummed.

In a row, `X`, `x` and `o` strike the whole chord; a digit strikes one voice, 1 the lowest, so that broken chords can be
written out. A stroke held over a change of chord is struck again on the new one. Where the genre wants it, every chord
is also held softly under what is broken. `comp_rhythm.py` finds when, `voicing.py` which keys.
"""

from collections.abc import Iterator
from dataclasses import replace

from vocalmidi.arrange.amounts import sounding_stop
from vocalmidi.arrange.comp_rhythm import comp_strokes, pushed
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.instruments import GUITARS, range_of
from vocalmidi.arrange.kit import Role
from vocalmidi.arrange.kit_timing import gone_along, places_of
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import loudness, make_note
from vocalmidi.arrange.strokes import TINY_QN, Stroke
from vocalmidi.arrange.style import Style
from vocalmidi.arrange.timeline import Strength, split_at_chords, strength_at
from vocalmidi.arrange.voicing import Voiced, voice_chords
from vocalmidi.units import QuarterNotes, seconds_to_qn
from vocalmidi.values import Note

OCTAVE = 12
WITH_KIT = 0.5
"""How far the chords go along with the kit's timing: who comps listens, but is not the drummer's other hand."""
STRUM_S = 0.005
"""From string to string: a fast strum crosses six in 30 ms."""
LONGEST_TIE_QN = 16.0
"""Four bars of 4/4: a note common to all chords is played anew at last, as strings change the bow."""
HELD, PLAIN = "o", "x"


def write_chords(sheet: LeadSheet, drums: tuple[Note, ...], dice: Dice) -> list[Note]:
    """Return the chords part; where no stroke falls on the phrase at all, the chords are held."""
    voiced = voice_chords(sheet.chords, sheet.phrase, sheet.style)
    if not voiced:
        return []
    pieces = pushed(list(split_at_chords(comp_strokes(sheet, dice), sheet.chords)), sheet, dice)
    if not pieces:
        return _held_chords(voiced, sheet.style, dice)
    under = {index for stroke, index in pieces if sheet.style.chord_way.held and stroke.symbol.isdigit()}
    notes = _tied([voiced[index] for index in sorted(under)], sheet.style, dice)
    for (stroke, index), (start_qn, stop_qn) in zip(pieces, _times(pieces, sheet, drums), strict=True):
        played = replace(stroke, start_qn=start_qn, stop_qn=stop_qn)
        struck = list(_strike(played, voiced[index].keys, index in under, sheet.style, dice))
        down = strength_at(stroke.start_qn, sheet.phrase.meter) >= Strength.BEAT
        notes += _strummed(struck, down, sheet) if sheet.style.chords.program in GUITARS else struck
    return notes


def _strummed(struck: list[Note], down: bool, sheet: LeadSheet) -> list[Note]:
    """Return the notes of one stroke string after string: down from the lowest on the beat, up off it."""
    apart_qn = seconds_to_qn(STRUM_S, sheet.tempo_qpm)
    strings = struck if down else struck[::-1]
    late = [min(n * apart_qn, note.length_qn / 2.0) for n, note in enumerate(strings)]
    return [
        make_note(note.start_qn + by, note.start_qn + note.length_qn, note.pitch_midi, note.velocity)
        for note, by in zip(strings, late, strict=True)
    ]


def _held_chords(voiced: tuple[Voiced, ...], style: Style, dice: Dice) -> list[Note]:
    """Return every chord held for as long as it lasts."""
    return [
        make_note(each.chord.start_qn, _stop(each), key, velocity)
        for each in voiced
        for velocity in [loudness(PLAIN, style.chords.velocity, dice)]
        for key in each.keys
    ]


def _tied(voiced: list[Voiced], style: Style, dice: Dice) -> list[Note]:
    """Return chords held softly, what neighbours have in common held on."""
    notes, sounding = list[Note](), dict[int, int]()
    for each in voiced:
        velocity, start_qn = loudness(HELD, style.chords.velocity, dice), each.chord.start_qn
        for key in each.keys:
            tie = notes[sounding[key]] if key in sounding else None
            goes_on = tie is not None and abs(tie.start_qn + tie.length_qn - start_qn) < TINY_QN
            if tie is not None and goes_on and _stop(each) - tie.start_qn <= LONGEST_TIE_QN + TINY_QN:
                notes[sounding[key]] = replace(tie, length_qn=QuarterNotes(_stop(each) - tie.start_qn))
            else:
                sounding[key] = len(notes)
                notes.append(make_note(start_qn, _stop(each), key, velocity))
    return notes


def _stop(voiced: Voiced) -> float:
    return voiced.chord.start_qn + voiced.chord.length_qn


def _times(pieces: list[tuple[Stroke, int]], sheet: LeadSheet, drums: tuple[Note, ...]) -> list[tuple[float, float]]:
    """Return when each stroke sounds and stops: with the kit, held or cut short as the mood has it, one at a time."""
    kit = places_of(drums, {Role.KICK, Role.SNARE})
    written = [stroke.start_qn for stroke, _ in pieces]
    starts = gone_along(written, kit, WITH_KIT)
    times = list[tuple[float, float]]()
    for (stroke, _), start_qn, next_written, next_qn in zip(
        pieces, starts, [*written[1:], sheet.plan.length_qn], [*starts[1:], sheet.plan.length_qn], strict=True
    ):
        stop_qn = sounding_stop(stroke.start_qn, stroke.stop_qn, next_written, sheet.wish.mood.legato)
        touches = stop_qn > next_written - TINY_QN
        times.append((start_qn, next_qn if touches else min(stop_qn, next_qn)))
    return times


def _strike(stroke: Stroke, keys: tuple[int, ...], lifted: bool, style: Style, dice: Dice) -> Iterator[Note]:
    """Yield the notes of a stroke; lifted: a figure goes an octave above the chord that is held under it."""
    velocity = loudness(stroke.symbol, style.chords.velocity, dice)
    sounding = keys
    if stroke.symbol.isdigit():
        # A digit above the number of voices goes on in the next octave.
        octave, voice = divmod(int(stroke.symbol) - 1, len(keys))
        sounding = (_within(keys[voice] + OCTAVE * (octave + lifted), style.chords.program),)
    for key in sounding:
        yield make_note(stroke.start_qn, stroke.stop_qn, key, velocity)


def _within(key: int, program: int) -> int:
    """Return the key, octaves lower where the instrument does not reach it."""
    while key > range_of(program).high:
        key -= OCTAVE
    return key
