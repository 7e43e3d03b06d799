"""Run by test_jack_null.py in a process of its own: the source, our Microphone on it, and what came through as JSON.

    python jack_capture.py SOURCE_PROGRAM COUNT RING_SECONDS freewheel|realtime PAUSE_S

In: a running JACK server named by JACK_DEFAULT_SERVER. PAUSE_S is how long the reader sleeps after its first block.
"""

import json
import subprocess
import sys
import time

import numpy as np

from vocalmidi.capture import Microphone
from vocalmidi.capture.portaudio import load_portaudio

NAME = "counter"
SETTLE_S = 0.3  # over a hundred cycles of 128 at 48 kHz between the connection and the first number


def receive(microphone: Microphone, feeder: subprocess.Popen[str], pause_s: float) -> dict[str, object]:
    """Return how the numbers arrived, each against the place it should have."""
    blocks = microphone.blocks()
    silent = next(blocks)
    time.sleep(SETTLE_S)
    feeder.stdin.write("go\n")
    feeder.stdin.flush()
    time.sleep(pause_s)
    starts, pieces, sounding = [silent.start], [silent.samples], False
    for block in blocks:
        starts.append(block.start)
        pieces.append(block.samples)
        if sounding and block.samples[-1] == 0:
            break
        sounding = block.samples[-1] > 0
    return summary(starts, pieces)


def summary(starts: list[int], pieces: list[np.ndarray]) -> dict[str, object]:
    places = np.concatenate([start + np.arange(len(p)) for start, p in zip(starts, pieces, strict=True)])
    values = np.concatenate(pieces).astype(np.int64)
    sounding = np.flatnonzero(values)
    places, values = places[sounding], values[sounding]
    return {
        "received": len(values),
        "first": int(values[0]),
        "last": int(values[-1]),
        "in_order": bool((np.diff(values) > 0).all()),
        "places_wrong": int((np.diff(places) != np.diff(values)).sum()),
        "one_run": bool((np.diff(sounding) == 1).all()),
    }


def main(program: str, count: int, ring_seconds: float, mode: str, pause_s: float) -> None:
    command = [program, NAME, "count", str(count), "1", str(int(mode == "freewheel"))]
    feeder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert feeder.stdout.readline() == "ready\n"
    # PortAudio sees the feeder as a device because it runs before PortAudio starts.
    with Microphone(NAME, ring_seconds=ring_seconds) as microphone:
        began = time.monotonic()
        report = receive(microphone, feeder, pause_s)
        report["seconds"] = time.monotonic() - began
    statistics = microphone.statistics()
    report |= {"dropped_samples": statistics.dropped_samples, "bad_samples": statistics.bad_samples}
    report |= {"peak": statistics.peak, "input_overflows": statistics.input_overflows}
    report |= {"min_block": statistics.min_block_samples, "max_block": statistics.max_block_samples}
    load_portaudio()._terminate()  # before the server ends, or PortAudio aborts the process
    report["xruns"] = int(feeder.communicate(timeout=10)[0])
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], float(sys.argv[5]))
