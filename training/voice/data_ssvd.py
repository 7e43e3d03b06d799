"""SSVD, sight-singing recorded by phones, read into the common form of a clip; and its split.

In: the folder `vocal/ssvd2` of the shared sets. Out: `Clip`s (sound, notes, pitch, hits). Onsets and offsets are the
annotators' (they mark the syllable, consonant included); a note's pitch is the one measured on the recording.
The pitch between is WORLD's (`dio` + `stonemask`; Morise 2009), kept only where it lies within a semitone and a half
of the note it is in, and marked unknown elsewhere. Clips that sing the same melody stay on one side of the split.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyworld
import soundfile
import soxr

Array = npt.NDArray[np.float32]
HOP_S = 0.01
UNKNOWN = -1.0
"""In `f0_hz`: this frame teaches nothing about pitch or voicing."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """One recording and its truth.

    audio: (n,) float32 mono at 16 kHz.
    f0_hz: (frames,) every 10 ms; 0 unpitched, UNKNOWN (-1) not known.
    notes: (m, 3) onset_s, offset_s, pitch_midi.  hits: (h, 2) time_s, class; None: not annotated.
    labelled: True where onsets are an annotator's, False where they are the signal's.
    """

    name: str
    audio: Array
    f0_hz: Array
    notes: Array
    hits: Array | None
    labelled: bool


def read_notes(path: Path) -> Array:
    """Return (m, 3) onset_s, offset_s, measured pitch."""
    with path.open() as lines:
        rows = [(r["onset_s"], r["offset_s"], r["f0_median_midi"] or r["midi_pitch"]) for r in csv.DictReader(lines)]
    return np.array(rows, np.float64).astype(np.float32).reshape(-1, 3)


def melody_of(notes: Array, length: int = 12) -> tuple[int, ...]:
    """Return the first intervals in semitones: what two recordings of one melody have in common."""
    return tuple(int(v) for v in np.round(np.diff(notes[: length + 1, 2])))


def _alike(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether two lists of intervals are mostly the same within a semitone, one note skipped or not."""

    def agreement(x: tuple[int, ...], y: tuple[int, ...]) -> float:
        n = min(len(x), len(y))
        return float(np.mean(np.abs(np.array(x[:n]) - np.array(y[:n])) <= 1)) if n else 0.0

    return max(agreement(a, b), agreement(a[1:], b), agreement(a, b[1:])) >= 0.75  # three of four


def groups(folder: Path) -> list[list[str]]:
    """Return the usable clips in groups that sing one melody, each named by its score where that is known."""
    with (folder / "clips.csv").open() as lines:
        clips = [row for row in csv.DictReader(lines) if row["flag"] == "ok"]
    found: list[tuple[tuple[int, ...], str, list[str]]] = []
    for row in clips:
        melody = melody_of(read_notes(folder / f"{row['clip']}.notes.csv"))
        score = row["score_id"]
        home = next((g for g in found if (score and score == g[1]) or _alike(melody, g[0])), None)
        if home is None:
            found.append((melody, score, [row["clip"]]))
        else:
            home[2].append(row["clip"])
    return [g[2] for g in found]


def split(folder: Path) -> tuple[list[str], list[str]]:
    """Return (training, development) clip names; every third clip, by whole melodies, is for development."""
    training: list[str] = []
    development: list[str] = []
    for group in sorted(groups(folder), key=lambda g: (-len(g), g[0])):
        total = len(training) + len(development) + len(group)
        (development if len(development) + len(group) <= total / 3 else training).extend(group)
    return sorted(training), sorted(development)


def pitch_within_notes(audio: Array, notes: Array) -> Array:
    """Return (frames,) f0 in Hz where it is sure, UNKNOWN elsewhere."""
    sound = audio.astype(np.float64)
    raw, times = pyworld.dio(sound, 16_000, f0_floor=60.0, f0_ceil=1200.0, frame_period=1000 * HOP_S)
    f0_hz = pyworld.stonemask(sound, raw, times, 16_000)
    frames = -(-len(audio) // 160)
    f0_hz = np.pad(f0_hz, (0, max(0, frames - len(f0_hz))))[:frames]
    known = np.full(frames, UNKNOWN, np.float32)
    midi = 69.0 + 12.0 * np.log2(np.maximum(f0_hz, 1.0) / 440.0)
    for onset, offset, pitch in notes:
        span = slice(int(onset / HOP_S), int(offset / HOP_S))
        near = np.abs(midi[span] - pitch) < 1.5  # vibrato and scoops, not the octave
        known[span] = np.where(near, f0_hz[span], UNKNOWN)
    return known


def read_clip(folder: Path, name: str) -> Clip:
    """Return one recording as a clip."""
    audio, rate = soundfile.read(folder / f"{name}.flac", dtype="float32")
    if rate != 16_000:  # the rate of the set
        raise ValueError(f"{name}: {rate} Hz, 16000 is expected")
    notes = read_notes(folder / f"{name}.notes.csv")
    return Clip(name, audio, pitch_within_notes(audio, notes), notes, None, labelled=True)


def varied(clip: Clip, ratio: float) -> Clip:
    """Return the clip played `ratio` times as fast: pitch and tempo move together, and so does every label."""
    audio = soxr.resample(clip.audio, 16_000.0 * ratio, 16_000.0).astype(np.float32)
    frames = -(-len(audio) // 160)
    source = np.minimum((np.arange(frames) * ratio).round().astype(int), len(clip.f0_hz) - 1)
    f0_hz = clip.f0_hz[source]
    notes = clip.notes.copy()
    notes[:, :2] /= ratio
    notes[:, 2] += 12.0 * np.log2(ratio)
    f0_hz = np.where(f0_hz > 0.0, f0_hz * ratio, f0_hz).astype(np.float32)
    return Clip(f"{clip.name}x{ratio:.3f}", audio, f0_hz, notes, clip.hits, clip.labelled)
