"""What a conversion costs: time and memory for 30 s, 5 minutes and 60 minutes of voice.

    python benchmarks/convert_cost.py [--minutes 0.5 5 60]

The bundled recording is repeated to each length, so that the music is equally dense. Each conversion runs in a process
of its own; its start-up (interpreter, imports, model) is measured by converting one second and taken off, as is said
beside each figure. Peak memory is the process's maximum resident set. All cores may be used.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

DEMO = Path(__file__).parents[1] / "daemon/vocalmidi/demo/demo_voice.flac"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, nargs="+", default=[0.5, 5, 60])
    lengths = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        start_up_s = min(measure(recording(folder, 2.0))[0] for _ in range(3))
        print(f"start-up {start_up_s:.2f} s (a conversion of 2 s), {os.cpu_count()} cores")
        for minutes in lengths:
            voice = recording(folder, minutes * 60)
            wall_s, peak_mb, notes = measure(voice)
            after_s = max(0.0, wall_s - start_up_s)
            print(
                f"{minutes:6.1f} min: {wall_s:7.2f} s in all, {after_s:7.2f} s after start-up"
                f" ({after_s / minutes / 60:.4f} s a second of voice), peak {peak_mb:.0f} MB, {notes} notes"
            )


def recording(folder: str, seconds: float) -> Path:
    samples, rate = soundfile.read(DEMO, dtype="float32")
    path = Path(folder) / f"{seconds:g}.flac"
    wanted = round(seconds * rate)
    with soundfile.SoundFile(path, "w", rate, 1, format="FLAC") as file:
        while wanted > 0:
            piece = samples[: min(wanted, len(samples))]
            file.write(np.asarray(piece))
            wanted -= len(piece)
    return path


def measure(voice: Path) -> tuple[float, float, int]:
    """Return wall seconds, peak resident megabytes and notes heard of one conversion."""
    command = [sys.executable, "-m", "vocalmidi", "convert", str(voice), "-o", str(voice.with_suffix(".mid")), "--json"]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        printed = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"{voice} failed")
    return wall_s, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2), json.loads(printed)["notes"]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
