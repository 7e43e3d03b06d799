"""Considered notes: the best reading of a whole recording's frames.

In: `Frames`. Out: `NoteEvent`s in order, never two at once. Vibrato stays one note, a repeated note with an onset or a
dip is two, a glide belongs to its neighbours. A note begins where its vowel does: that is what singers put on the beat
(Sundberg & Bauer-Huppmann 2007), and pitch is often there before, in an `l`, `m` or `r`. Knows nothing of hits;
`weighing` compares the two.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.events.bend import smoothed, thinned
from vocalmidi.events.evidence import gather_evidence
from vocalmidi.events.loudness import velocities
from vocalmidi.events.mending import mend
from vocalmidi.events.segmentation import Array, Evidence, Segment, segment
from vocalmidi.events.settings import MendingSettings, NoteSettings
from vocalmidi.units import Cents
from vocalmidi.values import BendPoint, Frames, NoteEvent


@dataclass(frozen=True, slots=True, eq=False)
class SungNote:
    """A note before its velocity is known.

    pitched_from: first frame with the note's pitch, which may be a voiced consonant.
    first, stop: frames [first, stop) that a listener hears as the note.
    curve: a pitch for each of them.
    level_db: of its louder part. voicing: mean over its frames.
    """

    pitched_from: int
    first: int
    stop: int
    pitch_midi: float
    curve: Array
    level_db: float
    voicing: float


def find_notes(frames: Frames, settings: NoteSettings, mending: MendingSettings) -> list[SungNote]:
    """Return the notes of a recording, in order."""
    evidence = gather_evidence(frames, settings)
    least_frames = settings.least_s / frames.hop_s
    found = segment(evidence, settings.most_off_semitones)
    segments = mend(found, frames, evidence, mending)
    return [_sung(frames, evidence, s, settings) for s in segments if s.stop - s.first >= least_frames]


def note_events(frames: Frames, sung: list[SungNote]) -> list[NoteEvent]:
    """Return the notes as events, their velocities relative to each other."""
    strengths = velocities([note.level_db for note in sung])
    return [_event(frames, note, strength) for note, strength in zip(sung, strengths, strict=True)]


def _sung(frames: Frames, evidence: Evidence, found: Segment, settings: NoteSettings) -> SungNote:
    whole = slice(found.first, found.stop)
    curve = _curve(evidence.pitch_midi[whole], evidence.weight[whole], found.pitch_midi, settings)
    pitch_midi = _centre(curve, settings)
    level_db = float(np.percentile(frames.level_db[whole], settings.level_percentile))
    late, stop = _heard_span(curve - pitch_midi, frames.level_db[whole] - level_db, frames.hop_s, settings)
    return SungNote(
        found.first,
        found.first + late,
        found.first + stop,
        pitch_midi,
        curve[late:stop],
        level_db,
        float(evidence.weight[whole].mean()),
    )


def _heard_span(
    off_semitones: Array, below_db: npt.NDArray[np.float32], hop_s: float, settings: NoteSettings
) -> tuple[int, int]:
    """Return which frames of a pitched span are heard as its note: from the vowel on, until the sound has died away."""
    least, n = max(1, round(settings.least_s / hop_s)), len(below_db)
    there = (below_db >= -settings.arrive_db) & (np.abs(off_semitones) <= settings.arrive_semitones)
    latest = max(0, min(round(settings.arrive_s / hop_s), n - least))
    first = int(there[:latest].argmax()) if there[:latest].any() else latest
    sounding = np.flatnonzero(below_db >= -settings.release_db)
    stop = int(sounding[-1]) + 1 if len(sounding) else n
    return first, min(n, max(stop, first + least))


def _curve(pitch_midi: Array, weight: Array, near: float, settings: NoteSettings) -> Array:
    """Return a pitch for every frame of a note: octave errors folded back, holes bridged with straight lines."""
    folded = pitch_midi - 12.0 * np.round((pitch_midi - near) / 12.0)
    good = (weight >= settings.curve_voicing) & (np.abs(folded - near) <= settings.curve_reach_semitones)
    if not good.any():
        return np.full(len(pitch_midi), near)
    frames = np.arange(len(pitch_midi))
    return np.interp(frames, frames[good], folded[good])


def _centre(curve: Array, settings: NoteSettings) -> float:
    """Return the interquartile mean of the note without its scoop and its fall.

    The median alone would jump between the two edges of a vibrato, where the voice spends most of its time.
    """
    n = len(curve)
    middle = np.sort(curve[int(n * settings.scoop_share) : n - int(n * settings.fall_share)])
    quarter = len(middle) // 4
    return float(np.clip(middle[quarter : len(middle) - quarter].mean(), 0.0, 127.0))


def _event(frames: Frames, note: SungNote, velocity: int) -> NoteEvent:
    cents = 100.0 * (smoothed(note.curve) - note.pitch_midi)
    bend = tuple(
        BendPoint(frames.sample_at(note.first + index), Cents(round(float(cents[index]), 1)))
        for index in thinned(cents)
    )
    onset = max(frames.start, frames.sample_at(note.first - 0.5))
    return NoteEvent(
        onset, frames.sample_at(note.stop - 0.5), note.pitch_midi, velocity, min(max(note.voicing, 0.0), 1.0), bend
    )
