"""Our figures and those of other trackers, side by side in one run on the same recordings, one core each.

    python -m benchmarks.compare_voice [--fresh] [--systems considered swift-f0 ...] [--json OUT.json]

In: SSVD's development clips, the independent set and the hums (`voice_sets.py`). The rivals of `rivals/rivals.txt` are
installed into build/rivals-venv; one that can't be is named with the reason. Each system transcribes in a process of
its own into build/compare/SYSTEM/SET/STEM.json; a rival's files are kept and read again unless `--fresh` (its CPU
time is then that of the run that wrote them), ours are always made anew.
Out: a table a set and condition: notes by mir_eval (COn, COnP, COnPOff at 50 ms and COnP at 100 ms), raw pitch accuracy
and voicing false alarms where the truth is exact, CPU seconds per second of sound. `own`: notes by the system itself;
`*`: by the segmentation in `rivals/common_notes.py`, the same for all.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.rivals.common_notes import common_notes
from benchmarks.rivals.trackers import RIVALS
from benchmarks.voice_sets import ROOT, Annotated, voice_sets
from training.voice.scores import NoteScores, PitchScores, mean_scores, note_scores, pitch_scores

OURS = ("considered", "live20", "live50", "live100")
"""What `ours.py` runs."""
LIST = ROOT / "benchmarks/rivals/rivals.txt"
VENV = ROOT / "build/rivals-venv"
OUT = ROOT / "build/compare"
NOT_INSTALLABLE = {
    "pYIN's own notes": "the Vamp plug-in of Tony is packaged neither on PyPI nor in Debian 12",
}
"""What a registry doesn't have; `pyin` is librosa's, of the same paper, without the note model."""
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "TORCH_NUM_THREADS"), "1"
)
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a system (`own` or `*`) on one condition of a set."""

    group: str
    system: str
    notes: NoteScores
    pitch: PitchScores | None


def packages(rival: str) -> list[list[str]]:
    """Return the arguments of pip for a rival, a list a call."""
    lines = [line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    return [rest for name, *rest in lines if name in ("common", rival)]


def installed_as(system: str) -> str:
    """Return the name in `rivals.txt` of a system; aubio is two."""
    return "aubio" if system.startswith("aubio") else system


def install(rival: str) -> str | None:
    """Install a rival; return why it can't be, or None."""
    python = VENV / "bin/python"
    done = VENV / f".{rival}-installed"
    if done.exists() and done.stat().st_mtime > LIST.stat().st_mtime:
        return None
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    for arguments in packages(rival):
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            said = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")] or ["pip failed"]
            return f"pip install {' '.join(arguments)}: {said[-1]}"
    done.touch()
    return None


def transcribe(system: str, clips: list[Annotated], folder: Path, *, fresh: bool) -> str | None:
    """Let a system write a JSON file for each clip that has none yet; return why it failed, or None."""
    folder.mkdir(parents=True, exist_ok=True)
    for clip in clips:
        old = folder / f"{clip.path.stem}.json"
        if old.exists() and (fresh or old.stat().st_mtime < clip.path.stat().st_mtime):
            old.unlink()
    missing = [str(clip.path) for clip in clips if not (folder / f"{clip.path.stem}.json").exists()]
    if not missing:
        return None
    worker = [sys.executable, "-m", "benchmarks.ours"]
    if system in RIVALS:
        worker = [str(VENV / "bin/python"), str(ROOT / "benchmarks/rivals/trackers.py")]
    command = [*worker, system, str(folder), *missing]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **ONE_THREAD}
    )
    return None if ran.returncode == 0 else (ran.stderr.strip().splitlines() or ["no reason given"])[-1]


def notes_of(found: Found) -> np.ndarray:
    """Return a system's own notes."""
    rows = [(n["onset_s"], n["offset_s"], n["pitch_midi"]) for n in found["notes"] if n["offset_s"] > n["onset_s"]]
    return np.array(rows, np.float64).reshape(-1, 3)


def segmented(found: Found, clip: Annotated) -> np.ndarray:
    """Return a system's pitch in the common segmentation."""
    frames = {name: np.array(values, np.float64) for name, values in found["frames"].items()}
    return common_notes(frames["time_s"], frames["f0_hz"], frames["voiced"] > 0, *clip.sound())


def pitch_of(found: Found, clip: Annotated) -> PitchScores:
    """Return how right a system's pitch is, each frame of the truth by the system's nearest."""
    time_s = np.array(found["frames"]["time_s"])
    nearest = np.abs(time_s[:, None] - 0.01 * np.arange(len(clip.f0_hz))).argmin(axis=0)
    f0_hz = np.maximum(np.array(found["frames"]["f0_hz"])[nearest], 1.0)
    voiced = np.array(found["frames"]["voiced"])[nearest] > 0
    return pitch_scores(clip.f0_hz, 69.0 + 12.0 * np.log2(f0_hz / 440.0), voiced)


