"""Scale lock: a phrase seen through a scale of its key; a lens, which is put on and taken off.

Comes in: a `Phrase`, whose notes keep the pitch that was sung, and a scale. Goes out: another `Phrase`, each
note on the nearest tone of the scale. The first is not changed: to take the lens off is to go on with it. Rhythm, hits
and the shape of a pitch curve stay. Which key the scale stands on is the phrase's; nothing is estimated here.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from vocalmidi.values import Key, Phrase, PhraseNote


class ScaleLock(StrEnum):
    """The scales to choose from; OFF leaves every note where it was sung.

    DIATONIC: the key's own, in minor the natural one. HARMONIC: with the minor sixth and the leading note.
    PENTATONIC, BLUES: the major or the minor one, as the key is. DORIAN, MIXOLYDIAN: on the tonic, whatever the mode.
    """

    OFF = "off"
    DIATONIC = "diatonic"
    HARMONIC = "harmonic"
    PENTATONIC = "pentatonic"
    BLUES = "blues"
    DORIAN = "dorian"
    MIXOLYDIAN = "mixolydian"


SCALES: dict[ScaleLock, tuple[tuple[int, ...], tuple[int, ...]]] = {
    ScaleLock.DIATONIC: ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)),
    ScaleLock.HARMONIC: ((0, 2, 4, 5, 7, 8, 11), (0, 2, 3, 5, 7, 8, 11)),
    ScaleLock.PENTATONIC: ((0, 2, 4, 7, 9), (0, 3, 5, 7, 10)),
    ScaleLock.BLUES: ((0, 2, 3, 4, 7, 9), (0, 3, 5, 6, 7, 10)),
    ScaleLock.DORIAN: ((0, 2, 3, 5, 7, 9, 10), (0, 2, 3, 5, 7, 9, 10)),
    ScaleLock.MIXOLYDIAN: ((0, 2, 4, 5, 7, 9, 10), (0, 2, 4, 5, 7, 9, 10)),
}
"""Semitones above the tonic, in a major key and in a minor one."""
FARTHEST = 2
"""Semitones from any key to the nearest tone of the widest of them: in none are there four between two tones."""
STRONG = (0, 7, 4, 3)
"""Degrees that win where a note lies half-way and its neighbours don't tell: the tonic, its fifth, its third."""


def locked(phrase: Phrase, scale: ScaleLock) -> Phrase:
    """Return the phrase with every note on the scale of its key; with OFF the phrase itself."""
    if scale is ScaleLock.OFF:
        return phrase
    tones = scale_tones(phrase.key, scale)
    return replace(
        phrase, notes=tuple(_on_scale(phrase.notes, place, phrase.key, tones) for place in range(len(phrase.notes)))
    )


def scale_tones(key: Key, scale: ScaleLock) -> frozenset[int]:
    """Return the pitch classes of a scale on a key's tonic; all twelve with OFF."""
    if scale is ScaleLock.OFF:
        return frozenset(range(12))
    major, minor = SCALES[scale]
    return frozenset((key.tonic + degree) % 12 for degree in (major if key.mode == "major" else minor))


def _on_scale(notes: Sequence[PhraseNote], place: int, key: Key, tones: frozenset[int]) -> PhraseNote:
    """Return a note on the nearest tone; half-way between two, on the one that keeps the tune's ups and downs."""
    sung = notes[place].pitch_midi
    near = next(
        found
        for distance in range(FARTHEST + 1)
        if (found := [p for p in (sung - distance, sung + distance) if p % 12 in tones and 0 <= p <= 127])
    )
    neighbours = [note.pitch_midi for note in (*notes[max(place - 1, 0) : place], *notes[place + 1 : place + 2])]

    def fitness(pitch: int) -> tuple[int, int, int]:
        kept = sum((pitch > other) - (pitch < other) == (sung > other) - (sung < other) for other in neighbours)
        degree = (pitch - key.tonic) % 12
        return kept, -STRONG.index(degree) if degree in STRONG else -len(STRONG), -pitch

    return replace(notes[place], pitch_midi=max(near, key=fitness))
