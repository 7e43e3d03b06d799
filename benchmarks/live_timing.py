"""How soon live notes come, how right they are, and what each hop costs.

    python -m benchmarks.live_timing [--look-ahead 20 50 100] [--policy eager hold lock] [--json OUT.json]
    python -m benchmarks.live_timing --paced-s 30        only what a hop costs

In: the independent clean clips and the hums, whose truth is exact to the sample, and SSVD's development clips. Each
passes the live path as from a microphone, in blocks of 128 samples; times are `decided`, the last sample that a
decision needed, less the truth: latency of the computer and its driver comes on top.
Out, a line for each look-ahead and policy: time to the first note-on and to the right pitch (within 50 cents, after
revisions) of each sung note, p50 and p90 in ms; notes never begun, never right; time from a note's end to its note-off;
note-ons a minute that begin nothing (false) or a note a second time (again). A word of the decoder belongs to the sung
note that sounds when it is decided (from 50 ms before its onset); of two, to the one whose onset is nearest to the one
it claims. Then SSVD's COn, COnP, COnPOff of the live notes. Last, hops paced every 10 ms on one core: milliseconds of
work p50, p99, most, and the share of the core.
"""

import argparse
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.rivals.trackers import on_one_core
from benchmarks.voice_sets import ROOT, Annotated, Array, voice_sets
from training.voice.scores import mean_scores, note_scores

from vocalmidi.app.report import live_json
from vocalmidi.app.simulate import LivePath, LiveTake, open_live_path, simulate
from vocalmidi.capture import open_recording
from vocalmidi.config import load_settings
from vocalmidi.events import LiveDecoder
from vocalmidi.frames import LiveAnalyser
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock, LiveEvent, NoteOff, NoteOn, NoteRevision

EARLY_S = 0.05
"""A note-on may come this much before the truth, as the referee allows."""
DEVICE_RATE_HZ = 48_000
"""Of the paced hops: the usual interface's, so that resampling is in the cost."""


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """Of each sung note: ms to its first note-on, its right pitch, its note-off (NaN: never); and spare note-ons."""

    on_ms: Array
    right_ms: Array
    off_ms: Array
    false: int
    again: int
    minutes: float


def timing_of(clip: Annotated, events: Iterable[LiveEvent], rate_hz: int, duration_s: float) -> Timing:
    """Return the timing of one clip."""
    on_ms, right_ms, off_ms = (np.full(len(clip.notes), np.nan) for _ in range(3))
    begun: dict[int, float] = {}
    false = again = 0
    for event in events:
        if not isinstance(event, NoteOn | NoteRevision | NoteOff):
            continue
        now_s = event.decided / rate_hz
        if isinstance(event, NoteOff):
            _ended(clip.notes, off_ms, begun[event.note_id], now_s)
            continue
        if isinstance(event, NoteOn):
            begun[event.note_id] = event.onset / rate_hz
        sung = _sung_at(clip.notes, now_s, begun[event.note_id])
        if isinstance(event, NoteOn):
            false += sung is None
            again += sung is not None and not np.isnan(on_ms[sung])
        if sung is None:
            continue
        since_ms = 1000.0 * (now_s - clip.notes[sung, 0])
        if isinstance(event, NoteOn) and np.isnan(on_ms[sung]):
            on_ms[sung] = since_ms
        if np.isnan(right_ms[sung]) and abs(event.pitch_midi - clip.notes[sung, 2]) <= 0.5:  # 50 cents
            right_ms[sung] = since_ms
    return Timing(on_ms, right_ms, off_ms, false, again, duration_s / 60.0)


def _sung_at(notes: Array, now_s: float, onset_s: float) -> int | None:
    """Return the number of the sung note that a word decided now belongs to."""
    sounding = np.flatnonzero((notes[:, 0] - EARLY_S <= now_s) & (now_s <= notes[:, 1]))
    return int(sounding[np.abs(notes[sounding, 0] - onset_s).argmin()]) if len(sounding) else None


def _ended(notes: Array, off_ms: Array, onset_s: float, now_s: float) -> None:
    """Note when the last sung note that had ended by now, or was about to, was switched off."""
    over = np.flatnonzero((notes[:, 1] >= onset_s) & (notes[:, 0] <= now_s) & (notes[:, 1] <= now_s + EARLY_S))
    if len(over) and np.isnan(off_ms[over[-1]]):
        off_ms[over[-1]] = 1000.0 * (now_s - notes[over[-1], 1])


def heard(clip: Annotated, path: LivePath) -> tuple[list[LiveEvent], LiveTake]:
    """Return what the live path says of a clip."""
    events: list[LiveEvent] = []
    take = simulate(open_recording(clip.path), path, None, events.append)
    return events, take


def timings(clips: list[Annotated], path: LivePath) -> list[Timing]:
    """Return the timing of each clip."""
    found = []
    for clip in clips:
        events, take = heard(clip, path)
        found.append(timing_of(clip, events, take.sample_rate_hz, take.duration_samples / take.sample_rate_hz))
    return found


