"""Examples for the context network: performances with the classes that are true of every moment.

In: phrases of the training sets, a generator of random numbers. Out: batches of features and classes, padded. A take is
sung anew, in another manner and tempo, each time it is drawn, so nothing is stored. A part of them is told a wrong
tempo (half, double, or one that nothing fits), a part has a click, a part a beatbox under the melody.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.context.performances import Manner, Performance, drawn_tempo, perform
from training.context.scores import Floats, Ints, Score
from vocalmidi.phrase.context_input import FARTHEST_TICKS, GENRES, HEADS, TICKS, Moments, Setting, beats_of, features_of
from vocalmidi.values import HIT_LABELS, HitLabel, Meter

SHARES = {
    "pop909": 0.34,
    "openewld": 0.08,
    "essen": 0.16,
    "ryans_mammoth": 0.10,
    "openscore_lieder": 0.12,
    "bach_chorales": 0.04,
    "gmd": 0.16,
}
"""How often each set is drawn: pop is what most users will sing and has the densest rhythms, gmd the only hits."""
FOR_RESEARCH = ("essen",)
"""Left out unless asked for: music21's licence file calls its legal status unclear (as `training.voice`)."""
UNKNOWN = -1
"""Class that no loss counts."""
OTHER_TEMPOS = (0.5, 2.0, 2.0 / 3.0, 1.5, 0.75, 4.0 / 3.0)
"""Wrong tempos an estimator may offer; the first two leave every place on a grid."""
AT_ONCE = 8
"""Batches drawn and sorted by length together."""
GENRE_OF = {"R&B": "rnb", "Hip Hop": "hip_hop"}


@dataclass(frozen=True, slots=True)
class Mixture:
    """How examples are drawn; shares of takes.

    click: have a click. wrong: are told a wrong tempo. octave: of these, half or double. unsure: are told it ±`off`.
    swung: of melodies without triplets, swing. beaten: have a beatbox under them. nameless: don't tell their genre.
    longest: moments of one example; about 16 bars.
    """

    click: float = 0.25
    wrong: float = 0.25
    octave: float = 0.6
    unsure: float = 0.5
    off: float = 0.02
    swung: float = 0.12
    beaten: float = 0.08
    nameless: float = 0.5
    longest: int = 128


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One take: features (n, FEATURES), beats (n,), and the class of each head, (n,) with UNKNOWN."""

    features: npt.NDArray[np.float32]
    beats: Floats
    classes: dict[str, Ints]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Padded examples: features (b, n, FEATURES), beats (b, n), hidden (b, 1, 1, n), classes of each head (b, n)."""

    features: Tensor
    beats: Tensor
    hidden: Tensor
    classes: dict[str, Tensor]


def manner(score: Score, mixture: Mixture, rng: np.random.Generator) -> Manner:
    """Return how this take is sung; drums are human already."""
    triplets = bool(np.any(np.abs(score.place_qn * 4 % 1 - 0.5) < 0.4))
    swings = not triplets and not _compound(score.meter) and rng.random() < mixture.swung
    lively = rng.random() < 0.5
    click = rng.random() < mixture.click
    return Manner(
        jitter_s=rng.uniform(0.0, 0.015) if score.drums else rng.uniform(0.010, 0.042),
        drift=rng.uniform(0.0, 0.06) if click else rng.uniform(0.0, 0.065),
        rubato=rng.uniform(0.0, 0.06) * lively,
        anticipated=0.08 * lively * rng.random(),
        grace=0.05 * lively * rng.random(),
        missed=0.05 * lively * rng.random(),
        doubled=0.05 * lively * rng.random(),
        swing=rng.uniform(0.53, 0.68) if swings else 0.5,
        swing_qn=float(rng.choice([0.5, 0.5, 0.25])),
        legato=(rng.uniform(0.35, 0.85), 1.0),
        click=click,
    )


