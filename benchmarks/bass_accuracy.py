"""Measure bass parts: do they stand on the harmony, and do they play with the kick, as people's do?

In: validation songs of pop909 and openewld, 4/4, sixteen bars each; human loops of gmd (Pop and Rock, validation
split). Out: a table. root, tone: share of bass notes beginning on the first or third beat that are the chord's bass
note or root, and any tone of the chord. kick: share of kicks at which a bass note begins, half a sixteenth at most
beside; bass: share of bass notes that begin with a kick; F1 of both. notes: bass notes a bar. outside: notes that the
instrument has not.

The human rows are pop909's bass (the lowest sounding note of its piano) on its own chords. pop909 has no drums, so its
bass is held against human grooves of gmd: `any drummer` is the mean over all grooves, `fitting drummer` the one that
fits each four bars best, as one who hears the bass would play. The human range is that of the middle 80 % of songs with
the fitting drummer. Baselines: `rows alone` plays the genre's rows on the chords, deaf to kick and beat; `roots alone`
a root at each change of chord.

    python -m benchmarks.bass_accuracy [--rules] [--songs 40] [--json out/figures/bass.json]

--rules: chords and drums by the genres' rules, without the networks.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from training.context.scores import records
from training.drums.loops import KINDS, read_loops

from vocalmidi.arrange import Networks, Wish, arrange, load_style, open_networks, style_names
from vocalmidi.arrange.bass_line import BassLine
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.plan import make_plan
from vocalmidi.arrange.strokes import Stroke, lay_row
from vocalmidi.arrange.timeline import split_at_chords
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Arrangement, Chord, Key, Meter, PartName, Phrase, PhraseNote, TempoMap

SETS = ("pop909", "openewld")
BARS, BAR_QN, SECTION_BARS = 16, 4.0, 4
TOGETHER_QN = 0.125
KICKS = (35, 36)
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
THIRDS = {"maj": 4, "min": 3, "dim": 3, "hdim7": 3, "aug": 4, "sus2": 2, "sus4": 5, "5": 7}
FIFTHS = {"dim": 6, "hdim7": 6, "aug": 8}
SEVENTHS = {"maj7": 11, "7": 10, "min7": 10, "hdim7": 10, "dim7": 9, "maj9": 11, "9": 10, "min9": 10}
SIXTHS_AND_NINTHS = {"maj6": (9,), "min6": (9,), "add9": (2,), "maj9": (2,), "9": (2,), "min9": (2,)}
RANGES = ((range(32, 38), 28, 67), (range(38, 40), 24, 72), (range(42, 43), 36, 76), (range(43, 44), 28, 67))
"""Basses from E1 to the 24th fret, synth basses, cello, contrabass (Adler 2016)."""
MEANS = ("root", "tone", "kick", "bass", "f1", "notes")
Line = list[tuple[float, int]]
"""Bass notes: start in quarter notes and key."""


@dataclass(frozen=True, slots=True)
class Song:
    """Sixteen bars: the melody as a phrase, people's chords, people's bass where there is one."""

    phrase: Phrase
    chords: tuple[Chord, ...]
    bass: Line


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one bass line; nan where there was nothing to measure."""

    root: float
    tone: float
    kick: float
    bass: float
    f1: float
    notes: float
    outside: int


def tones_of(quality: str) -> set[int]:
    """Return the semitones of a chord above its root, from a textbook and not from the program."""
    family = next(
        (name for name in ("hdim7", "dim", "aug", "sus2", "sus4", "min", "5") if quality.startswith(name)), "maj"
    )
    tones = {0, THIRDS[family], FIFTHS.get(family, 7)}
    return tones | {SEVENTHS.get(quality, 0)} | set(SIXTHS_AND_NINTHS.get(quality, ()))


def songs_of(symbolic: Path, name: str) -> Iterator[Song]:
    """Yield the validation songs of a set from the bar of the first note on."""
    for record in records(symbolic, name):
        rows = sorted(record["tracks"].get("melody") or [])
        if record["split"] == "valid" and record["meter"] == [4, 4] and record["key"] and rows:
            first_qn = rows[0][0] // BAR_QN * BAR_QN
            notes = tuple(_melody([(row[0] - first_qn, row[1], int(row[2])) for row in rows]))
            if len(notes) >= BARS:
                yield Song(_phrase(notes, record), _chords(record, first_qn), _human_bass(record, first_qn))


def _melody(rows: list[tuple[float, float, int]]) -> Iterator[PhraseNote]:
    """Yield notes on the sixteenth grid, one at a time, in the window."""
    placed = {
        round(start * 4) / 4: (length, key) for start, length, key in rows if round(start * 4) / 4 < BARS * BAR_QN
    }
    starts = sorted(placed)
    for start, following in zip(starts, [*starts[1:], BARS * BAR_QN], strict=True):
        length, key = placed[start]
        qn, long = QuarterNotes(start), QuarterNotes(min(max(round(length * 4) / 4, 0.25), following - start))
        yield PhraseNote(qn, long, qn, long, key, 90, 1.0)


