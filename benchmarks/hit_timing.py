"""How long after a hit it is said live, and its class settled: exact truth of synthetic beats, and real ones beside.

    python -m benchmarks.hit_timing [--beats 12] [--shared DIR] [--json OUT.json]

In: beats of the test drummer's kit, whose first samples are known, alone, in a room, and over a hummed bass note; the
real beats of beatboxset1, whose labels are a listener's (and up to 15 ms early). The device is 48 kHz in blocks of 128.
Out: audio time from the true onset to the last sample that the first word and the last one about it needed, p50 and
p90; hits never said; hits said where there is none. Wanted: said within 12 ms (median), settled by 25 ms.
"""

import argparse
import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from synth import BeatboxHit, SungNote, Voice, beatbox, mix, sing
from vocalmidi.app.report import live_json
from vocalmidi.app.simulate import LivePath, open_live_path, simulate
from vocalmidi.capture import open_recording
from vocalmidi.config import load_settings

ROOT = Path(__file__).resolve().parents[1]
RATE_HZ = 48_000
NEAR_S = 0.025
"""A hit said and a true one so near are the same: the tolerance of `score_voice.py`."""
LEVELS_DB = {"kick": -9.0, "snare": -9.0, "hihat_closed": -18.0, "hihat_open": -18.0}
BAR = ("kick", "hihat_closed", "snare", "hihat_closed", "kick", "kick", "snare", "hihat_open")
ROOM_DB = -55.0
HUM_MIDI, HUM_DB = 45, -26.0


@dataclass(frozen=True, slots=True)
class Beat:
    """A recording and its hits: (onset_s, label) each."""

    path: Path
    hits: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """What was measured of one kind of beats: delays in ms, shares of all true hits; `extra` hits a true one."""

    kind: str
    hits: int
    said_p50_ms: float
    said_p90_ms: float
    settled_p50_ms: float
    settled_p90_ms: float
    missed: float
    extra: float
    right_class: float


def synthetic(kind: str, beats: int, folder: Path) -> Iterator[Beat]:
    """Yield beats of one kind: `alone`, `room` or `hum`."""
    for number in range(beats):
        rng = np.random.default_rng(number)
        step_s = 60.0 / rng.uniform(80.0, 150.0) / 2.0
        hits = [
            BeatboxHit(0.5 + step_s * n + rng.normal(0.0, 0.008), label, LEVELS_DB[label] + rng.uniform(-6.0, 3.0))
            for n, label in enumerate(BAR * 4)
            if rng.random() < 0.8
        ]
        drummed = beatbox(hits, RATE_HZ, tail_s=0.5)
        sound = drummed.samples
        if kind == "hum":
            hum = SungNote(0.2, len(sound) / RATE_HZ - 0.4, HUM_MIDI, vowel="u", level_db=HUM_DB)
            sound = mix(sing([hum], RATE_HZ, voice=Voice("male")).samples, sound)
        if kind != "alone":
            sound = sound + 10 ** (ROOM_DB / 20) * rng.standard_normal(len(sound))
        path = folder / f"{kind}{number}.wav"
        soundfile.write(path, np.clip(sound, -1.0, 1.0).astype(np.float32), RATE_HZ, subtype="FLOAT")
        yield Beat(path, tuple((hit.onset_s, hit.label) for hit in drummed.hits))


def real(shared: Path) -> Iterator[Beat]:
    """Yield the beats of beatboxset1; kicks, snares and hats alone are hits there, the rest is neither."""
    for path in sorted((shared / "data" / "vocal" / "beatboxset1").glob("*.flac")):
        with path.with_suffix(".perc.csv").open(encoding="utf-8", newline="") as table:
            yield Beat(path, tuple((float(row["onset_s"]), row["label"]) for row in csv.DictReader(table)))


def matched(beat: Beat, said: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """Return the hit said for each true one, the nearest that is not taken."""
    free, found = list(said), list[dict[str, Any] | None]()
    for onset_s, _ in beat.hits:
        near = [hit for hit in free if abs(hit["onset_s"] - onset_s) <= NEAR_S]
        best = min(near, key=lambda hit: abs(hit["onset_s"] - onset_s), default=None)
        if best is not None:
            free.remove(best)
        found.append(best)
    return found


def drum_of(label: str) -> str:
    """Return the drum of a label: both hats are one."""
    return label.split("_", maxsplit=1)[0]


def timing(kind: str, beats: Iterator[Beat], path_of_sound: LivePath) -> Timing:
    """Return what is measured of some beats."""
    said_ms, settled_ms, right = list[float](), list[float](), list[bool]()
    true = extra = 0
    for beat in beats:
        hits = live_json(simulate(open_recording(beat.path), path_of_sound, None))["hits"]
        true += len(beat.hits)
        pairs = [(onset_s, label, hit) for (onset_s, label), hit in zip(beat.hits, matched(beat, hits), strict=True)]
        extra += len(hits) - sum(hit is not None for *_, hit in pairs)
        for onset_s, label, hit in pairs:
            if hit is not None:
                said_ms.append(1000.0 * (hit["hit_on_s"] - onset_s))
                settled_ms.append(1000.0 * (hit["emitted_s"] - onset_s))
                right.append(drum_of(hit["label"]) == drum_of(label))
    said, settled = (_percentiles(delays) for delays in (said_ms, settled_ms))
    return Timing(kind, true, *said, *settled, 1.0 - len(right) / true, extra / true, float(np.mean(right)))


def _percentiles(delays_ms: list[float]) -> npt.NDArray[np.float64]:
    return np.round(np.percentile(delays_ms, (50.0, 90.0)), 1)


def main() -> None:
    """Read the command line, play, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--beats", type=int, default=12, help="of each kind")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    path_of_sound = open_live_path(replace(load_settings(), provider="cpu"))
    with tempfile.TemporaryDirectory() as folder:
        kinds = {kind: synthetic(kind, given.beats, Path(folder)) for kind in ("alone", "room", "hum")}
        found = [timing(kind, beats, path_of_sound) for kind, beats in kinds.items()]
    if (given.shared / "data" / "vocal" / "beatboxset1").exists():
        found.append(timing("real", real(given.shared), path_of_sound))
    print("beats   hits  said p50/p90 ms  settled p50/p90 ms  missed  extra  class right")
    for one in found:
        print(
            f"{one.kind:6} {one.hits:5d}  {one.said_p50_ms:6.1f} {one.said_p90_ms:6.1f}   {one.settled_p50_ms:8.1f}"
            f" {one.settled_p90_ms:6.1f}    {one.missed:6.3f} {one.extra:6.3f}  {one.right_class:6.3f}"
        )
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
