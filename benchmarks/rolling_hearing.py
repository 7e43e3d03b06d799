"""What following the singer hears, beside the same recordings heard whole.

    python -m benchmarks.rolling_hearing [--seconds 40]

In: the first six SSVD clips that are flagged ok and beatboxset1, of the shared data. Out: how many of the notes (onset
within 50 ms, pitch within 50 cents) and hits (25 ms, the same drum) that are heard in the whole come out of the frames
that `vocalmidi run` settles second by second, and how many come out besides.
"""

import argparse
import csv
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vocalmidi.app.ears import Ears, open_ears
from vocalmidi.capture import open_recording
from vocalmidi.frames import RollingAnalyser, frames_between
from vocalmidi.units import SampleIndex, samples_to_seconds
from vocalmidi.values import HIT_LABELS, AudioBlock, Events, Frames

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
SUNG, STEP_S = 6, 0.1
NEAR_S, NEAR_HIT_S, NEAR_MIDI = 0.05, 0.025, 0.5


def clips() -> list[Path]:
    """Return the recordings."""
    vocal = SHARED / "data" / "vocal"
    with (vocal / "ssvd2" / "clips.csv").open(encoding="utf-8", newline="") as table:
        good = [row["clip"] for row in csv.DictReader(table) if row["flag"] == "ok"]
    return [vocal / "ssvd2" / f"{clip}.flac" for clip in good[:SUNG]] + sorted((vocal / "beatboxset1").glob("*.flac"))


def followed(sound: AudioBlock, ears: Ears) -> Events:
    """Return what is heard of a sound by following it."""
    rate_hz, pieces = sound.sample_rate_hz, list[Frames]()
    analyser = RollingAnalyser(rate_hz, ears.voice, timbre=ears.timbre)
    step = round(STEP_S * rate_hz)
    for first in range(0, len(sound.samples), step):
        analyser.take(AudioBlock(SampleIndex(first), rate_hz, sound.samples[first : first + step]))
        while (frames := analyser.settle()) is not None:
            pieces.append(frames)
    stop = SampleIndex(len(sound.samples))
    return ears.events_of(frames_between([*pieces, analyser.waiting()], SampleIndex(0), stop))


def found(wanted: Sequence[tuple[float, float]], heard: Sequence[tuple[float, float]], near_s: float) -> int:
    """Return how many of (onset_s, kind) are among the others, each of these once."""
    left, count = list(heard), 0
    for onset_s, kind in wanted:
        same = [one for one in left if abs(one[0] - onset_s) <= near_s and abs(one[1] - kind) <= NEAR_MIDI]
        if same:
            left.remove(min(same, key=lambda one, onset_s=onset_s: abs(one[0] - onset_s)))
            count += 1
    return count


def told(events: Events) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return notes by onset and pitch, hits by onset and drum."""
    second = samples_to_seconds(1, events.sample_rate_hz)
    notes = [(second * note.onset, note.pitch_midi) for note in events.notes]
    return notes, [(second * hit.onset, float(HIT_LABELS.index(hit.label))) for hit in events.hits]


def main() -> None:
    """Hear every clip both ways and print the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=40.0, help="of each clip at most")
    given = parser.parse_args()
    ears, sums = open_ears("cpu"), np.zeros((2, 3), int)
    for clip in clips():
        recording = open_recording(clip)
        samples = np.concatenate([block.samples for block in recording.blocks()])
        samples = samples[: round(given.seconds * recording.sample_rate_hz)]
        sound = AudioBlock(SampleIndex(0), recording.sample_rate_hz, samples)
        for row, (whole, live, near_s) in enumerate(
            zip(told(ears.hear([sound])), told(followed(sound, ears)), (NEAR_S, NEAR_HIT_S), strict=True)
        ):
            both = found(whole, live, near_s)
            sums[row] += (both, len(whole), len(live) - both)
    for name, (both, whole, more) in zip(("notes", "hits"), sums.tolist(), strict=True):
        print(f"{name}: {both} of {whole} as in the whole, {more} besides")


if __name__ == "__main__":
    main()
