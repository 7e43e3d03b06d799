"""Sung notes to written ones: starts and ends on the raster, the key meant, its curves in quarter notes."""

from collections.abc import Sequence

import numpy as np

from vocalmidi.phrase.quantise import quantise_ends, quantise_starts
from vocalmidi.phrase.raster import Array, Raster, qn_at_all
from vocalmidi.phrase.tuning import keys_meant, tuning_shifts
from vocalmidi.units import Cents, QuarterNotes, SampleIndex, samples_to_seconds
from vocalmidi.values import BendPointQn, Events, LevelPointQn, NoteEvent, PhraseNote

LEAST_APART_QN = 1 / 128
"""Onsets on one sample (never from our decoder) are still two notes: a quarter of the finest grid step."""


def place_notes(events: Events, raster: Raster) -> tuple[PhraseNote, ...]:
    """Return the notes in musical time, never two at once."""
    if not events.notes:
        return ()
    second = samples_to_seconds(1, events.sample_rate_hz)
    played = _rising(qn_at_all(raster.tempo_map, second * np.array([note.onset for note in events.notes], np.float64)))
    ended = qn_at_all(raster.tempo_map, second * np.array([note.offset for note in events.notes], np.float64))
    ended = np.maximum(np.minimum(ended, np.append(played[1:], np.inf)), played + LEAST_APART_QN)
    if raster.places is not None:
        start, stop = raster.places.starts_qn, raster.places.stops_qn
    else:
        start = quantise_starts(played, raster.step_qn)
        stop = quantise_ends(ended, start, raster.step_qn)
    stop = np.minimum(stop, np.append(start[1:], np.inf))
    tuning_cents = tuning_shifts(events)
    bends = _after_starts(events, raster, played, [[point.at for point in note.bend] for note in events.notes])
    levels = _after_starts(events, raster, played, [[point.at for point in note.level] for note in events.notes])
    return tuple(
        PhraseNote(
            start_qn=QuarterNotes(start_qn),
            length_qn=QuarterNotes(stop_qn - start_qn),
            played_start_qn=QuarterNotes(played_qn),
            played_length_qn=QuarterNotes(ended_qn - played_qn),
            pitch_midi=key,
            velocity=note.velocity,
            confidence=note.confidence,
            bend=_about_key(note, key, shift_cents, bend),
            level=tuple(map(LevelPointQn, level.tolist(), (point.level_db for point in note.level))),
        )
        for note, key, shift_cents, bend, level, start_qn, stop_qn, played_qn, ended_qn in zip(
            events.notes,
            keys_meant(events, tuning_cents).tolist(),
            tuning_cents.tolist(),
            bends,
            levels,
            *(array.tolist() for array in (start, stop, played, ended)),
            strict=True,
        )
    )


def _rising(played_qn: Array) -> Array:
    """Return the places with equal ones moved apart, so that order is never in doubt."""
    index = np.arange(len(played_qn)) * LEAST_APART_QN
    return np.asarray(np.maximum.accumulate(played_qn - index) + index, np.float64)


def _after_starts(
    events: Events, raster: Raster, played_qn: Array, samples: Sequence[Sequence[SampleIndex]]
) -> list[Array]:
    """Return, for each note, where its samples lie after its start; all looked up at once for speed."""
    counts = [len(each) for each in samples]
    at = np.array([sample for each in samples for sample in each], np.float64)
    at_qn = qn_at_all(raster.tempo_map, at * samples_to_seconds(1, events.sample_rate_hz))
    after_qn = np.maximum(at_qn - np.repeat(played_qn, counts), 0.0)
    return np.split(after_qn, np.cumsum(counts)[:-1])


def _about_key(note: NoteEvent, key: int, shift_cents: float, after_qn: Array) -> tuple[BendPointQn, ...]:
    """Return the note's curve about its key, the singer's tuning at that time taken away."""
    beside_cents = (note.pitch_midi - key) * 100.0 - shift_cents
    return tuple(
        BendPointQn(QuarterNotes(after), Cents(beside_cents + point.bend_cents))
        for after, point in zip(after_qn.tolist(), note.bend, strict=True)
    )
