"""The search for notes, common to the considered and the live decoder: the best score of every pitch so far.

In: boundary after boundary, what lies between them and what it is worth to begin or end there. Out: the best way to
have no note at each boundary, and for each pitch the best way to be in a note of it, with where that note began.
A semi-Markov model with additive scores: a note is worth its beginning, its end, its frames and its one pitch, silence
nothing (compare SwiftF0's `segment_notes` and Tony's note HMM). Exact, in time and memory linear in boundaries: since a
note's score only adds up, the best beginning of each pitch can be kept and the others forgotten. Notes younger than the
shortest are kept apart until they may end.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.events.evidence import GRID_MIDI, Array
from vocalmidi.values import Floats


@dataclass(slots=True, eq=False)
class Young:
    """Notes that began at one boundary too lately to end: `score` (pitches,), where they began, at which frame."""

    origin: int
    frame: int
    score: Array


@dataclass(frozen=True, slots=True)
class Reading:
    """A note that may be sounding: total score, its place on the pitch grid, the boundary where it began."""

    score: float
    place: int
    origin: int


class Trellis:
    """Every note that may be sounding at the boundary reached."""

    def __init__(self, shortest_frames: int) -> None:
        self._shortest = shortest_frames
        self.score: Array = np.full(len(GRID_MIDI), -np.inf)
        self.origin = np.zeros(len(GRID_MIDI), np.intp)
        self.young: list[Young] = []

    def begin(self, origin: int, frame: int, score: Array) -> None:
        """Let notes begin: `score` (pitches,) is all that came before and what it is worth to begin with each."""
        self.young.append(Young(origin, frame, score))

    def advance(self, frame: int, pitch: Floats | Array, inside: float) -> None:
        """Go on to the boundary at `frame`: what lies between is worth `inside`, and `pitch` (pitches,) more."""
        gain = pitch + inside
        self.score += gain
        for young in self.young:
            young.score += gain
        while self.young and frame - self.young[0].frame >= self._shortest:
            grown = self.young.pop(0)
            better = grown.score > self.score
            self.score[better] = grown.score[better]
            self.origin[better] = grown.origin

    def pass_over(self, origin: int, cost: float) -> None:
        """Let all notes that began before the boundary `origin` pay for going on over it."""
        if cost <= 0.0:
            return
        self.score -= cost
        for young in self.young:
            if young.origin < origin:
                young.score -= cost

    def lower(self, by: float) -> None:
        """Take the same from every score, that they may be told from a rising zero."""
        self.score -= by
        for young in self.young:
            young.score -= by

    def grown(self) -> Reading:
        """Return the best note that may end here."""
        place = int(self.score.argmax())
        return Reading(float(self.score[place]), place, int(self.origin[place]))

    def best_of(self, chosen: npt.NDArray[np.bool_]) -> Reading:
        """Return the best note among the chosen pitches that may end here."""
        score = np.where(chosen, self.score, -np.inf)
        place = int(score.argmax())
        return Reading(float(score[place]), place, int(self.origin[place]))
