"""The room's face: a stream of `AudioBlock`s in, a stream of `Frames` out.

In: consecutive blocks of one source, of any size and any rate from 8 to 192 kHz. Out: the same frames whatever the
block sizes, as soon as the sound they look at has come; counted in samples of the source. Memory is bounded: only one
window of sound is kept. Notes and hits are not decided here.
"""

from collections.abc import Callable, Iterable

import numpy as np

from vocalmidi.errors import FramesError
from vocalmidi.frames.gain import SILENCE_PEAK_DB, LevelFollower, level_db
from vocalmidi.frames.grid import ANALYSIS_RATE_HZ, FUTURE_HOPS, HOP, PAST_HOPS, Window, window_hops
from vocalmidi.frames.hits import hit_probabilities
from vocalmidi.frames.onsets import find_onsets, spread_on_frames
from vocalmidi.frames.pitch import track_pitch
from vocalmidi.frames.resampling import Resampler, delay_samples
from vocalmidi.frames.spectrum import spectrogram
from vocalmidi.inference import Model
from vocalmidi.units import SampleIndex, Seconds
from vocalmidi.values import HIT_LABELS, AudioBlock, Floats, Frames

LIVE_FRAMES = 4
"""32 ms at a time: SwiftF0 recomputes its whole context for every window, so fewer would cost more than they hasten."""
WHOLE_FRAMES = 512
"""4 s at a time for a recording: 10 % of the work is context then, and ONNX Runtime needs 30 MB for it."""
PIECE_S = 1.0
"""A block longer than this is taken in pieces, so that one huge block needs no second copy of itself."""


