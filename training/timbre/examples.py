"""Annotated hits and other onsets as patches, for measuring.

In: recordings with `.perc.csv` beside them, or sound without hits. Out: for each event its onset as the detector
places it, its class, and patches at the ages the program asks at. Nothing is learnt here.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.timbre.data_consonants import read
from training.timbre.data_negatives import onsets_of
from training.timbre.data_recorded import annotated
from training.timbre.sounds import Floats
from training.voice.data_world import RATE_HZ
from vocalmidi.frames.patches import AFTER, IMMEDIATE_ROWS, SETTLED_ROWS, Patches, patches_of

AGES = (IMMEDIATE_ROWS, SETTLED_ROWS, AFTER)
KIT = ("kick", "snare", "hihat")
"""The classes of `score_voice.py`; every label of the sets begins with its own."""
NEAR_S = 0.03
"""A label is moved to the detector's onset nearest to it; annotators are 10 to 20 ms early in places."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Events of one recording in order: (n,) samples, classes of KIT (-1: another), patches by age in rows."""

    clip: str
    onset: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    patches: dict[int, Patches]


def annotated_hits(path: Path) -> Examples:
    """Return the annotated events of a recording."""
    audio, rows = read(path), annotated(path)
    found = np.array(onsets_of(audio), int)
    onsets = []
    for onset_s, _ in rows:
        label = round(onset_s * RATE_HZ)
        near = int(found[np.argmin(np.abs(found - label))])
        onsets.append(near if abs(near - label) <= NEAR_S * RATE_HZ else label)
    kinds = [next((k for k, name in enumerate(KIT) if label.startswith(name)), -1) for _, label in rows]
    return examples(path.stem, audio, np.array(onsets), np.array(kinds))


def examples(clip: str, audio: Floats, onsets: npt.NDArray[np.int64], kinds: npt.NDArray[np.int64]) -> Examples:
    """Return these events of a sound."""
    sound = audio.astype(np.float32)
    return Examples(clip, onsets, kinds, {rows: patches_of(sound, onsets, rows) for rows in AGES})
