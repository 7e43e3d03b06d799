"""Slides: an 808 or a fretless bass glides into a note from the one before.

In: the notes of a bass line in order, none sounding with another. Out: the same notes, some of which begin at the
pitch of the note before and bend to their own. The glide is written as pitch bend, which every synthesizer plays; notes
that overlap would glide on some alone. A line slides out of a note that has been heard, never into the first of a bar,
where the kick's attack and the root must be clear.
"""

from dataclasses import replace
from itertools import pairwise

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.timeline import Strength, strength_at
from vocalmidi.units import Cents, QuarterNotes
from vocalmidi.values import BendPointQn, Meter, Note

GLIDE_QN = 0.25
"""A sixteenth, about a tenth of a second at Trap's tempi: heard as a slide, over before the note is."""
GLIDE_SHARE = 0.5
"""Of a short note that its glide may take."""
STEPS = 8
"""Points of the curve: a MIDI file holds each until the next, and semitone steps would be heard."""
HEARD_QN = 0.5
"""A note shorter than this has not been heard well enough to be slid from."""
NARROWEST, WIDEST = 2, 12
"""Semitones; the wheel is written with a range of an octave."""
TOUCHING_QN = 0.02
"""A gap of this much is still legato: a hundredth of a second at Trap's tempi."""


def slid(notes: list[Note], share: float, meter: Meter, dice: Dice) -> list[Note]:
    """Return the notes with slides into a share (0–1) of those that can be slid into."""
    if share <= 0.0:
        return notes
    glided = notes[:1]
    for before, note in pairwise(notes):
        chosen = dice.share() < share and _can_slide(before, note, meter)
        glided.append(replace(note, bend=_curve(before, note)) if chosen else note)
    return glided


def _can_slide(before: Note, note: Note, meter: Meter) -> bool:
    legato = note.start_qn - (before.start_qn + before.length_qn) < TOUCHING_QN
    interval = abs(note.pitch_midi - before.pitch_midi)
    on_bar = strength_at(note.start_qn, meter) is Strength.BAR
    return legato and not on_bar and before.length_qn >= HEARD_QN and NARROWEST <= interval <= WIDEST


def _curve(before: Note, note: Note) -> tuple[BendPointQn, ...]:
    glide_qn = min(GLIDE_QN, GLIDE_SHARE * note.length_qn)
    below_cents = 100.0 * (before.pitch_midi - note.pitch_midi)
    return tuple(
        BendPointQn(QuarterNotes(glide_qn * step / STEPS), Cents(below_cents * (1.0 - step / STEPS)))
        for step in range(STEPS + 1)
    )
