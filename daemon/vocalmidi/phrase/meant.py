"""What a take means in quarter notes: the place and the end of every sound, and the tempo map on which they were sung.

In: the map on which a take was heard (a project's own, or `timing.py`'s), its moments, what is known of it, the context
network. Out: a `Meant`. A project's map is a click: places are counted on it. Otherwise the map may have the wrong
beat, or lose it, so the network reads three times: the take as it was sung, the take with the map's drift taken away,
and this with the beat that both say told as a click; their word is summed. The last reading is worth most; the first
two keep the beat where the map had lost it.
"""

from dataclasses import dataclass, replace

import numpy as np

from vocalmidi.inference import Model
from vocalmidi.phrase.beat_line import beat_line
from vocalmidi.phrase.context import Word, log_softmax, read_all
from vocalmidi.phrase.context_input import FARTHEST_TICKS, TICKS, Array, Moments, Setting, beats_of
from vocalmidi.phrase.context_path import Ticks, best_places
from vocalmidi.phrase.pulse import beat_qn, is_compound
from vocalmidi.phrase.raster import qn_at_all, tempo_at
from vocalmidi.units import qn_to_seconds
from vocalmidi.values import Meter, TempoMap

CLICK_SPREAD_S = 0.05
"""Standard deviation of sounds about a click: 30 ms of jitter and a wander of 40."""


@dataclass(frozen=True, slots=True, eq=False)
class Meant:
    """What was meant, in quarter notes of `tempo_map`: (moments,) places, strictly rising, and ends of the notes."""

    tempo_map: TempoMap
    start_qn: Array
    stop_qn: Array


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a take beforehand: metre, and the genre's name, None where nobody says it."""

    meter: Meter
    genre: str | None

    @property
    def in_bar(self) -> float:
        """Return the beats of a bar."""
        return self.meter.bar_qn / beat_qn(self.meter)

    def setting(self, beat_s: float, click_s: float | None = None) -> Setting:
        """Return what the network is told, for this beat."""
        return Setting(beat_s, self.in_bar, is_compound(self.meter), self.genre, click_s)


def meant_on(project: TempoMap, moments: Moments, told: Told, model: Model) -> Meant:
    """Return what was meant by one who sang to the click of this map."""
    beat = beat_qn(told.meter)
    beat_s = float(qn_to_seconds(beat, tempo_at(project, float(moments.time_s[0]))))
    setting = told.setting(beat_s, 0.0)
    steady = _unrolled(moments, project, beat_s / beat)
    word = read_all(model, [steady], [setting])[0]
    places = best_places(word.phase, word.apart, beats_of(steady, setting), CLICK_SPREAD_S / beat_s)
    return Meant(project, places / TICKS * beat, _stops(word, places, steady, beat_s) * beat)


def meant_freely(heard: TempoMap, moments: Moments, told: Told, model: Model) -> Meant:
    """Return what was meant by one who sang alone, heard on this map; the map returned goes through the places."""
    beat = beat_qn(told.meter)
    beat_s = float(qn_to_seconds(beat, _mean_tempo(heard, moments)))
    steady = _unrolled(moments, heard, beat_s / beat)
    words = read_all(model, [moments, steady], [told.setting(beat_s)] * 2)
    alone = told.setting(beat_s, 0.0)
    on_map = np.floor(beats_of(steady, alone) * TICKS + 0.5).astype(np.intp)
    shift = _beat_shift(words, on_map)
    words += read_all(model, [steady], [told.setting(beat_s, -shift / TICKS * beat_s)])
    word = Word.summed(words)
    places = best_places(word.phase, word.apart, beats_of(steady, alone))
    stops = _stops(word, places, steady, beat_s)
    later = _to_bar_line(word, places, told)
    beats = places / TICKS + later
    return Meant(_through(heard, moments, beats, beat), beats * beat, (stops + later) * beat)


def _mean_tempo(tempo_map: TempoMap, moments: Moments) -> float:
    """Return the tempo from the first to the last moment on the whole, quarter notes a minute."""
    first, last = float(moments.time_s[0]), float(moments.time_s[-1])
    if last == first:
        return tempo_at(tempo_map, first)
    return (tempo_map.qn_at(last) - tempo_map.qn_at(first)) * 60.0 / (last - first)


def _beat_shift(words: list[Word], on_map: Ticks) -> int:
    """Return by how many ticks the beat lies elsewhere than on the map, −TICKS / 2 to TICKS / 2."""
    phase = sum((word.phase for word in words), np.zeros_like(words[0].phase))
    row = np.arange(len(on_map))
    shifts = sorted(range(-TICKS // 2, TICKS // 2), key=abs)  # of equals the nearest
    score = [float(phase[row, (on_map + shift) % TICKS].sum()) for shift in shifts]
    return shifts[int(np.argmax(score))]


def _through(heard: TempoMap, moments: Moments, beats: Array, beat: float) -> TempoMap:
    """Return the map on which the beats come when they were sung: of one tempo where the map heard has one."""
    if len(heard.points) > 1 and len(beats) > 1:
        return beat_line(moments.time_s, beats, beat)
    tempo_qpm = tempo_at(heard, float(moments.time_s[0]))
    return TempoMap.constant(tempo_qpm, float(np.median(moments.time_s - beats * qn_to_seconds(beat, tempo_qpm))))


def _unrolled(moments: Moments, tempo_map: TempoMap, quarter_s: float) -> Moments:
    """Return the moments as if the map's quarter notes all lasted `quarter_s`, its first one beginning at second 0."""
    start_s = qn_at_all(tempo_map, moments.time_s) * quarter_s
    stop_s = qn_at_all(tempo_map, moments.time_s + moments.length_s) * quarter_s
    return replace(moments, time_s=start_s, length_s=stop_s - start_s)


def _to_bar_line(word: Word, places: Ticks, told: Told) -> int:
    """Return how many beats later the places are when counted from a bar line: as they stand best in their bars."""
    in_bar = round(told.in_bar)
    if not 1 < in_bar <= word.bar.shape[1] or abs(in_bar - told.in_bar) > 0.01:
        return 0
    at, row = places // TICKS, np.arange(len(places))
    share = log_softmax(word.bar[:, :in_bar])
    score = [float(share[row, (at + shift) % in_bar].sum()) for shift in range(in_bar)]
    return int(np.argmax(score))


def _stops(word: Word, places: Ticks, moments: Moments, beat_s: float) -> Array:
    """Return where each moment's sound ends, in beats: the likeliest length that ends before the next moment."""
    until_next = np.append(np.diff(places), np.iinfo(np.intp).max)
    possible = np.arange(1, FARTHEST_TICKS + 2) <= until_next[:, np.newaxis]
    ticks = np.where(possible, word.length, -np.inf).argmax(axis=1) + 1
    # The last class is "longer": then what was played decides, in whole beats.
    played = np.round(moments.length_s / beat_s) * TICKS
    ticks = np.where(ticks > FARTHEST_TICKS, np.clip(played, FARTHEST_TICKS, until_next), ticks)
    return np.asarray((places + ticks) / TICKS, np.float64)
