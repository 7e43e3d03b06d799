"""The annotated singing that the benchmarks of the voice run on: recordings with notes, and pitch where it is exact.

In: the shared data and the folders that `training.voice.make_eval` writes (made here where they are missing). Out:
`Annotated` recordings by set. SSVD gives its development third alone: clips that no model of ours has heard.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from training.voice.data_ssvd import read_notes, split

Array = npt.NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, eq=False)
class Annotated:
    """A recording, its row of the table, notes (m, 3) onset_s, offset_s, pitch_midi; f0_hz every 10 ms or None."""

    path: Path
    condition: str
    notes: Array
    f0_hz: Array | None = None

    def sound(self) -> tuple[Array, int]:
        """Return the samples and their rate."""
        audio, rate_hz = soundfile.read(self.path, dtype="float64", always_2d=True)
        return audio.mean(axis=1), rate_hz


def ssvd(shared: Path) -> list[Annotated]:
    """Return SSVD's development clips: real sight-singing, other people's labels, measured pitch."""
    folder = shared / "data/vocal/ssvd2"
    found = []
    for name in split(folder)[1]:
        notes = read_notes(folder / f"{name}.notes.csv").astype(np.float64)
        found.append(Annotated(folder / f"{name}.flac", "real", notes))
    return found


def exact(folder: Path) -> list[Annotated]:
    """Return a folder of `make_eval`."""
    found = []
    for path in sorted(folder.glob("*.flac")):
        notes = np.loadtxt(path.with_suffix(".notes.csv"), delimiter=",", skiprows=1, ndmin=2, usecols=(0, 1, 2))
        f0_hz = np.load(path.with_suffix(".f0.npy")).astype(np.float64)
        found.append(Annotated(path, path.stem.rpartition("_")[2], notes, f0_hz))
    return found


def make_exact(sung: Path, hummed: Path, shared: Path) -> None:
    """Make the independent sets where they are not there yet (espeak-ng and pyworld; a minute)."""
    if any(sung.glob("*.flac")) and any(hummed.glob("*.flac")):
        return
    made = ["--out", str(sung), "--hum-out", str(hummed), "--rooms", str(shared / "data/rooms")]
    subprocess.run([sys.executable, "-m", "training.voice.make_eval", *made], check=True, cwd=ROOT)


def voice_sets(shared: Path, sung: Path, hummed: Path) -> dict[str, list[Annotated]]:
    """Return every set by name."""
    make_exact(sung, hummed, shared)
    return {"ssvd": ssvd(shared), "independent": exact(sung), "hummed": exact(hummed)}
