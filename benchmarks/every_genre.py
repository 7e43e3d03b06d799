"""Every genre in every mood with many seeds over real sung phrases: is each arrangement valid, and are genres distinct?

In: clips of ssvd2, heard by the program. Out: a line a genre: arrangements, faults, milliseconds each (mean), and the
genre whose drums and whose bass are most like its own for the same phrase, mood and seed, with how alike they are
(share of strokes in common; 1.00 would be the same part). Baseline beside it: how alike two seeds of one genre are. Any
fault, or two genres with the same drums or bass, makes the exit status 1.

    python benchmarks/every_genre.py --phrases 10 --seeds 20 [--rules] [--json FILE]

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


@dataclass(slots=True)
class Tally:
    """What was seen of one genre."""

    arrangements: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


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
    for clip, phrase in sung_phrases(asked.shared, asked.phrases):
        for mood in asked.moods:
            before = dict[tuple[PartName, str], frozenset[tuple[float, int]]]()
            for seed in range(asked.seeds):
                bands = [_told(tallies, made, seconds) for made, seconds in arranged(phrase, seed, mood, networks)]
                _compare(bands, before, across, within)
        print(f"{clip}: {len(phrase.notes)} notes", file=sys.stderr)
    table = _table(tallies, across, within)
    _print(table, tallies)
    if asked.json:
        asked.json.write_text(json.dumps({"rules": asked.rules, "genres": table}, indent=1) + "\n")
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
                f"{name}_own_seeds_alike": round(within[name, genre].mean, 2),
            }
        rows.append(row)
    return rows


def _print(table: list[Row], tallies: dict[str, Tally]) -> None:
    print(f"{'genre':12}{'made':>7}{'faults':>8}{'ms':>7}{'same':>6}", end="")
    print("".join(f"   {name + ': nearest':14}{'alike':>6}{'own seeds':>11}" for name in COMPARED))
    for row in table:
        line = f"{row['genre']:12}{row['arrangements']:>7}{row['faults']:>8}{row['mean_ms']:>7}{row['same']:>6}"
        for name in COMPARED:
            line += f"   {row[f'{name}_nearest']:14}{row[f'{name}_alike']:>6}{row[f'{name}_own_seeds_alike']:>11}"
        print(line)
    for tally in tallies.values():
        for fault in tally.faults[:5]:
            print(f"  {fault}")


if __name__ == "__main__":
    main()
