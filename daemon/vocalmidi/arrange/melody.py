"""The melody part: the sung notes as they are in the phrase, in the singer's own octave; nothing is invented.

The style's swing is not laid on them: they keep where they were sung on the grid, as soloists do over a swung band
(Friberg & Sundström 2002).
"""

from dataclasses import replace

from vocalmidi.arrange.curves import bend_within, level_within
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import SHORTEST_QN, make_note
from vocalmidi.units import level_to_controller
from vocalmidi.values import ControlPointQn, Note, Origin, Played


def write_melody(sheet: LeadSheet) -> list[Note]:
    """Return the sung notes with their velocities and curves, each ending before the next begins."""
    phrase, notes = sheet.phrase, list[Note]()
    for sung, following in zip(phrase.notes, (*phrase.notes, None)[1:], strict=True):
        stop_qn = sung.start_qn + sung.length_qn
        if following is not None:
            stop_qn = min(stop_qn, max(following.start_qn, sung.start_qn + SHORTEST_QN))
        note = make_note(sung.start_qn, stop_qn, sung.pitch_midi, sung.velocity)
        bend = bend_within(sung.bend, note.length_qn)
        level = [ControlPointQn(point.after_qn, level_to_controller(point.level_db)) for point in sung.level]
        played = Played(sung.played_start_qn, sung.played_length_qn)
        made = replace(note, bend=bend, level=level_within(level, note.length_qn))
        notes.append(replace(made, played=played, origin=Origin.SUNG))
    return notes
