"""Measure the chords of the shipped path, `harmonise` and `LiveChords`, beside baselines and beside humans.

In: validation songs of pop909, openewld and nottingham, whole, as phrases: notes on the grid, the metre as written, the
key found by `estimate_key` from the melody alone. Out: a table with the columns of `harmony_accuracy.py`. top1: of what
is played; top3: that and the two likeliest others of `Arrangement.rankings`. Rows: likely and free chords (three seeds)
of each genre asked for; `rules`: without networks, by the first genre's progressions; the baselines of
`harmony_accuracy.py`; live chords with the song's key and with the key found so far, on the first 32 bars of the first
`--live` songs. p: paired bootstrap over songs against each baseline.

    python -m benchmarks.harmony_arranged --shared ../shared/data --json out/figures/harmony_arranged.json
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from benchmarks.harmony_accuracy import (
    RIVALS,
    ROOT,
    SETS,
    VITERBI_LOUDNESS,
    Classes,
    Floats,
    Row,
    mean_row,
    not_better,
    one,
    row_of,
)
from training.harmony.data_harmony import HarmonySong, read_songs
from training.harmony.fit_chain import sung

from vocalmidi.arrange import (
    LIVE_HARMONY_MODEL,
    LiveChords,
    Networks,
    Wish,
    load_style,
    open_networks,
)
from vocalmidi.arrange.chord_chain import likeliest, read_chain
from vocalmidi.arrange.chord_input import CLASSES, MINOR
from vocalmidi.arrange.harmony import Harmonised, harmonise
from vocalmidi.arrange.qualities import QUALITIES
from vocalmidi.inference import Model, open_model
from vocalmidi.phrase import estimate_key, evidence_of
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Key, Meter, PartName, Phrase, PhraseNote, TempoMap

SEEDS = 3
TEMPO_QPM = 100.0
LIVE_FRAMES = 64
"""Half bars of a song that live chords are measured on: each asks the network anew."""


class Remembering:
    """A model that is asked once for each melody, whatever the genre and seed."""

    def __init__(self, model: Model) -> None:
        self.model, self.card, self.known = model, model.card, dict[bytes, Any]()

    def run(self, **inputs: Any) -> Any:
        """Return the outputs."""
        key = b"".join(np.asarray(value).tobytes() for value in inputs.values())
        if key not in self.known:
            self.known[key] = self.model.run(**inputs)
        return self.known[key]


def meter_of(song: HarmonySong) -> Meter:
    """Return the metre as it is written."""
    tune = song.tune
    if tune.compound or tune.bar_qn % 1.0:
        return Meter(round(tune.bar_qn * 2), 8)
    return Meter(3, 2) if tune.threes and tune.bar_qn == 6.0 else Meter(round(tune.bar_qn), 4)


def phrase_of(song: HarmonySong) -> Phrase:
    """Return a song as a phrase, its key found by its melody."""
    notes = tuple(
        PhraseNote(*(QuarterNotes(value) for value in (start, length, start, length)), int(pitch), 90, 0.9)
        for start, length, pitch in song.tune.notes
    )
    bars = -(-len(song.classes) // 2)
    key = estimate_key(evidence_of(notes))
    length_qn = QuarterNotes(bars * song.tune.bar_qn)
    return Phrase(notes, (), key, meter_of(song), TempoMap.constant(TEMPO_QPM), length_qn)


def said(made: Harmonised, song: HarmonySong) -> Floats:
    """Return scores (frames, CLASSES): what is played first, then the others as they are ranked."""
    frame_qn = song.tune.bar_qn / 2.0
    scores = np.zeros((len(song.classes), CLASSES))
    middles = (np.arange(len(song.classes)) + 0.5) * frame_qn
    for ranking in made.rankings:
        here = (middles >= ranking.start_qn) & (middles < ranking.start_qn + ranking.length_qn)
        for triad in ranking.triads:
            scores[here, triad.root + 12 * ("maj", "min", "none").index(triad.quality)] = triad.probability
    for chord in made.chords:
        here = (middles >= chord.start_qn) & (middles < chord.start_qn + chord.length_qn)
        scores[here, chord.root + (MINOR if 3 in QUALITIES[chord.quality] else 0)] = 2.0
    return scores


def begun(song: HarmonySong) -> HarmonySong:
    """Return the first bars of a song."""
    frames = min(LIVE_FRAMES, len(song.classes))
    stop_qn = frames * song.tune.bar_qn / 2.0
    tune = replace(song.tune, notes=song.tune.notes[song.tune.notes[:, 0] < stop_qn], frames=frames)
    return replace(song, tune=tune, classes=song.classes[:frames], features=song.features[:frames])


def live(song: HarmonySong, model: Model, *, told: bool) -> Floats:
    """Return scores of live chords; where nothing is said yet, no chord."""
    tune, key = song.tune, None
    if told and tune.tonic is not None:
        key = Key(tune.tonic, "minor" if tune.minor else "major", 1.0)
    state, classes = LiveChords(model, meter_of(song), key), np.full(len(song.classes), CLASSES - 1)
    per_chord = round(state.step_qn / (tune.bar_qn / 2.0))
    for place in range(-(-len(classes) // per_chord)):
        now_qn = place * state.step_qn
        notes = tune.notes[tune.notes[:, 0] < now_qn].copy()
        notes[:, 1] = np.minimum(notes[:, 1], now_qn - notes[:, 0])
        chord = state.next_chord(notes)
        if chord is not None:
            classes[place * per_chord : (place + 1) * per_chord] = chord.root + MINOR * (chord.quality == "min")
    return one(classes)


def rows_of(songs: list[HarmonySong], genres: list[str], networks: Networks) -> dict[str, Row]:
    """Return the rows of the harmoniser and of baselines."""
    phrases, chain = [phrase_of(song) for song in songs], read_chain()

    def row(genre: str, seed: int = 0, *, free: bool = False, asked: Networks | None = networks) -> Row:
        wish = Wish(load_style(genre), seed, (PartName.CHORDS,), free_chords=free)
        return row_of(
            songs, [said(harmonise(phrase, wish, asked), song) for phrase, song in zip(phrases, songs, strict=True)]
        )

    def baseline(score: Callable[[HarmonySong], Floats]) -> Row:
        return row_of(songs, [score(song) for song in songs])

    def viterbi(song: HarmonySong) -> Floats:
        path: Classes = likeliest(chain.heard(sung(song), VITERBI_LOUDNESS), chain.transitions())
        return one(path)

    rows = {"human": baseline(lambda song: one(song.classes)), "rules": row(genres[0], asked=None)}
    rows |= {"hmm viterbi": baseline(viterbi), "hmm posterior": baseline(lambda song: chain.keyed(sung(song)))}
    for genre in genres:
        rows[f"{genre} likely"] = row(genre)
        rows[f"{genre} free"] = mean_row([row(genre, seed, free=True) for seed in range(SEEDS)])
    return rows


def measure(songs: list[HarmonySong], genres: list[str], networks: Networks, live_songs: int) -> dict[str, Any]:
    """Return the figures of one set."""
    rows = rows_of(songs, genres, networks)
    found: dict[str, Any] = {name: row.figures() for name, row in rows.items()}
    for genre in genres:
        for rival in ("rules", *RIVALS):
            found[f"{genre} likely"][f"p {rival}"] = not_better(rows[f"{genre} likely"], rows[rival])
    few = [begun(song) for song in songs if song.tune.tonic is not None][:live_songs]
    model = open_model(LIVE_HARMONY_MODEL, "cpu")
    for name, told in (("live, key given", True), ("live, key found", False)):
        if few:
            row = row_of(few, [live(song, model, told=told) for song in few])
            found[name] = row.figures() | {"songs": len(few)}
    return found


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--genres", default="pop", help="with commas between; the first also for the rules")
    parser.add_argument("--most", type=int, default=10_000, help="songs of each set")
    parser.add_argument("--live", type=int, default=20, help="songs of each set for live chords")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    opened = open_networks("cpu")
    results = {}
    for name in SETS:
        songs = list(read_songs(given.shared / "symbolic", name, "valid"))[: given.most]
        networks = replace(opened, harmony=cast("Model", Remembering(opened.harmony)))
        results[name] = measure(songs, given.genres.split(","), networks, given.live)
        print(f"{name}: {len(songs)} songs, {sum(len(song.classes) for song in songs)} half bars")
        for system, figures in results[name].items():
            print(f"  {system:16}", "  ".join(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps({"seeds": SEEDS, "sets": results}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
