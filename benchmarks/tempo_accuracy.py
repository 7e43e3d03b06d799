"""Tempo, metre and downbeat of phrases that stand alone, beside librosa's and aubio's tempo on the same clips.

    python -m benchmarks.tempo_accuracy [--most 100] [--clips 24] [--json OUT.json]

In: the validation splits of the symbolic sets, performed as humans do (onset jitter 30 ms, tempo wandering by up to
5 %; `training.context.performances`), `hmc_beatbox` of the shared folder with its derived tempos, and
build/rivals-venv with librosa and aubio, which `compare_voice` makes. Out: a table a group:
- phrases: ours from the events that a perfect decoder would give; the rivals from the same onsets as plain tones.
- sung, beatboxed: the same kind of phrases as sound, by computed voices and mouths in rooms; ours through the ears.
- hmc_beatbox: recordings.
tempo: within 4 % of the mean tempo that was played; octave: of it, its half, double, third or triple; offered: octave,
and the true tempo among the alternatives (the rivals offer none). metre: the time signature, 2/2 counting as 4/4;
threes: whether bars or beats in three are told from those in two. downbeat: the share of bar lines within an eighth of
one of the truth's, metre unknown; given: the same with the metre given. `one tempo` is the tempo this repository's
own tempo-octave prior would say without listening: 100.
"""

import argparse
import csv
import json
import os
import random
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
import soundfile
from benchmarks.compare_voice import ONE_THREAD, ROOT, VENV, install
from benchmarks.tempo_clips import Studio, tones
from training.context.performances import RATE_HZ, Manner, Performance, perform
from training.context.scores import read_scores
from training.metre.data_metre import Meant, meant_of

from vocalmidi.app.convert import hear_file
from vocalmidi.app.ears import Ears, open_ears
from vocalmidi.phrase import Timing, free_timing, onsets_of
from vocalmidi.values import Events, Meter

OUT = ROOT / "build/tempo"
RIVALS = ("pyin", "aubio")
"""Names in rivals.txt whose packages the rivals' tempo needs: librosa comes with pyin."""
OCTAVES = (1 / 3, 1 / 2, 1.0, 2.0, 3.0)
NEAR_TEMPO = 0.04
NEAR_LINE_QN = 0.5
PHRASES = ("pop909", "openewld", "essen", "nottingham", "gmd")
SUNG, STRUCK = ("pop909", "openewld", "essen"), ("gmd",)
GUESS_QPM = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A performance and what is meant by it."""

    performance: Performance
    meant: Meant

    @property
    def tempo_qpm(self) -> float:
        """Return the tempo on the whole, in quarter notes of the metre as it is told apart."""
        return self.meant.tempo_bpm * self.meant.form.beat_qn


@dataclass(frozen=True, slots=True)
class Row:
    """Shares of the takes of a group, in %; None where a system doesn't say."""

    group: str
    system: str
    takes: int
    tempo: float
    octave: float
    offered: float | None = None
    metre: float | None = None
    threes: float | None = None
    downbeat: float | None = None
    given: float | None = None


def takes(shared: Path, names: tuple[str, ...], most: int, manner: Manner) -> Iterator[Take]:
    """Yield the same performances of the validation split every time, so many of each set."""
    for name in names:
        rng, chance = np.random.default_rng([len(name), *name.encode()]), random.Random(name)  # noqa: S311 - repeatable
        scores = list(read_scores(shared / "data/symbolic", name, "valid"))
        chance.shuffle(scores)
        left = most
        for score in scores:
            performance = perform(score, manner, rng)
            meant = meant_of(score, performance.mean_tempo_qpm)
            if meant is not None and left:
                left -= 1
                yield Take(performance, meant)


def octave_of(ratio: float) -> bool:
    """Tell whether a tempo is the true one or its half, double, third or triple."""
    return any(abs(ratio / octave - 1.0) < NEAR_TEMPO for octave in OCTAVES)


