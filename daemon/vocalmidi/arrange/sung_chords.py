"""Chords in the rhythm that was sung: the voice on top of a block chord, one chord a note.

In: a lead sheet whose sung notes are the chords part. Out: those notes, and under each tones of its chord, close by;
above it where the voice is too low to have any below. The chords rest where the voice rests, and hold as long as it
holds; where the harmony changes under a held note, the lower voices are struck again.
"""

from itertools import islice

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.melody import write_melody
from vocalmidi.arrange.parts import loudness, make_note
from vocalmidi.arrange.qualities import QUALITIES
from vocalmidi.arrange.strokes import Stroke
from vocalmidi.arrange.style import Span
from vocalmidi.arrange.timeline import split_at_chords
from vocalmidi.values import Chord, Note

VOICES = 3
"""Chord tones beside the sung one: a block chord of four voices, as in close harmony."""
FEWEST = 2
"""Fewer voices below the sung note make no chord: then they go above it."""
NEAREST = 3
"""Semitones: a tone nearer to the sung one would cover it."""
OCTAVE = 12


def write_sung_chords(sheet: LeadSheet, dice: Dice) -> list[Note]:
    """Return the sung notes with chords in their rhythm; the sung notes alone where there is no chord."""
    notes = write_melody(sheet)
    velocity, register = sheet.style.chords.velocity, sheet.style.chords.register
    chords = list[Note]()
    for sung in notes if sheet.chords else ():
        stroke = Stroke(sung.start_qn, sung.start_qn + sung.length_qn, "x", sung.length_qn)
        for piece, index in split_at_chords([stroke], sheet.chords):
            level = loudness(piece.symbol, velocity, dice)
            for key in keys_beside(sung.pitch_midi, sheet.chords[index], register):
                chords.append(make_note(piece.start_qn, piece.stop_qn, key, level))
    return notes + chords


def keys_beside(sung: int, chord: Chord, register: Span) -> tuple[int, ...]:
    """Return the tones of a chord nearest below a sung key, or above it where too few lie below in the register."""
    others = {(chord.root + interval) % OCTAVE for interval in QUALITIES[chord.quality]} - {sung % OCTAVE}
    below = range(min(sung - NEAREST, register.high), register.low - 1, -1)
    above = range(max(sung + NEAREST, register.low), register.high + 1)
    found = [tuple(islice((key for key in keys if key % OCTAVE in others), VOICES)) for keys in (below, above)]
    return found[0] if len(found[0]) >= FEWEST else found[1] or found[0]
