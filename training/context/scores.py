"""What is meant: phrases of annotated melodies and of drum takes, on their grid.

In: the symbolic sets beside the project. Out: `Score`s, some bars long, in quarter notes from a bar line. Songs of one
split only; not used: what `exclude.json` lists. A phrase whose own grid is in doubt (a transcription's stray
twelfths of a beat) is left out, since nobody can say what is right there. Knows nothing of seconds or mistakes.

A drum take was played to a click, not written: what is meant is the nearest sixteenth, or the nearest eighth triplet
in beats where those lie clearly nearer; how far beside it each stroke was played is kept.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from vocalmidi.values import HIT_LABELS, HitLabel, Meter

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
MELODIES = ("pop909", "openewld", "essen", "ryans_mammoth", "openscore_lieder", "bach_chorales", "nottingham")
DRUMS = "gmd"
VALIDATION_ONLY = ("nottingham",)
"""GPL-3.0: nothing of it may be in weights."""
GRID_QN = 1 / 24
"""The finest place that is told apart: every grid from eighths to thirty-seconds and sixteenth triplets lies on it."""
STRAY = (1, 5, 7, 11)
"""Twelfths of a beat on no musical grid; in pop909, where they are the rounding of its makers, 1.3 % of the onsets."""
REST_QN = 1.0
"""A phrase may begin after such a rest."""
FEWEST = 12
"""Notes; fewer tell no rhythm."""
TRIPLETS_NEARER = 0.5
"""A beat of drums is in triplets where its mean squared distance to them is this part of that to sixteenths."""
MOMENT_QN = 0.06
"""Strokes of two hands nearer than this are one sound of a mouth; 36 ms at 100 beats a minute."""
GHOST = 25
"""Softer strokes than this velocity are ghost notes that no mouth makes."""
KEYS = {
    HitLabel.KICK: (35, 36),
    HitLabel.SNARE: (37, 38, 39, 40),
    HitLabel.HIHAT_OPEN: (26, 46),
    HitLabel.HIHAT_CLOSED: (22, 42, 44, 51, 52, 53, 59),
    HitLabel.OTHER: (41, 43, 45, 47, 48, 49, 50, 55, 57, 58),
}
"""Drum keys of the Roland TD-11 by what a mouth would make of them; of one moment the first named is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """Some bars of music as they are meant.

    name, source: the record and its set.
    place_qn, length_qn: (n,) from a bar line, strictly rising places.
    pitch_midi: (n,) MIDI numbers; of hits, the index in HIT_LABELS.
    velocity: (n,) 1–127.
    beside_qn: (n,) how far from its place it was played to a click, where that is known; else 0.
    drums: whether it is hits.
    meter, key (`Eb:min`), genre, tempo_qpm: what the set says; None where it doesn't.
    """

    name: str
    source: str
    place_qn: Floats
    length_qn: Floats
    pitch_midi: Floats
    velocity: Floats
    beside_qn: Floats
    drums: bool
    meter: Meter = field(default_factory=Meter)
    key: str | None = None
    genre: str | None = None
    tempo_qpm: float | None = None

    @property
    def label(self) -> list[HitLabel]:
        """Return the hits' classes."""
        return [HIT_LABELS[round(index)] for index in self.pitch_midi.tolist()]


def read_scores(symbolic: Path, name: str, split: str, bars: int = 8) -> Iterator[Score]:
    """Yield the phrases of one set and split, `train` or `valid`, in the order of the set."""
    if name in VALIDATION_ONLY and split == "train":
        raise ValueError(f"{name} may not be trained on: its licence is GPL-3.0")
    for record in records(symbolic, name):
        if record["split"] == split:
            yield from drum_phrases(record, bars) if name == DRUMS else melody_phrases(record, name, bars)


