"""Every genre in every mood with many seeds over real sung phrases: is each arrangement valid, and are genres distinct?

In: clips of ssvd2, heard by the program. Out: a line a genre: arrangements, faults, milliseconds each (mean), and the
genre whose drums and whose bass are most like its own for the same phrase, mood and seed, with how alike they are
(share of strokes in common; 1.00 would be the same part). Baseline beside it: how alike two seeds of one genre are. Any
fault, or two genres with the same drums or bass, makes the exit status 1. Below, what the moods do, all genres
together: strokes a bar, mean velocity and length of chords, bass and drums, mean key of the chords, share of chords
that are more than a triad.

    python -m benchmarks.every_genre --phrases 10 --seeds 20 [--rules] [--json FILE]

--rules: by the genres' rules alone, without the networks.
"""

import argparse
import csv
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from benchmarks.arrangement_checks import faults, likeness, places

from vocalmidi.app.convert import hear_file, phrase_settings
from vocalmidi.app.ears import open_ears
from vocalmidi.app.reading import read
from vocalmidi.arrange import Networks, Wish, arrange, load_mood, load_style, mood_names, open_networks, style_names
from vocalmidi.config import load_settings
from vocalmidi.values import Arrangement, PartName, Phrase

SHARED = Path(__file__).parents[2] / "shared"
Row = dict[str, str | int | float]
COMPARED = (PartName.DRUMS, PartName.BASS)
TRIADS = ("maj", "min", "dim", "aug", "5")


@dataclass(slots=True)
class Tally:
    """What was seen of one genre."""

    arrangements: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Colour:
    """What was seen of one mood, summed over notes and chords."""

    bars: float = 0.0
    strokes: int = 0
    velocity: float = 0.0
    pitched: int = 0
    length_qn: float = 0.0
    chord_notes: int = 0
    chord_keys: float = 0.0
    chords: int = 0
    rich: int = 0

    def add(self, made: Arrangement) -> None:
        """Count one more arrangement."""
        self.bars += made.length_qn / made.meter.bar_qn
        self.chords += len(made.chords)
        self.rich += sum(chord.quality not in TRIADS for chord in made.chords)
        for part in made.parts[1:]:
            self.strokes += len(part.notes)
            self.velocity += sum(note.velocity for note in part.notes)
            if part.name is not PartName.DRUMS:
                self.pitched += len(part.notes)
                self.length_qn += sum(note.length_qn for note in part.notes)
            if part.name is PartName.CHORDS:
                self.chord_notes += len(part.notes)
                self.chord_keys += sum(note.pitch_midi for note in part.notes)

    def row(self, mood: str) -> Row:
        """Return means."""
        return {
            "mood": mood,
            "strokes_a_bar": round(self.strokes / self.bars, 1),
            "velocity": round(self.velocity / self.strokes, 1),
            "length_qn": round(self.length_qn / self.pitched, 2),
            "chord_key": round(self.chord_keys / self.chord_notes, 1),
            "rich_chords": round(self.rich / self.chords, 2),
        }


@dataclass(slots=True)
class Likeness:
    """How alike two bands were, summed over all phrases, moods and seeds, and how often they were the same."""

    total: float = 0.0
    count: int = 0
    same: int = 0

    def add(self, alike: float) -> None:
        """Count one more pair."""
        self.total += alike
        self.count += 1
        self.same += alike == 1.0

    @property
    def mean(self) -> float:
        """Return the mean likeness."""
        return self.total / max(1, self.count)


def sung_phrases(shared: Path, most: int) -> Iterator[tuple[str, Phrase]]:
    """Yield the names and phrases of good clips, as the program hears them with nobody's settings."""
    folder, ears = shared / "data/vocal/ssvd2", open_ears("cpu")
    with tempfile.TemporaryDirectory() as empty:
        path = Path(empty) / "config.toml"
        path.touch()
        settings = load_settings(path)
    with (folder / "clips.csv").open() as file:
        good = [row["clip"] for row in csv.DictReader(file) if row["flag"] == "ok"]
    for clip in good[:most]:
        events = hear_file(folder / f"{clip}.flac", ears)
        yield clip, read(events, phrase_settings(settings), 0, ears.context).phrase


