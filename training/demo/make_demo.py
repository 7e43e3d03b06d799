"""Make the bundled demo clip: the song of `score`, sung by a synthesiser, then two bars of beatbox.

In: nothing but the score. Out: demo_voice.flac (mono, 44.1 kHz, 16 bit) and demo_voice.truth.json in
daemon/vocalmidi/demo. Sinsy (HTS) sings the syllables; its pitch wanders up to a semitone from the score, so the WORLD
vocoder (Morise 2016) puts our own contour, with glides and vibrato, under its mouth. That makes the truth exact. The
beatbox is the tests' own.

Run from the root of the repository, with Python 3.11, a C++ compiler and cmake:

    python3.11 -m venv /tmp/sing
    /tmp/sing/bin/pip install "setuptools<81" wheel cython numpy
    /tmp/sing/bin/pip install --no-build-isolation pysinsy==0.0.5 pyworld==0.3.5 soundfile==0.14.0 soxr==1.1.0
    PYTHONPATH=tests /tmp/sing/bin/python training/demo/make_demo.py

pysinsy still imports pkg_resources, hence the old setuptools. Two runs on one machine give the same bytes.
"""

import json
import sys
import tempfile
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pysinsy
import pyworld
import soundfile
import soxr
from score import BEATS, GROOVE, GROOVE_BARS, MELODY, SUNG_BARS, TEMPO_QPM, ScoreNote, musicxml

from synth import BeatboxHit, SungNote, beatbox, mix, reverb, room_noise
from synth.score import pitch_contour, spans_of

OUT = Path(__file__).parents[2] / "daemon" / "vocalmidi" / "demo"
RATE_HZ = 44100
FRAME_S = 0.005  # WORLD's usual frame
_SYLLABLE_S = 0.060  # Sinsy starts a syllable on the beat, a singer its vowel; this much lies between
_GLIDE_EARLY_S = 0.025  # the pitch changes during the consonant
QN_S = 60.0 / TEMPO_QPM
LEAD_S = 0.45  # silence before the first bar line
SEED = 20
_SUNG_DB = -17.0  # RMS of a note, about 12 dB below the loudest beatbox peak
_ACCENT_DB = 1.5  # of the first beat of a bar
_ROOM_DB = -66.0  # a quiet room; also hides the rounding to 16 bit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Mouth:
    """WORLD's analysis of what Sinsy sang, a row every `FRAME_S`, beginning `LEAD_S` before the first bar line."""

    sample_rate_hz: int
    voiced: npt.NDArray[np.bool_]
    envelope: Floats
    aperiodicity: Floats


def sung_by_sinsy() -> Mouth:
    """Let Sinsy sing the score and take the sound apart."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.musicxml"
        path.write_text(musicxml(MELODY, 1), encoding="utf-8")
        samples, rate_hz = pysinsy.synthesize(str(path))
    sound = np.asarray(samples, np.float64)[round((BEATS * QN_S - LEAD_S + _SYLLABLE_S) * rate_hz) :] / 32768.0
    f0_hz, times_s = pyworld.harvest(sound, rate_hz, f0_floor=130.0, f0_ceil=900.0, frame_period=1000 * FRAME_S)
    f0_hz = pyworld.stonemask(sound, f0_hz, times_s, rate_hz)
    envelope = pyworld.cheaptrick(sound, f0_hz, times_s, rate_hz)
    return Mouth(rate_hz, f0_hz > 0, envelope, pyworld.d4c(sound, f0_hz, times_s, rate_hz))


def as_sung(note: ScoreNote, after_rest: bool) -> SungNote:
    """Return a written note as a singer's: scooped into after a breath, long ones with vibrato."""
    return SungNote(
        LEAD_S + note.start_qn * QN_S,
        note.length_qn * QN_S,
        note.pitch_midi,
        vowel="a",
        consonant=None if note.slurred else "l",
        vibrato_cents=note.vibrato_cents,
        vibrato_hz=5.4,
        scoop_cents=60.0 if after_rest else 0.0,
        glide_s=0.09 if note.slurred else 0.06,
        level_db=_SUNG_DB + (_ACCENT_DB if note.start_qn % BEATS == 0 else 0.0),
    )


