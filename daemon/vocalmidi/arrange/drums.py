"""The drums part: a kit that the drum network draws, or the style's own rows, and the singer's own beatboxed groove.

In: a lead sheet, dice. Out: notes. Where a style is learned, the phrase is in 4/4 and networks are there, the kit is
drawn (`drum_drawing.py`) and the rows play only what no kit has: shakers, bells, congas. Everywhere else the rows are
played (`drummer.py`). What the singer beatboxed keeps its place and loudness; in the bars it rules, the genre leaves
out every drum of the same role (kick, snare, timekeeping) and any fill. Channel and key map: General MIDI.
"""

from bisect import bisect_left
from dataclasses import replace
from itertools import takewhile

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.drum_drawing import drawing
from vocalmidi.arrange.drum_kit import STROKE_QN, kit_notes
from vocalmidi.arrange.drummer import Drummer
from vocalmidi.arrange.kit import DRUM_KEYS
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import make_note
from vocalmidi.arrange.sung_groove import SungGroove, SungHit, sung_groove
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note, Origin, Played

LEARNED_BAR_QN = 4.0
"""The network has learnt from 4/4 alone."""
FLAM_QN = 0.1
"""Nearer than a sixteenth at any swing: meant as one stroke."""


def write_drums(sheet: LeadSheet, dice: Dice) -> list[Note]:
    """Return the drums part; where nothing else falls on the phrase, one kick marks its beginning."""
    sung = sung_groove(sheet.phrase, sheet.style.other_key)
    learned, networks = sheet.style.drum_way.learned, sheet.networks
    drawn = networks is not None and learned is not None and sheet.phrase.meter.bar_qn == LEARNED_BAR_QN
    drummer = Drummer(sheet, dice, sung.ruled, kit=not drawn)
    notes = [
        note
        for section in sheet.plan.sections
        for note in drummer.play(section, fills=section.stop_bar - 1 not in sung.bars)
    ]
    if networks is not None and learned is not None and drawn:
        notes += kit_notes(drawing(sheet, learned, networks.drums, sung, dice), sheet)
    notes = [note for note in notes if not _doubles(note, sung)] + [_sung_stroke(hit) for hit in sung.hits]
    return notes or [drummer.stroke(0.0, DRUM_KEYS["kick"], "X")]


def _doubles(note: Note, sung: SungGroove) -> bool:
    """Tell whether a stroke falls on one of the same drum by the singer: two would sound as a flam."""
    index = bisect_left(sung.hits, note.start_qn - FLAM_QN, key=lambda hit: hit.start_qn)
    near = takewhile(lambda hit: hit.start_qn < note.start_qn + FLAM_QN, sung.hits[index:])
    return any(hit.key == note.pitch_midi for hit in near)


def _sung_stroke(hit: SungHit) -> Note:
    note = make_note(hit.start_qn, hit.start_qn + STROKE_QN, hit.key, hit.velocity)
    return replace(note, played=Played(QuarterNotes(hit.played_start_qn), note.length_qn), origin=Origin.SUNG)
