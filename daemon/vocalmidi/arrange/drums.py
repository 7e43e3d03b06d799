"""The drums part: a kit that the drum network draws, or the style's own rows, and the singer's own beatboxed groove.

In: a lead sheet, dice. Out: notes. Where a style is learned, the phrase is in 4/4 and networks are there, the kit is
drawn (`drum_drawing.py`) and the rows play only what no kit has: shakers, bells, congas. Everywhere else the rows are
played (`drummer.py`). What the singer beatboxed keeps its place and loudness; in the bars it rules, the genre leaves
out every drum of the same role (kick, snare, timekeeping) and any fill. What he tapped becomes a kit (`drum_tap.py`).
Channel and key map: General MIDI.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.drum_drawing import drawing
from vocalmidi.arrange.drum_kit import kit_notes, sung_stroke
from vocalmidi.arrange.drum_tap import tapped_notes, tapped_steps
from vocalmidi.arrange.drummer import Drummer
from vocalmidi.arrange.kit import DRUM_KEYS
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.sung_groove import SungGroove
from vocalmidi.arrange.sung_tap import is_drawn, without_taps
from vocalmidi.values import Note

FLAM_QN = 0.1
"""Nearer than a sixteenth at any swing: meant as one stroke."""


def write_drums(sheet: LeadSheet, dice: Dice) -> list[Note]:
    """Return the drums part; where nothing else falls on the phrase, one kick marks its beginning."""
    sung, tap = without_taps(sheet)
    drummer = Drummer(sheet, dice, sung.ruled, kit=not is_drawn(sheet))
    notes = [
        note
        for section in sheet.plan.sections
        for note in drummer.play(section, fills=section.stop_bar - 1 not in sung.bars)
    ]
    notes += _kit(sheet, sung, tap, dice)
    notes = [note for note in notes if not _doubles(note, sung)] + [sung_stroke(hit, hit.key) for hit in sung.hits]
    return notes or [drummer.stroke(0.0, DRUM_KEYS["kick"], "X")]


def _kit(sheet: LeadSheet, sung: SungGroove, tap: SungGroove, dice: Dice) -> Iterator[Note]:
    """Yield the kit that networks play: what is tapped in the bars that a tap rules, what they draw elsewhere."""
    learned, networks = sheet.style.drum_way.learned, sheet.networks
    if learned is None or networks is None or not is_drawn(sheet):
        return
    tapped = tapped_steps(sheet, tap)
    if not tapped.all():
        kit = drawing(sheet, learned, networks.drums, sung, dice)
        yield from kit_notes(replace(kit, struck=kit.struck & ~tapped[..., None]), sheet)
    if tap.hits:
        yield from tapped_notes(sheet, learned, networks.taps, tap)


def _doubles(note: Note, sung: SungGroove) -> bool:
    """Tell whether a stroke falls on one of the same drum by the singer: two would sound as a flam."""
    index = bisect_left(sung.hits, note.start_qn - FLAM_QN, key=lambda hit: hit.start_qn)
    near = takewhile(lambda hit: hit.start_qn < note.start_qn + FLAM_QN, sung.hits[index:])
    return any(hit.key == note.pitch_midi for hit in near)