def _phrase(notes: tuple[PhraseNote, ...], record: dict[str, Any]) -> Phrase:
    tonic, mode = record["key"].split(":")
    key = Key(_pitch_class(tonic), "minor" if mode.startswith("min") else "major", 1.0)
    tempo = TempoMap.constant(record["tempo"] or 100.0)
    return Phrase(notes, (), key, Meter(4, 4), tempo, QuarterNotes(BARS * BAR_QN))


def _pitch_class(name: str) -> int:
    return (LETTERS[name[0]] + name.count("#") - name.count("b")) % 12


def _chords(record: dict[str, Any], first_qn: float) -> tuple[Chord, ...]:
    chords = list[Chord]()
    for start, length, label in record["chords"]:
        if ":" in label and 0 <= start - first_qn < BARS * BAR_QN:
            root, quality = label.split(":", 1)
            quality, _, _ = quality.partition("/")
            pitch = _pitch_class(root)
            chords.append(Chord(QuarterNotes(start - first_qn), QuarterNotes(length), pitch, quality, pitch))
    return tuple(chords)


def _human_bass(record: dict[str, Any], first_qn: float) -> Line:
    """Return the derived bass without what begins above a lower note that still sounds: that is the hand's figure."""
    line, lowest, until = Line(), 128, -1.0
    for start, length, key, *_ in sorted(record["tracks"].get("bass_derived") or []):
        if start >= until or key <= lowest:
            lowest, until = key, start + length
            if 0 <= start - first_qn < BARS * BAR_QN:
                line.append((start - first_qn, key))
    return line


