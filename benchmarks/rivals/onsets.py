"""Onsets by aubio, run by the interpreter of build/rivals-venv: `onsets.py METHOD FILE...` prints JSON, a list a file.

In: recordings. Out: seconds of each onset, as aubio's own `aubioonset` gives them: hop 128, window 512 at 16 kHz.
Nothing of Vocal MIDI is imported here: that interpreter has only the rivals.
"""

import json
import sys

import aubio

RATE_HZ, WINDOW, HOP = 16_000, 512, 128


def onsets_s(path: str, method: str) -> list[float]:
    """Return the onsets of one recording."""
    source = aubio.source(path, RATE_HZ, HOP)
    detector = aubio.onset(method, WINDOW, HOP, source.samplerate)
    found, read = [], HOP
    while read == HOP:
        samples, read = source()
        if detector(samples):
            found.append(float(detector.get_last_s()))
    return found


if __name__ == "__main__":
    print(json.dumps([onsets_s(path, sys.argv[1]) for path in sys.argv[2:]]))
