"""How a melody and its chords go together: measures of harmony that ask no reference.

In: a melody, (n, 3) start_qn, length_qn, MIDI number, and a class of chord a half bar. Out: for one song
CTnCTR, PCS, MCTD (Yeh et al. 2021, "Automatic melody harmonization with triad chords"), the entropy of its chords in
nats and how often they change. A value above the human one is not better. Notes that sound under no chord don't count.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_input import NONE

Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.intp]

CONSONANCE = np.array([1.0, -1.0, -1.0, 1.0, 1.0, 0.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0])
"""Of the melody so many semitones above a chord tone: unison, thirds, fifth, sixths 1, fourth 0, others −1."""
WINDOW_QN = 0.25
"""Yeh's sixteenths."""
RADII = (1.0, 1.0, 0.5)
"""Of the circles of fifths, minor and major thirds in Harte, Sandler & Gasser's tonal space (2006)."""
TURNS = np.array([7.0 / 6.0, 3.0 / 2.0, 2.0 / 3.0])
NEIGHBOUR = 2
"""Semitones to the next note by which a note outside the chord is led: a proper one."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one song: chord tone to non-chord tone ratio, pitch consonance, tonal distance, entropy, share of changes.

    tones: the share of notes in their chord, whether or not the others are led.
    """

    ctnctr: float
    tones: float
    pcs: float
    mctd: float
    entropy: float
    change: float


def tones(chord: int) -> list[int]:
    """Return the pitch classes of a triad."""
    root, third = chord % 12, 3 if chord >= 12 else 4
    return [root, (root + third) % 12, (root + 7) % 12]


def place(classes: list[int]) -> Floats:
    """Return where equally loud pitch classes lie in tonal space, (6,)."""
    angle = np.pi * np.array(classes)[:, None] * TURNS
    both = np.concatenate([np.array(RADII) * np.sin(angle), np.array(RADII) * np.cos(angle)], axis=1)
    return np.asarray(both.mean(axis=0), np.float64)


def measured(notes: Floats, frame_qn: float, classes: Classes) -> Measures:
    """Return the measures of one song."""
    notes = notes[np.argsort(notes[:, 0], kind="stable")]
    where = np.floor(notes[:, 0] / frame_qn + 1e-6).astype(int)
    chord_tones, led, others = 0, 0, 0
    for number, (frame, pitch) in enumerate(zip(where, notes[:, 2].astype(int), strict=True)):
        if frame >= len(classes) or classes[frame] == NONE:
            continue
        if pitch % 12 in tones(int(classes[frame])):
            chord_tones += 1
            continue
        others += 1
        led += number + 1 < len(notes) and abs(int(notes[number + 1, 2]) - pitch) <= NEIGHBOUR
    consonance, distance = _sounding(notes, frame_qn, classes)
    shares = np.bincount(classes, minlength=25) / len(classes)
    shares = shares[shares > 0]
    return Measures(
        (chord_tones + led) / max(chord_tones + others, 1),
        chord_tones / max(chord_tones + others, 1),
        consonance,
        distance,
        float(-(shares * np.log(shares)).sum()),
        float(np.mean(classes[1:] != classes[:-1])) if len(classes) > 1 else 0.0,
    )


def _sounding(notes: Floats, frame_qn: float, classes: Classes) -> tuple[float, float]:
    """Return consonance and tonal distance, means over the sixteenths in which the melody sounds."""
    windows = np.maximum(1, np.rint(notes[:, 1] / WINDOW_QN)).astype(int)
    number = np.arange(windows.sum()) - np.repeat(np.cumsum(windows) - windows, windows)
    frame = ((np.repeat(notes[:, 0], windows) + number * WINDOW_QN) / frame_qn + 1e-6).astype(int)
    pitch = np.repeat(notes[:, 2].astype(int) % 12, windows)
    inside = frame < len(classes)
    chord, pitch = classes[frame[inside]], pitch[inside]
    chord, pitch = chord[chord != NONE], pitch[chord != NONE]
    if not len(chord):
        return 0.0, 0.0
    return float(CONSONANT[chord, pitch].mean()), float(DISTANT[chord, pitch].mean())


CONSONANT = np.array(
    [
        [np.mean([CONSONANCE[(pitch - tone) % 12] for tone in tones(chord)]) for pitch in range(12)]
        for chord in range(24)
    ]
)
"""(24, 12) of each pitch class over each triad."""
DISTANT = np.array(
    [[np.linalg.norm(place(tones(chord)) - place([pitch])) for pitch in range(12)] for chord in range(24)]
)
"""(24, 12) from each triad to each pitch class."""
