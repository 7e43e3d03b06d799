"""Chords while somebody sings: one a half bar, said when it begins, so nothing of it has been heard yet.

In: the notes sung so far, at each half bar's beginning. Out: a triad, the key it was chosen in and its probability. The
key is given or found anew each time from all that was sung. Without look-ahead a chord is a guess of where the music
goes: the network (models/harmony_live.md) is causal and sees half bars that are over. No genre, no sevenths, no bass.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_ask import has_halves, tune_of_notes
from vocalmidi.arrange.chord_guess import asked
from vocalmidi.arrange.chord_input import MINOR, NONE, features_of, without_present
from vocalmidi.inference import Model
from vocalmidi.phrase import KeyEvidence, estimate_key
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Key, Meter

Floats = npt.NDArray[np.float64]

LIVE_HARMONY_MODEL = "harmony_live"
"""Chords without look-ahead; models/harmony_live.md is its card."""
HEARD_FRAMES = 64
"""Half bars that are listened back to: 32 bars, an answer takes 40 ms of one core."""


@dataclass(frozen=True, slots=True)
class LiveChord:
    """A triad from start_qn on: root 0–11, `maj` or `min`; the key it was chosen in; its probability 0–1."""

    start_qn: QuarterNotes
    root: int
    quality: str
    key: Key
    probability: float


class LiveChords:
    """The state of live chords: how many half bars have begun.

    step_qn: how long after a chord the next one is due.
    """

    def __init__(self, model: Model, meter: Meter, key: Key | None = None) -> None:
        self._model, self._meter, self._key = model, meter, key
        frame_qn = tune_of_notes(np.zeros((0, 3)), meter, 0.0).bar_qn / 2.0
        self._frames = 1 if has_halves(meter, frame_qn) else 2
        self.step_qn = QuarterNotes(self._frames * frame_qn)
        self._begun = 0

    def next_chord(self, notes: Floats) -> LiveChord | None:
        """Return the chord that begins now, None as long as neither key nor note is known.

        notes: (n, 3) start_qn from the first bar line, length_qn so far, MIDI number; all that is known by now.
        """
        start_qn = self._begun * self.step_qn
        key = self._key or _found_key(notes)
        frame, self._begun = self._begun * self._frames, self._begun + 1
        if key is None:
            return None
        tune = tune_of_notes(notes, self._meter, start_qn + self.step_qn, key)
        seen = without_present(features_of(tune))[max(0, frame + 1 - HEARD_FRAMES) : frame + 1]
        told = asked(lambda features: self._model.run(features=features)["chords"], seen)[-1, :NONE]
        best = int(told.argmax())
        quality = "min" if best >= MINOR else "maj"
        return LiveChord(QuarterNotes(start_qn), best % 12, quality, key, float(told[best] / told.sum()))


def _found_key(notes: Floats) -> Key | None:
    if not len(notes):
        return None
    return estimate_key(
        KeyEvidence(
            tuple(round(pitch) for pitch in notes[:, 2]),
            tuple(float(length) for length in notes[:, 1]),
            tuple(float(start) for start in notes[:, 0]),
        )
    )
