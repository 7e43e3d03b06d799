"""Which onsets are hits of a mouth drum kit, and of which drum.

In: fine spectra and sound round an onset. Out: five probabilities, in the order of `HIT_LABELS`.
Rules with musical reasons, no fitted tables. Hit or syllable: a hit is over within a tenth of a second and what
follows has no pitch, a syllable's vowel goes on and is periodic. Which drum: from what the onset *added* to the
spectrum, so that a kick on a hum is still a kick: dark is a kick, bright without body and soft is a hat, the rest of
the bright ones are snares; a hat that goes on hissing is open.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.spectrum import FINE_HOP, band_edges
from vocalmidi.frames.stretch import Stretch
from vocalmidi.values import Floats

BANDS_HZ = (0.0, 300.0, 1000.0, 3000.0, 8001.0)
"""Chest of a kick; vowel-like body; the noise of a snare; the hiss of a hat."""
_BANDS = band_edges(BANDS_HZ)
LEAST_SHARE = 1e-5


@dataclass(frozen=True, slots=True)
class Strike:
    """What tells hits apart, measured after one onset.

    rise_db: as the onset has it.
    fall_db: level 70–130 ms after, re the peak of the first 40 ms (≤ 0 when it dies away).
    periodicity: 0–1, of the sound 60–120 ms after.
    loud_db: peak re the take's followed peak.
    low_db, body_db, middle_db, bright_db: shares of the added energy in the four bands, dB re all of it.
    """

    rise_db: float
    fall_db: float
    periodicity: float
    loud_db: float
    low_db: float
    body_db: float
    middle_db: float
    bright_db: float


ROWS_BEFORE = 14
"""28 ms before an onset is what it is added to."""
ROWS_AFTER = 65
"""130 ms after an onset a hit has died away and a syllable has not."""
PITCHED = (round(0.06 * RATE_HZ), round(0.12 * RATE_HZ))
"""Samples after an onset between which a syllable's vowel is periodic."""


def measure_strike(sound: Stretch, power: Stretch, onset: int, rise_db: float, followed_db: float) -> Strike:
    """Return what tells hits apart of the sound that begins at sample `onset`."""
    row = round(onset / FINE_HOP)
    after = power.span(row, row + ROWS_AFTER)
    level = after.sum(axis=1)
    peak = float(level[:20].max()) + 1e-12
    fall = min(float(level[35:45].mean()), float(level[55:65].mean())) / peak
    before = power.span(row - ROWS_BEFORE, row - 6).mean(axis=0)
    added = np.maximum(after[:8].mean(axis=0) - before, 0.0) @ _BANDS
    shares = 10.0 * np.log10(added / (added.sum() + 1e-14) + LEAST_SHARE)
    return Strike(
        rise_db,
        10.0 * float(np.log10(fall + 1e-6)),
        _periodicity(sound.span(onset + PITCHED[0], onset + PITCHED[1])),
        10.0 * float(np.log10(peak)) - followed_db,
        *(float(share) for share in shares),
    )


def _periodicity(sound: Floats) -> float:
    """Return the height of the normalised autocorrelation's peak for 80–1000 Hz."""
    sound = sound - sound.mean()
    spectrum = np.fft.rfft(sound, 2048)
    similar = np.fft.irfft(spectrum.real**2 + spectrum.imag**2)[:200]
    if similar[0] <= 0.0:
        return 0.0
    shorter = 1.0 - np.arange(200) / len(sound)
    return float(np.clip((similar / similar[0] / shorter)[16:].max(), 0.0, 1.0))


def hit_probabilities(strike: Strike) -> npt.NDArray[np.float64]:
    """Return (len(HIT_LABELS),) the chance of a hit, shared among the classes."""
    struck = np.clip((strike.rise_db - 8.0) / 2.0, -4.0, 3.0)
    gone = np.clip((-9.0 - strike.fall_db) / 2.0, -7.0, 4.0)
    noisy = np.clip((0.85 - strike.periodicity) / 0.05, -3.0, 3.0)
    hit = _logistic(struck + gone + noisy)
    above_1k_db = 10.0 * np.log10(10.0 ** (strike.middle_db / 10.0) + 10.0 ** (strike.bright_db / 10.0))
    dark = (-8.0 - above_1k_db) / 1.5
    bright = (strike.bright_db - strike.middle_db) / 3.0
    soft = (-8.0 - strike.loud_db) / 4.0
    hollow = np.clip((-8.0 - strike.low_db) / 4.0, -2.0, 1.0)
    hiss = bright + soft + hollow
    open_hat = (strike.fall_db + 15.0) / 2.0
    scores = np.array([dark, 0.0, hiss - max(open_hat, 0.0), hiss + min(open_hat, 0.0), -1.5])
    weights = np.exp(scores - scores.max())
    shared: npt.NDArray[np.float64] = hit * weights / weights.sum()
    return shared


def _logistic(score: float) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(score, -30.0, 30.0))))
