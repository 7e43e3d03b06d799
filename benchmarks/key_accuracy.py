"""Measure the key of eight-bar phrases, sung with human timing, beside Krumhansl-Schmuckler, and how honest it is.

In: symbolic sets (`--shared`, by default ../shared beside the repository), cut, sung and read back as in
`phrase_accuracy.py`: tempo unknown, 30 ms of jitter at each onset, tempo drifting by 5 % from end to end, pitches 20
cents beside the keys. Out: a table, per cent. exact: tonic and mode. near: exact, or the relative key, or that of the
fifth above or below in the same mode. sure: mean probability. ECE: its expected calibration error, ten bins. Rows: the
phrase alone; with the two phrases before it in the song (history); with the song's own piano over the same bars, as a
project's MIDI would be (pop909 alone has one); every phrase with whatever there is of both (helped); and plain
Krumhansl-Schmuckler with true durations. Keys are those of `key_labels.checked_key`;
`labelled` is the phrase alone against the sets' labels as they stand.

    python benchmarks/key_accuracy.py --split valid --json
"""

import argparse
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from key_labels import KeyName, checked_key, labelled_key
from phrase_accuracy import BARS, Cut, Errors, cuts_of, krumhansl_schmuckler, records, sing

from vocalmidi.phrase import KeyEvidence, KeyHint, PhraseSettings, build_phrase, estimate_key
from vocalmidi.phrase.key import EARLIER_WEIGHT, PROJECT_WEIGHT, evidence_of
from vocalmidi.values import Key, Phrase

ROWS = ("alone", "history", "project", "helped", "plain", "labelled")
EARLIER = 2
BINS = 10


@dataclass(frozen=True, slots=True)
class Said:
    """One answer beside the truth; probability is None where the method gives none."""

    found: KeyName
    true: KeyName
    probability: float | None

    @property
    def is_exact(self) -> bool:
        """Tell whether tonic and mode are right."""
        return self.found == self.true

    @property
    def is_near(self) -> bool:
        """Tell whether it is the key, its relative or that of a fifth beside."""
        apart = (self.found[0] - self.true[0]) % 12
        if self.found[1] == self.true[1]:
            return apart in (0, 5, 7)
        return apart == (9 if self.true[1] == "major" else 3)


def measure(path: Path, split: str, most: int, errors: Errors) -> dict[str, list[Said]]:
    """Return the answers of every row for one set."""
    said: dict[str, list[Said]] = {row: [] for row in ROWS}
    chance = random.Random(path.parent.name)  # noqa: S311 - repeatable timing errors, not secrets
    left_out = set(json.loads((path.parents[1] / "exclude.json").read_text()))
    songs = [
        record
        for record in records(path)
        if record["split"] == split and record["tracks"].get("melody") and record["id"] not in left_out
    ]
    chance.shuffle(songs)
    for record in songs:
        earlier = list[Phrase]()
        for cut in list(cuts_of(record, chance)):
            if len(said["alone"]) == most:
                return said
            true, label = checked_key(record), labelled_key(record)
            if true is None or label is None:
                continue
            events, _ = sing(cut, errors, chance)
            phrase = build_phrase(events, PhraseSettings(meter=cut.meter))
            notes = evidence_of(phrase.notes)
            history = [KeyHint(evidence_of(before.notes), EARLIER_WEIGHT) for before in earlier[-EARLIER:]]
            said["alone"].append(_said(phrase.key, true))
            said["labelled"].append(_said(phrase.key, label))
            said["plain"].append(Said(krumhansl_schmuckler(cut), true, None))
            if history:
                said["history"].append(_said(estimate_key(notes, history), true))
            around = project_evidence(record, cut)
            project = [KeyHint(around, PROJECT_WEIGHT)] if around else []
            if project:
                said["project"].append(_said(estimate_key(notes, project), true))
            said["helped"].append(_said(estimate_key(notes, history + project), true))
            earlier.append(phrase)
    return said


