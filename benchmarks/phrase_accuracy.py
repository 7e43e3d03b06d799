"""Measure the phrase room on annotated melodies: key, tempo, grid and downbeat, beside plain Krumhansl-Schmuckler.

In: symbolic sets as zstd JSON lines (`--shared`, by default ../shared beside the repository; the `zstd` command reads
them). Each melody is cut into phrases of eight bars, upbeats included, turned into events at its tempo (drawn where
none is known) with Gaussian timing errors of `--jitter-ms` at every onset and pitch errors of 20 cents, and read back
by `build_phrase`. Out: one line a set. Right means: key, tonic and mode both; tempo, within 4 % of the true one, or
of its half, double, third or triple where "octave" is said; grid, the note's place (triplets to their nearest
sixteenth count as wrong) up to one shift for the whole phrase, tempo known; downbeat, that shift being whole bars;
free_grid, the same as grid with the tempo found, at whichever octave. `--drift-percent` lets the tempo walk.

    python benchmarks/phrase_accuracy.py --split valid --sets pop909 nottingham
"""

import argparse
import json
import os
import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vocalmidi.phrase import PhraseSettings, build_phrase
from vocalmidi.units import SampleIndex
from vocalmidi.values import Events, Meter, NoteEvent, Phrase

RATE_HZ = 16_000
BARS = 8
OCTAVES = (1 / 3, 1 / 2, 1.0, 2.0, 3.0)
REST_QN = 1.0
FEWEST_NOTES = 12
TONICS = {
    "C": 0,
    "Db": 1,
    "D": 2,
    "Eb": 3,
    "E": 4,
    "F": 5,
    "Gb": 6,
    "F#": 6,
    "G": 7,
    "Ab": 8,
    "A": 9,
    "Bb": 10,
    "B": 11,
}
KRUMHANSL_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
KRUMHANSL_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


@dataclass(frozen=True, slots=True)
class Errors:
    """How badly the singer keeps time: spread of each onset in seconds, and of the change of tempo from bar to bar."""

    jitter_s: float
    drift: float


@dataclass(frozen=True, slots=True)
class Cut:
    """Eight bars of a melody: notes as (onset, duration, pitch) in quarter notes from a bar line, and what is true."""

    name: str
    notes: tuple[tuple[float, float, int], ...]
    key: tuple[int, str] | None
    meter: Meter
    tempo_qpm: float


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a set."""
    text = subprocess.run(["zstd", "-dcq", str(path)], check=True, capture_output=True).stdout
    for line in text.splitlines():
        yield json.loads(line)


def cuts(path: Path, split: str, most: int, chance: random.Random) -> Iterator[Cut]:
    """Yield at most `most` phrases of a set, at most three a song, always the same ones."""
    chosen = [record for record in records(path) if record["split"] == split and record["tracks"].get("melody")]
    chance.shuffle(chosen)
    left = most
    for record in chosen:
        for cut in list(cuts_of(record, chance))[:3]:
            if left == 0:
                return
            left -= 1
            yield cut


def cuts_of(record: dict[str, Any], chance: random.Random) -> Iterator[Cut]:
    """Yield the phrases of one record that hold enough notes: eight bars from the first note or one after a rest."""
    meter = Meter(*record["meter"])
    compound = meter.unit == 8 and meter.beats % 3 == 0
    notes = [(float(on), float(long), int(pitch)) for on, long, pitch, *_ in record["tracks"]["melody"]]
    ends = [-np.inf, *np.maximum.accumulate([on + long for on, long, _ in notes]).tolist()]
    clear = -np.inf
    for index, (first, _, _) in enumerate(notes):
        if first < clear or first - ends[index] < REST_QN:
            continue
        bar_line = meter.bar_qn * np.floor(first / meter.bar_qn)
        clear = bar_line + BARS * meter.bar_qn
        inside = tuple((on - bar_line, long, pitch) for on, long, pitch in notes[index:] if on < clear)
        if len(inside) >= FEWEST_NOTES:
            tempo_qpm = record["tempo"] or (1.5 if compound else 1.0) * 2 ** chance.uniform(np.log2(75), np.log2(150))
            yield Cut(record["id"], inside, key_of(record["key"]), meter, tempo_qpm)


def key_of(text: str | None) -> tuple[int, str] | None:
    """Return tonic and mode of a label such as `Eb:min`."""
    if not text:
        return None
    tonic, mode = text.split(":")
    return TONICS[tonic], {"maj": "major", "min": "minor"}[mode]


def sing(cut: Cut, errors: Errors, chance: random.Random) -> tuple[Events, list[float]]:
    """Return the phrase as events, and the true place of each note, in the order sung."""
    second = 60.0 / cut.tempo_qpm
    bars = int(cut.notes[-1][0] / cut.meter.bar_qn) + 2
    pace = np.exp(np.cumsum([chance.gauss(0.0, errors.drift) for _ in range(bars)]))
    lines_s = np.concatenate([[0.0], np.cumsum(pace)]) * cut.meter.bar_qn * second
    steady = np.arange(bars + 1) * cut.meter.bar_qn
    onsets = [
        0.5 + float(np.interp(on, steady, lines_s)) + chance.gauss(0.0, errors.jitter_s) for on, _, _ in cut.notes
    ]
    sung = sorted(zip(onsets, cut.notes, strict=True))
    notes = list[NoteEvent]()
    for (onset, (_, long, pitch)), later in zip(sung, [*[at for at, _ in sung[1:]], np.inf], strict=True):
        start = max(0, round(onset * RATE_HZ))
        stop = max(start + 160, round(min(onset + long * second * chance.uniform(0.8, 0.98), later) * RATE_HZ))
        notes.append(NoteEvent(SampleIndex(start), SampleIndex(stop), pitch + chance.gauss(0, 0.2), 90, 0.9))
    stop = SampleIndex(notes[-1].offset + RATE_HZ)
    return Events(SampleIndex(0), stop, RATE_HZ, tuple(notes), ()), [on for _, (on, _, _) in sung]


def krumhansl_schmuckler(cut: Cut) -> tuple[int, str]:
    """Return the key by durations and Krumhansl & Kessler's profiles alone."""
    sounding = np.zeros(12)
    for _, long, pitch in cut.notes:
        sounding[pitch % 12] += long
    profiles = {"major": KRUMHANSL_MAJOR, "minor": KRUMHANSL_MINOR}
    scores = {
        (tonic, mode): float(np.corrcoef(np.roll(profile, tonic), sounding)[0, 1])
        for mode, profile in profiles.items()
        for tonic in range(12)
    }
    return max(scores, key=lambda key: scores[key])


