"""Notes and hits of a take as the moments of one rhythm, and which moment each belongs to.

A hit within `ONE_MOMENT_S` of another sound is one moment with it (a kick under a note, a hat on a kick); two notes
never are, since a voice sings one after the other.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.phrase.context_input import Moments
from vocalmidi.units import samples_to_seconds
from vocalmidi.values import HIT_LABELS, Events, HitEvent, NoteEvent

ONE_MOMENT_S = 0.025
"""Nearer than this no mouth makes two sounds: it is one, heard as two classes. The fastest rolls reach 20 a second."""
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Moments of a take, and for each note and each hit the index of its moment."""

    moments: Moments
    of_notes: Ints
    of_hits: Ints


def gather(events: Events) -> Gathered:
    """Return the moments of all notes and hits, at least one."""
    second = samples_to_seconds(1, events.sample_rate_hz)
    sounds: list[tuple[NoteEvent | HitEvent, int]] = [(note, number) for number, note in enumerate(events.notes)]
    sounds += [(hit, number) for number, hit in enumerate(events.hits)]
    sounds.sort(key=lambda sound: sound[0].onset)  # stable: of one sample, the note comes first
    rows = list[list[float]]()
    moment_of: tuple[list[int], list[int]] = ([0] * len(events.notes), [0] * len(events.hits))
    for sound, number in sounds:
        is_hit = isinstance(sound, HitEvent)
        at = sound.onset * second
        near = bool(rows) and at - rows[-1][0] <= ONE_MOMENT_S
        if not (near and (is_hit or np.isnan(rows[-1][2]))):
            rows.append([at, 0.0, np.nan, sound.velocity, -1])
        row = rows[-1]
        if isinstance(sound, HitEvent):
            row[4] = HIT_LABELS.index(sound.label) if row[4] < 0 else row[4]
        else:
            row[1], row[2], row[3] = (sound.offset - sound.onset) * second, sound.pitch_midi, sound.velocity
        moment_of[is_hit][number] = len(rows) - 1
    time_s, length_s, pitch_midi, velocity, label = np.array(rows, np.float64).T
    moments = Moments(time_s, length_s, pitch_midi, velocity, label.astype(np.intp))
    return Gathered(moments, np.array(moment_of[0], np.intp), np.array(moment_of[1], np.intp))
