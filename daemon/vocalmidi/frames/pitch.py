"""Pitch and voicing of each frame from SwiftF0.

In: a window of levelled sound. Out: f0 in Hz (0.0 where there is none) and voicing 0–1.
SwiftF0 gives a frame every 256 samples. It runs twice, half a hop apart, which doubles the time resolution without
touching the network; its frames are exact with 11 frames before and 10 after, which the window brings along.
Digital silence lies outside what the network learned and gets random answers, so it is voiced never.
"""

from dataclasses import dataclass

import numpy as np

from vocalmidi.errors import FramesError
from vocalmidi.frames.gain import swing
from vocalmidi.frames.grid import FUTURE_HOPS, HOP, PAST_HOPS, Window
from vocalmidi.inference import Model
from vocalmidi.units import amplitude_to_db
from vocalmidi.values import Floats

SHIFTS = 2
LOWEST_F0_HZ, HIGHEST_F0_HZ = 60.0, 1400.0
"""Below a bass's B1 lie mains hum and rumble, above a soprano's F6 lie whistles and sibilants."""
SILENCE_DB = -60.0
"""SwiftF0's own limit: a hop whose (levelled) peak is below 1e-3 has no voice in it."""
LEAST_VOICING = 0.05
"""Below this the network's best candidate is a guess among all, which helps no decoder."""


@dataclass(frozen=True, slots=True, eq=False)
class PitchTrack:
    """f0_hz and voicing of each frame, as in `Frames`."""

    f0_hz: Floats
    voicing: Floats


def track_pitch(model: Model, window: Window) -> PitchTrack:
    """Return the pitch of a window's frames; raise FramesError when the model answers in another shape."""
    f0_hz = np.zeros((window.frames // SHIFTS, SHIFTS), np.float32)
    voicing = np.zeros_like(f0_hz)
    for shift in range(SHIFTS):
        f0_hz[:, shift], voicing[:, shift] = _half_track(model, window, shift)
    f0, voiced = f0_hz.reshape(-1), voicing.reshape(-1)
    voiced[_silent(window)] = 0.0
    f0[voiced < LEAST_VOICING] = 0.0
    return PitchTrack(f0, voiced)


def _half_track(model: Model, window: Window, shift: int) -> tuple[Floats, Floats]:
    """Return pitch and confidence of every second frame, from frame `shift` on."""
    last_hop = PAST_HOPS + window.frames + FUTURE_HOPS - 1
    sound = window.levelled[shift * HOP : last_hop * HOP + shift * HOP]
    answer = model.run(audio=sound[None], fmin=LOWEST_F0_HZ, fmax=HIGHEST_F0_HZ)
    if not {"pitch", "confidence"} <= answer.keys() or answer["pitch"].shape != answer["confidence"].shape:
        raise FramesError(f"model {model.card.name} gives {sorted(answer)} instead of pitch and confidence: reinstall")
    kept = slice(PAST_HOPS // SHIFTS, PAST_HOPS // SHIFTS + window.frames // SHIFTS)
    return answer["pitch"][0, kept].astype(np.float32), np.clip(answer["confidence"][0, kept], 0.0, 1.0)


def _silent(window: Window) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which frames have no sound in the hop before and after their centre."""
    peaks = swing(window.levelled)
    around = np.maximum(peaks[PAST_HOPS - 1 : -FUTURE_HOPS - 1], peaks[PAST_HOPS:-FUTURE_HOPS])
    return amplitude_to_db(around) < SILENCE_DB