def arranged(phrase: Phrase, seed: int, mood: str, networks: Networks | None) -> Iterator[tuple[Arrangement, float]]:
    """Yield the phrase in every genre, and the seconds that took."""
    for genre in style_names():
        wish, started = Wish(load_style(genre), seed, mood=load_mood(mood)), time.perf_counter()
        made = arrange(phrase, wish, networks)
        yield made, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--phrases", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--moods", nargs="+", default=[name for name in mood_names() if name != "plain"])
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    networks = None if asked.rules else open_networks("cpu")
    tallies = defaultdict[str, Tally](Tally)
    across = defaultdict[tuple[PartName, str, str], Likeness](Likeness)
    within = defaultdict[tuple[PartName, str], Likeness](Likeness)
    colours = defaultdict[str, Colour](Colour)
    for clip, phrase in sung_phrases(asked.shared, asked.phrases):
        for mood in asked.moods:
            before = dict[tuple[PartName, str], frozenset[tuple[float, int]]]()
            for seed in range(asked.seeds):
                bands = [_told(tallies, made, seconds) for made, seconds in arranged(phrase, seed, mood, networks)]
                _compare(bands, before, across, within)
                for made in bands:
                    colours[mood].add(made)
        print(f"{clip}: {len(phrase.notes)} notes", file=sys.stderr)
    table = _table(tallies, across, within)
    moods = [colour.row(mood) for mood, colour in colours.items()]
    _print(table, tallies, moods)
    if asked.json:
        told = {"rules": asked.rules, "genres": table, "moods": moods}
        asked.json.write_text(json.dumps(told, indent=1) + "\n")
    sys.exit(any(row["faults"] or row["same"] for row in table))


def _told(tallies: dict[str, Tally], made: Arrangement, seconds: float) -> Arrangement:
    tally = tallies[made.genre]
    tally.arrangements += 1
    tally.seconds += seconds
    tally.faults += faults(made)
    return made


def _compare(
    bands: list[Arrangement],
    before: dict[tuple[PartName, str], frozenset[tuple[float, int]]],
    across: dict[tuple[PartName, str, str], Likeness],
    within: dict[tuple[PartName, str], Likeness],
) -> None:
    for name in COMPARED:
        parts = {made.genre: places(made, name) for made in bands}
        for one, other in combinations(parts, 2):
            across[name, one, other].add(likeness(parts[one], parts[other]))
        for genre, part in parts.items():
            if (name, genre) in before:
                within[name, genre].add(likeness(part, before[name, genre]))
            before[name, genre] = part


def _table(
    tallies: dict[str, Tally],
    across: dict[tuple[PartName, str, str], Likeness],
    within: dict[tuple[PartName, str], Likeness],
) -> list[Row]:
    rows = list[Row]()
    for genre, tally in tallies.items():
        row: Row = {
            "genre": genre,
            "arrangements": tally.arrangements,
            "faults": len(tally.faults),
            "mean_ms": round(1000 * tally.seconds / tally.arrangements, 1),
            "same": sum(each.same for (_, one, other), each in across.items() if genre in (one, other)),
        }
        for name in COMPARED:
            pairs = {
                one if other == genre else other: each.mean
                for (part, one, other), each in across.items()
                if part is name and genre in (one, other)
            }
            nearest = max(pairs, key=lambda other: pairs[other])
            row |= {
                f"{name}_nearest": nearest,
                f"{name}_alike": round(pairs[nearest], 2),
                f"{name}_own_seeds_alike": round(within[name, genre].mean, 2) if within[name, genre].count else "–",
            }
        rows.append(row)
    return rows


def _print(table: list[Row], tallies: dict[str, Tally], moods: list[Row]) -> None:
    print(f"{'genre':12}{'made':>7}{'faults':>8}{'ms':>7}{'same':>6}", end="")
    print("".join(f"   {name + ': nearest':14}{'alike':>6}{'own seeds':>11}" for name in COMPARED))
    for row in table:
        line = f"{row['genre']:12}{row['arrangements']:>7}{row['faults']:>8}{row['mean_ms']:>7}{row['same']:>6}"
        for name in COMPARED:
            line += f"   {row[f'{name}_nearest']:14}{row[f'{name}_alike']:>6}{row[f'{name}_own_seeds_alike']:>11}"
        print(line)
    print(f"\n{'mood':12}{'strokes a bar':>15}{'velocity':>10}{'length QN':>11}{'chord key':>11}{'rich chords':>13}")
    for row in moods:
        print(f"{row['mood']:12}{row['strokes_a_bar']:>15}{row['velocity']:>10}{row['length_qn']:>11}", end="")
        print(f"{row['chord_key']:>11}{row['rich_chords']:>13}")
    for tally in tallies.values():
        for fault in tally.faults[:5]:
            print(f"  {fault}")


if __name__ == "__main__":
    main()
