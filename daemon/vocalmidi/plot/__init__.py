"""Arrangements as pictures: the piano roll of one, and a contact sheet of many, each in one PNG."""

from vocalmidi.plot.contact_sheet import MOST_PAGES, SheetPage, SheetRow, draw_contact_sheet
from vocalmidi.plot.names import chord_name, key_name, note_name, uses_flats
from vocalmidi.plot.piano_roll import draw_piano_roll
from vocalmidi.plot.span import MAX_SHOWN_QN

__all__ = [
    "MAX_SHOWN_QN",
    "MOST_PAGES",
    "SheetPage",
    "SheetRow",
    "chord_name",
    "draw_contact_sheet",
    "draw_piano_roll",
    "key_name",
    "note_name",
    "uses_flats",
]
