"""The chords that a part of chords says, so that the other parts follow what a user has written into it.

In: a part of chords and the chords it was written for. Out: chords on the same spans, each as the part has it; a span
in which it says nothing, or nothing but tones of its chord, keeps it. It finds no new places where chords change.
Template matching on pitch classes weighed by how long they sound (Fujishima 1999), with the lowest tone as a witness.
"""

from collections.abc import Sequence
from dataclasses import replace

from vocalmidi.arrange.qualities import QUALITIES
from vocalmidi.values import Chord, Note

MISSING = 0.5
"""What a chord loses for tones that don't sound, of a share of all its tones: about as much as for as many that sound
beside it, so that a triad is no seventh and a seventh no triad."""
ROOT_BELOW = 0.1
"""What the lowest tone being the root is worth: it decides between chords of the same tones (C6, Am7) and no more."""
SURE = 0.6
"""Below this no chord fits what sounds, so what was written before stays."""


def chords_heard(notes: Sequence[Note], chords: Sequence[Chord]) -> tuple[Chord, ...]:
    """Return the chords, each as the notes in its span have it."""
    return tuple(_heard(chord, notes) for chord in chords)


def _heard(chord: Chord, notes: Sequence[Note]) -> Chord:
    weights, lowest = [0.0] * 12, 128
    for note in notes:
        start = max(chord.start_qn, note.start_qn)
        stop = min(chord.start_qn + chord.length_qn, note.start_qn + note.length_qn)
        if stop > start:
            weights[note.pitch_midi % 12] += stop - start
            lowest = min(lowest, note.pitch_midi)
    before = {(chord.root + interval) % 12 for interval in QUALITIES.get(chord.quality, ())}
    sounding = {pitch for pitch, weight in enumerate(weights) if weight > 0.0}
    # Fewer tones than the chord has are a voicing of it, not another chord.
    if sounding <= before:
        return chord
    score, root, quality = max(
        (_score(weights, root, quality, lowest % 12), root, quality) for root in range(12) for quality in QUALITIES
    )
    return replace(chord, root=root, quality=quality, bass=lowest % 12) if score >= SURE else chord


def _score(weights: Sequence[float], root: int, quality: str, lowest: int) -> float:
    tones = [(root + interval) % 12 for interval in QUALITIES[quality]]
    within = sum(weights[tone] for tone in tones) / sum(weights)
    missing = sum(weights[tone] == 0.0 for tone in tones) / len(tones)
    return within - MISSING * missing + ROOT_BELOW * (lowest == root)
