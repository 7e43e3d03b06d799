"""The tempo of a take from its onsets, with the alternatives in order of probability.

The work is done in `timing.py`, which finds tempo, metre and bar line together; here is the plain list of tempos.
"""

from dataclasses import dataclass

from vocalmidi.phrase.onsets import Onsets
from vocalmidi.phrase.timing import Timing, free_timing
from vocalmidi.values import Meter


@dataclass(frozen=True, slots=True)
class TempoCandidate:
    """A tempo in quarter notes a minute and its probability 0–1 among all that were tried."""

    tempo_qpm: float
    probability: float


def estimate_tempo(onsets: Onsets, meter: Meter | None) -> tuple[TempoCandidate, ...]:
    """Return the likely tempos, best first, half and double among them; a metre of None is found too."""
    return tempo_candidates(free_timing(onsets, meter))


def tempo_candidates(timing: Timing) -> tuple[TempoCandidate, ...]:
    """Return the tempos of a timing's alternatives, each once, at its likeliest."""
    best = dict[float, TempoCandidate]()
    for each in timing.alternatives:
        best.setdefault(each.tempo_qpm, TempoCandidate(each.tempo_qpm, each.probability))
    return tuple(sorted(best.values(), key=lambda candidate: -candidate.probability))
