"""What frames say for and against notes, as costs for the segmentation.

In: `Frames`. Out: `Evidence`. The unit of cost is one frame of 8 ms a semitone off the note's pitch.
"""

import numpy as np

from vocalmidi.events.segmentation import Array, Evidence
from vocalmidi.events.settings import NoteSettings
from vocalmidi.units import hz_to_midi
from vocalmidi.values import Frames

SURE, UNSURE = 0.99, 0.01
"""Voicing is taken as no surer than this, so that one frame can't decide alone."""


def gather_evidence(frames: Frames, settings: NoteSettings) -> Evidence:
    """Return the costs of notes over the frames."""
    pitched = frames.f0_hz > 0.0
    pitch_midi = hz_to_midi(np.where(pitched, frames.f0_hz, 440.0))
    voicing = np.where(pitched, frames.voicing.astype(np.float64), 0.0)
    clipped = np.clip(voicing, UNSURE, SURE)
    unvoiced = np.log((1.0 - clipped) / clipped)
    begin = settings.hold_s / frames.hop_s - settings.onset_bonus * frames.onset.astype(np.float64)
    return Evidence(
        pitch_midi,
        voicing,
        unvoiced + settings.dip_cost * _dip(frames.level_db.astype(np.float64), settings, frames.hop_s),
        np.maximum(begin, settings.least_begin_cost),
    )


def _dip(level_db: Array, settings: NoteSettings, hop_s: float) -> Array:
    """Return by how many dB each frame lies below the louder frames on both sides of it, less the slack."""
    reach = round(settings.dip_reach_s / hop_s)
    n = len(level_db)
    if n == 0:
        return level_db
    padded = np.pad(level_db, reach, mode="edge")
    louder = np.lib.stride_tricks.sliding_window_view(padded, reach + 1).max(axis=1)
    before, after = louder[:n], louder[reach : reach + n]
    dip_db: Array = np.maximum(np.minimum(before, after) - level_db - settings.dip_slack_db, 0.0)
    return dip_db