def threes(meter: Meter) -> tuple[bool, bool]:
    """Return whether bars and whether beats are in three."""
    return meter.beats % 3 == 0 and meter.unit == 4, meter.unit == 8


def on_lines(timing: Timing, take: Take) -> float:
    """Return the share of bar lines, first to last, that are near a true one; shorter bars may divide true ones."""
    played, bar_qn = take.performance, timing.meter.bar_qn
    first, last = (timing.tempo_map.qn_at(float(at)) / bar_qn for at in played.onset_s[[0, -1]])
    lines = np.arange(np.ceil(first - 0.1), np.floor(last) + 1)
    at_s = np.array([timing.tempo_map.time_at(line * bar_qn) for line in lines.tolist()])
    true_qn = np.interp(at_s, played.beat_s, np.arange(len(played.beat_s))) * take.meant.beats_per_qn
    bars = true_qn / take.meant.form.beats
    beside = np.abs(bars - np.round(bars)) * take.meant.form.meter.bar_qn
    return float(np.mean(beside < NEAR_LINE_QN / 2)) if len(lines) else 0.0


def our_row(group: str, pairs: list[tuple[Take, Events]]) -> Row:
    """Return what is right of ours."""
    found = list[tuple[float, ...]]()
    for take, events in pairs:
        if not events.notes and not events.hits:
            found.append((0.0,) * 7)
            continue
        onsets, form = onsets_of(events), take.meant.form
        free, given = free_timing(onsets, None), free_timing(onsets, form.meter)
        ratios = [each.tempo_qpm / take.tempo_qpm for each in free.alternatives]
        true = any(abs(ratio - 1.0) < NEAR_TEMPO for ratio in ratios)
        found.append(
            (
                abs(ratios[0] - 1.0) < NEAR_TEMPO,
                octave_of(ratios[0]),
                octave_of(ratios[0]) and true,
                free.meter == form.meter,
                threes(free.meter) == threes(form.meter),
                on_lines(free, take),
                on_lines(given, take),
            )
        )
    return Row(group, "ours", len(pairs), *(round(100.0 * share, 1) for share in np.mean(found, axis=0).tolist()))


def tempo_row(group: str, system: str, tempos_qpm: list[float], true_qpm: list[float]) -> Row:
    """Return what is right of a system that says one tempo."""
    ratios = [tempo / true for tempo, true in zip(tempos_qpm, true_qpm, strict=True)]
    right = [(abs(ratio - 1.0) < NEAR_TEMPO, octave_of(ratio)) for ratio in ratios]
    return Row(group, system, len(ratios), *(round(100.0 * share, 1) for share in np.mean(right, axis=0).tolist()))


