"""Batches for the voice model: features made once and kept in memory, crops and changes made afresh each step.

In: clips (SSVD, the synthetic folder, noise). Out: `Batch`es of pictures and targets. What changes sound (rooms, noise,
tempo) is done before, in copies; what a picture can do as well (transposition, colour, level) is done here, for free.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.voice.data_rooms import Surroundings
from training.voice.data_ssvd import Array, Clip, read_clip, split, varied
from training.voice.evaluation_sets import read_synthetic
from vocalmidi.frames.features import (
    BINS_PER_SEMITONE,
    CONSIDERED,
    F0_BINS,
    LOWEST_MIDI,
    TONE_BINS,
    TONE_RANGE_DB,
    WIDTH,
    FrameSpectra,
    Layout,
    followed_reference_db,
    phrase_levels,
    phrase_reference_db,
    picture,
)
from vocalmidi.frames.heads import HIT_CLASSES

HOP_S = 0.01
ONSET_SIGMA_S, OFFSET_SIGMA_S = 0.015, 0.025
"""Width of the targets: the experiment's for onsets; singers' and annotators' ends are vaguer."""
TEMPI = (0.80, 0.84, 0.88, 0.92, 0.96, 1.0, 1.0, 1.04, 1.09, 1.14, 1.19, 1.25)
"""Speeds at which each SSVD clip is heard: ±4 semitones and ±25 %, as far as a voice stays that voice."""
CLEAN_EVERY = 3
"""One in three of them as recorded, the others in other surroundings."""
F0_SIGMA_BINS = 0.8
"""Spreads a pitch over three bins, so that it can be read off between them."""
LEVEL_SPAN_DB = 60.0
"""The level head is 1 at the reference and 0 this far below it."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A clip, as it is kept: picture (n, WIDTH) in 255ths (a quarter of a dB), level (n,) of the clean sound."""

    picture: npt.NDArray[np.uint8]
    level: Array
    clip: Clip


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """(b, n, ...) tensors; `events`: onset, offset, active; `trust`: (b, 6) how much the six event heads are taught."""

    picture: Tensor
    events: Tensor
    trust: Tensor
    voicing: Tensor
    pitch: Tensor
    level: Tensor
    hits: Tensor
    hits_known: Tensor


def example_of(clip: Clip, spectra: FrameSpectra, clean: Clip | None = None, live: bool = False) -> Example:
    """Return a clip with its picture; the level is taught from the clean clip where there is one."""
    levels = phrase_levels(clip.audio, spectra)
    reference = followed_reference_db(levels.frames_db) if live else phrase_reference_db(levels.frames_db)
    shown = np.rint(255.0 * picture(levels, reference)).astype(np.uint8)
    quiet = phrase_levels(clean.audio, spectra).frames_db if clean else levels.frames_db
    level = np.clip(1.0 + (quiet - phrase_reference_db(quiet)) / LEVEL_SPAN_DB, 0.0, 1.2)
    return Example(
        shown, level.astype(np.float32), Clip(clip.name, np.zeros(0, np.float32), *_labels(clip, len(shown)))
    )


def _labels(clip: Clip, frames: int) -> tuple[Array, Array, Array | None, bool]:
    f0_hz = np.zeros(frames, np.float32)
    f0_hz[: len(clip.f0_hz)] = clip.f0_hz[:frames]
    return f0_hz, clip.notes, clip.hits, clip.labelled


