"""The singer: notes in, sound and exact truth out.

In: `SungNote`s in order of onset, a `Voice`, a sample rate and a seed. Out: `Sung`, in seconds of the samples given;
`score` says where onsets and offsets lie. Does not do: words, dynamics inside a note, two notes at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from synth.score import Span, Sung, SungNote, TrueNote, Voice, lead_s, legato, pitch_contour, spans_of
from synth.shapes import CLOSED, NOISE_BAND_HZ, NOISE_DB, PITCHES_MIDI, Consonant, Shape, tract_response, voiced_rms
from synth.sound import Samples, band_noise
from synth.source_filter import glottal_source, overlap_add

_ATTACK_S, _RELEASE_S = 0.025, 0.04
_CLOSED_S = 0.07  # length of m and l
_CLOSED_DB = -8.0  # m and l re the vowel
_FEMALE, _MALE = Voice("female"), Voice("male")
_SPEECH_CENTRE_MIDI = {"male": 45.0, "female": 57.0, "child": 61.0}  # 110, 220 and 277 Hz


def sing(
    notes: Sequence[SungNote],
    sample_rate_hz: int = 44100,
    *,
    voice: Voice = _FEMALE,
    seed: int = 0,
    tail_s: float = 0.3,
) -> Sung:
    """Sing the notes and follow them by `tail_s` of silence; raise ValueError when there is no room for one of them."""
    spans = spans_of(notes, sample_rate_hz)
    count = round((max((n.onset_s + n.duration_s for n in notes), default=0.0) + tail_s) * sample_rate_hz)
    f0_hz = pitch_contour(notes, spans, count, sample_rate_hz)
    f0_hz *= _drift(count, sample_rate_hz, seed, voice.drift_cents)
    source = glottal_source(f0_hz, sample_rate_hz, voice.breath_db, seed)
    source *= _envelope(notes, spans, count, sample_rate_hz)
    sound = _through_tract(source, f0_hz, _sections(notes, spans, sample_rate_hz), voice, sample_rate_hz)
    for index, note in enumerate(notes):
        _add_unvoiced(sound, note, sample_rate_hz, seed + 1000 + index)
    truth = tuple(_truth(note, span, sample_rate_hz) for note, span in zip(notes, spans, strict=True))
    return Sung(sound.astype(np.float32), sample_rate_hz, truth, f0_hz)


def speech_like(duration_s: float, sample_rate_hz: int = 44100, *, voice: Voice = _MALE, seed: int = 0) -> Samples:
    """Return babble with the rhythm, pauses and sliding pitch of speech: pitched sound with no note in it."""
    rng = np.random.default_rng(seed)
    vowels: tuple[Shape, ...] = ("a", "e", "i", "o", "u")
    consonants: tuple[Consonant, ...] = ("s", "t", "k", "p", "m", "l")
    notes, now_s = [], 0.15
    while now_s < duration_s - 0.5:
        length_s = float(rng.uniform(0.12, 0.25))
        pitch = _SPEECH_CENTRE_MIDI[voice.kind] + float(rng.uniform(-3, 3))
        vowel, consonant = vowels[rng.integers(5)], consonants[rng.integers(6)]
        slide = float(rng.choice([-1, 1]) * rng.uniform(2.0, 5.0))
        notes.append(SungNote(now_s, length_s, pitch, vowel, consonant, slide_semitones=slide))
        now_s += length_s + float(rng.choice([0.06, 0.15, 0.5], p=[0.3, 0.55, 0.15]))
    sung = sing(notes, sample_rate_hz, voice=voice, seed=seed, tail_s=0.0).samples
    whole = np.zeros(round(duration_s * sample_rate_hz), np.float32)
    whole[: len(sung)] = sung[: len(whole)]
    return whole


def _truth(note: SungNote, span: Span, sample_rate_hz: int) -> TrueNote:
    onset_s, offset_s = span.start / sample_rate_hz, span.stop / sample_rate_hz
    return TrueNote(onset_s, offset_s, note.pitch_midi, note.level_db, onset_s - lead_s(note))


def _drift(count: int, sample_rate_hz: int, seed: int, drift_cents: float) -> npt.NDArray[np.float64]:
    """Return the factor of a slow random wander of pitch, corner near 2 Hz."""
    if drift_cents == 0.0:
        return np.ones(count)
    knots = np.random.default_rng(seed + 1).standard_normal(int(count / sample_rate_hz * 4) + 3)
    # Interpolation between unit knots leaves 2/3 of their variance.
    wander = np.interp(np.arange(count) * 4 / sample_rate_hz, np.arange(len(knots)), knots) * np.sqrt(1.5)
    factor: npt.NDArray[np.float64] = np.exp2(wander * drift_cents / 1200)
    return factor


def _envelope(
    notes: Sequence[SungNote], spans: Sequence[Span], count: int, sample_rate_hz: int
) -> npt.NDArray[np.float64]:
    """Return 0-1 at every sample: attacks, releases, and 1 through legato; levels are the tract's business."""
    envelope = np.zeros(count)
    rise, fall = _half_cosine(round(_ATTACK_S * sample_rate_hz)), _half_cosine(round(_RELEASE_S * sample_rate_hz))[::-1]
    for index, (note, span) in enumerate(zip(notes, spans, strict=True)):
        envelope[span.start : span.stop] = 1
        if index == 0 or not legato(notes[index - 1], note):
            envelope[span.start : span.start + len(rise)] *= rise
        if index + 1 == len(notes) or not legato(note, notes[index + 1]):
            envelope[span.stop - len(fall) : span.stop] *= fall
    return envelope