class FrameAnalyser:
    """Turns one stream of sound into frames; use one for each source."""

    def __init__(self, sample_rate_hz: int, model: Model, *, window_frames: int = LIVE_FRAMES) -> None:
        if window_frames < 2 or window_frames % 2:
            raise ValueError(f"window_frames {window_frames} must be even and at least 2")
        self._resampler = Resampler(sample_rate_hz)
        self._model = model
        self._frames = window_frames
        self._follower = LevelFollower()
        self._fresh: list[Floats] = []
        self._fresh_count = 0
        self._raw = np.zeros(PAST_HOPS * HOP, np.float32)
        self._levelled = np.zeros(PAST_HOPS * HOP, np.float32)
        self._peak_db = np.full(PAST_HOPS, SILENCE_PEAK_DB)
        self._origin = 0  # where the stream began: its first block's start
        self._received = 0
        self._analysable = 0
        self._emitted = 0
        self._finished = False

    @property
    def look_ahead_samples(self) -> int:
        """How many source samples after a frame's centre may have to come before the frame does."""
        rate = self._resampler.sample_rate_hz
        ahead = (self._frames + FUTURE_HOPS) * HOP * rate / ANALYSIS_RATE_HZ
        return round(ahead) + delay_samples(rate)

    def push(self, block: AudioBlock) -> Frames:
        """Take the next block and return the frames it completes; raise FramesError when sound is missing."""
        self._check(block)
        pieces: list[Frames] = []
        step = round(PIECE_S * block.sample_rate_hz)
        for first in range(0, len(block.samples), step):
            self._take(self._resampler.push(block.samples[first : first + step]))
            pieces += self._due_windows()
        self._received += len(block.samples)
        return Frames.joined(pieces) if pieces else self._no_frames()

    def finish(self) -> Frames:
        """End the stream and return the frames still waiting for sound; silence stands in for what never comes."""
        if self._finished:
            raise ValueError("finish was called before on this stream")
        self._finished = True
        self._take(self._resampler.finish())
        total = -(-self._analysable // HOP)
        pieces: list[Frames] = []
        while self._emitted < total:
            needed = self._needed()
            if needed > self._fresh_count:
                self._take_silence(needed - self._fresh_count)
            window = self._next_window()
            pieces.append(self._analysed(window, min(self._frames, total - self._emitted)))
        return Frames.joined(pieces) if pieces else self._no_frames()

    def _check(self, block: AudioBlock) -> None:
        if self._finished:
            raise ValueError("no block may follow finish")
        if block.sample_rate_hz != self._resampler.sample_rate_hz:
            raise ValueError(f"block at {block.sample_rate_hz} Hz in a stream at {self._resampler.sample_rate_hz} Hz")
        if not self._received:
            self._origin = block.start
        due = self._origin + self._received
        if block.start != due:
            raise FramesError(f"sound is missing: sample {block.start} came where {due} was due")

    def _take(self, samples: Floats) -> None:
        self._fresh.append(samples)
        self._fresh_count += len(samples)
        self._analysable += len(samples)

    def _take_silence(self, count: int) -> None:
        self._fresh.append(np.zeros(count, np.float32))
        self._fresh_count += count

    def _needed(self) -> int:
        """Return how many fresh samples complete the next window."""
        return window_hops(self._frames) * HOP - len(self._raw)

    def _due_windows(self) -> list[Frames]:
        pieces: list[Frames] = []
        while self._fresh_count >= self._needed():
            pieces.append(self._analysed(self._next_window(), self._frames))
        return pieces

    def _next_window(self) -> Window:
        """Level exactly the samples the window lacks, then keep only the past of the one after it."""
        count = self._needed()
        fresh = np.concatenate(self._fresh)
        self._fresh, self._fresh_count = [fresh[count:]], len(fresh) - count
        peak_db, levelled = self._follower.push(fresh[:count])
        raw = np.concatenate([self._raw, fresh[:count]])
        levelled = np.concatenate([self._levelled, levelled])
        peak_db = np.concatenate([self._peak_db, peak_db])
        self._raw, self._levelled = raw[self._frames * HOP :], levelled[self._frames * HOP :]
        self._peak_db = peak_db[self._frames :]
        begins = (PAST_HOPS - self._emitted) * HOP
        return Window(self._frames, raw, levelled, peak_db, max(0, begins), min(len(raw), begins + self._analysable))

    def _analysed(self, window: Window, count: int) -> Frames:
        """Return the first `count` frames of a window."""
        fine = spectrogram(window)
        onsets = find_onsets(window, fine)
        pitch = track_pitch(self._model, window)
        likely = np.array([[o.probability] for o in onsets], np.float32).reshape(-1, 1)
        onset = spread_on_frames(onsets, likely, window.frames)
        hit = spread_on_frames(onsets, hit_probabilities(window, fine, onsets), window.frames)
        frames = self._frames_at(pitch.f0_hz, pitch.voicing, onset[:, 0], level_db(window), hit, count=count)
        self._emitted += count
        return frames

    def _frames_at(self, *arrays: Floats, count: int) -> Frames:
        rate = self._resampler.sample_rate_hz
        start = SampleIndex(self._origin + round(self._emitted * HOP * rate / ANALYSIS_RATE_HZ))
        return Frames(start, Seconds(HOP / ANALYSIS_RATE_HZ), rate, *(array[:count] for array in arrays))

    def _no_frames(self) -> Frames:
        none = np.zeros(0, np.float32)
        return self._frames_at(none, none, none, none, np.zeros((0, len(HIT_LABELS)), np.float32), count=0)


def analyse(
    blocks: Iterable[AudioBlock], model: Model, on_progress: Callable[[SampleIndex], None] | None = None
) -> Frames:
    """Return the frames of a whole recording; `on_progress` hears after each block how many samples are done.

    Raises FramesError when there is not a single block, for then not even the rate is known.
    """
    analyser: FrameAnalyser | None = None
    pieces: list[Frames] = []
    for block in blocks:
        analyser = analyser or FrameAnalyser(block.sample_rate_hz, model, window_frames=WHOLE_FRAMES)
        pieces.append(analyser.push(block))
        if on_progress:
            on_progress(SampleIndex(block.start + len(block.samples)))
    if analyser is None:
        raise FramesError("the recording gave no sound at all: check the file")
    pieces.append(analyser.finish())
    return Frames.joined([piece for piece in pieces if len(piece)] or pieces[-1:])