def records(symbolic: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a set that may be used."""
    left_out = set(json.loads((symbolic / "exclude.json").read_text()))
    with (symbolic / name / "data.jsonl.zst").open("rb") as packed:
        for row in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8"):
            record = json.loads(row)
            if record["id"] not in left_out:
                yield record


def melody_phrases(record: dict[str, Any], source: str, bars: int) -> Iterator[Score]:
    """Yield the phrases of a melody: `bars` from the first note, and again after every rest behind them."""
    meter = Meter(*record["meter"])
    table = np.array([row[:4] for row in record["tracks"].get("melody") or []], np.float64).reshape(-1, 4)
    table = table[np.argsort(table[:, 0], kind="stable")]
    table[:, 0] = np.round(table[:, 0] / GRID_QN) * GRID_QN  # thirds were written with three digits
    table = table[np.diff(table[:, 0], prepend=-np.inf) > GRID_QN / 2]
    ends = np.concatenate([[-np.inf], np.maximum.accumulate(table[:, 0] + table[:, 1])])
    clear_qn = -np.inf
    for first in range(len(table)):
        if table[first, 0] < clear_qn - GRID_QN / 2 or table[first, 0] - ends[first] < REST_QN:
            continue
        line_qn = meter.bar_qn * np.floor(table[first, 0] / meter.bar_qn + 1e-6)
        clear_qn = line_qn + bars * meter.bar_qn
        part = table[first : np.searchsorted(table[:, 0], clear_qn - GRID_QN / 2)]
        if len(part) >= FEWEST and not _in_doubt(part[:, 0]):
            yield _score(record, source, meter, part - [line_qn, 0.0, 0.0, 0.0])


def _in_doubt(place_qn: Floats) -> bool:
    return bool(np.isin(np.round(place_qn * 12) % 12, STRAY).any() and np.allclose(place_qn * 12 % 1, 0, atol=0.01))


def _score(record: dict[str, Any], source: str, meter: Meter, part: Floats) -> Score:
    """Return a melody's phrase; lengths end where the next note begins at the latest."""
    place_qn = part[:, 0]
    until_next = np.append(np.diff(place_qn), np.inf)
    length_qn = np.minimum(np.maximum(part[:, 1], GRID_QN), until_next)
    return Score(
        record["id"],
        source,
        place_qn,
        length_qn,
        part[:, 2],
        part[:, 3],
        np.zeros(len(part)),
        drums=False,
        meter=meter,
        key=record["key"],
        genre=record["genre"],
        tempo_qpm=record["tempo"],
    )


def drum_phrases(record: dict[str, Any], bars: int) -> Iterator[Score]:
    """Yield the stretches of a drum take, reduced to what one mouth can do; fills of a bar or two as they are."""
    meter = Meter(*record["meter"])
    strokes = _one_mouth(record["tracks"]["drums"])
    place_qn = _meant(strokes[:, 0])
    rising = np.diff(place_qn, prepend=-np.inf) > GRID_QN / 2
    strokes, place_qn = strokes[rising], place_qn[rising]
    bar = np.floor(place_qn / meter.bar_qn + 1e-6)
    for number in range(0, int(bar.max(initial=-1)) + 1, bars):
        inside = (bar >= number) & (bar < number + bars)
        if inside.sum() < FEWEST:
            continue
        line_qn = bar[inside][0] * meter.bar_qn
        yield Score(
            f"{record['id']}:{number}",
            DRUMS,
            place_qn[inside] - line_qn,
            np.full(int(inside.sum()), GRID_QN),
            strokes[inside, 1],
            strokes[inside, 2],
            strokes[inside, 0] - place_qn[inside],
            drums=True,
            meter=meter,
            genre=record["genre"],
            tempo_qpm=record["tempo"],
        )


def _one_mouth(track: list[list[float]]) -> Floats:
    """Return (n, 3) onset in quarter notes, index in HIT_LABELS and velocity: one sound a moment."""
    rank = {key: index for index, keys in enumerate(KEYS.values()) for key in keys}
    labels = [HIT_LABELS.index(label) for label in KEYS]
    heard = sorted((row[0], rank[int(row[2])], row[3]) for row in track if int(row[2]) in rank and row[3] >= GHOST)
    kept = list[tuple[float, int, float]]()
    for at, which, velocity in heard:
        if kept and at - kept[-1][0] < MOMENT_QN:
            if which < kept[-1][1]:
                kept[-1] = (at, which, velocity)
            continue
        kept.append((at, which, velocity))
    return np.array([(at, labels[which], velocity) for at, which, velocity in kept], np.float64).reshape(-1, 3)


def _meant(onset_qn: Floats) -> Floats:
    """Return the places meant: sixteenths, or eighth triplets in the beats that lie clearly nearer to them."""
    sixteenths, triplets = np.round(onset_qn * 4) / 4, np.round(onset_qn * 3) / 3
    beat = np.floor(onset_qn + 0.125).astype(np.intp)
    beat -= beat.min(initial=0)
    far = np.bincount(beat, (onset_qn - sixteenths) ** 2)
    near = np.bincount(beat, (onset_qn - triplets) ** 2)
    several = np.bincount(beat) >= 2
    place_qn = np.where((several & (near < TRIPLETS_NEARER * far))[beat], triplets, sixteenths)
    return np.asarray(np.maximum.accumulate(place_qn), np.float64)
