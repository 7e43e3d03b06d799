"""Hits from strikes, considered.

In: `Frames` with the strikes of a whole recording. Out: `HitEvent`s in order, where the strikes were placed. A strike
is a hit when it is likely enough by what the encoder made of it and by the take round it; of two too near to be two
mouth sounds the likelier stands.
"""

from dataclasses import dataclass, replace

import numpy as np

from vocalmidi.events.drumming import companies, hit_probability
from vocalmidi.events.hit_settings import HitSettings
from vocalmidi.events.kit import kit_shares
from vocalmidi.events.loudness import velocities
from vocalmidi.units import samples_to_seconds
from vocalmidi.values import HIT_LABELS, Frames, HitEvent, HitLabel, Strike

LEVEL_FRAMES = 5
"""50 ms after the beginning a mouth drum has reached its peak."""


@dataclass(frozen=True, slots=True, eq=False)
class Struck:
    """A hit before its velocity is known.

    strike: what it was heard as.
    label: which drum it is, seen together with the take's other hits.
    place: frames since the first, not whole.
    level_db: the loudest level soon after, dB re full scale, as notes have it.
    confidence: 0–1, that it is a hit.
    """

    strike: Strike
    label: HitLabel
    place: float
    level_db: float
    confidence: float


def likeliest(strike: Strike) -> HitLabel:
    """Return the likeliest class of a strike."""
    return HIT_LABELS[int(strike.label_share.argmax())]


def find_hits(frames: Frames, settings: HitSettings) -> list[Struck]:
    """Return the hits of a recording, in order."""
    if not len(frames):
        return []
    strikes = sorted(frames.strikes, key=lambda strike: strike.onset)
    onsets_s = np.array([samples_to_seconds(strike.onset, frames.sample_rate_hz) for strike in strikes])
    found: list[Struck] = []
    for strike, company in zip(strikes, companies(strikes, onsets_s, settings.take), strict=True):
        probability = hit_probability(strike, company, settings.evidence)
        if probability >= settings.least_probability:
            found = _joined(found, _struck(frames, strike, probability), settings.apart_s / frames.hop_s)
    shares = kit_shares([hit.strike for hit in found], settings.kit)
    return [replace(hit, label=HIT_LABELS[int(share.argmax())]) for hit, share in zip(found, shares, strict=True)]


def hit_events(struck: list[Struck]) -> list[HitEvent]:
    """Return the hits as events, their velocities relative to each other."""
    strengths = velocities([hit.level_db for hit in struck])
    return [
        HitEvent(hit.strike.onset, hit.label, strength, hit.confidence, hit.strike.trigger)
        for hit, strength in zip(struck, strengths, strict=True)
    ]


def _struck(frames: Frames, strike: Strike, probability: float) -> Struck:
    place = (strike.onset - frames.start) / (frames.hop_s * frames.sample_rate_hz)
    first = min(max(0, int(place)), len(frames) - 1)
    return Struck(
        strike, likeliest(strike), place, float(frames.level_db[first : first + LEVEL_FRAMES].max()), probability
    )


def _joined(found: list[Struck], hit: Struck, apart: float) -> list[Struck]:
    """Return the hits with one more, or with the likelier of two that are too near."""
    if found and hit.place - found[-1].place < apart:
        return found if found[-1].confidence >= hit.confidence else [*found[:-1], hit]
    found.append(hit)
    return found