def rival_rows(group: str, folder: Path, true_qpm: list[float]) -> list[Row]:
    """Return what is right of the rivals on a folder of .wav files; none where they can't be installed."""
    for reason in filter(None, map(install, RIVALS)):
        print(f"left out: {reason}")
        return []
    command = [str(VENV / "bin/python"), str(ROOT / "benchmarks/rivals/tempo.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **ONE_THREAD})
    said = json.loads(done.stdout)
    return [tempo_row(group, name, [each[name] for each in said], true_qpm) for name in said[0]]


def folder_of(group: str, sounds: Iterator[tuple[np.ndarray, int]]) -> Path:
    """Write sounds as numbered .wav files and return their folder."""
    folder = OUT / group
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.wav"):
        old.unlink()
    for number, (sound, rate_hz) in enumerate(sounds):
        soundfile.write(folder / f"{number:04}.wav", sound / max(1.0, np.abs(sound).max()), rate_hz)
    return folder


def phrase_rows(shared: Path, name: str, most: int, manner: Manner) -> list[Row]:
    """Return the table of one symbolic set."""
    chosen = list(takes(shared, (name,), most, manner))
    true_qpm = [take.tempo_qpm for take in chosen]
    folder = folder_of(name, ((tones(take.performance), RATE_HZ) for take in chosen))
    ours = our_row(name, [(take, take.performance.events()) for take in chosen])
    return [
        ours,
        *rival_rows(name, folder, true_qpm),
        tempo_row(name, "one tempo", [GUESS_QPM] * len(chosen), true_qpm),
    ]


def heard_rows(shared: Path, group: str, chosen: list[Take], ears: Ears) -> list[Row]:
    """Return the table of phrases as sound."""
    studio, rng = Studio.open(shared), np.random.default_rng(1)
    folder = folder_of(group, ((studio.sound(take.performance, rng), RATE_HZ) for take in chosen))
    heard = [hear_file(path, ears) for path in sorted(folder.glob("*.wav"))]
    ours = our_row(group, list(zip(chosen, heard, strict=True)))
    return [ours, *rival_rows(group, folder, [take.tempo_qpm for take in chosen])]


def recorded_rows(shared: Path, ears: Ears) -> list[Row]:
    """Return the table of the recorded beatbox patterns whose tempo is known."""
    home = shared / "data/vocal/hmc_beatbox"
    with (home / "clips.csv").open(encoding="utf-8", newline="") as table:
        clips = [(home / f"{row['clip']}.flac", float(row["bpm"])) for row in csv.DictReader(table)]
    true_qpm = [bpm for _, bpm in clips]
    folder = folder_of("hmc_beatbox", (soundfile.read(path) for path, _ in clips))
    found = [free_timing(onsets_of(hear_file(path, ears)), None) for path, _ in clips]
    row = tempo_row("hmc_beatbox", "ours", [each.alternatives[0].tempo_qpm for each in found], true_qpm)
    offered = [
        octave_of(each.alternatives[0].tempo_qpm / true)
        and any(abs(one.tempo_qpm / true - 1.0) < NEAR_TEMPO for one in each.alternatives)
        for each, true in zip(found, true_qpm, strict=True)
    ]
    metre = round(100.0 * float(np.mean([each.meter == Meter(4, 4) for each in found])), 1)
    ours = replace(row, offered=round(100.0 * float(np.mean(offered)), 1), metre=metre)
    return [ours, *rival_rows("hmc_beatbox", folder, true_qpm)]


def show(rows: list[Row]) -> None:
    """Print one table."""
    names = [field.name for field in fields(Row)][3:]
    print(f"\n{rows[0].group} ({rows[0].takes} takes)".ljust(31) + "".join(f"{name:>10}" for name in names))
    for row in rows:
        cells = [getattr(row, name) for name in names]
        print(f"{row.system:<30}" + "".join(f"{'-' if cell is None else cell:>10}" for cell in cells), flush=True)


def main() -> None:
    """Read the command line and print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--most", type=int, default=100, help="phrases of each symbolic set")
    parser.add_argument(
        "--clips", type=int, default=24, help="sung and beatboxed phrases as sound; 0 leaves out all sound"
    )
    parser.add_argument("--jitter-ms", type=float, default=30.0)
    parser.add_argument("--drift-percent", type=float, default=5.0, help="largest deviation of the tempo")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    given = parser.parse_args()
    manner = Manner(jitter_s=given.jitter_ms / 1000.0, drift=given.drift_percent / 100.0)
    tables = list[list[Row]]()
    for name in PHRASES:
        tables.append(phrase_rows(given.shared, name, given.most, manner))
        show(tables[-1])
    if given.clips:
        ears = open_ears("cpu")
        for group, names in (("sung", SUNG), ("beatboxed", STRUCK)):
            chosen = list(takes(given.shared, names, given.clips // len(names), manner))
            tables.append(heard_rows(given.shared, group, chosen, ears))
            show(tables[-1])
        tables.append(recorded_rows(given.shared, ears))
        show(tables[-1])
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for rows in tables for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
