"""Considered notes: the best reading of a whole recording's frames.

In: `Frames`. Out: `NoteEvent`s in order, never two at once. Vibrato stays one note, a repeated note with an onset or a
dip is two, a glide belongs to its neighbours. Knows nothing of hits; `transcription` weighs the two against each other.
"""

from dataclasses import dataclass

import numpy as np

from vocalmidi.events.bend import smoothed, thinned
from vocalmidi.events.evidence import gather_evidence
from vocalmidi.events.loudness import velocities
from vocalmidi.events.segmentation import Array, Evidence, Segment, segment
from vocalmidi.events.settings import NoteSettings
from vocalmidi.units import Cents
from vocalmidi.values import BendPoint, Frames, NoteEvent


@dataclass(frozen=True, slots=True, eq=False)
class SungNote:
    """A note before its velocity is known: frames [first, stop), pitch, curve in semitones a frame, level, voicing."""

    first: int
    stop: int
    pitch_midi: float
    curve: Array
    level_db: float
    voicing: float


def decode_notes(frames: Frames, settings: NoteSettings) -> list[NoteEvent]:
    """Return the notes of a recording."""
    evidence = gather_evidence(frames, settings)
    least_frames = settings.least_s / frames.hop_s
    segments = segment(evidence, settings.most_off_semitones)
    sung = [_sung(frames, evidence, s, settings) for s in segments if s.stop - s.first >= least_frames]
    kept = _loud_enough(sung, settings)
    loudness = velocities([note.level_db for note in kept])
    return [_event(frames, note, strength) for note, strength in zip(kept, loudness, strict=True)]


def _sung(frames: Frames, evidence: Evidence, found: Segment, settings: NoteSettings) -> SungNote:
    span = slice(found.first, found.stop)
    curve = _curve(evidence.pitch_midi[span], evidence.weight[span], found.pitch_midi, settings)
    return SungNote(
        found.first,
        found.stop,
        _centre(curve, evidence.weight[span], settings),
        curve,
        float(np.percentile(frames.level_db[span], settings.level_percentile)),
        float(evidence.weight[span].mean()),
    )


def _curve(pitch_midi: Array, weight: Array, near: float, settings: NoteSettings) -> Array:
    """Return a pitch for every frame of a note: octave errors folded back, holes bridged with straight lines."""
    folded = pitch_midi - 12.0 * np.round((pitch_midi - near) / 12.0)
    good = (weight >= settings.curve_voicing) & (np.abs(folded - near) <= settings.curve_reach_semitones)
    if not good.any():
        return np.full(len(pitch_midi), near)
    frames = np.arange(len(pitch_midi))
    return np.interp(frames, frames[good], folded[good])


def _centre(curve: Array, weight: Array, settings: NoteSettings) -> float:
    """Return the weighted median pitch of the note without its scoop and its fall, steady frames counting most."""
    n = len(curve)
    first, stop = int(n * settings.scoop_share), n - int(n * settings.fall_share)
    moving = np.abs(np.gradient(curve)) if n > 1 else np.zeros(1)
    heavy = (weight / (1.0 + moving / settings.steady_semitones))[first:stop] + 1e-9
    order = np.argsort(curve[first:stop], kind="stable")
    running = np.cumsum(heavy[order])
    return float(np.clip(curve[first:stop][order][np.searchsorted(running, running[-1] / 2.0)], 0.0, 127.0))


def _loud_enough(sung: list[SungNote], settings: NoteSettings) -> list[SungNote]:
    """Drop what lies so far below the take's loud notes that it is a hum of the mains or a neighbour."""
    if not sung:
        return sung
    loud_db = float(np.percentile([note.level_db for note in sung], 90.0))
    return [note for note in sung if note.level_db >= loud_db - settings.range_db]


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
