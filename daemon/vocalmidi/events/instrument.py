"""Which instrument a voice imitates: "dum dum" a bass, "ooh" a pad, "pah" brass, "ding" a pluck, all else a lead.

In: a take's notes, what the timbre encoder heard where they begin, and the level over them; then whole `Events`. Out:
notes with shares of INSTRUMENTS; an `InstrumentChoice` for the phrase. The encoder hears the first 160 ms; how a
note rises and falls, its pitch and its length say the rest. A suggestion: what is done with it, `arrange` decides.
The weights are those of a multinomial regression over imitations that were made for it and over real singing, which is
lead (`python -m training.timbre.fit_instruments`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import numpy.typing as npt

from vocalmidi.events.instrument_weights import BIAS, MEANS, SPREADS, WEIGHTS
from vocalmidi.units import samples_to_seconds
from vocalmidi.values import INSTRUMENTS, Events, Frames, Instrument, InstrumentChoice, NoteEvent, Strike

Array = npt.NDArray[np.float64]
NEAR_S = 0.07
"""A strike belongs to a note that begins within this: the syllable's burst comes before its vowel."""
RISEN_DB = 3.0
"""A note has risen when it is so near to its loudest."""
FALL_S = 0.25
"""Over which a note's fall is measured, from its loudest on: a pluck is gone by then."""
FLOOR_SHARE = 0.01
STEEPEST_DB_S = 150.0
LEAST_NOTE_S = 0.03
SURE_NOTES = 4.0
"""Notes of one phrase are alike: more than so many are no more evidence than that."""


def with_instruments(notes: Sequence[NoteEvent], strikes: Sequence[Strike], frames: Frames) -> tuple[NoteEvent, ...]:
    """Return the notes with the shares of the instruments that each imitates."""
    return tuple(
        replace(note, instrument_share=tuple(float(share) for share in shares_of(features)))
        for note, features in zip(notes, note_features(notes, strikes, frames), strict=True)
    )


def choose_instrument(events: Events) -> InstrumentChoice | None:
    """Return what a take imitates; None where nothing was heard or no note was asked about.

    Hits alone are drums; hits between notes say nothing about the notes.
    """
    asked = [note for note in events.notes if note.instrument_share]
    if not asked:
        return InstrumentChoice("drums", 1.0) if events.hits and not events.notes else None
    confidence = np.array([note.confidence for note in asked])
    return chosen_of(np.array([note.instrument_share for note in asked]), confidence)


def chosen_of(shares: Array, weights: Array) -> InstrumentChoice:
    """Return what notes imitate together: (n, INSTRUMENTS) shares, and (n,) how much each counts."""
    logs = np.log(np.maximum(shares, FLOOR_SHARE))
    odds = np.average(logs, axis=0, weights=np.maximum(weights, FLOOR_SHARE)) * min(len(shares), SURE_NOTES)
    said = np.exp(odds - odds.max())
    said /= said.sum()
    best = int(said.argmax())
    return InstrumentChoice(cast(Instrument, INSTRUMENTS[best]), float(said[best]), tuple(map(float, said)))


def note_features(notes: Sequence[NoteEvent], strikes: Sequence[Strike], frames: Frames) -> Array:
    """Return (n, 10): log share of each instrument by the encoder, pitch, its square, log length, log rise, fall."""
    ordered = sorted(strikes, key=lambda strike: strike.onset)
    onsets = [strike.onset for strike in ordered]
    reach = NEAR_S * frames.sample_rate_hz
    rows = list[Array]()
    for note in notes:
        near = ordered[bisect_left(onsets, note.onset - reach) : bisect_right(onsets, note.onset + reach)]
        rows.append(np.concatenate([_heard(note, near), _sung(note, frames)]))
    return np.stack(rows) if rows else np.zeros((0, len(MEANS)))


def _heard(note: NoteEvent, near: Sequence[Strike]) -> Array:
    """Return the logarithms of the encoder's shares, by the strike heard longest, of these the nearest."""
    if not near:
        return np.full(len(INSTRUMENTS), -np.log(len(INSTRUMENTS)))
    heard = max(near, key=lambda strike: (strike.age_s, -abs(strike.onset - note.onset)))
    return np.log(np.maximum(heard.instrument_share, FLOOR_SHARE)).astype(np.float64)


def _sung(note: NoteEvent, frames: Frames) -> Array:
    """Return pitch in octaves about middle C, its square, the logarithms of length and rise, and the fall."""
    rise_s, fall_db_s = _shape(note, frames)
    pitch = (note.pitch_midi - 60.0) / 12.0
    length_s = max(samples_to_seconds(note.offset - note.onset, frames.sample_rate_hz), LEAST_NOTE_S)
    return np.array([pitch, pitch * pitch, np.log(length_s), np.log(rise_s), fall_db_s])


def _shape(note: NoteEvent, frames: Frames) -> tuple[float, float]:
    """Return how long the level takes to rise, and by how many dB a second it falls then."""
    hop = frames.hop_s * frames.sample_rate_hz
    first = max(0, round((note.onset - frames.start) / hop))
    level = np.asarray(frames.level_db[first : max(first + 3, round((note.offset - frames.start) / hop))], np.float64)
    if not len(level):
        return frames.hop_s, 0.0
    risen = int(np.argmax(level >= level.max() - RISEN_DB))
    after = level[risen : risen + max(2, round(FALL_S / frames.hop_s))]
    away = np.arange(len(after)) - (len(after) - 1) / 2.0
    slope = float(away @ after) / max(float(away @ away), 1.0) / frames.hop_s
    return (risen + 1) * frames.hop_s, float(np.clip(-slope, -STEEPEST_DB_S, STEEPEST_DB_S))


def shares_of(features: Array) -> Array:
    """Return the shares of the instruments by one row of features."""
    odds = WEIGHTS @ ((features - MEANS) / SPREADS) + BIAS
    shares = np.exp(odds - odds.max())
    return np.asarray(shares / shares.sum(), np.float64)
