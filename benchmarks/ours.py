"""Let our own models transcribe recordings, in the form in which `rivals/trackers.py` lets the others.

    python -m benchmarks.ours considered|live20|live50|live100 OUT_DIR RECORDING.flac ...

The number is the live look-ahead in ms; policy and gate are the program's defaults. `frames` are the considered
model's; the live models are scored on their notes alone.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.rivals.trackers import on_one_core

from vocalmidi import __version__
from vocalmidi.app.ears import open_ears
from vocalmidi.app.report import live_json, transcription_json
from vocalmidi.app.simulate import open_live_path, simulate
from vocalmidi.capture import open_recording
from vocalmidi.config import load_settings
from vocalmidi.events import transcribe
from vocalmidi.frames import analyse
from vocalmidi.values import Frames

VOICED = 0.5
"""Even odds, for the voicing figures; the program's decoder weighs the probability itself."""
Listen = Callable[[Path], tuple[dict[str, Any], Frames | None]]


def considered() -> Listen:
    """Return what hears a whole recording."""
    ears = open_ears("cpu")

    def listen(path: Path) -> tuple[dict[str, Any], Frames]:
        frames = analyse(open_recording(path).blocks(), ears.voice, timbre=ears.timbre)
        return transcription_json(transcribe(frames)), frames

    return listen


def live(look_ahead_ms: int) -> Listen:
    """Return what hears it block by block."""
    path_of_sound = open_live_path(replace(load_settings(), provider="cpu", look_ahead_ms=look_ahead_ms))

    def listen(path: Path) -> tuple[dict[str, Any], None]:
        return live_json(simulate(open_recording(path), path_of_sound, None)), None

    return listen


def frames_table(frames: Frames | None) -> dict[str, list[float]]:
    """Return the pitch of the frames, the likeliest one, sung or not; voiced where that is likelier than not."""
    if frames is None:
        return {"time_s": [], "f0_hz": [], "voiced": []}
    time_s = frames.start / frames.sample_rate_hz + frames.hop_s * np.arange(len(frames))
    f0_hz = 440.0 * 2.0 ** ((frames.candidate_midi[:, 0] - 69.0) / 12.0)
    return {
        "time_s": time_s.tolist(),
        "f0_hz": f0_hz.tolist(),
        "voiced": (frames.voicing >= VOICED).astype(int).tolist(),
    }


def main() -> None:
    """Transcribe each recording, the first once more before."""
    name, out, *paths = sys.argv[1:]
    on_one_core()
    listen = considered() if name == "considered" else live(int(name.removeprefix("live")))
    listen(Path(paths[0]))
    for path in map(Path, paths):
        began = time.process_time()
        table, frames = listen(path)
        table |= {"cpu_s": time.process_time() - began, "frames": frames_table(frames)}
        table["rival"] = f"Vocal MIDI {__version__} {name}"
        (Path(out) / f"{path.stem}.json").write_text(json.dumps(table))


if __name__ == "__main__":
    main()
