"""Measure what the vote of several loop passes takes away: errors of the combination beside those of every pass.

In: symbolic sets (`--shared`, by default ../shared beside the repository), cut into phrases of eight bars as in
`phrase_accuracy.py`. Each is sung `--passes` times at a known tempo with 30 ms of jitter; of the notes, a share is not
heard, another is heard with a wrong pitch (a semitone or an octave off), and as many are heard that nobody sang.
Confidences are drawn: of what is right about 0.8, of what is wrong about 0.5. Out: errors for a hundred notes sung, an
error being a note that is missing or that nobody meant; a note is right with its pitch and its place on the grid.
Rows: a pass on average, the best pass of each loop (chosen knowing the truth), the one pass of most confidence (chosen
without), and the combination.

    python benchmarks/loop_passes.py --json
"""

import argparse
import json
import os
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from phrase_accuracy import Cut, Errors, cuts, sing

from vocalmidi.phrase import PhraseSettings, build_phrase, combine_passes
from vocalmidi.units import QuarterNotes, SampleIndex
from vocalmidi.values import Events, NoteEvent, Phrase, TempoMap

BEGIN_S = 0.5
"""Where `sing` puts the first bar line."""
RIGHT_CONFIDENCE, WRONG_CONFIDENCE = (8.0, 2.0), (4.0, 4.0)
"""Of beta distributions."""
SLIPS = (-12, -1, 1, 12)


def misheard(events: Events, share: float, chance: random.Random) -> Events:
    """Return the events as a decoder with errors gives them."""
    notes = list[NoteEvent]()
    for note in events.notes:
        fate = chance.random()
        if fate < share:
            continue
        slip = chance.choice(SLIPS) if fate < 2 * share else 0
        confidence = chance.betavariate(*(WRONG_CONFIDENCE if slip else RIGHT_CONFIDENCE))
        middle = SampleIndex((note.onset + note.offset) // 2)
        if chance.random() < share and middle - note.onset > 800:  # a note of half the length, and another after it
            other = chance.betavariate(*WRONG_CONFIDENCE)
            pitch_midi = note.pitch_midi + chance.choice((-2, -1, 0, 1, 2))
            notes.append(replace(note, offset=middle, pitch_midi=note.pitch_midi + slip, confidence=confidence))
            notes.append(replace(note, onset=middle, pitch_midi=pitch_midi, confidence=other))
        else:
            notes.append(replace(note, pitch_midi=note.pitch_midi + slip, confidence=confidence))
    return replace(events, notes=tuple(notes))


def loop_pass(cut: Cut, share: float, errors: Errors, chance: random.Random) -> Phrase:
    """Return one pass on the loop's own axis."""
    events = misheard(sing(cut, errors, chance)[0], share, chance)
    grid = TempoMap.constant(cut.tempo_qpm, BEGIN_S)
    phrase = build_phrase(events, PhraseSettings(tempo_map=grid, meter=cut.meter))
    # Where the first bars hold nothing the phrase counts from a later bar line.
    later_qn = round(grid.qn_at(phrase.tempo_map.time_at(0.0)), 6)
    notes = tuple(
        replace(
            note,
            start_qn=QuarterNotes(note.start_qn + later_qn),
            played_start_qn=QuarterNotes(note.played_start_qn + later_qn),
        )
        for note in phrase.notes
    )
    return replace(phrase, notes=notes, length_qn=QuarterNotes(LONGEST_QN), tempo_map=grid)


LONGEST_QN = 400.0
"""Longer than any loop here: where passes end is not what is measured."""


def wrong(phrase: Phrase, cut: Cut) -> int:
    """Return how many notes are missing and how many nobody meant."""
    meant = Counter((round(on * 24), pitch) for on, _, pitch in cut.notes)
    found = Counter((round(note.start_qn * 24), note.pitch_midi) for note in phrase.notes)
    return (meant - found).total() + (found - meant).total()


def measure(chosen: list[Cut], passes: int, share: float, chance: random.Random) -> dict[str, float]:
    """Return errors for a hundred notes."""
    counted: dict[str, list[int]] = {"average": [], "best": [], "surest": [], "combined": []}
    for cut in chosen:
        sung = [loop_pass(cut, share, Errors(0.03, 0.0), chance) for _ in range(passes)]
        errors = [wrong(each, cut) for each in sung]
        surest = max(range(passes), key=lambda n: np.mean([note.confidence for note in sung[n].notes]))
        counted["average"].append(sum(errors) / passes)
        counted["best"].append(min(errors))
        counted["surest"].append(errors[surest])
        counted["combined"].append(wrong(combine_passes(sung).combined, cut))
    notes = sum(len(cut.notes) for cut in chosen)
    return {"phrases": len(chosen)} | {row: round(100.0 * sum(n) / notes, 1) for row, n in counted.items()}


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(__file__).resolve().parents[1].parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("VOCALMIDI_SHARED", beside)))
    parser.add_argument("--sets", nargs="+", default=["pop909", "openewld", "essen"])
    parser.add_argument("--split", default="valid")
    parser.add_argument("--most", type=int, default=100, help="phrases of each set")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.06, help="of notes missed, misheard and invented, each")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = list[dict[str, object]]()
    for name in arguments.sets:
        chance = random.Random(name)  # noqa: S311 - repeatable errors, not secrets
        path = arguments.shared / "data" / "symbolic" / name / "data.jsonl.zst"
        chosen = list(cuts(path, arguments.split, arguments.most, chance))
        found = measure(chosen, arguments.passes, arguments.share, chance)
        rows.append({"set": name, "passes": arguments.passes} | found)
        if not arguments.json:
            print(f"{name:10}", "  ".join(f"{key} {value:5.1f}" for key, value in found.items()), flush=True)
    if arguments.json:
        print(json.dumps(rows))


if __name__ == "__main__":
    main()
