"""The values that pass from one room to the next: frozen, checked when made, read-only.

Sound: `AudioBlock` → `Frames` → `Events` (`NoteEvent`, `HitEvent`), in samples of the source.
Music: `TempoMap` and `Events` → `Phrase` → `Arrangement`, in quarter notes.
Nothing here computes more than its own consistency; conversions live in `units`.
"""

from vocalmidi.values.events import (
    CONTROLLERS,
    HIT_LABELS,
    BendPoint,
    ControlSource,
    Events,
    HitEvent,
    HitLabel,
    LiveControl,
    LiveEvent,
    LiveHit,
    NoteEvent,
    NoteOff,
    NoteOn,
    NoteRevision,
    Trigger,
)
from vocalmidi.values.music import (
    PART_NAMES,
    Arrangement,
    BendPointQn,
    Chord,
    Key,
    Note,
    Part,
    PartName,
    Phrase,
    PhraseHit,
    PhraseNote,
)
from vocalmidi.values.sound import (
    CANDIDATES,
    EMBEDDING,
    INSTRUMENTS,
    VOWELS,
    AudioBlock,
    Convention,
    Floats,
    Frames,
    Strike,
)
from vocalmidi.values.time import (
    Meter,
    TempoMap,
    TempoPoint,
)

__all__ = [
    "CANDIDATES",
    "CONTROLLERS",
    "EMBEDDING",
    "HIT_LABELS",
    "INSTRUMENTS",
    "PART_NAMES",
    "VOWELS",
    "Arrangement",
    "AudioBlock",
    "BendPoint",
    "BendPointQn",
    "Chord",
    "ControlSource",
    "Convention",
    "Events",
    "Floats",
    "Frames",
    "HitEvent",
    "HitLabel",
    "Key",
    "LiveControl",
    "LiveEvent",
    "LiveHit",
    "Meter",
    "Note",
    "NoteEvent",
    "NoteOff",
    "NoteOn",
    "NoteRevision",
    "Part",
    "PartName",
    "Phrase",
    "PhraseHit",
    "PhraseNote",
    "Strike",
    "TempoMap",
    "TempoPoint",
    "Trigger",
]