def rows(group: str, system: str, pairs: list[tuple[Annotated, Found]]) -> Iterator[Row]:
    """Yield a system's lines for the clips of one condition."""
    has_frames = bool(pairs[0][1]["frames"]["time_s"])
    exact = has_frames and pairs[0][0].f0_hz is not None
    pitch = sum((pitch_of(found, clip) for clip, found in pairs), PitchScores()) if exact else None
    if pairs[0][1]["notes"] is not None:
        own = mean_scores(note_scores(clip.notes, notes_of(found)) for clip, found in pairs)
        yield Row(group, f"{system} own", own, pitch)
    if has_frames and system not in OURS:
        common = mean_scores(note_scores(clip.notes, segmented(found, clip)) for clip, found in pairs)
        yield Row(group, f"{system} *", common, pitch)


def show(group: str, lines: list[Row]) -> None:
    """Print the table of one condition."""
    print(f"\n{group:<22}   COn  COnP COnPOff COnP100   RPA  false alarms")
    for row in lines:
        n = row.notes
        pitch = f"{row.pitch.raw_pitch_accuracy:6.3f} {row.pitch.false_alarms:9.3f}" if row.pitch else ""
        print(f"{row.system:<22} {n.con:.3f} {n.conp:.3f} {n.conpoff:7.3f} {n.conp100:7.3f} {pitch}", flush=True)


def main() -> None:
    """Run every system on every set and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--independent", type=Path, default=ROOT / "out/voice_eval")
    parser.add_argument("--hummed", type=Path, default=ROOT / "out/voice_eval_hum")
    parser.add_argument("--systems", nargs="+", choices=[*OURS, *RIVALS], default=["considered", "live50", *RIVALS])
    parser.add_argument("--most", type=int, default=10_000, help="clips a set at most")
    parser.add_argument("--fresh", action="store_true", help="let the rivals transcribe again")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    given = parser.parse_args()
    sets = {n: clips[: given.most] for n, clips in voice_sets(given.shared, given.independent, given.hummed).items()}
    print("one core each; no recordings by other annotators than SSVD's are in the shared data")
    heard: dict[str, dict[str, list[tuple[Annotated, Found]]]] = {}
    for system in given.systems:
        reason = install(installed_as(system)) if system in RIVALS else None
        for name, clips in sets.items():
            folder = OUT / system / name
            reason = reason or transcribe(system, clips, folder, fresh=given.fresh or system in OURS)
            if not reason:
                files = [(clip, json.loads((folder / f"{clip.path.stem}.json").read_text())) for clip in clips]
                heard.setdefault(system, {})[name] = files
        if reason:
            print(f"left out: {system}: {reason}", flush=True)
            heard.pop(system, None)
    for name, reason in NOT_INSTALLABLE.items():
        print(f"left out: {name}: {reason}")
    table = list(all_rows(heard, sets))
    costs = {system: cost(found) for system, found in heard.items()}
    print("\nCPU seconds per second of sound")
    for system, (seconds, said) in sorted(costs.items(), key=lambda item: item[1][0]):
        print(f"{system:<22} {seconds:.4f}   {said}")
    if given.json:
        plain = [
            {"group": r.group, "system": r.system, **asdict(r.notes), **asdict(r.pitch or PitchScores())} for r in table
        ]
        given.json.write_text(
            json.dumps({"scores": plain, "cpu_s_per_s": {k: v[0] for k, v in costs.items()}}, indent=1)
        )


def all_rows(
    heard: dict[str, dict[str, list[tuple[Annotated, Found]]]], sets: dict[str, list[Annotated]]
) -> Iterator[Row]:
    """Print and yield the lines of every set by condition."""
    for name, clips in sets.items():
        for condition in sorted(
            {clip.condition for clip in clips}, key=["real", "clean", "20db", "10db", "reverb"].index
        ):
            group = f"{name}, {condition}"
            lines = [
                row
                for system, found in heard.items()
                for row in rows(group, system, [pair for pair in found[name] if pair[0].condition == condition])
            ]
            show(group, lines)
            yield from lines


def cost(found: dict[str, list[tuple[Annotated, Found]]]) -> tuple[float, str]:
    """Return a system's CPU seconds per second of sound, and its version."""
    files = [one for pairs in found.values() for _, one in pairs]
    return sum(f["cpu_s"] for f in files) / sum(f["duration_s"] for f in files), files[0]["rival"]


if __name__ == "__main__":
    main()
