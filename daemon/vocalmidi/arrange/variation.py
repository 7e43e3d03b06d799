"""Variations of the sung melody: ornamented, simplified or answered, always derived from the sung notes.

In: the notes of the melody part and what is wished. Out: these notes varied; those that a variation changed or added
are `Origin.VARIED`. What goes on after the phrase is not varied. The three ways are in `melody_ornament.py`,
`melody_simplify.py` and `melody_answer.py`.
"""

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.melody_answer import answered
from vocalmidi.arrange.melody_ground import ground_of
from vocalmidi.arrange.melody_ornament import HowMuch, ornamented
from vocalmidi.arrange.melody_simplify import simplified
from vocalmidi.arrange.wish import MelodyWish
from vocalmidi.values import Note, Origin


def varied(notes: list[Note], sheet: LeadSheet, dice: Dice) -> list[Note]:
    """Return the melody as it is wished."""
    wish, ground = sheet.wish, ground_of(sheet)
    sung = [note for note in notes if note.origin is Origin.SUNG]
    after = [note for note in notes if note.origin is not Origin.SUNG]
    match wish.melody:
        case MelodyWish.SUNG:
            return notes
        case MelodyWish.ORNAMENT:
            how_much = HowMuch(wish.density, wish.complexity)
            return ornamented(sung, ground, sheet.tempo_qpm, how_much, dice) + after
        case MelodyWish.SIMPLIFY:
            return simplified(sung, ground, wish.complexity, dice) + after
        case MelodyWish.ANSWER:
            return answered(sung, ground, sheet.sung_qn, dice) + after
