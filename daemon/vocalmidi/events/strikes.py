"""Hits from frames.

In: `Frames`. Out: `HitEvent`s in order. The frames carry a bump of known shape for each hit; its place between two
frames comes from a parabola through the logarithms of three (exact for a Gaussian bump).
"""

from dataclasses import dataclass

import numpy as np

from vocalmidi.events.evidence import Array
from vocalmidi.events.loudness import velocities
from vocalmidi.events.settings import HitSettings
from vocalmidi.units import SampleIndex
from vocalmidi.values import HIT_LABELS, Frames, HitEvent, HitLabel

LEVEL_FRAMES = 5
"""50 ms after the beginning a mouth drum has reached its peak."""
LEAST = 1e-6
"""Stands in for a chance of nothing under the logarithm."""


@dataclass(frozen=True, slots=True)
class Bump:
    """The top of a bump of the hit curve: frames after its middle frame (±0.5), and its height 0–1."""

    shift: float
    height: float


@dataclass(frozen=True, slots=True)
class Struck:
    """A hit before its velocity is known.

    place: frames since the first, not whole.
    level_db: the loudest level soon after, dB re full scale.
    """

    place: float
    label: HitLabel
    level_db: float
    confidence: float


def bump(left: float, top: float, right: float) -> Bump:
    """Return the true top of a Gaussian bump of which three neighbouring frames are known."""
    a, b, c = (float(np.log(max(chance, LEAST))) for chance in (left, top, right))
    bow = a - 2.0 * b + c
    if bow >= 0.0:
        return Bump(0.0, min(top, 1.0))
    shift = float(np.clip(0.5 * (a - c) / bow, -0.5, 0.5))
    return Bump(shift, min(1.0, float(np.exp(b - 0.25 * (a - c) * shift))))


def loudest_label(hit: np.ndarray[tuple[int], np.dtype[np.float32]]) -> HitLabel:
    """Return the likeliest class of one frame."""
    return HIT_LABELS[int(hit.argmax())]


def find_hits(frames: Frames, settings: HitSettings) -> list[Struck]:
    """Return the hits of a recording, in order."""
    if not len(frames):
        return []
    # One frame of nothing stands before and after, so that `chance[i : i + 3]` has frame i in its middle.
    chance = np.pad(frames.hit.sum(axis=1).astype(np.float64), 1)
    found = [(i, bump(*chance[i : i + 3].tolist())) for i in _tops(chance[1:-1], settings, frames.hop_s)]
    return [_struck(frames, i, top) for i, top in found if top.height >= settings.least_probability]


def hit_events(frames: Frames, struck: list[Struck]) -> list[HitEvent]:
    """Return the hits as events, their velocities relative to each other."""
    strengths = velocities([hit.level_db for hit in struck])
    onsets = [SampleIndex(max(frames.start, frames.sample_at(hit.place))) for hit in struck]
    return [
        HitEvent(onset, hit.label, strength, hit.confidence)
        for onset, hit, strength in zip(onsets, struck, strengths, strict=True)
    ]


def _tops(chance: Array, settings: HitSettings, hop_s: float) -> list[int]:
    """Return the frames where the chance of a hit is highest within reach."""
    reach = max(1, round(settings.apart_s / hop_s))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(chance, reach), 2 * reach + 1)
    # Strictly above what came before, so that of equal neighbours exactly one is taken.
    top = (chance > around[:, :reach].max(axis=1)) & (chance >= around[:, reach + 1 :].max(axis=1))
    return [int(i) for i in np.flatnonzero(top[: len(chance)])]


def _struck(frames: Frames, frame: int, top: Bump) -> Struck:
    level_db = float(frames.level_db[frame : frame + LEVEL_FRAMES].max())
    return Struck(frame + top.shift, loudest_label(frames.hit[frame]), level_db, top.height)
