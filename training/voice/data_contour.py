"""From a planned take to curves every 5 ms, and the truth they are.

In: `Planned` notes, a `Style`, a generator. Out: `Curves`: pitch, level, what is voiced; notes as they will be heard.
Where truth lies: a note begins at its first pitched frame louder than AUDIBLE_DB below it; in a glide half-way (in
cents); at a consonant or dip that stays voiced where the level is lowest. It ends at its last such frame or where the
next begins. Its pitch is the median of its contour without the glides, scoop and fall at its borders.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.voice.data_score import Planned
from training.voice.data_style import Style
from training.voice.data_world import FRAME_S

Floats = npt.NDArray[np.float64]
AUDIBLE_DB = 26.0
"""A twentieth of the amplitude: quieter parts of an attack or a release are heard as nothing."""
SILENCE_DB = -120.0
CONNECTED = ("legato", "voiced", "glottal")
UNKNOWN = -1.0
"""In a truth of pitch: creak, which has none that two people would agree on."""


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """(t,) pitch_midi and level_db in runs (list of frames [a, b) voiced throughout), creaky frames, truth notes."""

    pitch_midi: Floats
    level_db: Floats
    runs: tuple[tuple[int, int], ...]
    creaky: npt.NDArray[np.bool_]
    audible: npt.NDArray[np.bool_]
    notes: Floats

    def f0_hz(self) -> Floats:
        """Return what to synthesise: Hz in runs, 0 outside."""
        hz = np.zeros(len(self.pitch_midi))
        for a, b in self.runs:
            hz[a:b] = 440.0 * np.exp2((self.pitch_midi[a:b] - 69) / 12)
        return hz

    def truth_f0_hz(self) -> npt.NDArray[np.float32]:
        """Return the truth every 10 ms: 0 where nothing pitched is heard, UNKNOWN in creak."""
        hz = np.where(self.audible, self.f0_hz(), 0.0)
        hz[self.creaky & self.audible] = UNKNOWN
        return hz[::2].astype(np.float32)


def frame(time_s: float) -> int:
    """Return the frame nearest to a time."""
    return round(time_s / FRAME_S)


def run_starts(notes: list[Planned]) -> list[int]:
    """Return the indices of the notes that begin a run."""
    return [i for i, note in enumerate(notes) if i == 0 or note.join not in CONNECTED]


def curves(notes: list[Planned], style: Style, frames: int, rng: np.random.Generator) -> Curves:
    """Return the curves of a take."""
    pitch, level = np.zeros(frames), np.full(frames, SILENCE_DB)
    runs, creaky = [], np.zeros(frames, np.bool_)
    starts = run_starts(notes)
    wander = _wander(frames, style, rng)
    for first, last in zip(starts, [*starts[1:], len(notes)][: len(starts)], strict=True):
        group = notes[first:last]
        a, b = frame(group[0].onset_s), min(frame(group[-1].offset_s), frames)
        runs.append((a, b))
        times = np.arange(a, b) * FRAME_S
        pitch[a:b] = _pitch(group, times, style, rng) + wander[a:b]
        level[a:b] = _level(group, times, style, last < len(notes), rng)
        last_s = group[-1].offset_s - group[-1].onset_s
        if rng.random() < style.creak and last_s > 0.3:  # creak ends a long note, it is none itself
            c = b - int(rng.integers(10, 22))
            pitch[c:b] += -rng.uniform(4, 12) + rng.normal(0, 1.2, b - c)
            creaky[c:b] = True
    loudness = np.interp(
        np.arange(frames), [frame(n.onset_s) for n in notes] or [0], [n.level_db for n in notes] or [0]
    )
    audible = level > loudness - AUDIBLE_DB
    return Curves(pitch, level, tuple(runs), creaky, audible, _truth(notes, pitch, audible))


def _wander(frames: int, style: Style, rng: np.random.Generator) -> Floats:
    """Return slow drift, tuning and jitter, semitones."""
    knots = rng.standard_normal(int(frames * FRAME_S * 1.0) + 3)
    drift = np.interp(np.arange(frames) * FRAME_S, np.arange(len(knots)), np.convolve(knots, [0.3, 0.6, 0.3], "same"))
    jitter = np.convolve(rng.standard_normal(frames), [0.4, 0.7, 0.4], "same") * style.jitter_cents
    return (style.tuning_cents + np.clip(drift * 1.3 * style.drift_cents, -40, 40) + jitter) / 100


def _pitch(group: list[Planned], times: Floats, style: Style, rng: np.random.Generator) -> Floats:
    targets = [n.pitch_midi + n.detune_cents / 100 for n in group]
    contour = np.full(len(times), targets[0])
    depth = np.zeros(len(times))
    for i, note in enumerate(group):
        if i:
            glide = max(note.glide_s, 2 * FRAME_S)
            place = np.clip((times - note.onset_s) / glide + 0.5, 0, 1)
            contour += (targets[i] - targets[i - 1]) * (0.5 - 0.5 * np.cos(np.pi * place))
        inside = (times - note.onset_s >= 0) & (times < note.offset_s)
        grown = np.clip((times - note.onset_s - 0.12) / 0.15, 0, 1) * np.clip((note.offset_s - times) / 0.06, 0, 1)
        depth = np.where(inside, np.maximum(depth, grown * note.vibrato_cents), depth)
    phase = np.cumsum(2 * np.pi * (style.vibrato_hz + 0.2 * np.sin(times * 3.0)) * FRAME_S) + rng.uniform(0, 6.3)
    contour += depth / 100 * np.sin(phase)
    first, last = group[0], group[-1]
    contour -= first.scoop_cents / 100 * np.clip(1 - (times - first.onset_s) / first.scoop_s, 0, 1) ** 2
    contour -= last.fall_cents / 100 * np.clip((times - last.offset_s + 0.12) / 0.12, 0, 1) ** 2
    return contour


def _level(group: list[Planned], times: Floats, style: Style, followed: bool, rng: np.random.Generator) -> Floats:
    """Return dB: notes' levels, their shapes, attack, release, and the dips of joins."""
    middles = [(n.onset_s + n.offset_s) / 2 for n in group]
    level = np.interp(times, middles, [n.level_db for n in group])
    for note in group:
        place = np.clip((times - note.onset_s) / (note.offset_s - note.onset_s), 0, 1)
        inside = (times >= note.onset_s) & (times < note.offset_s)
        level += inside * rng.uniform(-4, 1) * np.sin(np.pi * np.clip(place - 0.3, 0, 1)) ** 2
    for note in group[1:]:
        level -= _dip(times, note, rng)
    level += np.convolve(rng.standard_normal(len(times)), [0.4, 0.7, 0.4], "same") * style.shimmer_db
    first, last = group[0], group[-1]
    attack = min(style.attack_s * rng.uniform(0.6, 1.5), 0.35 * (first.offset_s - first.onset_s))
    release = min(style.release_s * rng.uniform(0.6, 1.5), 0.4 * (last.offset_s - last.onset_s))
    release = min(release, 0.04) if followed and last.offset_s - last.onset_s < 0.2 else release
    rise = 0.5 - 0.5 * np.cos(np.pi * np.clip((times - first.onset_s + FRAME_S) / (attack + FRAME_S), 0, 1))
    fall = 0.5 - 0.5 * np.cos(np.pi * np.clip((last.offset_s - times) / (release + FRAME_S), 0, 1))
    return level + 20 * np.log10(rise * fall + 1e-5)


