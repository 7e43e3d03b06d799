"""The bass part: the genre's rhythm and the kick's on the roots of the chords, one note at a time.

In a row, `R` is the bass note of the chord, `3`, `5`, `7`, `8` that interval of it (8 the octave), `w` a step of a
walking line and `a` an approach to the next chord. The first note of every chord is its bass note, whatever the row
says. `bass_rhythm.py` finds when, `bass_line.py` which key, `bass_slide.py` what glides.
"""

from dataclasses import replace
from itertools import zip_longest

from vocalmidi.arrange.amounts import freedom, sounding_stop
from vocalmidi.arrange.bass_line import SAME, BassLine
from vocalmidi.arrange.bass_rhythm import ROOT, bass_strokes
from vocalmidi.arrange.bass_slide import slid
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.instruments import within_range
from vocalmidi.arrange.kit import Role
from vocalmidi.arrange.kit_timing import gone_along, places_of
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import SHORTEST_QN, loudness, make_note
from vocalmidi.arrange.strokes import TINY_QN, Stroke
from vocalmidi.arrange.style import KickWay
from vocalmidi.arrange.timeline import Strength, split_at_chords, strength_at
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note

APPROACH_QN = 1.0
"""An approach lasts a beat at most: longer, it is heard as harmony."""
LISTENS = 0.5
"""How far a bass of its own rhythm goes along with the kick's timing."""
FIGURE = "3578"
"""Symbols that leave the root for colour; the plainest bass leaves them out."""
FIGURED = 0.3
"""Share of weak roots that the freest bass makes a fifth or an octave: more would hide the root."""


def write_bass(sheet: LeadSheet, drums: tuple[Note, ...], dice: Dice) -> list[Note]:
    """Return the bass part; where no stroke falls on the phrase at all, the bass notes are held."""
    if not sheet.chords:
        return []
    pieces = list(split_at_chords(bass_strokes(sheet, drums, dice), sheet.chords)) or [
        (Stroke(chord.start_qn, chord.start_qn + chord.length_qn, ROOT, 1.0), index)
        for index, chord in enumerate(sheet.chords)
    ]
    symbols = _varied(pieces, sheet, dice)
    notes = [
        make_note(stroke.start_qn, stroke.stop_qn, key, _velocity(stroke, symbol, sheet, dice))
        for (stroke, _), symbol, key in zip(pieces, symbols, _keys(pieces, symbols, sheet, dice), strict=True)
    ]
    played = _together(_legato(notes, sheet), sheet, drums)
    return slid(played, sheet.style.bass_way.slide, sheet.phrase.meter, dice)


def _varied(pieces: list[tuple[Stroke, int]], sheet: LeadSheet, dice: Dice) -> list[str]:
    """Return the symbol of each stroke: plainer where that is wished, freer with approaches, fifths and octaves."""
    free, beat_qn = freedom(sheet.wish), APPROACH_QN * sheet.plan.pace
    symbols, last_index = list[str](), -1
    for (stroke, index), following in zip_longest(pieces, pieces[1:]):
        symbol, chance = stroke.symbol, dice.share()
        weak = strength_at(stroke.start_qn, sheet.phrase.meter) < Strength.STRONG
        leads = weak and following is not None and following[1] != index
        if index != last_index or (symbol in FIGURE and chance < -free):
            symbol = ROOT
        elif leads and stroke.stop_qn - stroke.start_qn < beat_qn + TINY_QN and chance < free:
            symbol = "a"
        elif symbol in (ROOT, SAME) and weak and chance < free * FIGURED:
            symbol = dice.pick("58")
        symbols.append(symbol)
        last_index = index
    return symbols


def _keys(pieces: list[tuple[Stroke, int]], symbols: list[str], sheet: LeadSheet, dice: Dice) -> list[int]:
    """Return the key of each stroke."""
    sound, meter = sheet.style.bass, sheet.phrase.meter
    register = within_range(sound.register, sound.program)
    line = BassLine(sheet.chords, sheet.phrase.key, register, max(0.0, freedom(sheet.wish)), dice)
    followers = [index for _, index in pieces[1:]] + [len(sheet.chords) - 1]
    return [
        line.next_key(symbol, index, following, strength_at(stroke.start_qn, meter) >= Strength.STRONG)
        for (stroke, index), following, symbol in zip(pieces, followers, symbols, strict=True)
    ]


def _velocity(stroke: Stroke, symbol: str, sheet: LeadSheet, dice: Dice) -> int:
    """Return an accent for roots on strong beats, which carry the harmony."""
    strong = strength_at(stroke.start_qn, sheet.phrase.meter) >= Strength.STRONG
    return loudness("X" if strong and symbol == ROOT else "x", sheet.style.bass.velocity, dice)


def _legato(notes: list[Note], sheet: LeadSheet) -> list[Note]:
    """Return the notes held or cut short as the mood has it."""
    legato = sheet.wish.mood.legato
    held = list[Note]()
    for note, following in zip_longest(notes, notes[1:]):
        next_qn = following.start_qn if following else sheet.plan.length_qn
        stop_qn = sounding_stop(note.start_qn, note.start_qn + note.length_qn, next_qn, legato)
        held.append(replace(note, length_qn=QuarterNotes(max(stop_qn - note.start_qn, SHORTEST_QN))))
    return held


def _together(notes: list[Note], sheet: LeadSheet, drums: tuple[Note, ...]) -> list[Note]:
    """Return the notes as played with the kick's own timing, wholly where the bass goes with it."""
    share = 1.0 if sheet.style.bass_way.kick is KickWay.WITH else LISTENS
    starts = gone_along([note.start_qn for note in notes], places_of(drums, {Role.KICK}), share)
    return [
        make_note(start, min(note.start_qn + note.length_qn, following), note.pitch_midi, note.velocity)
        for note, start, following in zip(notes, starts, [*starts[1:], sheet.plan.length_qn], strict=True)
    ]
