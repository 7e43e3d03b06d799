"""Events as a perfect decoder would give them for a written melody, with timing and tuning of one's choice."""

from vocalmidi.units import Cents, SampleIndex
from vocalmidi.values import BendPoint, Events, HitEvent, HitLabel, NoteEvent

RATE_HZ = 16_000
TWINKLE = [
    *((0, 1, 60), (1, 1, 60), (2, 1, 67), (3, 1, 67), (4, 1, 69), (5, 1, 69), (6, 2, 67)),
    *((8, 1, 65), (9, 1, 65), (10, 1, 64), (11, 1, 64), (12, 1, 62), (13, 1, 62), (14, 2, 60)),
]
"""Onset and length in quarter notes, and key: the first eight bars of two beats, in C major."""
JINGLE = [
    *((0, 1, 64), (1, 1, 64), (2, 2, 64), (4, 1, 64), (5, 1, 64), (6, 2, 64)),
    *((8, 1, 64), (9, 1, 67), (10, 1.5, 60), (11.5, 0.5, 62), (12, 4, 64)),
    *((16, 1, 65), (17, 1, 65), (18, 1.5, 65), (19.5, 0.5, 65), (20, 1, 65), (21, 1, 64), (22, 1, 64)),
    *((23, 0.5, 64), (23.5, 0.5, 64), (24, 1, 64), (25, 1, 62), (26, 1, 62), (27, 1, 64), (28, 2, 62), (30, 2, 67)),
]
"""Eight bars of four beats, in C major."""


def sing(melody, tempo_qpm=100.0, *, begin_s=0.5, late_s=None, detune=0.0, bend_cents=()):
    """Return notes; late_s: timing error of each onset; detune: semitones; bend_cents: a curve for every note."""
    second = 60.0 / tempo_qpm
    late_s = late_s or [0.0] * len(melody)
    notes = []
    for (onset, length, key), late in zip(melody, late_s, strict=True):
        start = sample(begin_s + onset * second + late)
        stop = max(start + 1, sample(begin_s + (onset + length) * second - 0.04))  # a consonant's time
        bend = tuple(
            BendPoint(SampleIndex(start + (stop - start) * n // len(bend_cents)), Cents(cents))
            for n, cents in enumerate(bend_cents)
        )
        notes.append(NoteEvent(start, stop, key + detune, 90, 0.9, bend))
    notes.sort(key=lambda note: note.onset)
    return Events(SampleIndex(0), SampleIndex(notes[-1].offset + RATE_HZ), RATE_HZ, tuple(notes), ())


def beatbox(hits, tempo_qpm=100.0, begin_s=0.5):
    """Return hits written as (place in quarter notes, label)."""
    made = tuple(
        HitEvent(sample(begin_s + place * 60.0 / tempo_qpm), HitLabel(label), 100, 0.9) for place, label in hits
    )
    return Events(SampleIndex(0), SampleIndex(made[-1].onset + RATE_HZ), RATE_HZ, (), made)


def sample(time_s):
    return SampleIndex(round(time_s * RATE_HZ))
