"""One note segmentation for every tracker that has none, so that trackers are compared and not segmentations.

In: pitch a frame, whether it is voiced, and the sound. Out: (n, 3) onset_s, offset_s, pitch_midi.
Method: median filter of 50 ms; a new note where the pitch has left the note's median by more than 0.6 semitones for
60 ms, after 30 ms unvoiced, or where the level dips by 6 dB; notes of at least 80 ms. No number is fitted to a rival.
"""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

Array = npt.NDArray[np.float64]
HOP_S = 0.01
MEDIAN_FRAMES, LEAP_FRAMES, GAP_FRAMES, SHORTEST_FRAMES = 5, 6, 3, 8
LEAP_SEMITONES, DIP_DB = 0.6, 6.0


def common_notes(time_s: Array, f0_hz: Array, voiced: npt.NDArray[np.bool_], audio: Array, rate_hz: int) -> Array:
    """Return the notes; see the module's docstring."""
    grid = np.arange(int(len(audio) / rate_hz / HOP_S)) * HOP_S
    if not voiced.any():
        return np.zeros((0, 3))
    nearest = np.clip(np.searchsorted(time_s, grid - 0.5 * np.median(np.diff(time_s))), 0, len(time_s) - 1)
    sung = voiced[nearest] & (f0_hz[nearest] > 0.0)
    pitch = 69.0 + 12.0 * np.log2(np.maximum(f0_hz[nearest], 1.0) / 440.0)
    for first, stop in _runs(sung, GAP_FRAMES):
        inner = slice(first, stop)
        pitch[inner] = median_filter(np.where(sung[inner], pitch[inner], np.nan_to_num(pitch[inner])), MEDIAN_FRAMES)
    dips = _dips(_level_db(audio, rate_hz, len(grid)))
    notes = [note for run in _runs(sung, GAP_FRAMES) for note in _split(pitch, sung, dips, run)]
    return np.array([(a * HOP_S, b * HOP_S, p) for a, b, p in notes]).reshape(-1, 3)


def _runs(sung: npt.NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """Return the voiced stretches; pauses shorter than `gap` frames don't part them."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], sung.astype(int), [0]]))).reshape(-1, 2)
    runs: list[tuple[int, int]] = []
    for first, stop in edges.tolist():
        if runs and first - runs[-1][1] < gap:
            runs[-1] = (runs[-1][0], stop)
        else:
            runs.append((first, stop))
    return runs


def _level_db(audio: Array, rate_hz: int, frames: int) -> Array:
    hop = round(HOP_S * rate_hz)
    energy = np.add.reduceat(np.pad(audio.astype(np.float64) ** 2, (0, hop)), np.arange(frames) * hop) / hop
    smooth = np.convolve(energy, np.ones(3) / 3, mode="same")
    return np.asarray(10.0 * np.log10(smooth + 1e-10))


def _dips(level_db: Array) -> list[int]:
    """Return the frames where the level is lowest between two places at least DIP_DB higher."""
    found: list[int] = []
    high, low, low_at = level_db[0] if len(level_db) else 0.0, np.inf, 0
    for frame, value in enumerate(level_db):
        if value < low:
            low, low_at = value, frame
        if value > low + DIP_DB and high > low + DIP_DB:
            found.append(low_at)
            high, low = value, np.inf
        elif value > high:
            high, low = value, np.inf
    return found


def _split(pitch: Array, sung: npt.NDArray[np.bool_], dips: list[int], run: tuple[int, int]) -> list[tuple]:
    borders = [run[0]]
    marks = {frame for frame in dips if run[0] < frame < run[1]}
    away = 0
    for frame in range(*run):
        here = pitch[borders[-1] : frame + 1 - away]
        away = away + 1 if abs(pitch[frame] - np.median(here)) > LEAP_SEMITONES and len(here) > 1 else 0
        if frame in marks:
            borders.append(frame)
            away = 0
        elif away >= LEAP_FRAMES:
            borders.append(frame + 1 - away)
            away = 0
    found = []
    for first, stop in zip(borders, [*borders[1:], run[1]], strict=True):
        inside = pitch[first:stop][sung[first:stop]]
        if stop - first >= SHORTEST_FRAMES and len(inside):
            found.append((first, stop, float(np.median(inside))))
    return found