def _dip(times: Floats, note: Planned, rng: np.random.Generator) -> Floats:
    """Return how far the level falls at a join: lowest at the note's onset, flat through a closure."""
    slope = rng.uniform(0.012, 0.035)
    if note.join == "legato":
        return note.dip_db * np.exp(-0.5 * ((times - note.onset_s) / 0.025) ** 2)
    before, after = 0.6 * note.closure_s, 0.4 * note.closure_s
    away = times - note.onset_s
    outside = np.maximum(np.maximum(-before - away, away - after), 0.0)
    flat = 1.0 - 0.15 * np.clip(np.abs(away) / max(before, FRAME_S), 0, 1)
    return note.dip_db * np.clip(1 - outside / slope, 0, 1) * flat


def _truth(notes: list[Planned], pitch: Floats, audible: npt.NDArray[np.bool_]) -> Floats:
    rows = []
    for i, note in enumerate(notes):
        span = np.arange(frame(note.onset_s), min(frame(note.offset_s), len(pitch)))
        heard = span[audible[span]]
        if len(heard) < 8:
            continue
        joined = i + 1 < len(notes) and notes[i + 1].join in CONNECTED
        start_s = note.glide_s / 2 if note.join in CONNECTED else 0.7 * note.scoop_s * (note.scoop_cents > 0)
        end_s = notes[i + 1].glide_s / 2 if joined else 0.09 * (note.fall_cents > 0)
        inner = heard[int(start_s / FRAME_S) : len(heard) - int(end_s / FRAME_S)]
        resting = inner if len(inner) >= 0.3 * len(heard) else heard[len(heard) // 3 : -(len(heard) // 3)]
        rows.append((heard[0] * FRAME_S, (heard[-1] + 1) * FRAME_S, float(np.median(pitch[resting]))))
    return np.array(rows, np.float64).reshape(-1, 3)
