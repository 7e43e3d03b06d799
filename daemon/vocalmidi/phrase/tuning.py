"""How far a take lies beside the piano's tuning from note to note, and the keys that are meant.

A voice without accompaniment leaves 440 Hz and keeps its intervals (Dressler & Streich 2007), and it goes on leaving:
unaccompanied singers drift by tens of cents within a minute (Mauch, Frieler & Dixon 2014). Tuning is a straight drift
and a circular random walk beside it, heard through the pitches' parts beside the keys; of all drifts the likeliest is
taken, by the whole evidence and a liking for short ones, and the walk's mean given all notes (forward and backward).
Which keys are meant is up to whole semitones: those nearest to 440 Hz, the first notes counting most; who drifts on
past a quarter tone stays in them.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.units import samples_to_seconds
from vocalmidi.values import Events

Array = npt.NDArray[np.float64]

CONCERT_SHARE = 0.05
"""Weight of 440 Hz beside the take's own pitches: decides only when these point nowhere."""
SPREAD_CENTS = 25.0
"""Of a sung note about what its singer means; a judgement, a quarter of a semitone."""
SURE_S = 0.25
"""A note of this length, or longer, tells as much of the tuning as one note can; a shorter one less."""
FARTHEST_CENTS, STEP_CENTS = 120.0, 20.0
"""Drifts that are tried: from so much down to so much up over the whole take; the walk makes up for what is between."""
DRIFT_CENTS = 40.0
"""Spread of the drifts of takes of `DRIFT_S`; a judgement: one of 60 cents must be followed."""
DRIFT_S = 30.0
WANDER_CENTS = 4.0
"""How far tuning wanders beside its drift in a second, as a random walk; from 2 to 6 it hardly matters."""
PLACES_CENTS = np.arange(-60.0, 65.0, 5.0)
"""Where the walk may be beside the drift."""
NOTE_S = 0.1
"""Between notes of one moment the walk takes at least this long, so that it never stands still."""
FIRST_NOTES = 8
FIRST_WEIGHT = 2.0
"""What the mean of the first notes counts, beside that of the take, in the choice of the semitone: a judgement."""


def tuning_shifts(events: Events) -> Array:
    """Return how far each note's tuning lies above 440 Hz tuning, (n_notes,), cents."""
    if not events.notes:
        return np.zeros(0)
    pitch_cents = 100.0 * np.array([note.pitch_midi for note in events.notes], np.float64)
    onset_s, weight = _times_and_weights(events)
    shift_cents = _tuning(pitch_cents, onset_s, weight)
    first = float(np.average(shift_cents[:FIRST_NOTES], weights=weight[:FIRST_NOTES]))
    whole = float(np.average(shift_cents, weights=weight))
    semitones = min((0, -1, 1), key=lambda n: FIRST_WEIGHT * (first - 100 * n) ** 2 + (whole - 100 * n) ** 2)
    return shift_cents - 100.0 * semitones


def keys_meant(events: Events, shift_cents: Array) -> npt.NDArray[np.intp]:
    """Return the MIDI key of each note once its tuning is taken away."""
    pitch_midi = np.array([note.pitch_midi for note in events.notes], np.float64)
    return np.clip(np.round(pitch_midi - shift_cents / 100.0), 0, 127).astype(np.intp)


def _times_and_weights(events: Events) -> tuple[Array, Array]:
    """Return when each note begins after the first, and how much it tells, 0–1."""
    second = samples_to_seconds(1, events.sample_rate_hz)
    onset_s = second * np.array([note.onset - events.notes[0].onset for note in events.notes], np.float64)
    length_s = second * np.array([note.offset - note.onset for note in events.notes], np.float64)
    confidence = np.array([max(note.confidence, 0.05) for note in events.notes], np.float64)
    return onset_s, confidence * np.minimum(length_s / SURE_S, 1.0)


def _evidence() -> float:
    """Return how much a note weighs in log-likelihood: of a von Mises law as wide as a singer's spread."""
    return float((2.0 * np.pi * SPREAD_CENTS / 100.0) ** -2)


def _turn(cents: Array) -> npt.NDArray[np.complex128]:
    """Return pitches on the circle of a semitone."""
    return np.asarray(np.exp(2j * np.pi * cents / 100.0), np.complex128)


def _tuning(pitch_cents: Array, onset_s: Array, weight: Array) -> Array:
    """Return the tuning at each note up to whole semitones, (n,), cents: the likeliest drift and the walk beside it."""
    lasting_s = max(float(onset_s[-1]), NOTE_S)
    drift_cents = np.arange(-FARTHEST_CENTS, FARTHEST_CENTS + STEP_CENTS, STEP_CENTS)
    line = drift_cents[:, np.newaxis] * (onset_s / lasting_s)
    means = _turn(pitch_cents - line) @ weight + CONCERT_SHARE * weight.sum()
    line += (np.angle(means) / (2.0 * np.pi) * 100.0)[:, np.newaxis]
    seen = _seen(pitch_cents - line, weight)
    steps = _walks(onset_s)
    forward, evidence = _passed(seen, steps)
    best = int(np.argmax(evidence - 0.5 * (drift_cents / (DRIFT_CENTS * np.sqrt(lasting_s / DRIFT_S))) ** 2))
    backward, _ = _passed(seen[best : best + 1, ::-1], steps[::-1].transpose(0, 2, 1))
    share = forward[best] * backward[0, ::-1] / seen[best]
    return np.asarray(line[best] + share @ PLACES_CENTS / share.sum(axis=1), np.float64)


def _seen(beside_cents: Array, weight: Array) -> Array:
    """Return how likely each note is from each place of the walk, (drifts, n, places)."""
    nearness = np.cos(2.0 * np.pi / 100.0 * (beside_cents[:, :, np.newaxis] - PLACES_CENTS))
    return np.asarray(np.exp(_evidence() * weight[:, np.newaxis] * nearness), np.float64)


def _walks(onset_s: Array) -> Array:
    """Return the chances of the walk's going from each place to each between the notes, (n − 1, from, to)."""
    spread_cents = WANDER_CENTS * np.sqrt(np.maximum(np.diff(onset_s), NOTE_S))
    apart = (PLACES_CENTS[:, np.newaxis] - PLACES_CENTS) / spread_cents[:, np.newaxis, np.newaxis]
    chance = np.exp(-0.5 * apart**2)
    return np.asarray(chance / chance.sum(axis=2, keepdims=True), np.float64)


def _passed(seen: Array, steps: Array) -> tuple[Array, Array]:
    """Return the chances of each place after all notes so far, (drifts, n, places), and the log-likelihood of all."""
    here = seen[:, 0] * np.exp(-0.5 * (PLACES_CENTS / DRIFT_CENTS) ** 2)
    rows, evidence = list[Array](), np.zeros(len(seen))
    for place in range(seen.shape[1]):
        if place:
            here = (here @ steps[place - 1]) * seen[:, place]
        total = here.sum(axis=1, keepdims=True)
        evidence += np.log(total[:, 0])
        here = here / total
        rows.append(here)
    return np.stack(rows, axis=1), evidence
