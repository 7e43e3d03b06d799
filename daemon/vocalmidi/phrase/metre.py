"""Tempo, metre and bar line of a take: which of its readings is meant, and where its bars begin.

In: moments and their readings (`tracks.tracks`). Out: every reading in every metre, with the best bar line of each and
its probability, best first. A small network sees each moment in its surroundings (`metre_input.py`) and says how well
it would stand at every place of a bar of every metre; a bar line's score is summed over the moments, a reading's adds
how well its times fit and how usual its tempo is. Network and weights are fitted together, as a softmax over all of
them, by `training/metre/train_metre.py` on human-timed phrases; they lie in `metre.npz`.
"""

import math
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from vocalmidi.phrase.metre_input import metre_rows
from vocalmidi.phrase.moments import Moments
from vocalmidi.phrase.rhythms import COMPOUND, FILE, SIMPLE, TICKS
from vocalmidi.phrase.tracks import Track
from vocalmidi.values import Meter

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]

CENTRE_BPM = 100.0
"""Where the tempo feature is 0; the middle of 60 and 160, where most music is."""


@dataclass(frozen=True, slots=True)
class Form:
    """A metre as the network knows it.

    meter: the time signature. division: of its felt beat. beats: felt beats a bar.
    phases: how many places a bar line is looked for in a bar: half beats, or thirds of compound ones.
    first: of its columns in the network's output.
    """

    meter: Meter
    division: int
    beats: int
    phases: int
    first: int

    @property
    def beat_qn(self) -> float:
        """Return the felt beat in quarter notes."""
        return self.meter.bar_qn / self.beats

    @property
    def unit_ticks(self) -> int:
        """Return the distance of two places."""
        return TICKS * self.beats // self.phases


METRES = (
    Form(Meter(4, 4), SIMPLE, 4, 8, 0),
    Form(Meter(3, 4), SIMPLE, 3, 6, 8),
    Form(Meter(2, 4), SIMPLE, 2, 4, 14),
    Form(Meter(6, 8), COMPOUND, 2, 6, 18),
)
"""The metres that are told apart; any other is the user's word."""
OUTPUTS = 24
GLOBALS = 3 + len(METRES) * 3


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Weights: three layers over the rows of a moment, and one over what is true of a whole reading."""

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    whole: Floats

    @classmethod
    def load(cls) -> "Network":
        """Return the weights that are shipped."""
        with resources.files("vocalmidi.phrase").joinpath(FILE).open("rb") as stored, np.load(stored) as tables:
            layers = sum(name.startswith("weight") for name in tables.files)
            return cls(
                tuple(tables[f"weight{n}"].astype(np.float32) for n in range(layers)),
                tuple(tables[f"bias{n}"].astype(np.float32) for n in range(layers)),
                tables["whole"].astype(np.float32),
            )

    def places(self, rows: Floats) -> Floats:
        """Return how well each moment stands at each place, (moments, OUTPUTS)."""
        hidden = rows
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            hidden = hidden @ weight + bias
            if number < len(self.weights) - 1:
                hidden = np.maximum(hidden, 0.0)
        return hidden


@cache
def network() -> Network:
    """Return the weights that are shipped."""
    return Network.load()


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One way to hear a take: a track of beats in a metre, the place of its first bar line, and its probability.

    phase: units of the form that are added to a moment's place to count it from a bar line.
    """

    track: Track
    form: Form
    phase: int
    probability: float


def readings(moments: Moments, found: tuple[Track, ...], forms: tuple[Form, ...]) -> tuple[Reading, ...]:
    """Return every track in every form that divides its beat alike, with its best bar line, best first.

    The probability is that of the track in that metre, wherever the bar line is.
    """
    made, totals = list[Reading](), list[float]()
    for track in found:
        placed = network().places(metre_rows(moments, track.ticks, track.division))
        for form in forms:
            if form.division == track.division:
                score = bar_lines(placed, track.ticks, form) + float(whole_row(track, form) @ network().whole)
                made.append(Reading(track, form, int(np.argmax(score)), 0.0))
                totals.append(float(np.logaddexp.reduce(score)))
    share = np.exp(np.array(totals) - np.logaddexp.reduce(totals))
    order = np.argsort(-share, kind="stable").tolist()
    return tuple(replace(made[index], probability=float(share[index])) for index in order)


def place_index(ticks: Ints, form: Form) -> Ints:
    """Return the network's column for every moment and every phase of the bar line, (moments, phases)."""
    unit = ticks[:, np.newaxis] // form.unit_ticks + np.arange(form.phases)
    return np.asarray(form.first + unit % form.phases, np.intp)


def bar_lines(placed: Floats, ticks: Ints, form: Form) -> Array:
    """Return the score of each phase of the bar line, (phases,).

    The moments of a phrase repeat each other: as evidence, their number counts by its root.
    """
    total = np.take_along_axis(placed, place_index(ticks, form), axis=1).sum(axis=0, dtype=np.float64)
    return np.asarray(total / math.sqrt(len(ticks)), np.float64)


def whole_row(track: Track, form: Form) -> Array:
    """Return what is true of a whole reading, (GLOBALS,): how its times fit, how usual its rhythm and its tempo are."""
    count = len(track.ticks)
    octaves = np.log2(60.0 / track.period_s / CENTRE_BPM)
    row = np.zeros(GLOBALS)
    row[:3] = track.timing / 100.0, track.timing / count, (track.score - track.timing) / count
    column = 3 + 3 * METRES.index(form)
    row[column : column + 3] = 1.0, octaves, octaves**2
    return row
