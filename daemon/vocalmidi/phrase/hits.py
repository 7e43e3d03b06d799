"""Beatbox hits to the raster: like notes, but sounds of one moment (a kick with a hat) stay together."""

import numpy as np

from vocalmidi.phrase.gathered import ONE_MOMENT_S
from vocalmidi.phrase.quantise import quantise_starts
from vocalmidi.phrase.raster import Raster, qn_at_all
from vocalmidi.units import QuarterNotes, samples_to_seconds
from vocalmidi.values import Events, PhraseHit


def place_hits(events: Events, raster: Raster) -> tuple[PhraseHit, ...]:
    """Return the hits in musical time."""
    if not events.hits:
        return ()
    time_s = samples_to_seconds(1, events.sample_rate_hz) * np.array([hit.onset for hit in events.hits], np.float64)
    played = qn_at_all(raster.tempo_map, time_s)
    moment = np.cumsum(np.diff(time_s, prepend=-np.inf) > ONE_MOMENT_S) - 1
    first = np.flatnonzero(np.diff(moment, prepend=-1))
    grid = raster.places.hits_qn if raster.places else quantise_starts(played[first], raster.step_qn)[moment]
    return tuple(
        PhraseHit(QuarterNotes(start_qn), QuarterNotes(played_qn), hit.label, hit.velocity, hit.confidence, hit.trigger)
        for start_qn, played_qn, hit in zip(grid.tolist(), played.tolist(), events.hits, strict=True)
    )
