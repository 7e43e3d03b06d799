"""What the harmony network sees: a melody as rows of pitch classes, one row of them per half bar.

In: a melody in quarter notes from a bar line, its metre, and its key and genre where known. Out: `features` (frames,
FEATURES) float32, and the names of the 25 classes of chord. A frame is half a bar: its melody in four parts of equal
length, which pitch classes begin in it, the key, and a few numbers that don't turn with the pitch. Turning every row by
n semitones is the same melody n semitones higher: `turned` does it, and the network is asked in all twelve keys.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

PARTS = 4
"""Of a frame: quarters of half a bar, eighths in 4/4, tell passing notes from held ones."""
ROWS = PARTS + 3
"""Of twelve pitch classes each: what is held in each part, what begins, tonic if major, tonic if minor."""
PLAIN = 8
"""Numbers that don't turn: second half of the bar, silent, height, first, last, threes, compound, length."""
STYLES = ("pop", "lead sheet", "classical")
"""What harmony was learnt from; none set means any."""
FEATURES = ROWS * 12 + PLAIN + len(STYLES)
MAJOR, MINOR, NONE = 0, 12, 24
"""Classes of chord: twelve major triads by root, twelve minor, no chord."""
CLASSES = 25
HEIGHT_MIDI = 67.0
"""The middle of the melodies of pop909 and openewld, training split."""


@dataclass(frozen=True, slots=True, eq=False)
class Tune:
    """A melody to be harmonised.

    notes: (n, 3) start_qn from a bar line, length_qn, MIDI number.
    bar_qn: of one bar; threes: whether its beats come in threes (3/4); compound: whether they fall in threes (6/8).
    frames: half bars to look at.
    tonic: 0–11, None where unknown; minor: the mode; style: one of STYLES or None.
    """

    notes: Floats
    bar_qn: float
    frames: int
    threes: bool = False
    compound: bool = False
    tonic: int | None = None
    minor: bool = False
    style: str | None = None


def features_of(tune: Tune) -> Array:
    """Return what the network sees of a tune, (frames, FEATURES)."""
    frame_qn = tune.bar_qn / 2.0
    table = np.zeros((tune.frames, ROWS, 12))
    part_qn = frame_qn / PARTS
    table[:, :PARTS] = held(tune.notes, part_qn, tune.frames * PARTS).reshape(tune.frames, PARTS, 12)
    weight, height = np.zeros(tune.frames), np.zeros(tune.frames)
    for start_qn, length_qn, pitch in tune.notes:
        frame = int(np.floor(start_qn / frame_qn + 1e-6))
        if 0 <= frame < tune.frames:
            table[frame, PARTS, int(pitch) % 12] = 1.0
            height[frame] += (pitch - HEIGHT_MIDI) / 12.0 * length_qn
            weight[frame] += length_qn
    if tune.tonic is not None:
        table[:, PARTS + (2 if tune.minor else 1), tune.tonic] = 1.0
    plain = np.zeros((tune.frames, PLAIN))
    plain[:, 0] = np.arange(tune.frames) % 2
    plain[:, 1] = table[:, :PARTS].sum(axis=(1, 2)) < 1e-6
    plain[:, 2] = height / np.maximum(weight, 1e-6)
    plain[:1, 3] = plain[-1:, 4] = 1.0
    plain[:, 5:] = tune.threes, tune.compound, frame_qn / 2.0
    style = np.zeros((tune.frames, len(STYLES)))
    if tune.style is not None:
        style[:, STYLES.index(tune.style)] = 1.0
    return np.concatenate([table.reshape(tune.frames, -1), plain, style], axis=1).astype(np.float32)


def held(notes: Floats, part_qn: float, parts: int) -> Floats:
    """Return how much of each part every pitch class fills, (parts, 12), 0–1."""
    table = np.zeros((parts, 12))
    edges = np.arange(parts) * part_qn
    for start_qn, length_qn, pitch in notes:
        first = max(int(start_qn / part_qn), 0)
        last = min(int(np.ceil((start_qn + length_qn) / part_qn)), parts)
        here = edges[first:last]
        share = np.minimum(start_qn + length_qn, here + part_qn) - np.maximum(start_qn, here)
        table[first:last, int(pitch) % 12] += np.maximum(share, 0.0) / part_qn
    return np.minimum(table, 1.0)


def turned(features: Array, semitones: int) -> Array:
    """Return the features of the same melody that many semitones higher; any leading axes."""
    rows = features[..., : ROWS * 12].reshape(*features.shape[:-1], ROWS, 12)
    rows = np.roll(rows, semitones, axis=-1).reshape(*features.shape[:-1], ROWS * 12)
    return np.concatenate([rows, features[..., ROWS * 12 :]], axis=-1)


def turned_classes(semitones: int) -> npt.NDArray[np.intp]:
    """Return (CLASSES,) which class each chord becomes that many semitones higher."""
    root = (np.arange(12) + semitones) % 12
    return np.concatenate([root, MINOR + root, [NONE]]).astype(np.intp)


def without_present(features: Array) -> Array:
    """Return the features as they are known when each frame begins: melody of the frame before, metre of this one."""
    late = features.copy()
    melody = [*range((PARTS + 1) * 12), ROWS * 12 + 1, ROWS * 12 + 2]
    late[..., 1:, melody] = features[..., :-1, melody]
    late[..., 0, melody] = 0.0
    late[..., 0, ROWS * 12 + 1] = 1.0
    late[..., ROWS * 12 + 4] = 0.0  # nobody knows yet where the melody ends
    return late
