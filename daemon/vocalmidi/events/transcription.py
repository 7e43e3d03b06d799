"""The considered reading of a whole recording.

In: all its `Frames`. Out: `Events`. Notes and hits are decoded apart and then weighed against each other: the ring of a
kick is no note, a consonant before a vowel is no hit.
"""

from vocalmidi.events.instrument import with_instruments
from vocalmidi.events.notes import find_notes, note_events
from vocalmidi.events.settings import TranscriptionSettings
from vocalmidi.events.strikes import find_hits, hit_events
from vocalmidi.events.weighing import weigh
from vocalmidi.values import Events, Frames


def transcribe(frames: Frames, settings: TranscriptionSettings | None = None) -> Events:
    """Return the notes and hits of a recording; none for silence."""
    numbers = settings or TranscriptionSettings()
    notes = find_notes(frames, numbers.score, numbers.range, numbers.room)
    take = weigh(notes, find_hits(frames, numbers.hit), frames.hop_s, numbers.weighing)
    return Events(
        frames.start,
        frames.sample_at(len(frames)),
        frames.sample_rate_hz,
        with_instruments(note_events(frames, take.notes), frames.strikes, frames),
        tuple(hit_events(take.hits)),
    )
