"""What a take means in quarter notes: the place and the end of every sound, and the tempo map on which they were sung.

In: events, what the user or Reaper says, the context network. Out: a `Meant`. A project's map is a click: places are
counted on it. A tempo of the user's stays as steady as it was given, and a take without any keeps its singer's drift
(`beat_line.py`). Which of several tempos is right is the estimate's matter and the network's together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vocalmidi.inference import Model
from vocalmidi.phrase.beat_line import beat_line
from vocalmidi.phrase.context import Reading, log_softmax, read_all
from vocalmidi.phrase.context_input import FARTHEST_TICKS, TICKS, Array, Moments, Setting
from vocalmidi.phrase.gathered import Gathered
from vocalmidi.phrase.pulse import beat_qn, is_compound
from vocalmidi.phrase.raster import qn_at_all, tempo_at
from vocalmidi.phrase.tempo import TempoCandidate
from vocalmidi.units import qn_to_seconds
from vocalmidi.values import Meter, TempoMap

Ints = npt.NDArray[np.intp]
ESTIMATE_WEIGHT = 1.0
"""Of the estimator's log probabilities beside the network's word on the tempo."""


@dataclass(frozen=True, slots=True, eq=False)
class Meant:
    """What was meant, in quarter notes of `tempo_map`: (moments,) places, strictly rising, and ends of the notes."""

    tempo_map: TempoMap
    start_qn: Array
    stop_qn: Array


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a take beforehand: metre and genre's name, None where nobody says it."""

    meter: Meter
    genre: str | None

    def setting(self, beat_s: float, click_s: float | None = None) -> Setting:
        """Return what the network is told, for this beat."""
        beat = beat_qn(self.meter)
        return Setting(beat_s, self.meter.bar_qn / beat, is_compound(self.meter), self.genre, click_s)


def meant_on(tempo_map: TempoMap, gathered: Gathered, told: Told, model: Model) -> Meant:
    """Return what was meant by one who followed this map."""
    beat = beat_qn(told.meter)
    beat_s = float(qn_to_seconds(beat, tempo_at(tempo_map, float(gathered.moments.time_s[0]))))
    # The network knows one tempo: a map that changes is unrolled into it.
    steady = _unrolled(gathered.moments, tempo_map, beat_s / beat)
    reading = read_all(model, steady, [told.setting(beat_s, 0.0)])[0]
    return Meant(tempo_map, reading.place_ticks / TICKS * beat, _stops(reading, steady, beat_s) * beat)


def meant_at(tempo_qpm: float, gathered: Gathered, told: Told, model: Model) -> Meant:
    """Return what was meant by one who kept about this tempo, on the steady map of it."""
    beat = beat_qn(told.meter)
    beat_s = float(qn_to_seconds(beat, tempo_qpm))
    reading = read_all(model, gathered.moments, [told.setting(beat_s)])[0]
    beats, stops = _from_bar_line(reading, _stops(reading, gathered.moments, beat_s), told)
    origin_s = float(np.median(gathered.moments.time_s - beats * beat_s))
    return Meant(TempoMap.constant(tempo_qpm, origin_s), beats * beat, stops * beat)


def meant_freely(candidates: Sequence[TempoCandidate], gathered: Gathered, told: Told, model: Model) -> Meant:
    """Return what was meant at the likeliest of these tempos, on a map that goes with the singer."""
    beat = beat_qn(told.meter)
    beats_s = [float(qn_to_seconds(beat, candidate.tempo_qpm)) for candidate in candidates]
    readings = read_all(model, gathered.moments, [told.setting(beat_s) for beat_s in beats_s])
    score = [
        ESTIMATE_WEIGHT * np.log(max(candidate.probability, 1e-9)) + np.log(max(reading.tempo_share, 1e-9))
        for candidate, reading in zip(candidates, readings, strict=True)
    ]
    best = int(np.argmax(score))
    beats, stops = _from_bar_line(readings[best], _stops(readings[best], gathered.moments, beats_s[best]), told)
    if len(beats) > 1:
        tempo_map = beat_line(gathered.moments.time_s, beats, beat)
    else:
        origin_s = float(gathered.moments.time_s[0] - beats[0] * beats_s[best])
        tempo_map = TempoMap.constant(candidates[best].tempo_qpm, origin_s)
    return Meant(tempo_map, beats * beat, stops * beat)


def _unrolled(moments: Moments, tempo_map: TempoMap, quarter_s: float) -> Moments:
    """Return the moments as if the map's quarter notes all lasted `quarter_s`, its first one beginning at second 0."""
    start_s = qn_at_all(tempo_map, moments.time_s) * quarter_s
    stop_s = qn_at_all(tempo_map, moments.time_s + moments.length_s) * quarter_s
    return replace(moments, time_s=start_s, length_s=stop_s - start_s)


def _from_bar_line(reading: Reading, stops: Array, told: Told) -> tuple[Array, Array]:
    """Return places and ends in beats from a bar line; the one where the moments stand best in their bars."""
    beats = reading.place_ticks / TICKS
    in_bar = round(told.meter.bar_qn / beat_qn(told.meter))
    bar = reading.logits["bar"]
    if not 1 < in_bar <= bar.shape[1]:
        return beats, stops
    share = log_softmax(bar[:, :in_bar])
    at = np.floor(beats + 1e-6).astype(np.intp)
    score = [float(share[np.arange(len(at)), (at + shift) % in_bar].sum()) for shift in range(in_bar)]
    shift = int(np.argmax(score))
    return beats + shift, stops + shift


def _stops(reading: Reading, moments: Moments, beat_s: float) -> Array:
    """Return where each moment's sound ends, in beats: the likeliest length that ends before the next moment."""
    places = reading.place_ticks
    until_next = np.append(np.diff(places), np.iinfo(np.intp).max)
    share = reading.logits["length"]
    possible = np.where(np.arange(1, FARTHEST_TICKS + 2) <= until_next[:, np.newaxis], share, -np.inf)
    ticks = possible.argmax(axis=1) + 1
    # The last class is "longer": then what was played decides, in whole beats.
    played = np.round(moments.length_s / beat_s) * TICKS
    ticks = np.where(ticks > FARTHEST_TICKS, np.clip(played, FARTHEST_TICKS, until_next), ticks)
    return np.asarray((places + ticks) / TICKS, np.float64)
