"""Transcribe annotated recordings and score them with the project's referee.

In: folders of X.flac beside X.notes.csv and/or X.perc.csv (by default ssvd2, beatboxset1 and hmc_beatbox in the shared
data), and the referee, `eval/score_voice.py` of the shared folder. Out: X.json for every clip under `--out-dir`, as
`vocalmidi transcribe --json` (or `simulate`) writes it, and a block of lines a set: what the referee prints, hits
a minute and notes a minute. On a set of singing every hit is a false one, on a set of beatboxing nearly every note.

    python benchmarks/score_sets.py                    # considered
    python benchmarks/score_sets.py --live             # what a player would have got
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from vocalmidi.app.ears import Ears, open_ears
from vocalmidi.app.report import live_json, transcription_json
from vocalmidi.app.simulate import LivePath, open_live_path, simulate
from vocalmidi.capture import open_recording
from vocalmidi.config import load_settings
from vocalmidi.events import transcribe
from vocalmidi.frames import analyse

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
SETS = ("ssvd2", "beatboxset1", "hmc_beatbox")


@dataclass(frozen=True, slots=True)
class Tally:
    """How much was heard in how many minutes."""

    minutes: float
    notes: int
    hits: int


@dataclass(frozen=True, slots=True)
class Ear:
    """What hears: the considered models, or the live path where that is scored."""

    ears: Ears
    live: LivePath | None


def transcribe_set(folder: Path, out_dir: Path, ear: Ear) -> Tally:
    """Write X.json for every X.flac of a folder and return how much was heard."""
    out_dir.mkdir(parents=True, exist_ok=True)
    minutes, notes, hits = 0.0, 0, 0
    for clip in sorted(folder.glob("*.flac")):
        recording = open_recording(clip)
        if ear.live:
            table = live_json(simulate(recording, ear.live, None))
        else:
            table = transcription_json(transcribe(analyse(recording.blocks(), ear.ears.voice, timbre=ear.ears.timbre)))
        (out_dir / f"{clip.stem}.json").write_text(json.dumps(table) + "\n", encoding="utf-8")
        minutes += recording.duration_s / 60.0
        notes, hits = notes + len(table["notes"]), hits + len(table["hits"])
    return Tally(minutes, notes, hits)


def referee(folder: Path, out_dir: Path, *, live: bool) -> str:
    """Return what the referee prints; of sets with flagged clips only the good ones count."""
    command = [sys.executable, str(SHARED / "eval" / "score_voice.py"), str(folder), str(out_dir)]
    clips = folder / "clips.csv"
    if clips.exists() and "flag" in clips.read_text(encoding="utf-8").splitlines()[0].split(","):
        command += ["--flag", "ok"]
    if live:
        command.append("--live")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{folder.name}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def main() -> None:
    """Read the command line and score every set asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=SETS, help=f"names under {SHARED}/data/vocal, or folders")
    parser.add_argument("--out-dir", type=Path, default=ROOT / "build" / "scores")
    parser.add_argument("--live", action="store_true", help="score the live path instead")
    parser.add_argument("--look-ahead", type=int, default=20, choices=(20, 50, 100), help="ms, of the live path")
    chosen = parser.parse_args()
    settings = replace(load_settings(), provider="cpu", look_ahead_ms=chosen.look_ahead)
    ear = Ear(open_ears("cpu"), open_live_path(settings) if chosen.live else None)
    for name in chosen.sets:
        folder = Path(name) if Path(name).is_dir() else SHARED / "data" / "vocal" / name
        out_dir = chosen.out_dir / ("live" if chosen.live else "considered") / folder.name
        tally = transcribe_set(folder, out_dir, ear)
        print(f"{folder.name}: {referee(folder, out_dir, live=chosen.live)}")
        per_minute = f"{tally.notes / tally.minutes:.1f} notes and {tally.hits / tally.minutes:.2f} hits a minute"
        print(f"  {tally.minutes:.1f} min, {per_minute}")


if __name__ == "__main__":
    main()