def contour_hz(notes: list[SungNote], frame_count: int) -> Floats:
    """Return the pitch to sing in every frame, held through consonants, with a wander of 5 cents."""
    rate_hz = round(1 / FRAME_S)
    spans = spans_of(notes, rate_hz)
    f0_hz = pitch_contour(notes, spans, max(frame_count, spans[-1].stop), rate_hz)[:frame_count]
    sung = np.flatnonzero(f0_hz)
    nearest = np.searchsorted((sung[:-1] + sung[1:]) / 2, np.arange(frame_count))
    held = f0_hz[sung[nearest]]
    knots = np.random.default_rng(SEED).standard_normal(frame_count // 50 + 3)
    wander = np.interp(np.arange(frame_count) / 50, np.arange(len(knots)), knots)
    return held * np.exp2(5.0 * wander / 1200)


def even_levels(mouth: Mouth, notes: list[SungNote]) -> Floats:
    """Return the envelope with every note at its level, no frame louder: Sinsy's own differ by 25 dB."""
    power = mouth.envelope.sum(axis=1)
    frames_s = np.arange(len(power)) * FRAME_S
    gain_db, places_s = [], []
    for note in notes:
        inside = mouth.voiced & (frames_s >= note.onset_s) & (frames_s < note.onset_s + note.duration_s)
        level_db = 10 * np.log10(np.median(power[inside]))
        # Holds inside the note, slides during the next one's consonant.
        places_s += [note.onset_s + 0.02, note.onset_s + note.duration_s - 0.06]
        gain_db += [note.level_db - level_db] * 2
    gain = 10 ** (np.interp(frames_s, places_s, gain_db) / 10)
    loudest = 10 ** ((_SUNG_DB + _ACCENT_DB + 1.5) / 10)
    return mouth.envelope * np.minimum(gain, loudest / np.maximum(power, 1e-30))[:, None]


def heard_notes(mouth: Mouth, envelope: Floats, notes: list[SungNote]) -> list[SungNote]:
    """Return the notes as sung: from where the vowel has come within 10 dB of the note's level, to the next or silence.

    A slurred note has no consonant: its onset is the score's.
    """
    power = envelope.sum(axis=1) * mouth.voiced
    onsets_s, ends_s = [], []
    for note in notes:
        first, middle, end = (
            round((note.onset_s + x) / FRAME_S) for x in (-0.06, note.duration_s / 2, note.duration_s)
        )
        dip = first + int(np.argmin(power[first : first + 30]))
        loud = np.flatnonzero(power[dip : end + 20] > power[middle] * 0.1) + dip
        onsets_s.append(note.onset_s if note.consonant is None else float(loud[0] * FRAME_S))
        ends_s.append(float((loud[-1] + 1) * FRAME_S))
    for index, (first_note, second) in enumerate(pairwise(notes)):
        if second.onset_s - (first_note.onset_s + first_note.duration_s) < FRAME_S:
            ends_s[index] = onsets_s[index + 1]
    return [
        replace(note, onset_s=onset_s, duration_s=end_s - onset_s)
        for note, onset_s, end_s in zip(notes, onsets_s, ends_s, strict=True)
    ]


def as_truth(note: SungNote) -> dict[str, float]:
    """Return a note as the truth file has it."""
    return {
        "onset_s": round(note.onset_s, 4),
        "offset_s": round(note.onset_s + note.duration_s, 4),
        "pitch_midi": note.pitch_midi,
    }


def main() -> None:
    """Write the clip and its truth."""
    mouth = sung_by_sinsy()
    rests = [True, *(b.start_qn > a.start_qn + a.length_qn for a, b in pairwise(MELODY))]
    notes = [as_sung(note, rest) for note, rest in zip(MELODY, rests, strict=True)]
    envelope = even_levels(mouth, notes)
    notes = heard_notes(mouth, envelope, notes)
    early = [replace(note, onset_s=note.onset_s - _GLIDE_EARLY_S) for note in notes]
    f0_hz = np.where(mouth.voiced, contour_hz(early, len(mouth.voiced)), 0.0)
    voice = pyworld.synthesize(f0_hz, envelope, mouth.aperiodicity, mouth.sample_rate_hz, 1000 * FRAME_S)
    voice = soxr.resample(voice, mouth.sample_rate_hz, RATE_HZ, quality="VHQ")
    loud = np.abs(voice) > 0.01
    voice *= 10 ** (_SUNG_DB / 20) / np.sqrt(np.mean(np.square(voice[loud])))
    hits = [BeatboxHit(LEAD_S + hit.start_qn * QN_S, hit.label, hit.level_db) for hit in GROOVE]
    groove = beatbox(hits, RATE_HZ, seed=SEED, tail_s=0.0)
    wet = reverb(mix(voice, groove.samples), RATE_HZ, t60_s=0.35, wet_db=-16.0, seed=SEED)
    end_s = LEAD_S + (SUNG_BARS + GROOVE_BARS) * BEATS * QN_S + 0.1
    clip = mix(wet, room_noise(end_s, RATE_HZ, _ROOM_DB, SEED))[: round(end_s * RATE_HZ)]
    OUT.mkdir(exist_ok=True)
    soundfile.write(OUT / "demo_voice.flac", clip, RATE_HZ, subtype="PCM_16")
    truth = {
        "version": 1,
        "tempo_qpm": TEMPO_QPM,
        "meter": [BEATS, 4],
        "key": {"tonic": "G", "mode": "major"},
        "first_bar_line_s": LEAD_S,
        "notes": [as_truth(note) for note in notes],
        "hits": [{"onset_s": round(hit.onset_s, 5), "label": str(hit.label)} for hit in groove.hits],
    }
    (OUT / "demo_voice.truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    peak_db = 20 * np.log10(np.abs(clip).max())
    sys.stdout.write(f"{OUT / 'demo_voice.flac'}: {end_s:.1f} s, peak {peak_db:.1f} dB\n")


if __name__ == "__main__":
    main()
