"""Scores made human: what a voice does to a phrase that it means, with what is true kept beside every note.

In: a `Score`, a `Manner`, a generator of random numbers. Out: a `Performance` in seconds, as a perfect decoder would
hear it, and for each note the place and length meant. What is done: a tempo that wanders (autocorrelated, its largest
deviation is `drift`), slowing at the ends of phrases, every onset late or early by itself, anticipations, swing, grace
notes, notes cut short or tied, notes that are missed or heard twice, pitches beside the key. Nothing is drawn but from
the generator: the same seed gives the same performance.

Sources: timing spread of sung onsets 20–40 ms; tempo as a first-order autoregressive process (Cemgil & Kappen 2003
model the performer's period as a random walk); swing ratios of Friberg & Sundström 2002.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from training.context.scores import GRID_QN, Floats, Ints, Score
from vocalmidi.units import SampleIndex
from vocalmidi.values import Events, HitEvent, NoteEvent

RATE_HZ = 16_000
COUNT_IN_S = 0.5
"""Silence before the first bar line, so that an early upbeat is still in the recording."""
NEAREST_S = 0.025
"""Two onsets of one voice are never nearer."""
SHORTEST_S = 0.03
GRACE_QN = 3 * GRID_QN
"""What a grace note is written as: a thirty-second before its main note."""
MEMORY_QN = 8.0
"""Over which a wandering tempo forgets: two bars."""
ENDING_QN = 2.0
"""Before a phrase's end, where it slows."""
TEMPOS_QPM = (75.0, 150.0)
"""Drawn from, evenly in octaves, where a score says none; half as fast again in compound metres."""
CONFIDENCE = 0.9
"""Of every note and hit: that is the decoder's matter."""


class Kind(IntEnum):
    """What a note is to the grid."""

    PLAIN = 0
    SWUNG = 1
    GRACE = 2
    DOUBLED = 3


@dataclass(frozen=True, slots=True)
class Manner:
    """How a singer treats what is meant.

    jitter_s: standard deviation of each onset by itself.
    drift: largest deviation of the tempo, as a part of it.
    rubato: how much slower the end of a phrase is, at most, as a part of the tempo.
    anticipated, grace, missed, doubled: shares of notes.
    early_s: how early an anticipated note is at most.
    swing: 0.5–0.75, where the second of two swung notes falls in their pair; swing_qn: the notes that swing.
    legato: least and greatest part of its length that a note sounds.
    pitch: standard deviation in semitones.
    click: whether the tempo is kept to a click: then drift is of the place, a part of a second, and forgotten as fast.
    """

    jitter_s: float = 0.030
    drift: float = 0.05
    rubato: float = 0.0
    anticipated: float = 0.0
    early_s: float = 0.080
    grace: float = 0.0
    missed: float = 0.0
    doubled: float = 0.0
    swing: float = 0.5
    swing_qn: float = 0.5
    legato: tuple[float, float] = (0.6, 1.0)
    pitch: float = 0.2
    click: bool = False


