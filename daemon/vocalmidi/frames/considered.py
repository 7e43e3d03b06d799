"""The considered pass: a recording in blocks in, `Frames` by the bidirectional model out, a chunk at a time.

In: consecutive blocks of one source, of any size and any rate from 8 to 192 kHz. Out: the same frames whatever the
block sizes, counted in samples of the source. A chunk is CHUNK frames with CONTEXT more on either side for the model to
hear and to tell how loud the singer is; the grid of chunks is fixed. Memory is bounded: only one chunk's sound is kept.
A recording of up to 33 s is one chunk, heard as in training. On a device several chunks are one run of the model.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from vocalmidi.errors import FramesError
from vocalmidi.frames.encoder import TimbreEncoder
from vocalmidi.frames.features import CONSIDERED, HOP, RATE_HZ, FrameSpectra, Levels, phrase_reference_db, picture
from vocalmidi.frames.heads import Heads
from vocalmidi.frames.intake import Intake
from vocalmidi.frames.level import PARTS, PARTS_AROUND, HighPass, level_db, part_energies
from vocalmidi.frames.posteriors import read_heads
from vocalmidi.frames.resampling import Resampler
from vocalmidi.frames.rises import room_power
from vocalmidi.frames.stretch import Stretch
from vocalmidi.frames.strikes import CONSIDERED_AGES, HeardStrike, StrikeStream
from vocalmidi.inference import Model
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock, Floats, Frames, Strike

CHUNK = 3000
"""30 s: a fifth of the work is context then, and the model needs 0.1 GB for it."""
CONTEXT = 300
"""3 s: longer than any note whose end the model needs to see; its memory of the past is a second or two."""
FURTHEST_BELOW_DB = 24.0
"""A chunk's reference is no further below the loudest one before it: a singer's softest verse, louder than the room."""
PIECE = RATE_HZ
"""A second of sound goes through the filters and the hits at a time, always the same, for the same bits."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is heard at once: frames of a chunk, frames around it, samples at 16 kHz that go through the filters."""

    chunk: int
    context: int
    piece: int


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Frames heard together, from `first` to before `last`; those from `start` to before `stop` are its own."""

    first: int
    start: int
    stop: int
    last: int


FRAMES_A_PART = 500
"""Frames whose spectra are made at once: 10 MB."""


class ConsideredAnalyser:
    """Turns one recording into frames; use one for each source.

    timbre: what hears strikes; None where they are not asked for.
    pace: how much is heard at once.
    """

    def __init__(
        self, sample_rate_hz: int, model: Model, *, timbre: Model | None = None, pace: Pace | None = None
    ) -> None:
        self._pace = pace or Pace(CHUNK, CONTEXT, PIECE)
        self._intake = Intake(sample_rate_hz)
        self._resampler = Resampler(sample_rate_hz)
        self._model = model
        self._spectra = FrameSpectra(CONSIDERED)
        self._high_pass = HighPass()
        self._encoder = None if timbre is None else TimbreEncoder(timbre)
        self._ear: StrikeStream | None = None
        self._fresh = np.zeros(0, np.float32)  # at 16 kHz, less than a PIECE
        before = self._spectra.behind
        self._sound = Stretch(-before, np.zeros(before, np.float32))
        self._struck: list[HeardStrike] = []
        self._loudest_db = -np.inf
        self._emitted = 0
        self._shown: tuple[Floats, Floats] | None = None  # the last picture and what the model gave for it

    def push(self, block: AudioBlock) -> Frames:
        """Take the next block and return the frames it completes, none or a whole chunk or several.

        Raises FramesError when sound is missing before it.
        """
        self._intake.take(block)
        found: list[Frames] = []
        step = self._intake.sample_rate_hz
        for first in range(0, len(block.samples), step):
            self._take(self._resampler.push(block.samples[first : first + step]))
            found += self._due(self._model.takes_at_once)
        return Frames.joined(found) if found else self._nothing()

    def finish(self) -> Frames:
        """End the stream and return the frames still waiting for sound; silence stands in for what never comes."""
        self._intake.finish()
        self._take(self._resampler.finish())
        # soxr rounds the length to whole samples either way.
        missing = self._intake.analysed - self._sound.stop - len(self._fresh)
        self._take(np.zeros(max(0, missing), np.float32))
        found = self._due(1)
        whole = len(self._fresh) // HOP * HOP
        self._hear(self._fresh[:whole])
        rest = self._fresh[whole:]
        if self._listens(rest) and self._ear:
            self._struck += self._ear.finish(rest)
        self._sound.append(self._high_pass.push(np.pad(rest, (0, -len(rest) % HOP)))[: len(rest)])
        frames = -(-self._sound.stop // HOP)
        self._sound.append(np.zeros(frames * HOP - self._sound.stop + self._spectra.ahead, np.float32))
        if frames > self._emitted:
            first = max(0, self._emitted - self._pace.context)
            found += self._chunks([_Chunk(first, self._emitted, frames, frames)])
        return Frames.joined(found) if found else self._nothing()

    def _take(self, samples: Floats) -> None:
        self._fresh = np.concatenate([self._fresh, samples])
        piece = self._pace.piece
        while len(self._fresh) >= piece:
            self._hear(self._fresh[:piece])
            self._fresh = self._fresh[piece:]

    def _hear(self, sound: Floats) -> None:
        self._sound.append(self._high_pass.push(sound))
        if self._listens(sound) and self._ear:
            self._struck += self._ear.push(sound)

    def _listens(self, sound: Floats) -> bool:
        """Return whether strikes are listened to; the first sound tells how the room is."""
        if self._ear is None and self._encoder and len(sound):
            self._ear = StrikeStream(self._encoder, CONSIDERED_AGES, room_power(sound))
        return self._ear is not None

    def _due(self, at_once: int) -> list[Frames]:
        found: list[Frames] = []
        while self._are_due(at_once):
            found += self._next_chunks(at_once)
        return found

    def _are_due(self, count: int) -> bool:
        stop = self._emitted + count * self._pace.chunk + self._pace.context
        return self._sound.stop >= stop * HOP + self._spectra.ahead

    def _next_chunks(self, count: int) -> list[Frames]:
        length, around = self._pace.chunk, self._pace.context
        ends = [self._emitted + number * length for number in range(1, count + 1)]
        return self._chunks([_Chunk(max(0, end - length - around), end - length, end, end + around) for end in ends])

    def _chunks(self, chunks: Sequence[_Chunk]) -> list[Frames]:
        """Return the next frames, chunk by chunk."""
        shown: list[Floats] = []
        for chunk in chunks:
            levels = self._levels(chunk.first, chunk.last)
            shown.append(picture(levels, self._reference_db(levels.frames_db)))
        return [self._given_out(*each) for each in zip(chunks, self._heard(shown), strict=True)]

    def _given_out(self, chunk: _Chunk, heads: Floats) -> Frames:
        if heads.shape != (chunk.last - chunk.first, Heads.OUTPUTS):
            raise FramesError(
                f"model {self._model.card.name} gives heads of shape {heads.shape}, "
                f"not {(chunk.last - chunk.first, Heads.OUTPUTS)}: reinstall vocalmidi"
            )
        frames = self._frames(heads[chunk.start - chunk.first : chunk.stop - chunk.first])
        self._emitted = chunk.stop
        self._sound.drop_before((self._emitted - self._pace.context) * HOP - self._spectra.behind)
        return frames

    def _heard(self, shown: Sequence[Floats]) -> list[Floats]:
        """Return what the model gives for each picture; those of one length in a row are one run of it."""
        heads: list[Floats] = []
        for _, alike in groupby(shown, len):
            pictures = list(alike)
            if len(pictures) == 1:
                heads.append(self._heard_before(pictures[0]))
            else:
                heads.extend(self._model.run(picture=np.stack(pictures))["heads"])
        return heads

    def _heard_before(self, shown: Floats) -> Floats:
        """Return what the model gives for a picture; of the same one, as of long silence, it is known already."""
        if self._shown is None or not np.array_equal(shown, self._shown[0]):
            self._shown = shown, self._model.run(picture=shown[None])["heads"][0]
        return self._shown[1]

    def _levels(self, first: int, stop: int) -> Levels:
        spectra, parts = self._spectra, list[Levels]()
        for begin in range(first, stop, FRAMES_A_PART):
            end = min(begin + FRAMES_A_PART, stop)
            heard = self._sound.span(begin * HOP - spectra.behind, (end - 1) * HOP + spectra.ahead)
            parts.append(spectra.of(heard, end - begin))
        return Levels(
            np.concatenate([part.tones_db for part in parts]),
            np.concatenate([part.mels_db for part in parts]),
            np.concatenate([part.frames_db for part in parts]),
        )

    def _reference_db(self, frames_db: Floats) -> float:
        """Return what the chunk is measured against: a room between loud phrases is not blown up to a voice."""
        reference_db = max(phrase_reference_db(frames_db), self._loudest_db - FURTHEST_BELOW_DB)
        self._loudest_db = max(self._loudest_db, reference_db)
        return reference_db

    def _frames(self, logits: Floats) -> Frames:
        """Return the frames from the next one on, of which these are the logits."""
        count = len(logits)
        begin = self._emitted * PARTS - PARTS_AROUND // 2
        stop = (self._emitted + count) * PARTS + PARTS_AROUND // 2
        energies = part_energies(self._sound.span(begin * HOP // PARTS, stop * HOP // PARTS))
        return self._intake.frames(
            self._emitted, read_heads(logits), level_db(energies, count), self._strikes_before(self._emitted + count)
        )

    def _strikes_before(self, frame: int) -> list[Strike]:
        """Return, once, what was struck before a frame."""
        known = [heard for heard in self._struck if heard.onset < frame * HOP]
        self._struck = [heard for heard in self._struck if heard.onset >= frame * HOP]
        rate_hz = self._intake.sample_rate_hz
        strikes = [self._intake.strike(heard, -(-heard.stop * rate_hz // RATE_HZ) - 1) for heard in known]
        return _each_once(known, strikes)

    def _nothing(self) -> Frames:
        return self._intake.no_frames(self._emitted)


def _each_once(heard: Sequence[HeardStrike], strikes: Sequence[Strike]) -> list[Strike]:
    """Return each strike as it was heard last, with what it was like when younger."""
    ages: dict[int, list[Strike]] = {}
    for one, strike in zip(heard, strikes, strict=True):
        ages.setdefault(one.onset, []).append(strike)
    return [replace(known[-1], younger=tuple(known[:-1])) for known in ages.values()]


def analyse(
    blocks: Iterable[AudioBlock],
    model: Model,
    on_progress: Callable[[SampleIndex], None] | None = None,
    *,
    timbre: Model | None = None,
) -> Frames:
    """Return the frames of a whole recording; `on_progress` hears after each block how many samples are done.

    timbre: what hears strikes; None where they are not asked for.

    Raises FramesError when there is not a single block, for then not even the rate is known.
    """
    analyser: ConsideredAnalyser | None = None
    pieces: list[Frames] = []
    for block in blocks:
        analyser = analyser or ConsideredAnalyser(block.sample_rate_hz, model, timbre=timbre)
        if len(found := analyser.push(block)):
            pieces.append(found)
        if on_progress:
            on_progress(SampleIndex(block.start + len(block.samples)))
    if analyser is None:
        raise FramesError("the recording gave no sound at all: check the file")
    pieces.append(analyser.finish())
    return Frames.joined([piece for piece in pieces if len(piece)] or pieces)
