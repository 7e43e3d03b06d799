"""The singer: a voice, a take's notes and its curves become sound.

In: a `Voice` (recorded or computed), `Planned` notes, `Curves`, a `Style`. Out: sound whose pitch and level are the
curves', exactly to WORLD's frame. A frame's timbre is a blend of segments: consonant noise, transition, a vowel's core
walked to and fro, nasals at voiced joins. It decides nothing about time, pitch or truth.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.voice.data_contour import CONNECTED, SILENCE_DB, Curves, frame
from training.voice.data_score import Planned
from training.voice.data_style import Style
from training.voice.data_voicebank import Syllable, Voice
from training.voice.data_world import BINS, FRAME_S, RATE_HZ, synthesise

Floats = npt.NDArray[np.float64]
LN_DB = np.log(10) / 10
FREQUENCIES_HZ = np.linspace(0, RATE_HZ / 2, BINS)
VOICED_DB = -8.0
"""Most noise at 3 kHz in a voiced frame of a voice that is not breathy: what recorded vowels seldom exceed."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Frames from `at` on sound like the voice's frames `source`; `relative_db` re the curve; closed: a voiced stop."""

    at: int
    source: npt.NDArray[np.int64]
    relative_db: Floats
    blend: int
    closed_hz: float = 0.0


def sing(voice: Voice, notes: list[Planned], curve: Curves, style: Style, rng: np.random.Generator) -> Floats:
    """Return the sound, one frame's samples times the frames."""
    segments: list[Segment] = []
    for i, note in enumerate(notes):
        following = notes[i + 1] if i + 1 < len(notes) else None
        segments += _note_segments(voice, note, following, style, rng)
    level = curve.level_db.copy()
    segments += _breaths(voice, notes, style, rng)
    envelope, relative, aperiodicity, heard = _blend(voice, segments, len(level))
    for segment in segments:  # a lead lies outside the runs: it takes the level of its note, which is in relative_db
        span = slice(max(0, segment.at), segment.at + len(segment.source))
        level[span] = np.where(level[span] <= SILENCE_DB, 0.0, level[span])
    middle = float(np.median([n.pitch_midi for n in notes])) if notes else voice.median_midi
    envelope = _coloured(envelope, voice, middle, style, rng)
    power = 10 * np.log10(np.exp(envelope).sum(axis=1) + 1e-30)
    wanted = np.where(heard, level + relative, SILENCE_DB)
    envelope += ((wanted - power) * LN_DB)[:, None]
    f0_hz = curve.f0_hz()
    # A coda's or a transition's frame may be all noise: there truth says pitched, so pitch must be heard.
    aperiodicity = np.where(f0_hz > 0, np.minimum(aperiodicity, VOICED_DB) + style.breathy_db, aperiodicity)
    return synthesise(f0_hz, envelope, aperiodicity)