def example(score: Score, mixture: Mixture, rng: np.random.Generator) -> Example:
    """Return the score sung once more."""
    beat_qn = 12.0 / score.meter.unit if _compound(score.meter) else 1.0
    tempo_qpm = drawn_tempo(score, rng)
    if score.tempo_qpm and rng.random() < 0.7:
        tempo_qpm = score.tempo_qpm * 2 ** rng.uniform(-0.25, 0.25)
    way = manner(score, mixture, rng)
    take = perform(replace(_cut(score, mixture, rng), tempo_qpm=tempo_qpm), way, rng)
    ratio, sure = _tempo_told(way, mixture, rng)
    setting = Setting(
        beat_s=60.0 * beat_qn / take.tempo_qpm / ratio,
        bar_beats=score.meter.bar_qn / beat_qn,
        compound=_compound(score.meter),
        genre=None if rng.random() < mixture.nameless else genre_of(score),
        click_s=float(take.beat_s[0]) + rng.uniform(-0.02, 0.03) if way.click else None,
    )
    moments = moments_of(take)
    place = place_beats(take, beat_qn)
    if not score.drums and rng.random() < mixture.beaten:
        moments, place = _beaten(moments, place, take, beat_qn, rng)
    octave = {0.5: 0.5, 2.0: 2.0}.get(ratio, 1.0)
    classes = classes_of(place * octave, take, moments, setting, beat_qn / octave)
    if ratio not in (0.5, 2.0) and not sure:
        classes = {name: np.full_like(told, UNKNOWN) for name, told in classes.items()}
    if octave != 1.0:
        classes["bar"][:] = UNKNOWN
    classes["tempo"] = np.full(len(place), int(sure), np.intp)
    return Example(features_of(moments, setting), beats_of(moments, setting), classes)


def _compound(meter: Meter) -> bool:
    return meter.unit >= 8 and meter.beats % 3 == 0


def _cut(score: Score, mixture: Mixture, rng: np.random.Generator) -> Score:
    """Return a stretch of the score, from some bar line on, of a random length."""
    bars = int(rng.choice([2, 4, 8, 8, 16]))
    count = int(score.place_qn[-1] / score.meter.bar_qn) + 1
    first = int(rng.integers(0, max(1, count - bars + 1))) * score.meter.bar_qn
    inside = (score.place_qn >= first - 1e-6) & (score.place_qn < first + bars * score.meter.bar_qn - 1e-6)
    if inside.sum() < 6:
        inside[:] = True
        first = 0.0
    chosen = np.flatnonzero(inside)[: mixture.longest]
    names = ("length_qn", "pitch_midi", "velocity", "beside_qn")
    return replace(
        score, place_qn=score.place_qn[chosen] - first, **{name: getattr(score, name)[chosen] for name in names}
    )


def _tempo_told(way: Manner, mixture: Mixture, rng: np.random.Generator) -> tuple[float, bool]:
    """Return the tempo told over the true one, and whether that counts as right."""
    if way.click:
        return 1.0, True
    if rng.random() >= mixture.wrong:
        return float(np.exp(rng.normal(0.0, mixture.off) * (rng.random() < mixture.unsure))), True
    if rng.random() < mixture.octave:
        return float(rng.choice(OTHER_TEMPOS[:2])), False
    return float(rng.choice(OTHER_TEMPOS[2:]) if rng.random() < 0.6 else 2 ** rng.uniform(0.1, 0.9)), False


def genre_of(score: Score) -> str | None:
    """Return the genre by the program's name for it; folk songs and the like have none."""
    name = GENRE_OF.get(score.genre or "", (score.genre or "").lower())
    return name if name in GENRES else None


def moments_of(take: Performance) -> Moments:
    """Return what the network sees of a performance."""
    many = len(take.onset_s)
    drums = take.score.drums
    return Moments(
        take.onset_s,
        take.offset_s - take.onset_s if not drums else np.zeros(many),
        np.full(many, np.nan) if drums else take.pitch_midi,
        take.velocity,
        np.round(take.pitch_midi).astype(np.intp) if drums else np.full(many, -1),
    )


def place_beats(take: Performance, beat_qn: float) -> Floats:
    """Return the places meant, in beats; a doubled note's on the nearest quarter of a beat that is left."""
    place = take.place_qn / beat_qn
    played = np.interp(take.onset_s, take.beat_s, np.arange(len(take.beat_s))) / beat_qn
    for number in np.flatnonzero(np.isnan(place)):
        low, high = place[number - 1], place[number + 1] if number + 1 < len(place) else np.inf
        near = np.round(played[number] * 4) / 4
        place[number] = near if low < near < high else (low + min(high, low + 0.25)) / 2
    return np.asarray(place, np.float64)


