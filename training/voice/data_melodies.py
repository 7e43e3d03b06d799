"""What is sung: stretches of real melodies, and a few that no composer would write.

In: the symbolic sets. Out: `Line`s: onsets and lengths in quarter notes, pitches in MIDI numbers. Train and validation
never share a song. Knows nothing of seconds or voices. Not used: nottingham (GPL-3.0) and what `exclude.json` lists;
essen only where asked for.
"""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import zstandard

Floats = npt.NDArray[np.float64]
SETS = {
    "pop909": 0.30,
    "openscore_lieder": 0.20,
    "openewld": 0.14,
    "essen": 0.16,
    "ryans_mammoth": 0.08,
    "bach_chorales": 0.12,
}
"""Share of each set: pop is what most users will sing, lieder have the leaps, tunes the runs, folk songs repeats."""
FOR_RESEARCH = ("essen",)
"""Left out unless asked for: music21's corpus/essenFolksong/license.txt calls its legal status unclear and passes it on
for non-commercial use. Its share goes to the others in proportion."""
TRACKS = ("melody", "alto", "tenor")
MADE_UP = 0.15
"""Share of lines made by rule: repeated notes, scales, leaps, chromatic runs; they fill what songs seldom have."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A melody: (n,) onsets and lengths in quarter notes, (n,) pitches; `source` names its set."""

    onset_qn: Floats
    length_qn: Floats
    pitch_midi: Floats
    source: str


def read_melodies(symbolic: Path, split: str, *, research: bool = False) -> dict[str, list[Line]]:
    """Return every melody of a split, `train` or `valid`, by set; those free for research alone where `research`."""
    left_out = set(json.loads((symbolic / "exclude.json").read_text()))
    found: dict[str, list[Line]] = {}
    for name in (name for name in SETS if research or name not in FOR_RESEARCH):
        found[name] = []
        with (symbolic / name / "data.jsonl.zst").open("rb") as packed:
            for row in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8"):
                record = json.loads(row)
                if record["split"] != split or record["id"] in left_out:
                    continue
                lines = [_line(record["tracks"].get(track, []), name) for track in TRACKS]
                found[name] += [line for line in lines if len(line.onset_qn) >= 8]
    return found


def _line(notes: list[list[float]], name: str) -> Line:
    """Return a track as one voice: of notes that begin together the highest, each ended where the next begins."""
    rows: list[list[float]] = []
    for note in sorted(notes, key=lambda n: (n[0], -n[2])):
        if not rows or note[0] > rows[-1][0] + 1e-3:
            rows.append(note)
    table = np.array([row[:3] for row in rows], np.float64).reshape(-1, 3)
    onset, length, pitch = table.T
    if len(onset):
        length = np.minimum(length, np.diff(onset, append=np.inf))
    return Line(onset, length, pitch, name)


def draw_line(melodies: dict[str, list[Line]], rng: np.random.Generator) -> Line:
    """Return a stretch of a random melody, about forty notes at most, from a random place."""
    if rng.random() < MADE_UP:
        return made_up(rng)
    names = [name for name in SETS if melodies.get(name)]
    weights = np.array([SETS[name] for name in names])
    lines = melodies[names[rng.choice(len(names), p=weights / weights.sum())]]
    line = lines[rng.integers(len(lines))]
    first = int(rng.integers(0, max(1, len(line.onset_qn) - 12)))
    span = slice(first, first + 48)
    onset = line.onset_qn[span] - line.onset_qn[first]
    rests = np.minimum(np.diff(onset, prepend=0.0) - np.concatenate([[0.0], line.length_qn[span][:-1]]), 1e9)
    onset = onset - np.cumsum(np.maximum(rests - 2.0, 0.0))  # no rest longer than two quarter notes
    return Line(onset, line.length_qn[span], line.pitch_midi[span], line.source)


def made_up(rng: np.random.Generator) -> Line:
    """Return a line by rule."""
    kind = ("repeats", "scale", "leaps", "chromatic", "trill", "long")[rng.integers(6)]
    count = 40
    if kind == "repeats":
        pitch = np.repeat(rng.integers(-5, 6, count), rng.integers(2, 7, count))[:count].astype(float)
    elif kind == "scale":
        steps = np.array([0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2], float)
        pitch = np.roll(steps, int(rng.integers(14)))[np.arange(count) % 14]
    elif kind == "leaps":
        pitch = rng.uniform(-9, 9, count).round()
    elif kind == "chromatic":
        pitch = 6.0 * np.sin(np.arange(count) * rng.uniform(0.1, 0.5)).round(1)
        pitch = pitch.round()
    elif kind == "trill":
        pitch = np.where(np.arange(count) % 2, rng.integers(1, 4), 0) + np.repeat(rng.integers(-4, 5, 8), 5)
    else:
        pitch = np.cumsum(rng.integers(-4, 5, count)) % 12
    length = rng.choice([0.25, 0.5, 1.0], count, p=[0.35, 0.45, 0.2]) * (4.0 if kind == "long" else 1.0)
    onset = np.concatenate([[0.0], np.cumsum(length)[:-1]])
    return Line(onset, length, 60.0 + pitch.astype(np.float64), f"made up: {kind}")


def within(pitch_midi: Floats, low: float, high: float, rng: np.random.Generator) -> Floats:
    """Return the pitches transposed into a range at random, a note that is still outside moved by octaves."""
    span = float(pitch_midi.max() - pitch_midi.min())
    room = max(0.0, high - low - span)
    moved = pitch_midi - pitch_midi.min() + low + round(float(rng.uniform(0.0, room)))
    while (moved > high).any():
        moved = np.where(moved > high, moved - 12.0, moved)
    while (moved < low).any():
        moved = np.where(moved < low, moved + 12.0, moved)
    return moved
