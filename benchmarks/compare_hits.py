"""Our hits beside aubio's onsets, side by side in one run on the same beatbox recordings, one core each.

    python -m benchmarks.compare_hits [--sets beatboxset1 hmc_beatbox] [--json OUT.json]

In: annotated beatbox of the shared folder, and build/rivals-venv with aubio, which `compare_voice` makes. Out: a line a
set and system: onset F at ±50 and ±25 ms over all labels, ours three-class F as `score_voice.py` has it, CPU seconds
per second of sound. aubio knows onsets and no classes; where it is not installed it is named as absent.
"""

import argparse
import csv
import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import mir_eval
import numpy as np

from vocalmidi.app.convert import hear_file
from vocalmidi.app.ears import open_ears
from vocalmidi.app.report import Json, live_json, transcription_json
from vocalmidi.app.simulate import open_live_path, simulate
from vocalmidi.capture import open_recording
from vocalmidi.config import load_settings

ROOT = Path(__file__).resolve().parents[1]
RIVAL_PYTHON = ROOT / "build" / "rivals-venv" / "bin" / "python"
METHODS = ("complex", "hfc", "specflux")
CLASSES = ("kick", "snare", "hihat")
WINDOW_S = 0.025
Hits = list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """What one system reached on one set; class_f is None where it knows no classes."""

    set_name: str
    system: str
    f_50ms: float
    f_25ms: float
    class_f: float | None
    cpu_share: float


def annotated(path: Path) -> Hits:
    """Return the annotated events of a recording, in order."""
    with path.with_suffix(".perc.csv").open(encoding="utf-8", newline="") as table:
        return sorted((float(row["onset_s"]), row["label"]) for row in csv.DictReader(table))


def onset_f(true: Hits, found: Hits, window_s: float) -> float:
    """Return the F measure of onsets whatever their labels."""
    if not found:
        return 0.0
    reference, estimate = (np.sort([onset_s for onset_s, _ in hits]) for hits in (true, found))
    return float(mir_eval.onset.f_measure(reference, estimate, window=window_s)[0])


def class_f(true: Hits, found: Hits) -> float:
    """Return the F measure over kick, snare and hats; what falls on another label counts neither way."""
    other = np.array([onset_s for onset_s, label in true if not label.startswith(CLASSES)])
    kept = [hit for hit in found if not len(other) or np.abs(other - hit[0]).min() > WINDOW_S]
    right = wrong = 0
    for name in CLASSES:
        reference, estimate = ([t for t, label in hits if label.startswith(name)] for hits in (true, kept))
        both = len(mir_eval.util.match_events(np.sort(reference), np.sort(estimate), WINDOW_S)) if estimate else 0
        right, wrong = right + both, wrong + len(reference) + len(estimate) - 2 * both
    return 2 * right / max(1, 2 * right + wrong)


def hits_of(table: Json) -> Hits:
    """Return the hits of a transcription."""
    return [(hit["onset_s"], hit["label"]) for hit in table["hits"]]


def ours() -> dict[str, Callable[[Path], Hits]]:
    """Return our two passes by name."""
    ears = open_ears("cpu")
    path_of_sound = open_live_path(replace(load_settings(), provider="cpu"))
    return {
        "considered": lambda path: hits_of(transcription_json(hear_file(path, ears))),
        "live": lambda path: hits_of(live_json(simulate(open_recording(path), path_of_sound, None))),
    }


def line(set_name: str, system: str, clips: list[Path], listen: Callable[[Path], Hits]) -> Line:
    """Return what a system of ours reaches on a set."""
    began = time.process_time()
    pairs = [(annotated(path), listen(path)) for path in clips]
    seconds = sum(open_recording(path).duration_s for path in clips)
    return Line(
        set_name,
        system,
        *(float(np.mean([onset_f(*pair, window_s) for pair in pairs])) for window_s in (2 * WINDOW_S, WINDOW_S)),
        float(np.mean([class_f(*pair) for pair in pairs])),
        (time.process_time() - began) / seconds,
    )


def rival_line(set_name: str, method: str, clips: list[Path]) -> Line:
    """Return what aubio reaches on a set."""
    before = os.times()
    script = ROOT / "benchmarks" / "rivals" / "onsets.py"
    done = subprocess.run(
        [str(RIVAL_PYTHON), str(script), method, *map(str, clips)], capture_output=True, text=True, check=True
    )
    after = os.times()
    pairs = [
        (annotated(path), [(t, "") for t in found]) for path, found in zip(clips, json.loads(done.stdout), strict=True)
    ]
    seconds = sum(open_recording(path).duration_s for path in clips)
    return Line(
        set_name,
        f"aubio {method}",
        *(float(np.mean([onset_f(*pair, window_s) for pair in pairs])) for window_s in (2 * WINDOW_S, WINDOW_S)),
        None,
        (after.children_user - before.children_user) / seconds,
    )


def main() -> None:
    """Read the command line, listen, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--sets", nargs="+", default=["beatboxset1", "hmc_beatbox"])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    lines: list[Line] = []
    print(f"{'set':12} {'system':15} F 50 ms  F 25 ms  class F  CPU share")
    for name in given.sets:
        clips = sorted((given.shared / "data" / "vocal" / name).glob("*.flac"))
        found = [line(name, system, clips, listen) for system, listen in ours().items()]
        if RIVAL_PYTHON.exists():
            found += [rival_line(name, method, clips) for method in METHODS]
        else:
            print(f"{name:12} aubio is absent: run benchmarks.compare_voice once, which makes {RIVAL_PYTHON.parent}")
        for one in found:
            classes = "      –" if one.class_f is None else f"{one.class_f:7.3f}"
            print(
                f"{one.set_name:12} {one.system:15} {one.f_50ms:7.3f} {one.f_25ms:8.3f}  {classes} {one.cpu_share:9.4f}"
            )
        lines += found
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in lines], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