def shares_on_grid(phrase: Phrase, true_qn: list[float], octave: float = 1.0) -> tuple[float, bool]:
    """Return the share of notes in place up to one common shift, and whether that shift is whole bars.

    octave: how many times the true tempo the phrase's is; its places are that many times the true ones.
    """
    shifts = Counter(round(note.start_qn / octave - true, 2) for note, true in zip(phrase.notes, true_qn, strict=True))
    shift, count = shifts.most_common(1)[0]
    bars = shift / phrase.meter.bar_qn
    return count / len(true_qn), abs(bars - round(bars)) < 0.01


def measure(chosen: list[Cut], errors: Errors, chance: random.Random) -> dict[str, float]:
    """Return the figures of one set."""
    names = ("key", "plain_key", "tempo", "octave", "grid", "downbeat", "free_grid")
    found: dict[str, list[float]] = {name: [] for name in names}
    for cut in chosen:
        events, true_qn = sing(cut, errors, chance)
        known = build_phrase(events, PhraseSettings(tempo_qpm=cut.tempo_qpm, meter=cut.meter))
        free = build_phrase(events, PhraseSettings(meter=cut.meter))
        if cut.key:
            found["key"].append((known.key.tonic, known.key.mode) == cut.key)
            found["plain_key"].append(krumhansl_schmuckler(cut) == cut.key)
        ratio = mean_tempo(free) / cut.tempo_qpm
        found["tempo"].append(abs(ratio - 1) < 0.04)
        found["octave"].append(any(abs(ratio / octave - 1) < 0.04 for octave in OCTAVES))
        nearest = min(OCTAVES, key=lambda octave: abs(np.log(ratio / octave)))
        found["free_grid"].append(shares_on_grid(free, true_qn, nearest)[0])
        on_grid, on_bar = shares_on_grid(known, true_qn)
        found["grid"].append(on_grid)
        found["downbeat"].append(on_bar)
    return {name: round(100 * float(np.mean(values)), 1) for name, values in found.items() if values}


def mean_tempo(phrase: Phrase) -> float:
    """Return the tempo of the phrase on the whole, quarter notes a minute."""
    return phrase.length_qn * 60.0 / (phrase.tempo_map.time_at(phrase.length_qn) - phrase.tempo_map.time_at(0.0))


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(__file__).resolve().parents[1].parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("VOCALMIDI_SHARED", beside)))
    parser.add_argument("--sets", nargs="+", default=["pop909", "nottingham"])
    parser.add_argument("--split", default="valid")
    parser.add_argument("--most", type=int, default=200, help="phrases of each set")
    parser.add_argument("--jitter-ms", type=float, default=30.0)
    parser.add_argument("--drift-percent", type=float, default=0.0, help="change of tempo from bar to bar")
    arguments = parser.parse_args()
    errors = Errors(arguments.jitter_ms / 1000.0, arguments.drift_percent / 100.0)
    for name in arguments.sets:
        chance = random.Random(name)  # noqa: S311 - repeatable timing errors, not secrets
        path = arguments.shared / "data" / "symbolic" / name / "data.jsonl.zst"
        chosen = list(cuts(path, arguments.split, arguments.most, chance))
        print(name, len(chosen), "phrases, % right:", measure(chosen, errors, chance), flush=True)


if __name__ == "__main__":
    main()