def _half_cosine(count: int) -> npt.NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / count)


@dataclass(frozen=True, slots=True)
class _Section:
    """From sample start to stop the mouth has this shape and the sound this RMS level."""

    start: int
    stop: int
    shape: Shape
    level_db: float


def _sections(notes: Sequence[SungNote], spans: Sequence[Span], sample_rate_hz: int) -> list[_Section]:
    """Return the mouth's shapes in order of time: one a note, two where a voiced consonant leads."""
    sections = []
    for note, span in zip(notes, spans, strict=True):
        opens = span.start
        if note.consonant in CLOSED:
            opens = min(span.start + round(_CLOSED_S * sample_rate_hz), (span.start + span.stop) // 2)
            level_db = note.level_db + _CLOSED_DB
            sections.append(_Section(span.start, opens, CLOSED[note.consonant], level_db))
        sections.append(_Section(opens, span.stop, note.vowel, note.level_db))
    return sections


def _through_tract(
    source: npt.NDArray[np.float64],
    f0_hz: npt.NDArray[np.float64],
    sections: Sequence[_Section],
    voice: Voice,
    sample_rate_hz: int,
) -> npt.NDArray[np.float64]:
    """Return the source as the mouth shapes it, in Hann frames of about 23 ms that take the nearest section's shape.

    Each frame is made as loud as its section says, whichever harmonics the formants favour at its pitch.
    """
    if not sections:
        return source
    hop = 1 << round(np.log2(0.0116 * sample_rate_hz))
    centres = np.arange(len(source) // hop + 2) * hop
    borders = [(first.stop + second.start) / 2 for first, second in pairwise(sections)]
    nearest = np.searchsorted(borders, centres, side="right")
    firsts, lasts = (np.array([getattr(s, end) for s in sections])[nearest] for end in ("start", "stop"))
    pitches = 69 + 12 * np.log2(f0_hz[np.clip(centres, firsts, lasts - 1)] / 440.0)
    shapes = sorted({section.shape for section in sections})
    which = np.array([shapes.index(section.shape) for section in sections])[nearest]
    gains = 10 ** (np.array([section.level_db for section in sections])[nearest] / 20)
    for index, shape in enumerate(shapes):
        levels = np.interp(pitches, PITCHES_MIDI, voiced_rms(voice.kind, shape, sample_rate_hz))
        gains[which == index] /= levels[which == index]
    frequencies_hz = np.fft.rfftfreq(8 * hop, 1 / sample_rate_hz)  # leaves 70 ms in which the narrowest formant rings
    responses = np.array([tract_response(voice.kind, shape, frequencies_hz, sample_rate_hz) for shape in shapes])
    return overlap_add(source, responses, which, gains, hop)


def _add_unvoiced(sound: npt.NDArray[np.float64], note: SungNote, sample_rate_hz: int, seed: int) -> None:
    """Add, in place, the noise of a note's unvoiced consonant so that it ends at the onset."""
    if note.consonant is None or note.consonant in CLOSED:
        return
    low_hz, high_hz = NOISE_BAND_HZ[note.consonant]
    high_hz = min(high_hz, 0.45 * sample_rate_hz)
    onset, count = round(note.onset_s * sample_rate_hz), round(lead_s(note) * sample_rate_hz)
    noise = band_noise(count, min(low_hz, high_hz / 2), high_hz, sample_rate_hz, seed)
    place = np.arange(count) / count
    swell = np.sqrt(np.sin(np.pi * place)) if note.consonant == "s" else np.exp(-3 * place) * (1 - place)
    sound[onset - count : onset] += noise * swell * 10 ** ((note.level_db + NOISE_DB[note.consonant]) / 20)