def _said(key: Key, true: KeyName) -> Said:
    return Said((key.tonic, key.mode), true, key.probability)


def project_evidence(record: dict[str, Any], cut: Cut) -> KeyEvidence | None:
    """Return the song's piano over the phrase's bars, None where the set has none."""
    piano = sorted(record["tracks"].get("piano") or [])
    first = _bar_line(record, cut)
    inside = [note for note in piano if first <= note[0] < first + BARS * cut.meter.bar_qn]
    if not inside:
        return None
    return KeyEvidence(
        tuple(int(note[2]) for note in inside),
        tuple(max(float(note[1]), 0.05) for note in inside),
        tuple(float(note[0]) for note in inside),
    )


def _bar_line(record: dict[str, Any], cut: Cut) -> float:
    """Return where the phrase's first bar begins in its song: where its first notes are found again."""
    opening = cut.notes[:FINGERPRINT]
    melody = [(float(on), int(pitch)) for on, _, pitch, *_ in record["tracks"]["melody"]]
    for index in range(len(melody) - len(opening) + 1):
        shift = melody[index][0] - opening[0][0]
        here = melody[index : index + len(opening)]
        if all(
            abs(on - shift - want[0]) < 1e-6 and pitch == want[2]
            for (on, pitch), want in zip(here, opening, strict=True)
        ):
            return shift
    raise ValueError(f"{cut.name}: the phrase is not in its song")


FINGERPRINT = 12
"""Notes that tell a phrase's place; a repeat has the same harmony almost always."""


def figures(said: list[Said]) -> dict[str, float]:
    """Return the figures of one row, per cent but for the count."""
    found = {
        "phrases": len(said),
        "exact": 100.0 * float(np.mean([each.is_exact for each in said])),
        "near": 100.0 * float(np.mean([each.is_near for each in said])),
    }
    sure = [(each.probability, each.is_exact) for each in said if each.probability is not None]
    if sure:
        found["sure"] = 100.0 * float(np.mean([p for p, _ in sure]))
        found["ece"] = 100.0 * calibration_error(np.array([p for p, _ in sure]), np.array([right for _, right in sure]))
    return {name: round(value, 1) for name, value in found.items()}


def calibration_error(probability: np.ndarray, right: np.ndarray) -> float:
    """Return the mean distance between probability and share right, over ten bins, weighted by their size (ECE)."""
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    bins = [place == number for number in range(BINS) if (place == number).any()]
    return float(sum(abs(probability[here].mean() - right[here].mean()) * here.mean() for here in bins))


def table(results: dict[str, dict[str, list[Said]]]) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Yield set, row and figures; the last set is all together."""
    everything = {row: [each for said in results.values() for each in said[row]] for row in ROWS}
    for name, said in [*results.items(), ("together", everything)]:
        for row in ROWS:
            if said[row]:
                yield name, row, figures(said[row])


def main() -> None:
    """Print the figures of each set and of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(__file__).resolve().parents[1].parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("VOCALMIDI_SHARED", beside)))
    parser.add_argument("--sets", nargs="+", default=["pop909", "openewld", "essen"])
    parser.add_argument("--split", default="valid")
    parser.add_argument("--most", type=int, default=10_000, help="phrases of each set")
    parser.add_argument("--jitter-ms", type=float, default=30.0)
    parser.add_argument(
        "--drift-percent", type=float, default=1.7, help="spread of the change of tempo from bar to bar"
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    errors = Errors(arguments.jitter_ms / 1000.0, arguments.drift_percent / 100.0)
    results = {
        name: measure(
            arguments.shared / "data" / "symbolic" / name / "data.jsonl.zst", arguments.split, arguments.most, errors
        )
        for name in arguments.sets
    }
    rows = list(table(results))
    if arguments.json:
        print(json.dumps([{"set": name, "row": row} | found for name, row, found in rows]))
        return
    for name, row, found in rows:
        print(f"{name:10} {row:9}", "  ".join(f"{key} {value:6.1f}" for key, value in found.items()))


if __name__ == "__main__":
    main()