class Pool:
    """Every example in memory, in three sources; new files of the synthetic folder join when `rescan` is called."""

    def __init__(self, shared: Path, synthetic: Path, use_ssvd: bool, seed: int, layout: Layout = CONSIDERED) -> None:
        self.spectra = FrameSpectra(layout)
        self._live = layout is not CONSIDERED
        self._folder = synthetic
        self._seen: set[str] = set()
        self._rng = np.random.default_rng([seed, 7])
        self._heard = hashlib.sha256()
        self.surroundings = Surroundings(shared)
        self.ssvd = self._read_ssvd(shared / "vocal" / "ssvd2") if use_ssvd else []
        self.empty = [self._nothing(k) for k in range(len(self.surroundings.noises))]
        self.synthetic: list[Example] = []
        self.rescan()

    def _read_ssvd(self, folder: Path) -> list[Example]:
        found = []
        for name in split(folder)[0]:
            clip = read_clip(folder, name)
            for number, ratio in enumerate(TEMPI):
                clean = varied(clip, ratio) if ratio != 1.0 else clip
                dirty = clean if number % CLEAN_EVERY == 0 else self.surroundings.changed(clean, self._rng)
                found.append(self._counted(example_of(dirty, self.spectra, clean, self._live)))
        return found

    def _counted(self, example: Example) -> Example:
        """Return the example, taken into the hash."""
        for part in (example.clip.name.encode(), example.picture, example.clip.notes, example.clip.f0_hz):
            self._heard.update(part if isinstance(part, bytes) else np.ascontiguousarray(part).tobytes())
        return example

    def _nothing(self, number: int) -> Example:
        audio = self.surroundings.noises[number] * np.float32(10.0 ** self._rng.uniform(-1.5, 0.5))
        frames = -(-len(audio) // 160)
        none = np.zeros((0, 3), np.float32)
        clip = Clip("noise", audio, np.zeros(frames, np.float32), none, none[:, :2], labelled=False)
        return self._counted(example_of(clip, self.spectra, None, self._live))

    def rescan(self, most: int = 10_000) -> int:
        """Read at most so many new synthetic files; return how many."""
        new = [p for p in sorted(self._folder.glob("*.npz")) if p.name not in self._seen][:most]
        for path in new:
            try:
                clip = read_synthetic(path)
            except (OSError, ValueError, EOFError):
                continue  # still being written: the next scan takes it
            self._seen.add(path.name)
            self.synthetic.append(self._counted(example_of(clip, self.spectra, None, self._live)))
        return len(new)

    def synthetic_minutes(self) -> float:
        """Return how much synthetic sound is here."""
        return sum(len(e.level) for e in self.synthetic) * HOP_S / 60.0

    def fingerprint(self) -> str:
        """Return a hash of all examples, names, pictures and labels: which material a checkpoint has heard."""
        return self._heard.hexdigest()[:16]

    def draw(self, rng: np.random.Generator, most_ssvd: float) -> Example:
        """Return a random example: noise 1 in 25, SSVD at most its share once there is half an hour of the others."""
        if rng.random() < 0.04:  # that share
            return self.empty[rng.integers(len(self.empty))]
        share = 1.0 - (1.0 - most_ssvd) * min(1.0, self.synthetic_minutes() / 30.0)
        source = self.ssvd if self.ssvd and rng.random() < share else self.synthetic or self.ssvd
        return source[rng.integers(len(source))]


def _bumps(frames: int, times_s: Array, sigma_s: float) -> Array:
    """Return (frames,) the highest of the bells at those times; times count from the first frame."""
    bumps = np.zeros(frames, np.float32)
    for time_s in times_s[(times_s > -0.1) & (times_s < frames * HOP_S + 0.1)]:
        first, last = max(0, int(time_s / HOP_S) - 12), max(0, int(time_s / HOP_S) + 13)
        away = (np.arange(first, min(last, frames)) * HOP_S - time_s) / sigma_s
        bumps[first:last] = np.maximum(bumps[first:last], np.exp(-0.5 * away**2))
    return bumps


@dataclass(frozen=True, slots=True)
class Changes:
    """How far pictures are changed at random."""

    bins: int = 9
    """Transposition either way: 3 semitones."""
    colour_db: float = 9.0
    """Of the random curve over frequency: microphones, mouths."""
    gain_db: float = 8.0
    """Of the mels: how loud this moment is in its phrase."""


Arrays = tuple[npt.NDArray[np.generic], ...]


def crop(example: Example, frames: int, changes: Changes, rng: np.random.Generator) -> Arrays:
    """Return one training crop: picture, events, voicing, pitch, level, hits, each with `frames` rows."""
    n = len(example.level)
    start = int(rng.integers(max(1, n - frames + 1)))
    span = slice(start, min(n, start + frames))
    kept = span.stop - span.start
    shown = np.zeros((frames, WIDTH), np.float32)
    shown[:kept] = example.picture[span] / np.float32(255.0)
    level = np.zeros(frames, np.float32)
    level[:kept] = example.level[span]
    clip, begin_s = example.clip, start * HOP_S
    events = event_targets(clip.notes, begin_s, frames)
    hits = np.zeros((frames, HIT_CLASSES), np.float32)
    if clip.hits is not None:
        for kind in range(HIT_CLASSES):
            hits[:, kind] = _bumps(frames, clip.hits[clip.hits[:, 1] == kind, 0] - begin_s, ONSET_SIGMA_S)
    f0_hz = np.zeros(frames, np.float32)
    f0_hz[:kept] = clip.f0_hz[span]
    shift = int(rng.integers(-changes.bins, changes.bins + 1)) if changes.bins else 0
    pitch = np.where(f0_hz > 0.0, 69.0 + 12.0 * np.log2(np.maximum(f0_hz, 1.0) / 440.0), 0.0)
    pitch = (pitch - LOWEST_MIDI) * BINS_PER_SEMITONE + shift
    pitch = np.where(f0_hz > 0.0, pitch, -100.0).astype(np.float32)
    voicing = np.where(f0_hz > 0.0, 1.0, f0_hz).astype(np.float32)
    return _changed(shown, shift, changes, rng), events, voicing, pitch, level, hits


def event_targets(notes: Array, begin_s: float, frames: int) -> Array:
    """Return (frames, 3): onset and offset bells, and whether a note sounds."""
    onsets, offsets = notes[:, 0] - begin_s, notes[:, 1] - begin_s
    active = np.zeros(frames, np.float32)
    for onset, offset in zip(onsets, offsets, strict=True):
        active[max(0, round(onset / HOP_S)) : max(0, round(offset / HOP_S))] = 1.0
    bells = (_bumps(frames, onsets, ONSET_SIGMA_S), _bumps(frames, offsets, OFFSET_SIGMA_S))
    return np.stack([*bells, active], axis=1)


def _changed(shown: Array, shift: int, changes: Changes, rng: np.random.Generator) -> Array:
    tones, mels = shown[:, :TONE_BINS], shown[:, TONE_BINS:]
    if shift:
        tones = np.roll(tones, shift, axis=1)
        tones[:, slice(0, shift) if shift > 0 else slice(shift, None)] = 0.0
    knots = rng.uniform(-changes.colour_db, changes.colour_db, 5)
    curve = np.interp(np.linspace(0, 4, TONE_BINS), np.arange(5), knots).astype(np.float32) / TONE_RANGE_DB
    gain = rng.uniform(-changes.gain_db, changes.gain_db) / 82.0
    bands = np.interp(np.linspace(1.5, 4, mels.shape[1]), np.arange(5), knots).astype(np.float32) / 82.0 + gain
    tones = np.where(tones > 0.0, np.clip(tones + curve, 0.0, 1.0), 0.0)
    mels = np.where(mels > 0.0, np.clip(mels + bands, 0.0, 1.0), 0.0)
    return np.concatenate([tones, mels], axis=1)


def batch(pool: Pool, size: int, frames: int, most_ssvd: float, rng: np.random.Generator) -> Batch:
    """Return a fresh batch."""
    examples = [pool.draw(rng, most_ssvd) for _ in range(size)]
    crops = [crop(e, frames, Changes(), rng) for e in examples]
    shown, events, voicing, pitch, level, hits = (torch.from_numpy(np.stack([c[k] for c in crops])) for k in range(6))
    trust = torch.tensor([[0.0] * 3 + [1.0] * 3 if e.clip.labelled else [1.0] * 3 + [0.15] * 3 for e in examples])
    known = torch.tensor([float(e.clip.hits is not None) for e in examples])
    return Batch(shown, events, trust, voicing, pitch, level, hits, known)


def pitch_targets(pitch: Tensor) -> Tensor:
    """Return (..., F0_BINS) bells of sum 1 at each frame's pitch, in bins."""
    away = (torch.arange(F0_BINS, device=pitch.device) - pitch[..., None]) / F0_SIGMA_BINS
    return torch.softmax(-0.5 * away**2, dim=-1)
