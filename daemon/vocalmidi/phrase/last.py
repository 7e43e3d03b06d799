"""The last phrase of a take: everything after the last silence that is long enough to end one."""

from vocalmidi.units import SampleIndex, seconds_to_samples
from vocalmidi.values import Events


def last_phrase(events: Events, gap_s: float) -> Events:
    """Return the notes and hits after the last `gap_s` seconds without any, or all of them."""
    gap_samples = seconds_to_samples(gap_s, events.sample_rate_hz)
    spans = [(note.onset, note.offset) for note in events.notes] + [(hit.onset, hit.onset) for hit in events.hits]
    sounds = sorted(spans)
    if not sounds:
        return events
    start, sounding_until = sounds[0]
    for onset, offset in sounds:
        if onset - sounding_until >= gap_samples:
            start = onset
        sounding_until = max(sounding_until, offset)
    return Events(
        start=SampleIndex(start),
        stop=events.stop,
        sample_rate_hz=events.sample_rate_hz,
        notes=tuple(note for note in events.notes if note.onset >= start),
        hits=tuple(hit for hit in events.hits if hit.onset >= start),
    )
