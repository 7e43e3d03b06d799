"""Readings of human-timed phrases with the right one marked: what the metre network is taught with and measured on.

In: phrases of `training.context`, performed. Out: `Example`s: the readings that `tracks.tracks` finds, each with its
rows for the network, and for every reading, metre and bar line whether that is what was meant. Metres written in other
units are taken as those of `METRES` with the same bars: 2/2 and 4/2 as 4/4, 3/2 as 3/4, 6/4 and 12/8 as 6/8.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from training.context.performances import Manner, Performance, perform
from training.context.scores import FEWEST, Score
from vocalmidi.phrase.metre import METRES, Form
from vocalmidi.phrase.moments import Moments
from vocalmidi.phrase.onsets import onsets_of
from vocalmidi.phrase.rhythms import COMPOUND, SIMPLE, TICKS, Rhythms
from vocalmidi.phrase.tracks import Track, seeds, tracks

Bools = npt.NDArray[np.bool_]
SCALES = {
    (4, 4): ((4, 4), 1.0),
    (2, 2): ((4, 4), 1.0),
    (4, 2): ((4, 4), 0.5),
    (4, 1): ((4, 4), 0.25),
    (3, 4): ((3, 4), 1.0),
    (3, 2): ((3, 4), 0.5),
    (3, 1): ((3, 4), 0.25),
    (2, 4): ((2, 4), 1.0),
    (6, 8): ((6, 8), 1.0),
    (12, 8): ((6, 8), 1.0),
    (6, 4): ((6, 8), 0.5),
}
"""The metre that a time signature is taken as, and what its quarter notes become."""
NEAR_TEMPO = 0.04
"""The requirement's own."""
CROPPED_BARS = (3.0, 16.0)
LOOPED_BARS = (4, 8, 12, 16)
FEWEST_IN_LOOP = 2
"""Notes a bar: fewer make no loop."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What is true of a performance: one of METRES, beats of it for a quarter note, and its beats a minute."""

    form: Form
    beats_per_qn: float
    tempo_bpm: float


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """The moments of a phrase, its readings, and for each reading which of its bar lines (`Form`, phase) is right."""

    moments: Moments
    readings: tuple[Track, ...]
    right: tuple[dict[Form, int], ...]


def cropped(score: Score, rng: np.random.Generator) -> Score:
    """Return a score of any length, a groove from any stroke of its first bar on.

    A network taught with phrases of one length would count bars by it, with grooves from the top by their first sound.
    """
    bar_qn = score.meter.bar_qn
    first = int(rng.integers(1 + np.searchsorted(score.place_qn, bar_qn))) if score.drums else 0
    first = min(first, max(0, len(score.place_qn) - FEWEST))
    stop = int(np.searchsorted(score.place_qn, score.place_qn[first] + bar_qn * rng.uniform(*CROPPED_BARS)))
    part = slice(first, max(first + FEWEST, stop))
    return replace(
        score,
        place_qn=score.place_qn[part],
        length_qn=score.length_qn[part],
        pitch_midi=score.pitch_midi[part],
        velocity=score.velocity[part],
        beside_qn=score.beside_qn[part],
    )


def looped(score: Score, bars: int, rng: np.random.Generator) -> Score | None:
    """Return some bars of a score again and again, as loops are sung; None where they hold too little."""
    bar_qn = score.meter.bar_qn
    begin = bar_qn * rng.integers(max(1, int(score.place_qn[-1] / bar_qn) - bars + 2))
    inside = (score.place_qn >= begin - 1e-6) & (score.place_qn < begin + bars * bar_qn - 1e-6)
    if inside.sum() < FEWEST_IN_LOOP * bars:
        return None
    times = max(2, int(rng.choice(LOOPED_BARS)) // bars)
    shift = np.repeat(np.arange(times) * bars * bar_qn, inside.sum())
    columns = (score.length_qn, score.pitch_midi, score.velocity, score.beside_qn)
    length_qn, pitch_midi, velocity, beside_qn = (np.tile(column[inside], times) for column in columns)
    place_qn = np.tile(score.place_qn[inside] - begin, times) + shift
    length_qn = np.minimum(length_qn, np.append(np.diff(place_qn), np.inf))
    return replace(
        score, place_qn=place_qn, length_qn=length_qn, pitch_midi=pitch_midi, velocity=velocity, beside_qn=beside_qn
    )


def meant_of(score: Score, mean_tempo_qpm: float) -> Meant | None:
    """Return what is meant, None where the metre is not among those told apart."""
    found = SCALES.get((score.meter.beats, score.meter.unit))
    if found is None:
        return None
    signature, scale = found
    form = next(form for form in METRES if (form.meter.beats, form.meter.unit) == signature)
    beats = scale / form.beat_qn
    return Meant(form, beats, mean_tempo_qpm * beats)


def examples(
    scores: Iterator[Score] | list[Score], manner: Manner, rng: np.random.Generator, tables: Rhythms
) -> Iterator[Example]:
    """Yield an example for every score whose metre is told apart."""
    tried = [*seeds(SIMPLE), *seeds(COMPOUND)]
    for score in scores:
        performance = perform(score, manner, rng)
        meant = meant_of(score, performance.mean_tempo_qpm)
        if meant is None:
            continue
        moments = Moments.of(onsets_of(performance.events()))
        readings = tracks(moments, tried, tables)
        yield Example(moments, readings, tuple(_right(performance, moments, each, meant) for each in readings))


def _right(performance: Performance, moments: Moments, track: Track, meant: Meant) -> dict[Form, int]:
    """Return the phase of the metre that is right of a reading, nothing where its tempo or division is wrong."""
    ratio = 60.0 / track.period_s / meant.tempo_bpm
    if track.division != meant.form.division or abs(ratio - 1.0) >= NEAR_TEMPO:
        return {}
    beat = np.interp(moments.time_s, performance.beat_s, np.arange(len(performance.beat_s))) * meant.beats_per_qn
    shift = float(np.median(beat - track.ticks / TICKS)) % meant.form.beats
    phase = shift * meant.form.phases / meant.form.beats
    return {meant.form: round(phase) % meant.form.phases}
