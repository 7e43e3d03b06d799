"""Beatbox that people recorded for research: the Harvey Mudd patterns and mitrank's one-shots.

In: the folder `vocal` of the shared sets. Out: `Recorded` sounds, cut at the next onset. Neither set states a licence:
they are left out by `data_patches --no-research`. beatboxset1 is never read here: it is for measuring alone.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from training.timbre.data_consonants import burst, cut_out, read
from training.timbre.sounds import HAT_CLOSED, HAT_OPEN, HITS, KICK, SNARE, Recorded
from training.voice.data_world import RATE_HZ

SETS = ("hmc_beatbox", "mitrank_oneshots")
NAMES = {"kick": KICK, "snare": SNARE, "hihat_closed": HAT_CLOSED, "hihat_open": HAT_OPEN, "hihat": HAT_CLOSED}
NEAR_S = 0.03
"""The derived labels lie on peaks of the flux: the burst is within that, before or after."""
LONGEST_S = 0.5
BEFORE_NEXT_S = 0.012


def class_of(label: str) -> int | None:
    """Return the class of an annotator's label such as snare_k; None where it names none of the kit."""
    return NAMES.get(label) if label in NAMES else SNARE if label.startswith("snare") else None


def annotated(path: Path) -> list[tuple[float, str]]:
    """Return (onset_s, label) of the `.perc.csv` beside a recording."""
    with path.with_name(f"{path.stem}.perc.csv").open(encoding="utf-8") as lines:
        return [(float(row["onset_s"]), row["label"]) for row in csv.DictReader(lines)]


def recorded_hits(vocal: Path) -> Iterator[Recorded]:
    """Yield the labelled hits of the sets that may train, named by performer and label."""
    for folder in SETS:
        for path in sorted((vocal / folder).glob("*.flac")):
            audio, rows = read(path), annotated(path)
            # A performer of several takes is one person; a one-shot stands for itself.
            who = path.stem.rpartition("_")[0] if folder == "hmc_beatbox" else path.stem
            for number, (onset_s, label) in enumerate(rows):
                named = class_of(label)
                labels = HITS if named is None else frozenset({named})
                near, reach = round(onset_s * RATE_HZ), int(NEAR_S * RATE_HZ)
                onset, _ = burst(audio, max(0, near - reach), near + reach)
                following = rows[number + 1][0] - BEFORE_NEXT_S if number + 1 < len(rows) else len(audio) / RATE_HZ
                stop = min(onset + int(LONGEST_S * RATE_HZ), int(following * RATE_HZ), len(audio))
                if stop - onset > 0.02 * RATE_HZ:  # shorter is none: the next one was labelled upon it
                    name = f"{folder} {who} {label}"
                    yield Recorded(name, labels, folder, cut_out(audio, onset, stop))