def summary(found: list[Timing]) -> dict[str, float]:
    """Return the figures of a set."""
    on, right, off = (np.concatenate([getattr(t, f"{name}_ms") for t in found]) for name in ("on", "right", "off"))
    minutes = sum(t.minutes for t in found)
    figures: dict[str, float] = {"notes": len(on)}
    for name, values in (("on", on), ("right", right), ("off", off)):
        known = values[~np.isnan(values)]
        figures[f"{name}_p50"], figures[f"{name}_p90"] = (
            (float(np.percentile(known, p)) if len(known) else float("nan")) for p in (50, 90)
        )
    figures["never_begun"], figures["never_right"] = (float(np.isnan(values).mean()) for values in (on, right))
    figures["false"] = sum(t.false for t in found) / minutes
    figures["again"] = sum(t.again for t in found) / minutes
    return figures


def shown(f: dict[str, float]) -> str:
    """Return the figures as a line."""
    return (
        f"{f['notes']:4.0f} notes: on {f['on_p50']:4.0f} /{f['on_p90']:4.0f} ms, right {f['right_p50']:4.0f} /"
        f"{f['right_p90']:4.0f} ms, never begun {f['never_begun']:.3f}, never right {f['never_right']:.3f}, off "
        f"{f['off_p50']:4.0f} /{f['off_p90']:4.0f} ms, false {f['false']:.1f} again {f['again']:.1f} a minute"
    )


def live_notes(take: LiveTake) -> Array:
    """Return the notes of a take as (n, 3)."""
    rows = [(n["onset_s"], n["offset_s"], n["pitch_midi"]) for n in live_json(take)["notes"]]
    return np.array(rows, np.float64).reshape(-1, 3)


def paced_hops(path: LivePath, sound: Array, seconds: float) -> dict[str, float]:
    """Return the cost of a hop of 10 ms that comes every 10 ms: ms of work, and the share of the core."""
    hop = DEVICE_RATE_HZ // 100
    analyser = LiveAnalyser(DEVICE_RATE_HZ, path.model, path.look_ahead_ms, timbre=path.timbre)
    decoder = LiveDecoder(DEVICE_RATE_HZ, analyser.look_ahead_samples, path.decoder)
    hops = int(seconds * 100)
    samples = np.resize(sound, hops * hop).astype(np.float32)
    took = np.zeros(hops)
    began, began_cpu = time.perf_counter(), time.process_time()
    for number in range(hops):
        time.sleep(max(0.0, began + 0.01 * number - time.perf_counter()))
        block = AudioBlock(SampleIndex(number * hop), DEVICE_RATE_HZ, samples[number * hop : (number + 1) * hop])
        start = time.perf_counter()
        decoder.push(analyser.push(block))
        took[number] = time.perf_counter() - start
    share = (time.process_time() - began_cpu) / (time.perf_counter() - began)
    p50, p99 = (float(np.percentile(1000.0 * took, p)) for p in (50, 99))
    return {"p50_ms": p50, "p99_ms": p99, "most_ms": float(1000.0 * took.max()), "share": share}


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--independent", type=Path, default=ROOT / "out/voice_eval")
    parser.add_argument("--hummed", type=Path, default=ROOT / "out/voice_eval_hum")
    parser.add_argument("--look-ahead", type=int, nargs="+", default=[20, 50, 100])
    parser.add_argument("--policy", nargs="+", default=["eager", "hold", "lock"])
    parser.add_argument("--most", type=int, default=10_000, help="clips a set at most")
    parser.add_argument("--paced-s", type=float, default=30.0, help="seconds of paced hops; 0: none")
    parser.add_argument("--only-paced", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    on_one_core()
    sets = voice_sets(given.shared, given.independent, given.hummed)
    exact = {n: [c for c in sets[n] if c.condition == "clean"][: given.most] for n in ("independent", "hummed")}
    figures: dict[str, dict[str, float]] = {}
    for ahead_ms in given.look_ahead:
        for policy in () if given.only_paced else given.policy:
            settings = replace(load_settings(), provider="cpu", look_ahead_ms=ahead_ms, note_change=policy)
            path = open_live_path(settings)
            for name, clips in exact.items():
                key = f"{ahead_ms:3} ms {policy:<5} {name}"
                figures[key] = summary(timings(clips, path))
                print(f"{key:<26} {shown(figures[key])}", flush=True)
            key = f"{ahead_ms:3} ms {policy:<5} ssvd"
            rows = [note_scores(c.notes, live_notes(heard(c, path)[1])) for c in sets["ssvd"][: given.most]]
            mean = mean_scores(rows)
            figures[key] = {"COn": mean.con, "COnP": mean.conp, "COnPOff": mean.conpoff, "COnP100": mean.conp100}
            print(f"{key:<26} {mean}", flush=True)
    if given.paced_s > 0:
        sound, rate_hz = sets["ssvd"][0].sound()
        at_device = np.interp(np.arange(0, len(sound), rate_hz / DEVICE_RATE_HZ), np.arange(len(sound)), sound)
        path = open_live_path(replace(load_settings(), provider="cpu"))
        cost = figures["paced"] = paced_hops(path, at_device, given.paced_s)
        print(
            f"paced every 10 ms on one core, {given.paced_s:.0f} s: {cost['p50_ms']:.2f} ms a hop, p99"
            f" {cost['p99_ms']:.2f}, most {cost['most_ms']:.2f}; {100 * cost['share']:.1f} % of the core"
        )
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
