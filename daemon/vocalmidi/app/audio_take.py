"""The sound of a take, to lie under its notes.

Comes in: what was sung, the phrase made of it, and the history. Goes out: a WAV file as bytes, and where its first and
last sample lie in quarter notes after the phrase's place. 24 bits: what a microphone gives has no more.
"""

import io
from dataclasses import dataclass
from typing import Protocol

import soundfile

from vocalmidi.app.takes import Sung
from vocalmidi.capture import History
from vocalmidi.reaper import AudioTake
from vocalmidi.transport import Piece
from vocalmidi.units import QuarterNotes, SampleIndex, samples_to_seconds, seconds_to_samples
from vocalmidi.values import AudioBlock, Events, Phrase

BEFORE_S, AFTER_S = 0.15, 0.3
"""Around the first and last sound: a consonant comes before its note, and a voice dies away after it."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV file, and where it lies."""

    take: AudioTake
    wav: bytes


class _Axis(Protocol):
    """Where samples lie, in quarter notes of the phrase, and back."""

    def qn_at(self, sample: float) -> float: ...

    def sample_at(self, qn: float) -> float: ...


@dataclass(frozen=True, slots=True)
class _ProjectAxis:
    """By the project's own map: quarter notes after `place_qn`."""

    piece: Piece
    place_qn: float

    def qn_at(self, sample: float) -> float:
        return self.piece.qn_at(sample) - self.place_qn

    def sample_at(self, qn: float) -> float:
        return self.piece.sample_at(self.piece.grid.tempo_map.time_at(qn + self.place_qn))


@dataclass(frozen=True, slots=True)
class _OwnAxis:
    """By the tempo of the phrase itself."""

    phrase: Phrase
    sample_rate_hz: int

    def qn_at(self, sample: float) -> float:
        return self.phrase.tempo_map.qn_at(samples_to_seconds(sample, self.sample_rate_hz))

    def sample_at(self, qn: float) -> float:
        return self.phrase.tempo_map.time_at(qn) * self.sample_rate_hz


def sound_of(sung: Sung, phrase: Phrase, place_qn: QuarterNotes, history: History) -> Sound:
    """Return the sound of what was sung; `place_qn` is the project position of the phrase's QN 0.

    Raises:
        SpanGoneError: it is older than the history.
    """
    rate_hz = history.sample_rate_hz
    axis: _Axis = _OwnAxis(phrase, rate_hz) if sung.piece is None else _ProjectAxis(sung.piece, place_qn)
    first, last = _span(sung.events)
    here = history.available
    # Before the project's start there is no place for sound.
    start = max(first - seconds_to_samples(BEFORE_S, rate_hz), here.start, round(axis.sample_at(-place_qn)))
    stop = min(last + seconds_to_samples(AFTER_S, rate_hz), here.stop)
    block = history.span(SampleIndex(min(start, first)), SampleIndex(stop))
    start_qn, stop_qn = axis.qn_at(block.start), axis.qn_at(stop)
    length_s = samples_to_seconds(len(block.samples), rate_hz)
    return Sound(AudioTake(QuarterNotes(start_qn), QuarterNotes(stop_qn - start_qn), length_s), wav_bytes(block))


def _span(events: Events) -> tuple[int, int]:
    """Return the first and last sample of what was sung."""
    first = min([note.onset for note in events.notes[:1]] + [hit.onset for hit in events.hits[:1]])
    return first, max([note.offset for note in events.notes] + [hit.onset + 1 for hit in events.hits])


def wav_bytes(block: AudioBlock) -> bytes:
    """Return the sound as a WAV file; what is beyond full scale is clipped."""
    file = io.BytesIO()
    soundfile.write(file, block.samples, block.sample_rate_hz, format="WAV", subtype="PCM_24")
    return file.getvalue()
