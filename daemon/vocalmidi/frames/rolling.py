"""The considered pass while somebody still sings: frames as soon as enough was heard after them, the rest on demand.

In: consecutive blocks of one source. Out: frames that stay as they are (`settle`), a short chunk at a time, and at any
moment those that would follow if silence came now (`waiting`). The model, the filters and the strikes are those of
`considered`, and so are the frames but for what the model can't see: `PACE` says how much that is. What a chunk is
measured against is the loudest of the last half minute, as in a recording heard whole.
"""

import copy
import math
from collections.abc import Sequence

import numpy as np

from vocalmidi.frames.considered import CHUNK, ConsideredAnalyser, Pace
from vocalmidi.frames.features import HOP, RATE_HZ
from vocalmidi.frames.resampling import Resampler
from vocalmidi.inference import Model
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock, Floats, Frames

PACE = Pace(chunk=100, context=150, piece=RATE_HZ // 10)
"""A second settles at a time with 1.5 s around it, which is four times the work of a recording heard whole. On 40 s
each of six singers and four beatboxers all 242 notes and 769 of 770 hits come out as from the whole, two of either
besides (`python -m benchmarks.rolling_hearing`). Sound goes through the filters every 0.1 s."""

LENGTHS = {"takes": 1, "frames": PACE.chunk + 2 * PACE.context}
"""Of what the model is given here, by the words in its shapes."""


class RollingAnalyser(ConsideredAnalyser):
    """Turns one endless source into frames; one thread at a time."""

    def __init__(self, sample_rate_hz: int, model: Model, *, timbre: Model | None = None) -> None:
        super().__init__(sample_rate_hz, model, timbre=timbre, pace=PACE)
        self._measured_db = np.zeros(0, np.float32)  # levels of the frames given out, as many as a long chunk has

    def take(self, block: AudioBlock) -> None:
        """Take the next block; nothing is given out for it. Raises FramesError when sound is missing before it."""
        self._intake.take(block)
        self._take(self._resampler.push(block.samples))

    def settle(self) -> Frames | None:
        """Return the next frames that stay as they are, None when more must be heard first."""
        return self._next_chunks(1)[0] if self._are_due(1) else None

    @property
    def behind(self) -> int:
        """How many times `settle` would give frames now."""
        heard = (self._sound.stop - self._spectra.ahead) // HOP - self._emitted - self._pace.context
        return max(0, heard // self._pace.chunk)

    def waiting(self) -> Frames:
        """Return the frames after the settled ones, heard as if the source ended here; nothing changes by it."""
        return self._as_it_is().finish()

    def _as_it_is(self) -> "RollingAnalyser":
        """Return another analyser that may be ended, without what the resampler still holds (0.04–0.12 s)."""
        shared = (self._model, self._spectra, self._encoder)
        memo = {id(each): each for each in shared} | {id(self._resampler): Resampler(RATE_HZ)}
        return copy.deepcopy(self, memo)

    def _reference_db(self, frames_db: Floats) -> float:
        heard_db = np.concatenate([self._measured_db, frames_db[min(self._pace.context, self._emitted) :]])
        self._measured_db = heard_db[: len(self._measured_db) + self._pace.chunk][-CHUNK:]
        return super()._reference_db(heard_db)


def frames_between(pieces: Sequence[Frames], start: SampleIndex, stop: SampleIndex) -> Frames:
    """Return the frames of [start, stop) in pieces of one stream, of which a later one may repeat an earlier's end.

    Raises:
        ValueError: there are no pieces, or they leave a gap.
    """
    kept = list[Frames]()
    # Of ten minutes most pieces lie before the span: they are told by their ends alone.
    late = [piece for piece in pieces[:-1] if piece.sample_at(len(piece)) > start]
    for piece in (*late, *pieces[-1:]):
        due = kept[-1].sample_at(len(kept[-1])) if kept else start
        found = _rows(piece, due, stop)
        if len(found) or not kept:
            kept.append(found)
    return Frames.joined(kept)


def _rows(frames: Frames, start: SampleIndex, stop: SampleIndex) -> Frames:
    """Return the frames whose centres are within [start, stop), give or take a rounded sample, and their strikes."""
    step = frames.hop_s * frames.sample_rate_hz
    first = min(len(frames), max(0, math.ceil((start - 1 - frames.start) / step)))
    last = min(len(frames), max(first, math.ceil((stop - 1 - frames.start) / step)))
    return frames.rows(first, last)
