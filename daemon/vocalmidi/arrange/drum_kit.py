"""A drawn kit as notes: on the keys of the genre's kit, in its range of loudness, as late as its drummers are.

In: `Drawing`, the lead sheet. Out: notes of origin DRUM_NETWORK; what the singer struck is left out, it is his own.
Timing is taken relative to the mean of the beats, since gmd's drummers play ahead of their click and a band has none.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from vocalmidi.arrange.drum_drawing import Drawing
from vocalmidi.arrange.drum_groove import BEAT_STEPS, Window
from vocalmidi.arrange.drum_hands import by_foot
from vocalmidi.arrange.drum_network import Floats
from vocalmidi.arrange.drum_voices import HAT, PEDAL_KEY, USUAL_KEYS, VOICE_OF_KEY
from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.parts import make_note
from vocalmidi.arrange.strokes import TINY_QN
from vocalmidi.arrange.style import Groove
from vocalmidi.arrange.sung_groove import SungHit
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note, Origin, Played

STROKE_QN = 0.125
"""Length of a drum note: samplers play drums to their end, so short is tidy, and long enough to be seen."""
SOFTEST = 10
"""Softer strokes are not heard beside a band; the softest hundredth of gmd's."""
FARTHEST = 0.3
"""Steps beside the plan's own place: four fifths of gmd's strokes lie nearer, and neighbours stay apart."""


def kit_notes(drawing: Drawing, sheet: LeadSheet) -> Iterator[Note]:
    """Yield the notes of a drawn kit."""
    late, pedal = _centred(drawing, sheet.style.drum_way.timing), by_foot(drawing.struck)
    for number, window in enumerate(drawing.windows):
        keys = keys_of(window.section.groove)
        stop_qn = min(window.section.stop_bar * sheet.plan.bar_qn, sheet.phrase.length_qn)
        for step, voice in np.argwhere(drawing.struck[number] & ~drawing.sung[number]):
            if window.start_qn + step * window.step_qn < stop_qn - TINY_QN:
                at_qn = _place_qn(window, step + float(late[number, step, voice]))
                key = PEDAL_KEY if voice == HAT and pedal[number, step] else keys[voice]
                # Fills are played on the drums themselves, whatever keeps the backbeat.
                key = USUAL_KEYS[voice] if drawing.filling[number, step] else key
                velocity = velocity_of(float(drawing.velocity[number, step, voice]), sheet)
                note = make_note(at_qn, at_qn + STROKE_QN, key, velocity)
                yield replace(note, origin=Origin.DRUM_NETWORK)


def _place_qn(window: Window, steps: float) -> float:
    return max(0.0, window.start_qn + steps * window.step_qn)


def _centred(drawing: Drawing, timing: float) -> Floats:
    """Return how late each stroke is: the plan's swing, and so much of the network's distance from it."""
    swing = drawing.swing[:, None]
    beside = drawing.late - swing
    beats = drawing.struck.copy()
    beats[:, np.arange(beats.shape[1]) % BEAT_STEPS != 0] = False
    mean = float(beside[beats].mean()) if beats.any() else 0.0
    beside = np.clip(timing * (beside - mean), -FARTHEST, FARTHEST)
    return np.asarray(np.clip(swing + beside, -0.5, 0.5), np.float32)


def keys_of(groove: Groove) -> tuple[int, ...]:
    """Return the key of each voice: the one that the groove's rows name first, else the usual one."""
    keys = list(USUAL_KEYS)
    for row in reversed(groove.drums):
        if row.key in VOICE_OF_KEY:
            keys[VOICE_OF_KEY[row.key]] = row.key
    return tuple(keys)


def sung_stroke(hit: SungHit, key: int) -> Note:
    """Return the singer's own stroke on a drum."""
    note = make_note(hit.start_qn, hit.start_qn + STROKE_QN, key, hit.velocity)
    return replace(note, played=Played(QuarterNotes(hit.played_start_qn), note.length_qn), origin=Origin.SUNG)


def velocity_of(loudness: float, sheet: LeadSheet) -> int:
    """Return a MIDI velocity for the network's: as loud as the genre in its mood, with all of a drummer's dynamics."""
    return max(SOFTEST, min(127, round(loudness * sheet.style.drum_velocity.high)))