def _walk(first: int, last: int, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return frames of [first, last) walked to and fro, slower than spoken."""
    span = max(1, last - first - 1)
    steps = np.cumsum(rng.uniform(0.2, 1.0, count)) * rng.uniform(0.3, 1.0) + rng.uniform(0, span)
    folded = np.abs((steps % (2 * span)) - span)
    return first + np.minimum(folded.astype(np.int64), last - first - 1)


def _levels(voice: Voice, source: npt.NDArray[np.int64]) -> Floats:
    return 10 * np.log10(np.exp(voice.envelope[source].astype(np.float64)).sum(axis=1) + 1e-30)


def _note_segments(
    voice: Voice, note: Planned, following: Planned | None, style: Style, rng: np.random.Generator
) -> list[Segment]:
    a, b = frame(note.onset_s), frame(note.offset_s)
    found: list[Segment] = []
    if style.manner == "hum" and voice.nasals:
        first, last = voice.nasals[rng.integers(len(voice.nasals))]
        return [Segment(a, _walk(first, last, b - a, rng), np.zeros(b - a), 6)]
    wants_noise = note.join == "unvoiced" or (note.join == "rest" and style.manner in ("lyrics", "da", "separated"))
    syllable = _pick(voice, wants_noise, rng)
    core_db = float(np.mean(_levels(voice, np.arange(syllable.core, syllable.core_end))))
    turn = 0
    if note.join not in CONNECTED:
        turn = min(syllable.core - syllable.voiced, 12, int(0.3 * (b - a)))
        if wants_noise and (note.join == "unvoiced" or rng.random() < 0.7):
            found += _lead(voice, note, syllable, core_db, rng)
    source = _walk(syllable.core, syllable.core_end, b - a, rng)
    source[:turn] = np.arange(syllable.core - turn, syllable.core)
    relative = np.zeros(b - a)
    relative[:turn] = np.clip(_levels(voice, source[:turn]) - core_db, -12, 2) if turn else 0.0
    if following is None or following.join not in CONNECTED:
        tail = min(syllable.end - syllable.core_end, 5, int(0.2 * (b - a)))
        if tail:
            source[-tail:] = np.arange(syllable.core_end, syllable.core_end + tail)
    found.append(Segment(a, source, relative, 4))
    starts_closed = note.join == "rest" and not wants_noise and style.manner != "vocalise" and rng.random() < 0.6
    if note.join == "voiced" or starts_closed:
        found.append(_closure(voice, note, starts_closed, rng))
    return found


def _pick(voice: Voice, wants_noise: bool, rng: np.random.Generator) -> Syllable:
    wanted = [s for s in voice.syllables if s.voiced - s.lead >= 5] if wants_noise else []
    choice = wanted or list(voice.syllables)
    return choice[rng.integers(len(choice))]


def _lead(voice: Voice, note: Planned, syllable: Syllable, core_db: float, rng: np.random.Generator) -> list[Segment]:
    """Return the noise before a note, as long as there is room; its level is relative to the note's."""
    count = min(syllable.voiced - syllable.lead, max(2, int(note.closure_s / FRAME_S)), frame(note.onset_s) - 1)
    if count < 2:
        return []
    source = np.arange(syllable.voiced - count, syllable.voiced)
    relative = np.clip(_levels(voice, source) - core_db, -45, 0) + rng.uniform(-6, 3) + note.level_db
    return [Segment(frame(note.onset_s) - count, source, relative, 1)]


def _closure(voice: Voice, note: Planned, starts: bool, rng: np.random.Generator) -> Segment:
    """Return the nasal, liquid or voiced stop of a join (around the onset) or of a start (from it)."""
    length = max(4, frame(note.closure_s))
    at = frame(note.onset_s) - (0 if starts else round(0.6 * length))
    stop = rng.random() < 0.25 or not voice.nasals
    if stop:
        syllable = voice.syllables[rng.integers(len(voice.syllables))]
        first, last = syllable.core, syllable.core_end
    else:
        first, last = voice.nasals[rng.integers(len(voice.nasals))]
    relative = np.full(length, -rng.uniform(3, 9)) if starts else np.zeros(length)
    return Segment(at, _walk(first, last, length, rng), relative, 4, float(rng.uniform(350, 700)) if stop else 0.0)


def _breaths(voice: Voice, notes: list[Planned], style: Style, rng: np.random.Generator) -> list[Segment]:
    """Return a breath in some of the rests longer than a quarter of a second, as whispered vowels."""
    segments: list[Segment] = []
    for i, note in enumerate(notes):
        begin = notes[i - 1].offset_s if i else 0.0
        room = note.onset_s - begin
        if room > 0.25 and rng.random() < style.breaths:
            count = int(min(room - 0.08, rng.uniform(0.12, 0.5)) / FRAME_S)
            at = frame(note.onset_s - rng.uniform(0.03, room - count * FRAME_S)) - count
            syllable = _pick(voice, False, rng)
            hump = 20 * np.log10(np.sin(np.pi * (np.arange(count) + 0.5) / count) + 1e-3)
            if at > 0:
                loud = rng.uniform(-45, -18)
                segments.append(Segment(at, _walk(syllable.core, syllable.core_end, count, rng), hump + loud, 1))
    return segments


def _blend(voice: Voice, segments: list[Segment], frames: int) -> tuple[Floats, Floats, Floats, npt.NDArray[np.bool_]]:
    """Return (t, BINS) log envelopes, (t,) relative dB, aperiodicity, and where anything sounds."""
    total, weights = np.zeros((frames, BINS)), np.zeros(frames)
    relative, aperiodicity = np.zeros(frames), np.zeros(frames)
    for segment in segments:
        count = len(segment.source)
        rows = np.arange(segment.at - segment.blend, segment.at + count + segment.blend)
        inner = np.clip(np.arange(-segment.blend, count + segment.blend), 0, count - 1)
        ramp = np.minimum(np.arange(1, len(rows) + 1), np.arange(len(rows), 0, -1)) / (2 * segment.blend + 1)
        weight = np.clip(ramp, 0, 1)
        is_core = segment.closed_hz == 0 and segment.blend == 4 and count > 24
        weight = np.maximum(weight * (1.0 if is_core else 12.0), 1e-6)
        weight = weight if segment.blend > 1 else np.where((inner == 0) | (inner == count - 1), weight * 0.1, weight)
        kept = (rows >= 0) & (rows < frames)
        rows, inner, weight = rows[kept], inner[kept], weight[kept]
        spectra = voice.envelope[segment.source[inner]].astype(np.float64)
        spectra -= np.log(np.exp(spectra).sum(axis=1, keepdims=True) + 1e-30)
        if segment.closed_hz:
            spectra -= 4.2 * np.log2(np.maximum(FREQUENCIES_HZ / segment.closed_hz, 1.0))  # 18 dB an octave
        total[rows] += weight[:, None] * spectra
        relative[rows] += weight * segment.relative_db[inner]
        aperiodicity[rows] += weight * voice.aperiodicity_db[segment.source[inner]]
        weights[rows] += weight
    heard = weights > 0
    scale = 1 / np.maximum(weights, 1e-9)
    return total * scale[:, None], relative * scale, aperiodicity * scale, heard


def _coloured(envelope: Floats, voice: Voice, middle_midi: float, style: Style, rng: np.random.Generator) -> Floats:
    """Return the envelopes of a longer or shorter tract, tilted; hummed: behind closed lips."""
    ratio = style.tract * 2 ** (0.15 * (middle_midi - voice.median_midi) / 12)
    place = np.clip(np.arange(BINS) / np.clip(ratio, 0.8, 1.35), 0, BINS - 1.001)
    low = place.astype(np.int64)
    warped = envelope[:, low] + (envelope[:, low + 1] - envelope[:, low]) * (place - low)
    warped += style.tilt_db * LN_DB * np.log2(np.maximum(FREQUENCIES_HZ, 250) / 250)
    if style.manner == "hum":
        slope, corner = rng.uniform(0, 14), rng.uniform(300, 900)
        warped -= slope * LN_DB * np.log2(np.maximum(FREQUENCIES_HZ / corner, 1.0))
        zero = rng.uniform(500, 1500)
        warped -= rng.uniform(0, 22) * LN_DB * np.exp(-0.5 * ((FREQUENCIES_HZ - zero) / 140) ** 2)
    return warped


def whistle(notes: list[Planned], curve: Curves, rng: np.random.Generator) -> Floats:
    """Return a whistle along the curves: one sine, a faint second, air."""
    count = round(len(curve.level_db) * FRAME_S * RATE_HZ)
    at = np.arange(count) / (FRAME_S * RATE_HZ)
    f0_hz = np.interp(at, np.arange(len(curve.level_db)), curve.f0_hz())
    amplitude = np.interp(at, np.arange(len(curve.level_db)), 10 ** (np.maximum(curve.level_db, -90) / 20))
    phase = 2 * np.pi * np.cumsum(f0_hz) / RATE_HZ
    air = np.diff(rng.standard_normal(count), prepend=0.0) * 10 ** (rng.uniform(-45, -22) / 20)
    second = 10 ** (rng.uniform(-45, -20) / 20)
    sound: Floats = amplitude * (np.sin(phase) + second * np.sin(2 * phase) + air) if notes else np.zeros(count)
    return sound
