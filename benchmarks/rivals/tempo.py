"""Tempo by librosa and aubio, run by the interpreter of build/rivals-venv: `tempo.py FOLDER` prints JSON.

In: a folder of .wav files. Out: for each rival and file, in the order of their names, beats a minute as it gives them
with its own defaults: librosa's beat tracker (Ellis 2007), librosa's tempo estimate (its tempogram's strongest, log-
normal prior about 120), aubio's beat tracker (Davies & Plumbley 2007; the median of its beats' tempos, 0 for none).
Nothing of Vocal MIDI is imported here: that interpreter has only the rivals.
"""

import json
import sys
from pathlib import Path

import aubio
import librosa
import numpy as np

RATE_HZ = 22_050
"""librosa's own; aubio's window and hop are its command line's, for 44.1 kHz, halved."""
WINDOW, HOP = 512, 256


def aubio_tempo(sound: np.ndarray) -> float:
    """Return the median tempo of aubio's beats."""
    tracker = aubio.tempo("default", WINDOW, HOP, RATE_HZ)
    blocks = (sound[start : start + HOP].astype(np.float32) for start in range(0, len(sound) - HOP, HOP))
    found = [float(tracker.get_bpm()) for block in blocks if tracker(block)]
    return float(np.median(found)) if found else 0.0


def tempos(path: Path) -> dict[str, float]:
    """Return what every rival says of one recording."""
    sound, _ = librosa.load(path, sr=RATE_HZ)
    beats, _ = librosa.beat.beat_track(y=sound, sr=RATE_HZ)
    return {
        "librosa beat_track": float(np.atleast_1d(beats)[0]),
        "librosa tempo": float(np.atleast_1d(librosa.feature.tempo(y=sound, sr=RATE_HZ))[0]),
        "aubio tempo": aubio_tempo(sound),
    }


if __name__ == "__main__":
    print(json.dumps([tempos(path) for path in sorted(Path(sys.argv[1]).glob("*.wav"))]))
