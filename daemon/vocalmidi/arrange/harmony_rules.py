"""Chords under a melody by a genre's rules alone: the best path through its vocabulary, bar by bar or half bar.

A hidden Markov model decoded by Viterbi, after Simon, Morris & Basu 2008 (MySong): a chord is heard as good where its
tones cover what the melody holds, weighted by duration and beat, and bad where the melody rubs a semitone above a
chord tone; chords follow each other as in the style's typical progressions; phrases open and close on the tonic. A
little chance in each score gives every seed its own harmony. Keys don't change inside a phrase; no inversions.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_chain import likeliest
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.plan import in_threes
from vocalmidi.arrange.qualities import Degree
from vocalmidi.arrange.style import Harmony
from vocalmidi.values import Meter, Phrase

Array = npt.NDArray[np.float64]

FIT_WEIGHT = 8.0
"""How loud the melody speaks against the progression; from 6 to 15 pop909 (training split) hardly changes."""
TONE_FIT = (1.0, 1.0, 0.8, 0.5, 0.2)
"""Reward of a melody note on the root, third, fifth, seventh, ninth of a chord."""
OTHER_FIT = -0.6
"""Of a note outside the chord: passing and neighbour notes are common."""
RUB_FIT = -1.0
"""Of a note a semitone above a chord tone, the "avoid note" of jazz theory."""
OFFBEAT_WEIGHT = 0.6
"""What a note that starts between the beats counts against one on a beat."""
SMOOTHING = 1.0
"""Added to the counts of the progressions, shared by how common a chord is: any chord may follow any other, rarely."""
TONIC_OPENS = 1.5
TONIC_CLOSES = 4.0
"""Log weights of the tonic in the first and last slot; a close on it is stronger than an opening."""
CHANCE = 0.7
"""Spread of the seed's own taste, in the log weights: enough to choose between near equals only."""


@dataclass(frozen=True, slots=True)
class _Slots:
    """Equal stretches of time that take one chord each."""

    length_qn: float
    count: int


def chosen_by_rules(phrase: Phrase, harmony: Harmony, dice: Dice) -> tuple[float, list[Degree]]:
    """Return how long each stretch is in quarter notes, and the chord of each; the phrase holds notes."""
    slots = _slots(phrase, harmony)
    progressions = harmony.major if phrase.key.mode == "major" else harmony.minor
    vocabulary = tuple(dict.fromkeys(degree for progression in progressions for degree in progression))
    score = FIT_WEIGHT * (_melody_weights(phrase, slots) @ _fit_table(vocabulary).T)
    score += CHANCE * np.array([[dice.share() - 0.5 for _ in vocabulary] for _ in range(slots.count)])
    tonic = np.array([degree.root == 0 for degree in vocabulary], np.float64)
    score[0] += TONIC_OPENS * tonic
    score[-1] += TONIC_CLOSES * tonic
    path = likeliest(score, _transitions(progressions, vocabulary, harmony.stay))
    return slots.length_qn, [vocabulary[state] for state in path]


def _slots(phrase: Phrase, harmony: Harmony) -> _Slots:
    bar_qn = phrase.meter.bar_qn
    length_qn = bar_qn / 2.0 if harmony.half_bars and _halves(phrase.meter) else bar_qn
    return _Slots(length_qn, max(1, round(phrase.length_qn / length_qn)))


def _halves(meter: Meter) -> bool:
    """Tell whether half a bar is whole beats: 4/4 and 12/8, not 3/4 or 6/8 (whose halves are too short for chords)."""
    beats = meter.beats // 3 if in_threes(meter) else meter.beats
    return beats % 4 == 0


def _melody_weights(phrase: Phrase, slots: _Slots) -> Array:
    """Return how much of each slot each pitch class above the tonic fills, (slots, 12), 0–1."""
    weights = np.zeros((slots.count, 12))
    beat_qn = 12.0 / phrase.meter.unit if in_threes(phrase.meter) else 4.0 / phrase.meter.unit
    for note in phrase.notes:
        on_beat = abs(note.start_qn / beat_qn - round(note.start_qn / beat_qn)) < 0.05
        weight = (1.0 if on_beat else OFFBEAT_WEIGHT) * max(note.confidence, 0.1) / slots.length_qn
        start_qn, stop_qn = note.start_qn, note.start_qn + note.length_qn
        slot = int(start_qn // slots.length_qn)
        while slot < slots.count and slot * slots.length_qn < stop_qn:
            held_qn = min(stop_qn, (slot + 1) * slots.length_qn) - max(start_qn, slot * slots.length_qn)
            weights[slot, (note.pitch_midi - phrase.key.tonic) % 12] += weight * max(held_qn, 0.0)
            slot += 1
    return weights


def _fit_table(vocabulary: tuple[Degree, ...]) -> Array:
    """Return how well each pitch class suits each chord, (chords, 12)."""
    table = np.full((len(vocabulary), 12), OTHER_FIT)
    for row, degree in zip(table, vocabulary, strict=True):
        for tone in degree.tones:
            row[(tone + 1) % 12] = RUB_FIT
        for tone, fit in zip(degree.tones, TONE_FIT, strict=False):
            row[tone] = fit
    return table


def _transitions(progressions: tuple[tuple[Degree, ...], ...], vocabulary: tuple[Degree, ...], stay: float) -> Array:
    """Return log weights of one chord after another, (from, to), counted over the progressions played in a circle."""
    place = {degree: index for index, degree in enumerate(vocabulary)}
    counts = np.zeros((len(vocabulary), len(vocabulary)))
    for progression in progressions:
        for degree, following in zip(progression, progression[1:] + progression[:1], strict=True):
            counts[place[degree], place[following]] += 1.0
    np.fill_diagonal(counts, 0.0)
    common = counts.sum(axis=0) + SMOOTHING
    weights = counts + SMOOTHING * common / common.sum()
    log_weights = np.log(weights / weights.sum(axis=1, keepdims=True))
    np.fill_diagonal(log_weights, np.log(stay))
    return np.asarray(log_weights, np.float64)
