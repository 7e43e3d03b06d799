"""What the timbre encoder is shown of a sound that begins: levels in 40 bands, from 96 ms before it to 160 ms after.

In: mono sound at 16 kHz, the sample where something begins, and how much after it has been heard. Out: (n, ROWS,
PATCH_BANDS) float32 in 0–1 and ages. Training, the live and the considered pass all call this file. Every patch is
made alone from the samples round its own onset, so that it doesn't depend on how the sound came.
The rows before the onset tell what the sound is added to (a hum goes on under a kick) and how it came about (a click
has a silence before it, a breath has not). Levels are relative to the patch; how loud it is, is said beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.features import triangles
from vocalmidi.frames.windows import windows
from vocalmidi.values import Floats

ROW = 64
"""4 ms: a plosive's burst takes one or two, and two rows decide what is said at once."""
BEFORE, AFTER = 24, 40
"""Rows that end at the onset or before it, and rows after it: 96 ms, and the 160 ms in which a hit dies away."""
ROWS = BEFORE + AFTER
SPAN = 256
"""16 ms: a window that tells the chest of a kick (62 Hz a bin) from the body of a vowel."""
FALL = 64
"""The window is highest a row before its end, so that what has just begun counts in full; its rise has the rest."""
PATCH_BANDS = 40
LOWEST_HZ, HIGHEST_HZ = 60.0, 8000.0
PLAIN_BANDS, PLAIN_SPANS = 20, ((-4, 0), (0, 2), (2, 4), (4, 6), (6, 12), (12, 22), (22, 40))
"""A strike told plainly, to compare it with examples by the same mouth: bands, and spans of rows from its onset on,
finer where it begins."""
RANGE_DB = 60.0
"""Below the patch's loudest cell by more is 0: the noise of a room under a hit."""
IMMEDIATE_ROWS, SETTLED_ROWS = 2, 6
"""Ages at which the encoder is asked live: 8 ms for what is sure at once, 24 ms when its class is settled."""
BEHIND = (BEFORE - 1) * ROW + SPAN
"""Samples before an onset that its patch sees."""
AHEAD = AFTER * ROW
"""Samples from an onset on that a whole patch sees."""
QUIETEST_DB = -80.0
"""The loudest cell counts as at least this, re a full-scale sine: silence is not blown up to a picture of dither."""
_TINY = 1e-16
"""-160 dB: digital silence is 0 in the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """What the encoder takes, and how loud it was.

    patch: (n, ROWS, PATCH_BANDS) 0–1, dB re its loudest known cell; rows not known are 0.
    age: (n,) 0–1, known rows after the onset / AFTER.
    level_db: (n,) the loudest known row after the onset, dB re a full-scale sine.
    """

    patch: Floats
    age: Floats
    level_db: Floats


def known_rows(heard: int) -> int:
    """Return how many rows after an onset are known when so many samples from it on have been heard."""
    return min(max(heard, 0) // ROW, AFTER)


def patches_of(sound: Floats, onsets: Sequence[int] | npt.NDArray[np.int64], rows: int = AFTER) -> Patches:
    """Return the patches of sounds that begin at these samples of `sound`, of which `rows` rows after it are known.

    sound: (samples,) float32 at 16 kHz; before its first sample and after its last stands silence.
    """
    padded = np.pad(np.asarray(sound, np.float32), (BEHIND, AHEAD))
    spans = [padded[onset : onset + BEHIND + rows * ROW] for onset in map(int, onsets)]
    return joined([patch_of(span, rows) for span in spans])


def patch_of(heard: Floats, rows: int) -> Patches:
    """Return the patch of one sound: `heard` is BEHIND samples before its onset and `rows` * ROW from it on."""
    if not 0 < rows <= AFTER or len(heard) != BEHIND + rows * ROW:
        raise ValueError(f"{rows} rows (1–{AFTER}) need {BEHIND + rows * ROW} samples, not {len(heard)}")
    cut = windows(np.ascontiguousarray(heard, np.float32), SPAN, ROW, BEFORE + rows)
    # A microphone's direct current would lean into the lowest bands.
    spectra = np.fft.rfft((cut - (cut @ WINDOW)[:, None] / WINDOW.sum()) * WINDOW, axis=1)
    power = np.asarray(spectra.real**2 + spectra.imag**2, np.float32)
    bands_db = 10.0 * np.log10(power @ _BANDS + _TINY)
    rows_db = 10.0 * np.log10(power.sum(axis=1) / _SINE + _TINY)
    patch = np.zeros((1, ROWS, PATCH_BANDS), np.float32)
    patch[0, : BEFORE + rows] = np.clip(1.0 + (bands_db - max(float(bands_db.max()), QUIETEST_DB)) / RANGE_DB, 0.0, 1.0)
    return Patches(patch, np.array([rows / AFTER], np.float32), rows_db[BEFORE:].max(keepdims=True).astype(np.float32))


def plain_spectrum(patches: Patches) -> Floats:
    """Return (SPECTRUM,) the levels of one patch in wide bands and spans of time, 0 for what is not known."""
    known = BEFORE + round(float(patches.age[0]) * AFTER)
    bands = patches.patch[0].reshape(ROWS, PLAIN_BANDS, -1).mean(axis=2)
    return np.concatenate([_mean_row(bands[BEFORE + first : min(BEFORE + stop, known)]) for first, stop in PLAIN_SPANS])


def _mean_row(rows: Floats) -> Floats:
    return rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1], np.float32)


def joined(patches: Sequence[Patches]) -> Patches:
    """Return patches one after another as one value."""
    none = Patches(np.zeros((0, ROWS, PATCH_BANDS), np.float32), np.zeros(0, np.float32), np.zeros(0, np.float32))
    parts = patches or [none]
    return Patches(
        np.concatenate([part.patch for part in parts]),
        np.concatenate([part.age for part in parts]),
        np.concatenate([part.level_db for part in parts]),
    )


def _window() -> Floats:
    """Return the asymmetric Hann window, whose peak power of a full-scale sine is 1."""
    rise, fall = np.hanning(2 * (SPAN - FALL) + 1)[: SPAN - FALL], np.hanning(2 * FALL + 1)[FALL:-1]
    shape = np.concatenate([rise, fall])
    return np.asarray(shape / (shape.sum() / 2.0), np.float32)


def _band_weights() -> Floats:
    low, high = _mel(LOWEST_HZ), _mel(HIGHEST_HZ)
    edges = np.linspace(low, high, PATCH_BANDS + 2)
    return triangles(700.0 * (10.0 ** (edges / 2595.0) - 1.0), SPAN)


def _mel(hz: float) -> float:
    return 2595.0 * float(np.log10(1.0 + hz / 700.0))


WINDOW, _BANDS = _window(), _band_weights()
_SINE = float((WINDOW**2).sum() * SPAN / 4.0)
"""What the bins of a full-scale sine's spectrum add up to, by Parseval's theorem."""
