"""What of some music tells its key: who sounds, how long, and what comes after what.

Comes in: `KeyEvidence`. Goes out: one vector of numbers counted from C; `turned` counts them from every tonic. No
judgement is made here. Sources: shares of duration as in Krumhansl (1990), their square roots (a Hellinger geometry: a
short chromatic note counts for more than its length); order, as listeners need it (Brown 1988): first and last note,
ends of phrases, steps from note to note and into the ends.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

SHARES = ("duration", "count", "long", "late", "first", "last", "starts", "ends", "low", "high", "register")
"""Twelve numbers each, one a pitch class: see `_shares`."""
STEPS = ("next", "into_end")
"""144 numbers each, from a pitch class (row) to another: see `_steps`."""
LENGTH = 12 * len(SHARES) + 144 * len(STEPS)
END_TIMES = 1.9
"""A note that waits so many median waits for the next one ends a phrase: just below twice, for timing is human."""
FEWEST_WAITS = 2.0
"""Median waits that the last note is taken to wait for its next."""
HALF_SURE = 4.0
"""Notes after which a phrase is believed half as firmly as a long one; chosen by the log-loss of the fit."""


@dataclass(frozen=True, slots=True)
class KeyEvidence:
    """Notes that tell a key, in order of onset: MIDI keys, and how long each sounds and where it starts (any one unit).

    onset: () where each note begins as the one before ends. Notes that start together are a chord.
    """

    pitch_midi: tuple[int, ...]
    duration: tuple[float, ...]
    onset: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.pitch_midi) != len(self.duration) or (self.onset and len(self.onset) != len(self.duration)):
            raise ValueError("pitch_midi, duration and onset must have one length")
        if any(length <= 0.0 for length in self.duration):
            raise ValueError("every duration must be above 0")
        if list(self.onset) != sorted(self.onset):
            raise ValueError("onsets must be in order")

    @property
    def is_harmony(self) -> bool:
        """Tell whether notes start together."""
        return len(set(self.onset)) < len(self.onset)


def key_features(evidence: KeyEvidence) -> Array:
    """Return what a key is judged by, (LENGTH,); smaller for few notes, which prove little.

    Of chords the lowest notes are the line; who sounds and how long is asked of all.
    """
    pitch_midi, duration = np.array(evidence.pitch_midi), np.array(evidence.duration, np.float64)
    onset = np.array(evidence.onset or np.concatenate([[0.0], np.cumsum(duration)[:-1]]), np.float64)
    line = _lowest(pitch_midi, onset)
    firm = len(line) / (len(line) + HALF_SURE)
    waits = np.diff(onset[line])
    last_wait = max(float(duration[-1]), FEWEST_WAITS * float(np.median(waits)) if len(waits) else 1.0)
    sung = _Line(pitch_midi[line], duration[line], np.append(waits, last_wait))
    shares = [_rooted(pitch_midi % 12, duration), _rooted(pitch_midi % 12, np.ones(len(duration))), *_shares(sung)]
    return firm * np.concatenate([*shares, *(table.ravel() for table in _steps(sung))])


def _lowest(pitch_midi: Ints, onset: Array) -> Ints:
    """Return the indices of the lowest note of every onset, in order."""
    order = np.lexsort((pitch_midi, onset))
    return np.asarray(order[np.append(True, np.diff(onset[order]) > 0.0)], np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """Notes one after another; wait: how long each waits for the next."""

    pitch_midi: Ints
    duration: Array
    wait: Array

    @property
    def is_end(self) -> npt.NDArray[np.bool_]:
        end = self.wait >= END_TIMES * np.median(self.wait)
        end[-1] = True
        return np.asarray(end, np.bool_)


def _rooted(pitch_class: Ints, weight: Array) -> Array:
    """Return the square roots of the shares of weight that the pitch classes have."""
    total = np.bincount(pitch_class, weight, 12)
    return np.asarray(np.sqrt(total / max(float(total.sum()), 1e-9)), np.float64)


def _shares(line: _Line) -> list[Array]:
    """Return the twelves of SHARES from `long` on.

    long: by squared duration. late: by duration, later notes more. first, last, low, high: of one note. starts, ends:
    of those around phrase ends. register: how high above the middle a pitch class lies, in tritones times its share.
    """
    pitch_midi, duration, ends = line.pitch_midi, line.duration, line.is_end
    pitch_class, count = pitch_midi % 12, len(pitch_midi)
    starts = np.append(True, ends[:-1]).astype(np.float64)
    above = (pitch_midi - np.average(pitch_midi, weights=duration)) / 6.0
    return [
        _rooted(pitch_class, duration**2),
        _rooted(pitch_class, duration * np.linspace(0.0, 1.0, count) ** 2 + 1e-12),
        _rooted(pitch_class[:1], np.ones(1)),
        _rooted(pitch_class[-1:], np.ones(1)),
        _rooted(pitch_class, starts),
        _rooted(pitch_class, np.where(ends, line.wait, 0.0)),
        _rooted(pitch_class[[pitch_midi.argmin()]], np.ones(1)),
        _rooted(pitch_class[[pitch_midi.argmax()]], np.ones(1)),
        np.bincount(pitch_class, above * duration, 12) / duration.sum(),
    ]


def _steps(line: _Line) -> list[Array]:
    """Return the tables of STEPS: from each note to the next, and into the ends by how long these wait."""
    pitch_class = line.pitch_midi % 12
    into = np.flatnonzero(line.is_end[1:]) + 1
    every = np.arange(1, len(pitch_class))
    return [
        _rooted_steps(pitch_class, every, np.ones(len(every))),
        _rooted_steps(pitch_class, into, line.wait[into]),
    ]


def _rooted_steps(pitch_class: Ints, to: Ints, weight: Array) -> Array:
    total = np.bincount(pitch_class[to - 1] * 12 + pitch_class[to], weight, 144)
    return np.sqrt(total / max(float(total.sum()), 1e-9)).reshape(12, 12)


def turned(features: Array) -> Array:
    """Return the features counted from each of the twelve tonics, (..., 12, LENGTH)."""
    return features[..., _TURNED]


def _turned_places() -> Ints:
    """Return where each number stands that is counted from a tonic, (12, LENGTH)."""
    tonic, degree = np.arange(12)[:, np.newaxis], np.arange(12)
    share = (tonic + degree) % 12
    step = (share[:, :, np.newaxis] * 12 + share[:, np.newaxis, :]).reshape(12, 144)
    shares = [share + 12 * number for number in range(len(SHARES))]
    steps = [step + 12 * len(SHARES) + 144 * number for number in range(len(STEPS))]
    return np.asarray(np.concatenate(shares + steps, axis=1), np.intp)


_TURNED = _turned_places()