def _beaten(
    moments: Moments, place: Floats, take: Performance, beat_qn: float, rng: np.random.Generator
) -> tuple[Moments, Floats]:
    """Return the melody with a simple beat under it; a hit and a note of one place are one moment."""
    count = int(place[-1]) + 1
    at = np.arange(0, count, float(rng.choice([0.5, 1.0, 1.0])))
    at = at[rng.random(len(at)) < 0.85]
    label = np.where(at % 2 == 0, HIT_LABELS.index(HitLabel.KICK), HIT_LABELS.index(HitLabel.SNARE))
    label = np.where(at % 1 > 0, HIT_LABELS.index(HitLabel.HIHAT_CLOSED), label)
    both = np.isin(np.round(place * TICKS), np.round(at * TICKS))
    joined = moments.label.copy()
    joined[both] = HIT_LABELS.index(HitLabel.KICK)
    alone = ~np.isin(np.round(at * TICKS), np.round(place * TICKS))
    time_s = np.interp(at[alone] * beat_qn, np.arange(len(take.beat_s)), take.beat_s) + rng.normal(0, 0.02, alone.sum())
    many = int(alone.sum())
    columns = (
        (moments.time_s, time_s),
        (moments.length_s, np.zeros(many)),
        (moments.pitch_midi, np.full(many, np.nan)),
        (moments.velocity, rng.uniform(70, 110, many)),
        (joined, label[alone]),
        (place, at[alone]),
    )
    order = np.argsort(np.concatenate(columns[-1]), kind="stable")
    at_s, long_s, pitch, velocity, labels, places = (np.concatenate(pair)[order] for pair in columns)
    index = np.arange(len(order)) * 0.01
    at_s = np.maximum.accumulate(at_s - index) + index
    return Moments(at_s, long_s, pitch, velocity, labels.astype(np.intp)), places


def classes_of(place: Floats, take: Performance, moments: Moments, setting: Setting, beat_qn: float) -> dict[str, Ints]:
    """Return the true class of every head but tempo; what a take mixed with hits doesn't know is UNKNOWN."""
    tick = np.round(place * TICKS).astype(np.intp)
    exact = np.abs(tick - place * TICKS) < 0.1
    apart = np.append(np.diff(tick), 0)
    fits = np.append(exact[:-1] & exact[1:], False) & (apart > 0)
    same = len(place) == len(take.place_qn)
    length = np.round(take.length_qn / beat_qn * TICKS).astype(np.intp) if same else np.zeros(len(place), np.intp)
    sung = ~np.isnan(moments.pitch_midi) & (length > 0)
    whole = abs(setting.bar_beats - round(setting.bar_beats)) < 0.01 and setting.bar_beats <= HEADS["bar"]
    bar = np.floor(place + 1e-3).astype(np.intp) % max(1, round(setting.bar_beats))
    kind = take.kind if same else np.full(len(place), UNKNOWN)
    return {
        "phase": np.where(exact, tick % TICKS, UNKNOWN),
        "apart": np.where(fits, np.minimum(apart, FARTHEST_TICKS + 1) - 1, UNKNOWN),
        "length": np.where(sung, np.minimum(length, FARTHEST_TICKS + 1) - 1, UNKNOWN),
        "bar": bar if whole else np.full(len(place), UNKNOWN),
        "kind": kind,
    }


def batch_of(examples: list[Example]) -> Batch:
    """Return examples side by side, padded at their ends."""
    longest = max(len(one.beats) for one in examples)
    ended = torch.full((len(examples), 1, 1, longest), 0.0)
    for row, one in enumerate(examples):
        ended[row, :, :, len(one.beats) :] = -1e4

    def padded(arrays: list[npt.NDArray[np.generic]], fill: float) -> Tensor:
        side = [np.pad(a, [(0, longest - len(a))] + [(0, 0)] * (a.ndim - 1), constant_values=fill) for a in arrays]
        return torch.from_numpy(np.stack(side))

    return Batch(
        padded([one.features for one in examples], 0.0),
        padded([one.beats.astype(np.float32) for one in examples], 0.0),
        ended,
        {name: padded([one.classes[name] for one in examples], UNKNOWN).long() for name in HEADS},
    )


class Stock:
    """All phrases of a split, drawn set by set."""

    def __init__(self, scores: dict[str, list[Score]], mixture: Mixture, rng: np.random.Generator) -> None:
        """Draw from these sets in proportion to SHARES."""
        self._scores, self._mixture, self._rng = scores, mixture, rng
        share = np.array([SHARES[name] for name in scores])
        self._names, self._share = list(scores), share / share.sum()
        self._ready = list[list[Example]]()

    def draw(self, takes: int) -> Batch:
        """Return the next batch; takes of like length go together, so that little of a batch is padding."""
        if not self._ready:
            names = self._rng.choice(self._names, takes * AT_ONCE, p=self._share)
            chosen = [self._scores[name][int(self._rng.integers(len(self._scores[name])))] for name in names]
            drawn = [example(score, self._mixture, self._rng) for score in chosen]
            drawn.sort(key=lambda one: len(one.beats))
            self._ready = [drawn[start : start + takes] for start in range(0, len(drawn), takes)]
            self._rng.shuffle(self._ready)
        return batch_of(self._ready.pop())
