"""Measure how often a human-timed note gets the place that was meant: nearest grid, the HMM, and the context network.

In: phrases of eight bars of the symbolic sets (`training.context.scores`), sung by `training.context.performances`
with 30 ms of jitter at every onset and a tempo that wanders by up to 5 % (`--manner plain`; `lively` adds slowing at
phrase ends, anticipations, grace notes, missed and doubled notes). Out: one line a set and system, in per cent of the
notes (of the phrases for tempo), and `--json`. Places count up to one common shift for the phrase, as a user drags an
item; `beat` and `bar` say how much is right when that shift must be whole beats or bars. `known`: the tempo is told,
drift and jitter are there. `free`: nothing is told but the metre; a tempo octave off has its places read so. `click`:
sung to a click with 30 ms of jitter and a wander of up to 40 ms, places as they are in the project. Not counted: notes
heard twice; a grace note is right just before its main note. `ms`: processor time of a phrase, tempo not told.

    nearest  the nearest sixteenth at the true (free: the estimated) tempo, the true first bar line given
    hmm      the phrase room without the network: beat place × local tempo, a beam of Kalman filters
    context  the phrase room with it

    python -m benchmarks.grid_accuracy --shared ../shared/data --json out/figures/grid.json
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from training.context.performances import COUNT_IN_S, LIVELY, PLAIN, Kind, Manner, Performance, perform
from training.context.scores import Floats, Score, read_scores

from vocalmidi.inference import Model, open_model
from vocalmidi.phrase import PhraseSettings, build_phrase, free_timing, onsets_of
from vocalmidi.values import Phrase, TempoMap

OCTAVES = (1.0, 0.5, 2.0, 1 / 3, 3.0)
"""Of the true tempo; the last two are the dotted beat and the third of it."""
TEMPO_NEAR = 0.04
CLICK_WANDER_S = 0.040
"""How far one who sings to a click is beside it at most, jitter apart."""
SAME_QN = 0.01
MANNERS = {"plain": PLAIN, "lively": LIVELY}
GENRE_OF = {"R&B": "rnb", "Hip Hop": "hip_hop"}
SEED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """What a system makes of a performance: places and lengths in quarter notes, tempo, and the others it offers.

    spent_s: processor time, which other work on the machine does not lengthen.
    """

    place_qn: Floats
    length_qn: Floats
    tempo_qpm: float
    offered_qpm: tuple[float, ...] = ()
    spent_s: float = 0.0


Placer = Callable[[Performance, PhraseSettings], Placed]


def nearest(take: Performance, settings: PhraseSettings) -> Placed:
    """Return the nearest sixteenths."""
    offered = [settings.tempo_qpm] if settings.tempo_qpm else []
    if settings.tempo_map:
        offered = [settings.tempo_map.points[0].tempo_qpm]
    if not offered:
        offered = [each.tempo_qpm for each in free_timing(onsets_of(take.events()), settings.meter).alternatives]
    quarter_s = 60.0 / offered[0]
    place = np.round((take.onset_s - take.beat_s[0]) / quarter_s * 4) / 4
    length = np.maximum(np.round((take.offset_s - take.onset_s) / quarter_s * 4) / 4, 0.25)
    return Placed(place, length, offered[0], tuple(offered))


def phrase_room(context: Model | None) -> Placer:
    """Return the phrase room with a network or without."""

    def placed(take: Performance, settings: PhraseSettings) -> Placed:
        events = take.events()
        begun = time.process_time()
        phrase = build_phrase(events, settings, context)
        spent_s = time.process_time() - begun
        sounds = phrase.hits if take.score.drums else phrase.notes
        length = [note.length_qn for note in phrase.notes] or [0.25] * len(phrase.hits)
        offered = [each.tempo_qpm for each in phrase.tempo_alternatives]
        start = np.array([sound.start_qn for sound in sounds])
        return Placed(start, np.array(length), mean_tempo(phrase), tuple(offered), spent_s)

    return placed


def mean_tempo(phrase: Phrase) -> float:
    """Return the tempo of the phrase on the whole, quarter notes a minute."""
    return phrase.length_qn * 60.0 / (phrase.tempo_map.time_at(phrase.length_qn) - phrase.tempo_map.time_at(0.0))


def shares(place_qn: Floats, take: Performance, octave: float = 1.0) -> dict[str, float]:
    """Return the share of notes in place up to any shift, one of whole beats, and one of whole bars.

    octave: how many times the true tempo the system's is; its places are that many times the true ones.
    """
    meter = take.score.meter
    beat_qn = 12.0 / meter.unit if meter.unit >= 8 and meter.beats % 3 == 0 else 1.0
    shift = place_qn / octave - take.place_qn
    plain = take.kind <= Kind.SWUNG
    counted = plain | (take.kind == Kind.GRACE)
    best = dict.fromkeys(("grid", "beat", "bar"), 0)
    for common, many in Counter(np.round(shift[plain], 2).tolist()).items():
        if many <= best["bar"]:
            continue
        right = plain & (np.abs(shift - common) < SAME_QN + 0.005)
        # A grace note is right anywhere in the quarter beat before its main note, which is the next.
        before = np.append(np.diff(place_qn / octave), 0.0)
        graces = (take.kind == Kind.GRACE) & np.append(right[1:], False) & (before > 0) & (before <= 0.25 + SAME_QN)
        count = int(right.sum() + graces.sum())
        for name, unit in (("grid", 0.0), ("beat", beat_qn), ("bar", meter.bar_qn)):
            if not unit or abs(common - unit * round(common / unit)) < SAME_QN + 0.005:
                best[name] = max(best[name], count)
    return {name: count / int(counted.sum()) for name, count in best.items()}


def lengths_right(placed: Placed, take: Performance) -> float:
    """Return the share of plain notes with the length meant; of notes heard twice none is known."""
    plain = (take.kind <= Kind.SWUNG) & np.append(take.kind[1:] != Kind.DOUBLED, True)
    return float(np.mean(np.abs(placed.length_qn - take.length_qn)[plain] < SAME_QN))


def measure(scores: list[Score], placer: Placer, manner: Manner) -> dict[str, float]:
    """Return the figures of one set and system, in per cent."""
    rng = np.random.default_rng(SEED)
    found: dict[str, list[float]] = {}
    weight: list[int] = []
    for score in scores:
        take = perform(score, manner, rng)
        told = PhraseSettings(meter=score.meter, genre=genre_of(score))
        known = placer(take, replace(told, tempo_qpm=take.tempo_qpm))
        row = {f"known {name}": share for name, share in shares(known.place_qn, take).items()}
        free = placer(take, told)
        octave = min(OCTAVES, key=lambda octave: abs(np.log(free.tempo_qpm / take.mean_tempo_qpm / octave)))
        row |= {f"free {name}": share for name, share in shares(free.place_qn, take, octave).items()}
        row["ms"] = free.spent_s
        row["tempo"] = near(free.tempo_qpm, take)
        row["tempo offered"] = max(near(qpm, take) for qpm in (free.tempo_qpm, *free.offered_qpm))
        on_click = perform(score, replace(manner, click=True, drift=CLICK_WANDER_S), rng)
        click = TempoMap.constant(on_click.tempo_qpm, COUNT_IN_S)
        row["click"] = shares(placer(on_click, replace(told, tempo_map=click)).place_qn, on_click)["bar"]
        if not score.drums:
            row["length"] = lengths_right(known, take)
        weight.append(len(take.place_qn))
        for name, value in row.items():
            found.setdefault(name, []).append(value)
    of_phrases = ("tempo", "tempo offered", "ms")
    means = {k: np.average(v, weights=None if k in of_phrases else weight) for k, v in found.items()}
    means["ms"] *= 10.0
    return {name: round(100 * float(value), 2) for name, value in means.items()}


def near(tempo_qpm: float, take: Performance) -> float:
    """Tell whether a tempo is that of the performance on the whole."""
    return float(abs(tempo_qpm / take.mean_tempo_qpm - 1.0) < TEMPO_NEAR)


def genre_of(score: Score) -> str | None:
    """Return the genre by the program's name for it."""
    return GENRE_OF.get(score.genre or "", (score.genre or "").lower() or None)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds symbolic/")
    parser.add_argument("--sets", nargs="+", default=["pop909", "openewld", "essen", "nottingham", "gmd"])
    parser.add_argument("--split", default="valid")
    parser.add_argument("--most", type=int, default=100, help="phrases of each set")
    parser.add_argument("--manner", choices=MANNERS, default="plain")
    parser.add_argument("--systems", nargs="+", default=["nearest", "hmm", "context"])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    systems = {
        "nearest": lambda: nearest,
        "hmm": lambda: phrase_room(None),
        "context": lambda: phrase_room(open_model("context", "cpu")),
    }
    table: dict[str, dict[str, dict[str, float]]] = {}
    for name in given.sets:
        scores = list(read_scores(given.shared / "symbolic", name, given.split))
        random.Random(name).shuffle(scores)  # noqa: S311 - always the same phrases, not secrets
        chosen = scores[: given.most]
        for system in given.systems:
            figures = measure(chosen, systems[system](), MANNERS[given.manner])
            table.setdefault(name, {})[system] = figures
            told = "  ".join(f"{key} {value:.1f}" for key, value in figures.items())
            print(f"{name:10} {len(chosen):4} phrases  {system:8} {told}", flush=True)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(
            json.dumps({"manner": given.manner, "split": given.split, "sets": table}, indent=1) + "\n"
        )


if __name__ == "__main__":
    main()
