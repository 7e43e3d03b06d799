"""Whether the drums of finished arrangements can be recognised as the genre that was asked for.

In: the program itself (`arrange`, with its networks and by rules alone), real loops of gmd. Out: for each of the
program's genres that the set has, the share of two-bar loops that a classifier calls by that genre, first choice of
seven (`drum_styles.py` has the classifiers; they never see a generated loop). Keys become the set's nine voices again,
other percussion is left out. Columns:

    real      validation loops of the set (grooves, no fills)
    asked     a plain melody, the genre asked for, as many seeds: the first two bars
    repeated  the same, bars three and four up to their fill's bar: the classifier sees the fill, too
    beatbox   kick and snare of the real loops as sung hits; the network adds what is missing
    rules     as `asked`, by the genre's rows alone

    python -m benchmarks.drums_arranged --shared ../shared/data --json out/figures/drums_arranged.json
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from benchmarks.drum_styles import GENRE_STYLES, classifiers, rows_of
from training.drums.loops import VOICES, Loops, loops_of, read_loops

from vocalmidi.arrange import Networks, Style, Wish, arrange, load_style, open_networks
from vocalmidi.arrange.drum_voices import VOICE_OF_KEY
from vocalmidi.units import QuarterNotes
from vocalmidi.values import HitLabel, Key, Meter, Note, PartName, Phrase, PhraseHit, PhraseNote, TempoMap

LOOP_QN = 8.0
SUNG = {HitLabel.KICK: list(VOICES).index("kick"), HitLabel.SNARE: list(VOICES).index("snare")}
"""What is beatboxed of a real loop."""


def phrase_of(tempo_qpm: float, hits: tuple[PhraseHit, ...] = (), bars: int = 4) -> Phrase:
    """Return a melody of whole notes, with hits."""
    notes = tuple(
        PhraseNote(*(QuarterNotes(part) for part in (4.0 * bar, 4.0, 4.0 * bar, 4.0)), 60 + bar % 3, 90, 1.0)
        for bar in range(bars)
    )
    length_qn = QuarterNotes(4.0 * bars)
    return Phrase(notes, hits, Key(0, "major", 1.0), Meter(), TempoMap.constant(tempo_qpm), length_qn)


def drums_of(style: Style, seed: int, phrase: Phrase, networks: Networks | None) -> tuple[Note, ...]:
    """Return the drums of an arrangement."""
    return arrange(phrase, Wish(style, seed, (PartName.DRUMS,)), networks).parts[0].notes


def loop_of(notes: Iterable[Note], tempo_qpm: float, start_qn: float = 0.0) -> Loops:
    """Return two bars of drums as the set has its loops."""
    keys = [keys[0] for keys in VOICES.values()]
    strokes = [
        [note.start_qn - start_qn, 0.1, keys[VOICE_OF_KEY[note.pitch_midi]], note.velocity]
        for note in notes
        if note.pitch_midi in VOICE_OF_KEY and -0.12 <= note.start_qn - start_qn < LOOP_QN - 0.12
    ]
    record = {"tempo": tempo_qpm, "style": "rock", "beat_type": "beat", "genre": "", "tracks": {"drums": strokes}}
    return loops_of(record, 2).at(np.array([0]))


def joined(loops: list[Loops]) -> Loops:
    """Return loops side by side."""
    return Loops(*(np.concatenate([getattr(one, name) for one in loops]) for name in Loops.__slots__))


def beatboxed(loops: Loops, number: int) -> tuple[PhraseHit, ...]:
    """Return kick and snare of a loop as hits on the grid."""
    hits = [
        PhraseHit(QuarterNotes(step / 4), QuarterNotes(step / 4), label, max(1, round(127 * float(loud))), 1.0)
        for label, voice in SUNG.items()
        for step, loud in enumerate(loops.velocity[number, :, voice])
        if loops.struck[number, step, voice]
    ]
    return tuple(sorted(hits, key=lambda hit: hit.start_qn))


def made(genre: str, real: Loops, networks: Networks, seeds: int) -> dict[str, Loops]:
    """Return the loops of one genre's columns."""
    style = load_style(genre)
    tempo_qpm = (style.tempo_low_qpm + style.tempo_high_qpm) / 2.0
    plain = phrase_of(tempo_qpm)
    drums = [drums_of(style, seed, plain, networks) for seed in range(seeds)]
    rules = [drums_of(style, seed, plain, None) for seed in range(seeds)]
    columns = {
        "asked": joined([loop_of(notes, tempo_qpm) for notes in drums]),
        "repeated": joined([loop_of(notes, tempo_qpm, LOOP_QN) for notes in drums]),
        "rules": joined([loop_of(notes, tempo_qpm) for notes in rules]),
    }
    if len(real):
        columns["real"] = real
        columns["beatbox"] = joined([_added_to(real, n, style, networks) for n in range(min(len(real), seeds))])
    return columns


def _added_to(real: Loops, number: int, style: Style, networks: Networks) -> Loops:
    """Return what is played around the kick and snare of a real loop, these included."""
    tempo_qpm = float(real.tempo_qpm[number])
    phrase = phrase_of(tempo_qpm, beatboxed(real, number))
    return loop_of(drums_of(style, number, phrase, networks), tempo_qpm)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(__file__).resolve().parents[1]
    parser.add_argument("--shared", type=Path, default=beside.parent / "shared" / "data")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    symbolic = given.shared / "symbolic"
    train, loops = read_loops(symbolic, "train", 1), read_loops(symbolic, "valid", 2)
    beats = loops.at(loops.kind == 1)
    networks = open_networks("cpu")
    found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in ("logistic", "forest")}
    known = classifiers(train)
    names = ("real", "asked", "repeated", "beatbox", "rules")
    print(f"{'':22}" + "".join(f"{name:>10}" for name in names))
    for genre in GENRE_STYLES:
        columns = made(genre, beats.at(beats.genre == genre), networks, given.seeds)
        for name, classifier in known.items():
            row = {
                column: float((classifier.predict(rows_of(part)) == genre).mean()) for column, part in columns.items()
            }
            found[name][genre] = row
            cells = "".join(f"{row[column]:10.2f}" if column in row else f"{'–':>10}" for column in names)
            print(f"{name:10}{genre:12}{cells}", flush=True)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