def human_kicks(symbolic: Path) -> list[np.ndarray]:
    """Return the kicks of human grooves, each that differs once, repeated over a section."""
    loops = read_loops(symbolic, "valid", hop_bars=2)
    chosen = loops.at(np.isin(loops.genre, ("Pop", "Rock")) & (loops.kind == KINDS.index("beat") + 1))
    kicks = sorted({tuple(np.flatnonzero(one[:, 0]).tolist()) for one in chosen.struck})
    bars = [np.array(steps) * 0.25 for steps in kicks if steps]
    return [np.concatenate([one + 2 * n * BAR_QN for n in range(SECTION_BARS // 2)]) for one in bars]


def figures(line: Line, chords: tuple[Chord, ...], kicks: np.ndarray, program: int | None) -> Figures:
    """Return the figures of one line on its chords and with its kicks."""
    strong = [(start, key) for start, key in line if abs((start + 1.0) % 2.0 - 1.0) < TOGETHER_QN]
    placed = [(chord, key) for start, key in strong if (chord := _chord_at(chords, round(start))) is not None]
    root = [key % 12 in (chord.root, chord.bass) for chord, key in placed]
    tone = [(key - chord.root) % 12 in tones_of(chord.quality) or key % 12 == chord.bass for chord, key in placed]
    starts = np.array([start for start, _ in line])
    kick, bass = _together(kicks, starts), _together(starts, kicks)
    outside = sum(_is_outside(key, program) for _, key in line) if program is not None else 0
    return Figures(_mean(root), _mean(tone), kick, bass, _f1(kick, bass), len(line) / BARS, outside)


def _chord_at(chords: tuple[Chord, ...], at_qn: float) -> Chord | None:
    return next(
        (each for each in chords if each.start_qn - 1e-6 <= at_qn < each.start_qn + each.length_qn - 1e-6), None
    )


def _together(ones: np.ndarray, others: np.ndarray) -> float:
    """Return the share of places that have one of the others beside them."""
    if not len(ones) or not len(others):
        return float("nan")
    return float((np.abs(ones[:, None] - others[None, :]).min(axis=1) < TOGETHER_QN).mean())


def _is_outside(key: int, program: int) -> bool:
    low, high = next((low, high) for programs, low, high in RANGES if program in programs)
    return not low <= key <= high


def _mean(many: list[bool]) -> float:
    return float(np.mean(many)) if many else float("nan")


def parts_of(made: Arrangement) -> tuple[Line, np.ndarray, int]:
    """Return the bass, the kicks, and the program of the bass."""
    parts = {part.name: part for part in made.parts}
    bass, drums = parts[PartName.BASS], parts[PartName.DRUMS]
    kicks = sorted({float(note.start_qn) for note in drums.notes if note.pitch_midi in KICKS})
    return [(note.start_qn, note.pitch_midi) for note in bass.notes], np.array(kicks), bass.program


def rows_alone(song: Song, genre: str, chords: tuple[Chord, ...]) -> Line:
    """Return the genre's rows on the chords: what the bass was before it listened."""
    wish = Wish(load_style(genre), 0)
    plan = make_plan(song.phrase, wish.style, song.phrase.tempo_map.points[0].tempo_qpm, wish)
    strokes = [each for part in plan.sections for each in lay_row(part.bass, part.groove.steps_per_qn, part, plan)]
    return _line(list(split_at_chords(strokes, chords)), song, genre, chords)


def roots_alone(song: Song, genre: str, chords: tuple[Chord, ...]) -> Line:
    """Return a root at every change of chord."""
    pieces = [(Stroke(c.start_qn, c.start_qn + c.length_qn, "R", 1.0), n) for n, c in enumerate(chords)]
    return _line(pieces, song, genre, chords)


def _line(pieces: list[tuple[Stroke, int]], song: Song, genre: str, chords: tuple[Chord, ...]) -> Line:
    line = BassLine(chords, song.phrase.key, load_style(genre).bass.register, 0.0, Dice(0, "bass"))
    followers = [index for _, index in pieces[1:]] + [len(chords) - 1]
    notes, last = Line(), -1
    for (stroke, index), following in zip(pieces, followers, strict=True):
        symbol = "R" if index != last else stroke.symbol
        notes.append((stroke.start_qn, line.next_key(symbol, index, following, strong=False)))
        last = index
    return notes


def row_of(name: str, found: list[Figures]) -> dict[str, Any]:
    """Return the means of many lines, and the middle 80 % of their F1."""
    known = {key: [value for one in found if not np.isnan(value := getattr(one, key))] for key in MEANS}
    table = {key: float(np.mean(values)) if values else float("nan") for key, values in known.items()}
    spans = {key: np.percentile(known[key] or [np.nan], (10, 90)).tolist() for key in ("kick", "f1")}
    outside = sum(one.outside for one in found)
    return {"name": name, **table, "span": spans, "outside": outside}


def humans(songs: list[Song], grooves: list[np.ndarray]) -> list[dict[str, Any]]:
    """Return the rows of pop909's own bass."""
    fitting, anyone = list[Figures](), list[Figures]()
    for song in songs:
        whole = figures(song.bass, song.chords, np.array([]), None)
        starts = np.array([start for start, _ in song.bass])
        shares = [
            _with_each(starts, section * SECTION_BARS * BAR_QN, grooves) for section in range(BARS // SECTION_BARS)
        ]
        for many, chosen in (
            (fitting, [max(each) for each in shares if each]),
            (anyone, [one for each in shares for one in each]),
        ):
            if chosen:
                f1, kick, bass = np.mean(chosen, axis=0)
                many.append(replace(whole, f1=f1, kick=kick, bass=bass))
    return [row_of("human, fitting drummer", fitting), row_of("human, any drummer", anyone)]


def _with_each(starts: np.ndarray, begin_qn: float, grooves: list[np.ndarray]) -> list[tuple[float, float, float]]:
    """Return F1 and both shares of one section with each groove; none where the bass hardly plays."""
    placed = starts - begin_qn
    placed = placed[(placed > -TOGETHER_QN) & (placed < SECTION_BARS * BAR_QN - TOGETHER_QN)]
    if len(placed) < SECTION_BARS:
        return []
    shares = [(_together(kicks, placed), _together(placed, kicks)) for kicks in grooves]
    return [(_f1(kick, bass), kick, bass) for kick, bass in shares]


def _f1(kick: float, bass: float) -> float:
    return 2 * kick * bass / (kick + bass) if kick + bass else 0.0


def ours(songs: list[Song], networks: Networks | None) -> list[dict[str, Any]]:
    """Return the rows of each genre with its baselines on the same chords and kicks."""
    rows = list[dict[str, Any]]()
    for genre in style_names():
        found: dict[str, list[Figures]] = {genre: [], f"{genre}: rows alone": [], f"{genre}: roots alone": []}
        for seed, song in enumerate(songs):
            made = arrange(song.phrase, Wish(load_style(genre), seed), networks)
            line, kicks, program = parts_of(made)
            lines = (line, rows_alone(song, genre, made.chords), roots_alone(song, genre, made.chords))
            for one, many in zip(lines, found.values(), strict=True):
                many.append(figures(one, made.chords, kicks, program))
        rows += [row_of(name, many) for name, many in found.items()]
    return rows


def main() -> None:
    """Print the table; write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--songs", type=int, default=40, help="of each set")
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    symbolic = asked.shared / "symbolic"
    sets = [list(islice(songs_of(symbolic, name), asked.songs)) for name in SETS]
    people = [song for song in sets[0] if song.bass]
    rows = humans(people, human_kicks(symbolic))
    rows += ours([song for one in sets for song in one], None if asked.rules else open_networks("cpu"))
    print(
        f"{'bass':26}{'root':>6}{'tone':>7}{'kick':>7}{'10–90 %':>11}"
        f"{'bass':>7}{'F1':>7}{'10–90 %':>11}{'notes':>7}{'out':>5}"
    )
    for row in rows:
        kick, f1 = (f"{row[key]:7.3f}{row['span'][key][0]:6.2f}–{row['span'][key][1]:.2f}" for key in ("kick", "f1"))
        shares = f"{row['root']:6.3f}{row['tone']:7.3f}{kick}{row['bass']:7.3f}{f1}"
        print(f"{row['name']:26}{shares}{row['notes']:7.1f}{row['outside']:5d}")
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
