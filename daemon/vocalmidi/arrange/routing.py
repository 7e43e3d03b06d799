"""Which part the sung notes are written in, and by which sound, when the voice imitates an instrument.

In: the name of an instrument. Out: a `Route`; the sung notes in the register of the part. A lead is what a melody is
without any of this. The programs are General MIDI's plainest of each kind; a style keeps its own bass and melody.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from vocalmidi.arrange.style import Span
from vocalmidi.errors import ArrangeError
from vocalmidi.values import Instrument, Note, PartName, Phrase

OCTAVE = 12


@dataclass(frozen=True, slots=True)
class Route:
    """The part that the sung notes go to, and its General MIDI program 0–127; None: the style's own."""

    part: PartName
    program: int | None = None


ROUTES: dict[Instrument, Route] = {
    "lead": Route(PartName.MELODY),
    "brass": Route(PartName.MELODY, 61),  # brass section
    "pluck": Route(PartName.MELODY, 45),  # pizzicato strings
    "bass": Route(PartName.BASS),
    "pad": Route(PartName.CHORDS, 89),  # warm pad
    "drums": Route(PartName.DRUMS),
}


def sung_part(instrument: Instrument) -> PartName:
    """Return the part that holds what was sung."""
    return ROUTES[instrument].part


def has_part(instrument: Instrument, parts: Collection[PartName]) -> bool:
    """Return whether the sung notes have a place among these parts when they stand for that instrument."""
    # Without a melody there is nothing to hear of the sung notes, which is what was asked for.
    return ROUTES[instrument].part in (PartName.MELODY, *parts)


def route_of(instrument: Instrument, parts: Collection[PartName]) -> Route:
    """Return where the notes go; raise ArrangeError where that part was not asked for."""
    route = ROUTES[instrument]
    if not has_part(instrument, parts):
        raise ArrangeError(f"instrument {instrument} is written in part {route.part}, which was not asked for; add it")
    return route


def heard_as(phrase: Phrase, instrument: Instrument) -> Phrase:
    """Return the phrase without its notes where they are drums; raise ArrangeError where no hit would be left."""
    if instrument != "drums" or not phrase.notes:
        return phrase
    if not phrase.hits:
        raise ArrangeError("no hit was heard, so there is nothing for the drums; choose another instrument")
    return replace(phrase, notes=())


def in_register(notes: list[Note], register: Span) -> list[Note]:
    """Return the notes moved by whole octaves, all by the same, to where most lie within the register.

    A key that is still outside goes there by octaves of its own.
    """
    if not notes:
        return []
    keys = np.array([note.pitch_midi for note in notes])
    moves = sorted(range(-5, 6), key=lambda move: (_outside(keys + OCTAVE * move, register), abs(move)))
    return [replace(note, pitch_midi=_folded(note.pitch_midi + OCTAVE * moves[0], register)) for note in notes]


def _outside(keys: np.ndarray[tuple[int], np.dtype[np.int64]], register: Span) -> int:
    return int(((keys < register.low) | (keys > register.high)).sum())


def _folded(key: int, register: Span) -> int:
    while key < register.low:
        key += OCTAVE
    # A register narrower than an octave can't hold every key: lower is safer for a bass.
    while key > register.high and key - OCTAVE >= register.low:
        key -= OCTAVE
    return key
