"""What is to be sung, what was sung, and when and how high each note then is.

In: `SungNote`s in order of onset. Out: spans of samples, a pitch contour, the value types of truth. No sound here.

Where the truth lies: `onset_s` of a note is the first pitched sample. Unvoiced consonants (s t k p) sound before it,
as singers do, and shorten the note before; voiced ones (m l) begin at it. Two notes that touch without an unvoiced
consonant are legato: the pitch glides, and is half-way (in cents) at the onset. Touching notes of one pitch would be
one note to any ear, so the first is ended `REARTICULATION_S` early. `offset_s` is where the release has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from synth.shapes import CLOSED, CLOSURE_S, NOISE_S, Consonant, Shape, VoiceKind
from synth.sound import Samples

REARTICULATION_S = 0.05
"""Gap between touching notes of one pitch."""
SHORTEST_NOTE_S = 0.07
"""Attack and release need 65 ms."""
_TOUCH_S = 1e-3  # a gap that nobody hears
_VIBRATO_AFTER_S, _VIBRATO_FULL_S = 0.15, 0.35


@dataclass(frozen=True, slots=True)
class Voice:
    """Who sings: kind; breath noise and slow random drift of pitch.

    breath_db: RMS of the noise below the glottal source's. drift_cents: standard deviation of the wander of pitch,
    which is part of the truth's f0 contour.
    """

    kind: VoiceKind = "female"
    breath_db: float = -45.0
    drift_cents: float = 0.0


@dataclass(frozen=True, slots=True)
class SungNote:
    """A note to sing. Times in seconds, pitches in MIDI numbers, level as RMS dB re full scale.

    vibrato_cents: peak deviation, full after 0.35 s. scoop_cents: how far below the pitch a note begins that is not
    legato; it arrives after scoop_s. glide_s: length of the slide from a legato neighbour. slide_semitones: how far the
    pitch moves evenly from start to end, around `pitch_midi` in the middle (0 in singing, some in speech).
    """

    onset_s: float
    duration_s: float
    pitch_midi: float
    vowel: Shape = "a"
    consonant: Consonant | None = None
    level_db: float = -20.0
    vibrato_cents: float = 0.0
    vibrato_hz: float = 5.5
    scoop_cents: float = 0.0
    scoop_s: float = 0.08
    glide_s: float = 0.06
    slide_semitones: float = 0.0


@dataclass(frozen=True, slots=True)
class TrueNote:
    """What was sung: pitched from onset_s to offset_s; sound_onset_s is earlier when an unvoiced consonant leads."""

    onset_s: float
    offset_s: float
    pitch_midi: float
    level_db: float
    sound_onset_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Sung:
    """The sound, (n,) float32, and its truth: the notes, and f0_hz (n,) float64, 0.0 where nothing is pitched."""

    samples: Samples
    sample_rate_hz: int
    notes: tuple[TrueNote, ...]
    f0_hz: npt.NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Span:
    """Samples [start, stop)."""

    start: int
    stop: int


def scale_notes(
    pitches_midi: Sequence[float], note_s: float = 0.5, gap_s: float = 0.05, start_s: float = 0.25
) -> tuple[SungNote, ...]:
    """Return plain notes of equal length on a, one every `note_s` + `gap_s`, for tests that need just notes."""
    return tuple(SungNote(start_s + i * (note_s + gap_s), note_s, pitch) for i, pitch in enumerate(pitches_midi))


def lead_s(note: SungNote) -> float:
    """Return how long before its onset a note's unvoiced consonant is heard (its closure is silent)."""
    return NOISE_S.get(note.consonant or "", 0.0)


def _touch(first: SungNote, second: SungNote) -> bool:
    return second.onset_s - (first.onset_s + first.duration_s) < _TOUCH_S


def legato(first: SungNote, second: SungNote) -> bool:
    """Return whether the voice goes on from one note to the next."""
    same_pitch = abs(first.pitch_midi - second.pitch_midi) < 0.5
    return _touch(first, second) and lead_s(second) == 0.0 and (not same_pitch or second.consonant in CLOSED)


def spans_of(notes: Sequence[SungNote], sample_rate_hz: int) -> list[Span]:
    """Return the pitched samples of each note; raise ValueError where there is no room for one."""
    ends_s = [note.onset_s + note.duration_s for note in notes]
    for index, (first, second) in enumerate(pairwise(notes)):
        if legato(first, second):
            ends_s[index] = second.onset_s
            continue
        if lead_s(second) > 0.0:
            gap_s = lead_s(second) + CLOSURE_S[second.consonant or ""]
        else:
            gap_s = REARTICULATION_S if _touch(first, second) else 0.0
        ends_s[index] = min(ends_s[index], second.onset_s - gap_s)
    for note, end_s in zip(notes, ends_s, strict=True):
        if note.onset_s < lead_s(note) or end_s - note.onset_s < SHORTEST_NOTE_S:
            raise ValueError(f"no room to sing the note at {note.onset_s} s: pitched until {end_s:.3f} s only")
    return [
        Span(round(note.onset_s * sample_rate_hz), round(end_s * sample_rate_hz))
        for note, end_s in zip(notes, ends_s, strict=True)
    ]


def pitch_contour(
    notes: Sequence[SungNote], spans: Sequence[Span], count: int, sample_rate_hz: int
) -> npt.NDArray[np.float64]:
    """Return f0 at every sample, Hz, 0.0 outside the notes."""
    pitch = np.full(count, -np.inf)
    for note, span in zip(notes, spans, strict=True):
        pitch[span.start : span.stop] = note.pitch_midi
    for (first, second), span in zip(pairwise(notes), spans[1:], strict=True) if notes else ():
        if legato(first, second):
            half = round(min(second.glide_s, first.duration_s, second.duration_s) / 2 * sample_rate_hz)
            slide = 0.5 - 0.5 * np.cos(np.pi * (np.arange(2 * half) + 0.5) / max(1, 2 * half))
            step = second.pitch_midi - first.pitch_midi
            pitch[span.start - half : span.start + half] = first.pitch_midi + step * slide
    for index, (note, span) in enumerate(zip(notes, spans, strict=True)):
        begins = index == 0 or not legato(notes[index - 1], note)
        pitch[span.start : span.stop] += _within(note, span.stop - span.start, sample_rate_hz, begins=begins)
    return 440.0 * np.exp2((pitch - 69) / 12)


def _within(note: SungNote, count: int, sample_rate_hz: int, *, begins: bool) -> npt.NDArray[np.float64]:
    """Return the pitch's movement inside a note, semitones: vibrato, slide, and the scoop where a line begins."""
    elapsed_s = np.arange(count) / sample_rate_hz
    grown = np.clip((elapsed_s - _VIBRATO_AFTER_S) / (_VIBRATO_FULL_S - _VIBRATO_AFTER_S), 0, 1)
    movement = note.vibrato_cents / 100 * grown * np.sin(2 * np.pi * note.vibrato_hz * elapsed_s)
    movement += note.slide_semitones * (np.arange(count) / count - 0.5)
    if begins:
        movement -= note.scoop_cents / 100 * (1 - np.clip(elapsed_s / note.scoop_s, 0, 1)) ** 2
    return movement
