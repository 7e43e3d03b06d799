"""Let one rival transcribe recordings; runs in the rivals' own environment, knows nothing of ours.

    python trackers.py RIVAL OUT_DIR RECORDING.flac ...

Out: OUT_DIR/STEM.json for each recording: `version`, `duration_s`, `notes` and `hits` as `vocalmidi transcribe` writes
them (`notes` is null where the rival has no notes of its own), `frames` (`time_s`, `f0_hz`, `voiced`: its pitch, said
whether it is sure or not), `cpu_s` (the process's CPU time for this recording, read and resampled before) and `rival`.
Each rival runs with its author's settings, voiced by its author's threshold, on one core; the first recording is
transcribed once before, so that compiling and loading count for nothing.
"""

import json
import logging
import os
import sys
import time
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

Array = npt.NDArray[np.float64]
LOWEST_HZ, HIGHEST_HZ = 65.4, 1100.0
"""C2 to C6, for rivals that must be told a range: a voice's."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Frames: time_s, f0_hz and voiced (n,); notes (m, 3) onset_s, offset_s, pitch_midi, or None."""

    time_s: Array
    f0_hz: Array
    voiced: npt.NDArray[np.bool_]
    notes: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A file and its sound, mono float32."""

    path: Path
    audio: npt.NDArray[np.float32]
    rate_hz: int


Tracker = Callable[[Recording], Heard]


def midi(f0_hz: Array) -> Array:
    return np.asarray(69.0 + 12.0 * np.log2(np.maximum(f0_hz, 1.0) / 440.0))


def swift_f0() -> Tracker:
    from swift_f0 import SwiftF0, segment_notes

    detector = SwiftF0(threads=1)

    def track(recording: Recording) -> Heard:
        found = detector.detect(recording.audio, recording.rate_hz)
        notes = [(n.start, n.end, float(midi(np.array(n.pitch_hz)))) for n in segment_notes(found)]
        return Heard(found.timestamps, found.pitch_hz, found.confidence >= 0.5, np.array(notes).reshape(-1, 3))

    return track


def pyin() -> Tracker:
    """Librosa's pYIN (frame 2048 at 16 kHz, hop 10 ms)."""
    import librosa

    def track(recording: Recording) -> Heard:
        rate = recording.rate_hz
        f0_hz, voiced, _ = librosa.pyin(
            recording.audio,
            fmin=LOWEST_HZ,
            fmax=HIGHEST_HZ,
            sr=rate,
            frame_length=2048,
            hop_length=rate // 100,
            fill_na=None,
        )
        return Heard(librosa.times_like(f0_hz, sr=rate, hop_length=rate // 100), f0_hz, voiced)

    return track


def pesto() -> Tracker:
    try:
        import torchaudio  # noqa: F401 - whether it can be imported is the question
    except (ImportError, OSError):  # a CUDA build without CUDA; PESTO only reads files with it
        sys.modules["torchaudio"] = types.ModuleType("torchaudio")
    import pesto
    import torch

    torch.set_num_threads(1)
    model = pesto.load_model("mir-1k_g7", step_size=10.0, sampling_rate=16_000)

    def track(recording: Recording) -> Heard:
        with torch.inference_mode():
            f0_hz, sure, *_ = model(torch.from_numpy(recording.audio), sr=recording.rate_hz, convert_to_freq=True)
        return Heard(0.01 * np.arange(len(f0_hz)), f0_hz.numpy(), sure.numpy() >= 0.5)

    return track


def basic_pitch() -> Tracker:
    """Its ONNX model; pitch is the contour's highest bin, voiced by its `frame_threshold`, 0.3."""
    from basic_pitch import FilenameSuffix, build_icassp_2022_model_path
    from basic_pitch.inference import Model, predict
    from basic_pitch.note_creation import model_frames_to_time

    model = Model(build_icassp_2022_model_path(FilenameSuffix.onnx))

    def track(recording: Recording) -> Heard:
        heads, _, events = predict(recording.path, model)
        contour = heads["contour"]
        notes = sorted((float(a), float(b), float(pitch)) for a, b, pitch, *_ in events)
        f0_hz = 27.5 * 2.0 ** (contour.argmax(axis=1) / 36.0)
        return Heard(
            model_frames_to_time(len(contour)), f0_hz, contour.max(axis=1) >= 0.3, np.array(notes).reshape(-1, 3)
        )

    return track


def aubio_yinfast() -> Tracker:
    """Window 2048, hop 10 ms; voiced where its confidence is at least one half."""
    import aubio

    def track(recording: Recording) -> Heard:
        hop, rows = recording.rate_hz // 100, []
        tracker = aubio.pitch("yinfast", 2048, hop, recording.rate_hz)
        for start in range(0, len(recording.audio) - hop + 1, hop):
            f0_hz = float(tracker(recording.audio[start : start + hop])[0])
            rows.append(((start + hop - 1024) / recording.rate_hz, f0_hz, float(tracker.get_confidence())))
        time_s, f0_hz, sure = np.array(rows).T
        return Heard(time_s, f0_hz, (sure >= 0.5) & (f0_hz > LOWEST_HZ) & (f0_hz < HIGHEST_HZ))

    return track


def aubio_notes() -> Tracker:
    """`aubionotes`: its live notes, at the time it says them; it gives no pitch a frame."""
    import aubio

    def track(recording: Recording) -> Heard:
        hop, rows = 256, list[list[float]]()
        player = aubio.notes("default", 1024, hop, recording.rate_hz)
        for start in range(0, len(recording.audio) - hop + 1, hop):
            on, _, off = (float(v) for v in player(recording.audio[start : start + hop]))
            now_s = start / recording.rate_hz
            if off > 0 and rows and rows[-1][1] < 0:
                rows[-1][1] = now_s
            if on > 0:
                rows.append([now_s, -1.0, on])
        end_s = len(recording.audio) / recording.rate_hz
        notes = [(a, end_s if b < 0 else b, p) for a, b, p in rows]
        none = np.zeros(0)
        return Heard(none, none, none > 0, np.array(notes).reshape(-1, 3))

    return track


RIVALS: dict[str, tuple[str, Callable[[], Tracker]]] = {
    "swift-f0": ("swift-f0", swift_f0),
    "pyin": ("librosa", pyin),
    "pesto": ("pesto-pitch", pesto),
    "basic-pitch": ("basic-pitch", basic_pitch),
    "aubio-yinfast": ("aubio-ledfx", aubio_yinfast),
    "aubionotes": ("aubio-ledfx", aubio_notes),
}
"""The package whose version is told, and what starts it."""


def table(heard: Heard, recording: Recording, cpu_s: float, rival: str) -> dict[str, Any]:
    """Return the JSON of one recording."""
    notes = None
    if heard.notes is not None:
        rows = [row for row in heard.notes.tolist() if row[1] > row[0]]
        notes = [{"onset_s": a, "offset_s": b, "pitch_midi": pitch} for a, b, pitch in rows]
    return {
        "version": 1,
        "duration_s": len(recording.audio) / recording.rate_hz,
        "notes": notes,
        "hits": [],
        "frames": {
            "time_s": np.round(heard.time_s, 4).tolist(),
            "f0_hz": np.round(heard.f0_hz, 2).tolist(),
            "voiced": heard.voiced.astype(int).tolist(),
        },
        "cpu_s": cpu_s,
        "rival": rival,
    }


def on_one_core() -> None:
    """Keep every library to one thread, by whatever name it counts them."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main() -> None:
    name, out, *paths = sys.argv[1:]
    on_one_core()
    warnings.simplefilter("ignore")
    logging.disable()
    package, start = RIVALS[name]
    track, said = start(), f"{package} {version(package)}"
    for number, path in enumerate(map(Path, paths)):
        audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
        recording = Recording(path, np.ascontiguousarray(audio.mean(axis=1)), rate)
        if number == 0:
            track(recording)
        began = time.process_time()
        heard = track(recording)
        found = table(heard, recording, time.process_time() - began, said)
        target = Path(out) / f"{path.stem}.json"
        target.with_suffix(".part").write_text(json.dumps(found))
        target.with_suffix(".part").replace(target)


if __name__ == "__main__":
    main()
