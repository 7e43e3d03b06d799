"""Weighs notes and hits of one take against each other: a mouth makes both with the same lips.

In: `SungNote`s and `Struck`s found apart. Out: those that stand. Three ambiguities, three rules:
a burst just before a vowel is its consonant, unless it stands out over the vowel as a drum does;
a pitched moment right at a hit is the ring of the drum, when the take is drummed at all;
what lies far below the take's loud sounds is the room.
A hit during a note that goes on (a kick on a hum) touches none of them: both stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vocalmidi.events.notes import SungNote
from vocalmidi.events.settings import WeighingSettings
from vocalmidi.events.strikes import Struck


@dataclass(frozen=True, slots=True)
class Take:
    """Notes and hits that belong together, each in order of time."""

    notes: list[SungNote]
    hits: list[Struck]


def weigh(notes: Sequence[SungNote], hits: Sequence[Struck], hop_s: float, settings: WeighingSettings) -> Take:
    """Return the notes and hits of a take that are neither consonant, nor ring, nor room."""
    notes, hits = _audible(notes, hits, settings)
    long = [note for note in notes if (note.stop - note.first) * hop_s >= settings.ring_s]
    free = [hit for hit in hits if not _is_consonant(hit, long, hop_s, settings)]
    voice_db = float(np.median([note.level_db for note in long])) if long else -np.inf
    firm = [hit for hit in free if hit.level_db >= voice_db - settings.below_voice_db]
    if len(firm) < settings.drummed_share * len(long):
        short = [note for note in notes if (note.stop - note.first) * hop_s < settings.ring_s]
        return Take(list(notes), [hit for hit in firm if not _is_consonant(hit, short, hop_s, settings)])
    return Take([note for note in notes if note in long or not _rings(note, free, hop_s, settings)], free)


def _audible(
    notes: Sequence[SungNote], hits: Sequence[Struck], settings: WeighingSettings
) -> tuple[Sequence[SungNote], Sequence[Struck]]:
    """Return the notes and hits within the take's range below its loud sounds."""
    levels = [note.level_db for note in notes] + [hit.level_db for hit in hits]
    if not levels:
        return notes, hits
    loud_db = float(np.percentile(levels, 90.0))
    return (
        [note for note in notes if note.level_db >= loud_db - settings.note_range_db],
        [hit for hit in hits if hit.level_db >= loud_db - settings.hit_range_db],
    )


def _is_consonant(hit: Struck, notes: Sequence[SungNote], hop_s: float, settings: WeighingSettings) -> bool:
    """Return whether a note begins so soon after the hit that the hit is how it begins."""
    for note in notes:
        wait_s = (note.first - hit.place) * hop_s
        if -settings.after_s <= wait_s <= settings.before_s and hit.level_db < note.level_db + settings.stands_out_db:
            return True
    return False


def _rings(note: SungNote, hits: Sequence[Struck], hop_s: float, settings: WeighingSettings) -> bool:
    """Return whether the note begins together with a hit."""
    return any(abs(note.first - hit.place) * hop_s <= settings.together_s for hit in hits)
