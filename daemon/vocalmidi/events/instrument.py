"""Which instrument a voice imitates: "dum dum" a bass, "ooh" a pad, "pah" brass, "ding" a pluck, all else a lead.

In: a take's notes, what the timbre encoder heard where they begin, and the level over them; then whole `Events`. Out:
notes with shares of INSTRUMENTS; an `InstrumentChoice` for the phrase. The encoder hears the first 160 ms; how a
note rises and falls, its pitch and its length say the rest. A suggestion: what is done with it, `arrange` decides.
The weights are those of a multinomial regression over imitations that were made for it and over real singing, which is
lead (`python -m training.timbre.fit_instruments`).
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
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
    if not notes:
        return np.zeros((0, len(MEANS)))
    offsets = [note.offset for note in notes]
    stops = [
        min(off, following.onset) for off, (_, following) in zip(offsets, pairwise([*notes, notes[-1]]), strict=False)
    ]
    stops[-1] = notes[-1].offset
    return np.stack([_features(note, stop, strikes, frames) for note, stop in zip(notes, stops, strict=True)])


def _features(note: NoteEvent, stop: int, strikes: Sequence[Strike], frames: Frames) -> Array:
    rate = frames.sample_rate_hz
    near = [s for s in strikes if abs(s.onset - note.onset) <= NEAR_S * rate]
    # The one heard longest; of these the nearest.
    heard = max(near, key=lambda s: (s.age_s, -abs(s.onset - note.onset)), default=None)
    share = np.full(len(INSTRUMENTS), 1.0 / len(INSTRUMENTS)) if heard is None else heard.instrument_share
    rise_s, fall_db_s = _shape(note.onset, stop, frames)
    pitch = (note.pitch_midi - 60.0) / 12.0
    length_s = max(samples_to_seconds(note.offset - note.onset, rate), LEAST_NOTE_S)
    rest = [pitch, pitch * pitch, np.log(length_s), np.log(rise_s), fall_db_s]
    return np.concatenate([np.log(np.maximum(share, FLOOR_SHARE)), rest])


def _shape(onset: int, stop: int, frames: Frames) -> tuple[float, float]:
    """Return how long the level takes to rise, and by how many dB a second it falls then."""
    hop = frames.hop_s * frames.sample_rate_hz
    first = max(0, round((onset - frames.start) / hop))
    last = min(len(frames), max(first + 3, round((stop - frames.start) / hop)))
    level = np.asarray(frames.level_db[first:last], np.float64)
    if len(level) < 2:
        return frames.hop_s, 0.0
    top = int(level.argmax())
    risen = int(np.argmax(level >= level[top] - RISEN_DB))
    after = level[risen : risen + max(2, round(FALL_S / frames.hop_s))]
    slope = np.polyfit(np.arange(len(after)) * frames.hop_s, after, 1)[0] if len(after) > 1 else 0.0
    return (risen + 1) * frames.hop_s, float(np.clip(-slope, -STEEPEST_DB_S, STEEPEST_DB_S))


def shares_of(features: Array) -> Array:
    """Return the shares of the instruments by one row of features."""
    odds = WEIGHTS @ ((features - MEANS) / SPREADS) + BIAS
    shares = np.exp(odds - odds.max())
    return np.asarray(shares / shares.sum(), np.float64)