PLAIN = Manner()
"""Jitter of 30 ms and drift of up to 5 %: what is asked for in the figures of this repository."""
LIVELY = replace(PLAIN, rubato=0.04, anticipated=0.05, grace=0.02, missed=0.02, doubled=0.02)
"""All that voices do besides."""


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """What is heard, in order of time, and what was meant.

    onset_s, offset_s, pitch_midi, velocity: (n,) as heard; pitch is the index in HIT_LABELS for hits.
    place_qn, length_qn: (n,) meant, on the score's axis; of a grace note, a thirty-second before its main note; of a
        doubled one, NaN.
    kind: (n,) of `Kind`.
    beat_s: when quarter note 0, 1, 2… of the score was.
    tempo_qpm: the tempo meant.
    """

    score: Score
    onset_s: Floats
    offset_s: Floats
    pitch_midi: Floats
    velocity: Floats
    place_qn: Floats
    length_qn: Floats
    kind: Ints
    beat_s: Floats
    tempo_qpm: float

    @property
    def mean_tempo_qpm(self) -> float:
        """Return the tempo from the first to the last note on the whole, which drift has moved from the one meant."""
        known = self.place_qn[~np.isnan(self.place_qn)][[0, -1]]
        return float(60.0 * np.diff(known)[0] / np.diff(np.interp(known, np.arange(len(self.beat_s)), self.beat_s))[0])

    def events(self) -> Events:
        """Return it as the decoder would give it, at RATE_HZ."""
        first = np.maximum(np.round(self.onset_s * RATE_HZ), 0).astype(int).tolist()
        last = np.round(self.offset_s * RATE_HZ).astype(int).tolist()
        velocity = np.clip(np.round(self.velocity), 1, 127).astype(int).tolist()
        stop = SampleIndex(max(last) + RATE_HZ)
        if self.score.drums:
            labels = replace(self.score, pitch_midi=self.pitch_midi).label
            hits = tuple(
                HitEvent(SampleIndex(at), label, loud, CONFIDENCE)
                for at, label, loud in zip(first, labels, velocity, strict=True)
            )
            return Events(SampleIndex(0), stop, RATE_HZ, (), hits)
        notes = tuple(
            NoteEvent(SampleIndex(at), SampleIndex(max(end, at + 1)), pitch, loud, CONFIDENCE)
            for at, end, pitch, loud in zip(first, last, self.pitch_midi.tolist(), velocity, strict=True)
        )
        return Events(SampleIndex(0), stop, RATE_HZ, notes, ())


def perform(score: Score, manner: Manner, rng: np.random.Generator) -> Performance:
    """Return the score as a human would do it."""
    tempo_qpm = score.tempo_qpm or drawn_tempo(score, rng)
    beat_s = beats(score, manner, tempo_qpm, rng)
    sung = _ornamented(score, manner, rng)
    second_qn = 60.0 / tempo_qpm
    axis = np.arange(len(beat_s))
    onset_s = np.interp(sung.played_qn, axis, beat_s) + rng.normal(0.0, manner.jitter_s, len(sung.played_qn))
    early = rng.random(len(onset_s)) < manner.anticipated
    onset_s -= np.where(early, rng.uniform(0.3, 1.0, len(onset_s)) * manner.early_s, 0.0)
    # A grace note hangs on its main note, however late that is.
    grace = np.flatnonzero(sung.kind == Kind.GRACE)
    onset_s[grace] = onset_s[grace + 1] - rng.uniform(0.05, 0.11, len(grace))
    index = np.arange(len(onset_s)) * NEAREST_S
    onset_s = np.maximum.accumulate(onset_s - index) + index
    length_s = sung.length_qn * second_qn * rng.uniform(*manner.legato, len(onset_s))
    offset_s = np.minimum(onset_s + np.maximum(length_s, SHORTEST_S), np.append(onset_s[1:], np.inf))
    beside = 0.0 if score.drums else rng.normal(0.0, manner.pitch, len(onset_s))
    return Performance(
        score,
        onset_s,
        offset_s,
        np.clip(sung.pitch_midi + beside, 0, 127),
        np.clip(sung.velocity + rng.normal(0.0, 6.0, len(onset_s)), 1, 127),
        sung.place_qn,
        sung.length_qn,
        sung.kind,
        beat_s,
        tempo_qpm,
    )


def drawn_tempo(score: Score, rng: np.random.Generator) -> float:
    """Return a tempo for a score that says none."""
    compound = score.meter.unit >= 8 and score.meter.beats % 3 == 0
    low, high = np.log2(TEMPOS_QPM)
    return float((1.5 if compound else 1.0) * 2 ** rng.uniform(low, high))


