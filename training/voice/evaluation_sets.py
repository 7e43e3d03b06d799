"""The sets that models are scored on, as clips with the row of the table each belongs to.

In: the name of a set: `ssvd` (development clips, never trained on; pitch truth measured on the recording),
`ssvd-train`, or a folder of .npz as `data_voice` writes them or of FLAC as `make_eval` does. Out: `Clip`s and rows.
"""

from pathlib import Path

import numpy as np
import soundfile

from training.voice.data_ssvd import Clip, read_clip, split


def clips_of(name: str, shared: Path) -> list[tuple[Clip, str]]:
    """Return the clips of a set with their conditions."""
    folder = shared / "vocal" / "ssvd2"
    if name in ("ssvd", "ssvd-train"):
        return [(read_clip(folder, clip), "ssvd") for clip in split(folder)[name == "ssvd"]]
    if recordings := sorted(Path(name).glob("*.flac")):
        return [(read_recording(path), path.stem.rpartition("_")[2]) for path in recordings]
    found = []
    for path in sorted(Path(name).glob("*.npz")):
        with np.load(path) as held:
            tags = str(held["tags"]) if "tags" in held else ""
        found.append((read_synthetic(path), condition_of(tags)))
    if not found:
        raise FileNotFoundError(
            f"{name}: no .flac and no .npz there; training/voice/README.md says what makes the sets"
        )
    return found


def read_recording(path: Path) -> Clip:
    """Return a FLAC with its `.notes.csv` and `.f0.npy` beside it, as `make_eval` writes them."""
    audio, _ = soundfile.read(path, dtype="float32")
    notes = np.loadtxt(path.with_suffix(".notes.csv"), delimiter=",", skiprows=1, ndmin=2, usecols=(0, 1, 2))
    f0_hz = np.load(path.with_suffix(".f0.npy")).astype(np.float32)
    return Clip(path.stem, audio, f0_hz, notes.astype(np.float32), None, labelled=False)


def read_synthetic(path: Path) -> Clip:
    """Return one file of the synthetic set as a clip."""
    with np.load(path) as held:
        audio = held["audio"].astype(np.float32) / 32768.0
        notes, hits = held["notes"].reshape(-1, 3), held["hits"].reshape(-1, 2)
        return Clip(path.stem, audio, held["f0_hz"].astype(np.float32), notes, hits, labelled=False)


def condition_of(tags: str) -> str:
    """Return the table's row of a clip: its own condition where it names one, else by worst of room, noise, nothing."""
    words = dict(word.split("=", 1) for word in tags.split() if "=" in word)
    if "negative" in words or "condition" in words or not words:
        return words.get("condition", f"no notes: {words['negative']}" if "negative" in words else tags)
    hummed = "hummed " if words.get("manner") == "hum" else ""
    snr = float(words.get("snr", "99").removesuffix("dB"))
    noise = "below 15 dB" if snr < 15 else "below 30 dB" if snr < 30 else "quiet"  # rows of a table
    return f"{hummed}{'room, ' if 'room' in words else ''}{noise}"
