"""The considered reading of a whole recording.

In: all its `Frames`. Out: `Events`. Notes and hits are decoded apart and then weighed against each other: the ring of a
kick is no note, a consonant before a vowel is no hit.
"""

from vocalmidi.events.notes import decode_notes
from vocalmidi.events.settings import HitSettings, NoteSettings
from vocalmidi.events.strikes import decode_hits
from vocalmidi.values import Events, Frames


def transcribe(
    frames: Frames, note_settings: NoteSettings | None = None, hit_settings: HitSettings | None = None
) -> Events:
    """Return the notes and hits of a recording; none for silence."""
    notes = decode_notes(frames, note_settings or NoteSettings())
    hits = decode_hits(frames, hit_settings or HitSettings())
    return Events(frames.start, frames.sample_at(len(frames)), frames.sample_rate_hz, tuple(notes), tuple(hits))