def beats(score: Score, manner: Manner, tempo_qpm: float, rng: np.random.Generator) -> Floats:
    """Return when each quarter note comes, one after the last note included."""
    count = int(score.place_qn[-1] + score.length_qn[-1]) + 3
    wander = np.empty(count)
    wander[0] = rng.normal()
    keep = np.exp(-1.0 / MEMORY_QN)
    for beat in range(1, count):
        wander[beat] = keep * wander[beat - 1] + np.sqrt(1.0 - keep**2) * rng.normal()
    wander *= manner.drift / np.abs(wander).max()
    period_s = 60.0 / tempo_qpm
    if manner.click:
        return np.asarray(COUNT_IN_S + period_s * np.arange(count) + wander, np.float64)
    slow = np.zeros(count)
    for end in _ends(score):
        near = (np.arange(count) >= end - ENDING_QN) & (np.arange(count) < end)
        slow[near] = manner.rubato * rng.random()
    return np.asarray(COUNT_IN_S + np.concatenate([[0.0], np.cumsum(period_s * (1.0 + wander + slow))]), np.float64)


def _ends(score: Score) -> list[float]:
    """Return where phrases end: before rests of a beat, and at the end."""
    stop = score.place_qn + score.length_qn
    rests = np.append(score.place_qn[1:] - stop[:-1] >= 1.0, True)
    return [float(end) for end in stop[rests]]


@dataclass(frozen=True, slots=True, eq=False)
class _Sung:
    """A score with what the singer adds and leaves out; `played_qn` is where it would come without jitter."""

    place_qn: Floats
    played_qn: Floats
    length_qn: Floats
    pitch_midi: Floats
    velocity: Floats
    kind: Ints


def _ornamented(score: Score, manner: Manner, rng: np.random.Generator) -> _Sung:
    """Return the notes with swing, graces and doubled notes, without missed ones."""
    played_qn = swung(score.place_qn, manner) + score.beside_qn
    kind = np.where(np.abs(swung(score.place_qn, manner) - score.place_qn) > 1e-6, Kind.SWUNG, Kind.PLAIN)
    columns = np.stack([score.place_qn, played_qn, score.length_qn, score.pitch_midi, score.velocity, kind])
    chance = rng.random((3, columns.shape[1]))
    free_qn = np.diff(score.place_qn, prepend=score.place_qn[0] - 1.0)
    rows = list[npt.NDArray[np.float64]]()
    for number, row in enumerate(columns.T):
        if number > 0 and chance[0, number] < manner.missed:
            continue
        if chance[1, number] < manner.grace and free_qn[number] >= 0.5 and not score.drums:
            step = float(rng.choice([-2, -1, 1, 2]))
            place, played, _, pitch, velocity, _ = row
            rows.append(np.array([place - GRACE_QN, played, GRACE_QN, pitch + step, velocity - 10, Kind.GRACE]))
        rows.append(row)
        if chance[2, number] < manner.doubled and row[2] >= 0.5 and not score.drums:
            later = row[2] * rng.uniform(0.3, 0.7)
            _, played, length, pitch, velocity, _ = row
            rows.append(np.array([np.nan, played + later, length - later, pitch, velocity, Kind.DOUBLED]))
    table = np.array(rows)
    place_qn, played_qn, length_qn, pitch_midi, velocity, kinds = table.T
    return _Sung(place_qn, played_qn, length_qn, pitch_midi, velocity, kinds.astype(np.intp))


def swung(place_qn: Floats, manner: Manner) -> Floats:
    """Return where places fall in swing: pairs of `swing_qn` stretched about their middle; triplets stay."""
    pair_qn = 2.0 * manner.swing_qn
    part = place_qn / pair_qn % 1.0
    on_grid = np.abs(part * 4 - np.round(part * 4)) < 0.01
    late = np.where(part < 0.5, part * 2 * manner.swing, manner.swing + (part - 0.5) * 2 * (1 - manner.swing)) - part
    return np.asarray(place_qn + np.where(on_grid, late, 0.0) * pair_qn, np.float64)
