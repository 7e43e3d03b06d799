"""The beatboxer: hits in, sound and exact truth out.

In: `BeatboxHit`s, a sample rate, a seed. Out: `Beatboxed`, where each hit's first non-zero sample is its `onset_s` to
the nearest sample. Kick: a pitch that drops below 60 Hz plus the lips' pop. Snare: a "pf" or "k" burst with some body.
Hats: "t" and "ts" of high noise, as a mouth makes it, well below a cymbal's. No two hits of one label are the same.

Snare and hat bands were set by hand until their shares of energy came nearer to the medians of real mouth kits
(beatboxset1, measured once; none of its sound is in here). Decay times are chosen, not measured. So a classifier that
gets these hits right has shown less than one that gets real ones right.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from synth.sound import Samples, band_noise

_LENGTH_S = {"kick": 0.22, "snare": 0.20, "hihat_closed": 0.08, "hihat_open": 0.40}


@dataclass(frozen=True, slots=True)
class BeatboxHit:
    """A hit to make: onset in seconds, label, peak level dB re full scale.

    label: kick, snare, hihat_closed or hihat_open; a `vocalmidi.values.HitLabel` is such a string.
    """

    onset_s: float
    label: str
    level_db: float = -9.0


@dataclass(frozen=True, slots=True, eq=False)
class Beatboxed:
    """The sound, (n,) float32, and its hits, whose onset_s is exact to the sample."""

    samples: Samples
    sample_rate_hz: int
    hits: tuple[BeatboxHit, ...]


def beatbox(
    hits: Sequence[BeatboxHit], sample_rate_hz: int = 44100, *, seed: int = 0, tail_s: float = 0.3
) -> Beatboxed:
    """Make the hits and follow the last one's decay by `tail_s` of silence; raise ValueError for another label."""
    hits = tuple(
        BeatboxHit(round(hit.onset_s * sample_rate_hz) / sample_rate_hz, str(hit.label), hit.level_db) for hit in hits
    )
    unmade = {hit.label for hit in hits} - set(_LENGTH_S)
    if unmade:
        raise ValueError(f"the beatboxer can't make {sorted(unmade)}, only {sorted(_LENGTH_S)}")
    end_s = max((hit.onset_s + _LENGTH_S[hit.label] for hit in hits), default=0.0)
    sound = np.zeros(round((end_s + tail_s) * sample_rate_hz) + 1)
    for index, hit in enumerate(hits):
        one = _MAKERS[hit.label](sample_rate_hz, seed * 10007 + index)
        start = round(hit.onset_s * sample_rate_hz)
        sound[start : start + len(one)] += one * 10 ** (hit.level_db / 20) / np.max(np.abs(one))
    return Beatboxed(sound.astype(np.float32), sample_rate_hz, hits)


def _decay(label: str, sample_rate_hz: int, falls_s: float) -> npt.NDArray[np.float64]:
    """Return an envelope that begins at 1, falls by a factor e every `falls_s` and ends at 0 without a click."""
    count = round(_LENGTH_S[label] * sample_rate_hz)
    envelope = np.exp(-np.arange(count) / (falls_s * sample_rate_hz))
    ending = min(count, round(0.01 * sample_rate_hz))
    envelope[-ending:] *= np.linspace(1, 0, ending)
    return envelope


def _band(label: str, low_hz: float, high_hz: float, sample_rate_hz: int, seed: int) -> npt.NDArray[np.float64]:
    count = round(_LENGTH_S[label] * sample_rate_hz)
    high_hz = min(high_hz, 0.48 * sample_rate_hz)
    return band_noise(count, min(low_hz, 0.5 * high_hz), high_hz, sample_rate_hz, seed)


def _kick(sample_rate_hz: int, seed: int) -> npt.NDArray[np.float64]:
    label = "kick"
    time_s = np.arange(round(_LENGTH_S[label] * sample_rate_hz)) / sample_rate_hz
    f0_hz = 52.0 + 110.0 * np.exp(-time_s / 0.030)
    body = np.cos(2 * np.pi * np.cumsum(f0_hz) / sample_rate_hz) * _decay(label, sample_rate_hz, 0.065)
    pop = _band(label, 120, 1400, sample_rate_hz, seed) * _decay(label, sample_rate_hz, 0.007)
    return body + 0.5 * pop


def _snare(sample_rate_hz: int, seed: int) -> npt.NDArray[np.float64]:
    label = "snare"
    time_s = np.arange(round(_LENGTH_S[label] * sample_rate_hz)) / sample_rate_hz
    hiss = _band(label, 1500, 6500, sample_rate_hz, seed) * _decay(label, sample_rate_hz, 0.040)
    burst = _band(label, 1000, 2200, sample_rate_hz, seed + 1) * _decay(label, sample_rate_hz, 0.018)
    body = np.cos(2 * np.pi * 240 * time_s) * _decay(label, sample_rate_hz, 0.030)
    return 0.5 * hiss + 1.1 * burst + 0.9 * body


def _hat(label: str, falls_s: float) -> Callable[[int, int], npt.NDArray[np.float64]]:
    def make(sample_rate_hz: int, seed: int) -> npt.NDArray[np.float64]:
        tip = _band(label, 3000, 8000, sample_rate_hz, seed) * _decay(label, sample_rate_hz, 0.004)
        sizzle = _band(label, 5000, 9500, sample_rate_hz, seed + 1) * _decay(label, sample_rate_hz, falls_s)
        return tip + 0.7 * sizzle

    return make


_MAKERS: dict[str, Callable[[int, int], npt.NDArray[np.float64]]] = {
    "kick": _kick,
    "snare": _snare,
    "hihat_closed": _hat("hihat_closed", 0.016),
    "hihat_open": _hat("hihat_open", 0.120),
}
