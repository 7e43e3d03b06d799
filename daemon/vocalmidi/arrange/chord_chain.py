"""Chords as a chain: which follows which and what is sung over them, counted, the same in every key.

In: how much of each half bar every pitch class is sung. Out: probabilities of 25 classes of chord, the likeliest path,
or paths drawn by given numbers. A hidden Markov model after Simon, Morris & Basu 2008 (MySong). Theirs is counted in
one key, which is known; `keyed` weighs all keys by how well each explains the melody, everything else counts intervals
and knows no key. The posterior of `keyed` (forward-backward, always a chord) is the harmoniser that a network has to
beat; the steps make sampled paths move as chords do.
Nothing here knows of networks; `training/harmony/fit_chain.py` counts.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_input import CLASSES, MINOR, NONE

Floats = npt.NDArray[np.float64]
Path = npt.NDArray[np.intp]

LOUDNESS = 1.5
"""Notes that a half bar full of melody counts as. `keyed` in 60 training songs each of pop909 and openewld: top-1 .337
and .431 at 1, .358 and .416 at 1.5, .371 and .394 at 2, .370 and .268 at 4."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """What was counted.

    tones: (3, 12) log share of each pitch class above the root over major, minor and no chord.
    steps: (2, 24) log share of the chords that follow one: from major or minor, to the triad that many semitones above.
    silence: (3,) log share of what follows: none after a chord, none after none, a chord after none.
    keyed_tones: (2, 24, 12) as `tones` for every triad by its root above the tonic, in major and in minor keys.
    keyed_steps: (2, 24, 24) as `steps` from every triad to every other by their roots above the tonic.
    """

    tones: Floats
    steps: Floats
    silence: Floats
    keyed_tones: Floats
    keyed_steps: Floats

    def transitions(self) -> Floats:
        """Return (CLASSES, CLASSES) log probabilities, from row to column."""
        table = np.full((CLASSES, CLASSES), self.silence[2] - np.log(24.0))
        for mode in (0, 1):
            for root in range(12):
                turned = self.steps[mode].reshape(2, 12)[:, (np.arange(12) - root) % 12].reshape(24)
                table[mode * 12 + root, :NONE] = turned + np.log1p(-np.exp(self.silence[0]))
        table[:NONE, NONE], table[NONE, NONE] = self.silence[0], self.silence[1]
        return table

    def heard(self, weights: Floats, loudness: float = LOUDNESS) -> Floats:
        """Return (frames, CLASSES) log likelihood of what is sung; weights: (frames, 12) share of the frame, 0–1."""
        table = np.zeros((CLASSES, 12))
        for root in range(12):
            table[root], table[MINOR + root] = np.roll(self.tones[0], root), np.roll(self.tones[1], root)
        table[NONE] = self.tones[2]
        return np.asarray(loudness * weights @ table.T, np.float64)

    def keyed(self, weights: Floats) -> Floats:
        """Return (frames, CLASSES) probabilities given all frames, over all keys by how well each explains them."""
        told, belief = np.zeros((len(weights), CLASSES)), np.empty(24)
        each = np.empty((24, len(weights), NONE))
        for mode in (0, 1):
            for tonic in range(12):
                scores = LOUDNESS * np.roll(weights, -tonic, axis=1) @ self.keyed_tones[mode].T
                before, after = _both_ways(scores, self.keyed_steps[mode])
                belief[mode * 12 + tonic] = _log_sum(before[-1] + scores[-1], axis=0)
                shares = np.exp(_level(before + scores + after)).reshape(-1, 2, 12)
                each[mode * 12 + tonic] = np.roll(shares, tonic, axis=2).reshape(-1, NONE)
        told[:, :NONE] = np.tensordot(np.exp(_level(belief)), each, axes=1)
        return told


@cache
def read_chain() -> Chain:
    """Return what was counted, from the package."""
    with as_file(files("vocalmidi.arrange") / "chord_chain.npz") as path, np.load(path) as held:
        return Chain(**{name: held[name] for name in Chain.__dataclass_fields__})


def without_none(scores: Floats) -> Floats:
    """Return log scores by which no frame is without chord."""
    return np.where(np.arange(CLASSES) == NONE, -np.inf, scores)


def _both_ways(scores: Floats, transitions: Floats) -> tuple[Floats, Floats]:
    """Return log weights of what came before each frame (not levelled: the last tells how likely all is) and after."""
    before, after = np.empty_like(scores), np.zeros_like(scores)
    before[0] = -np.log(scores.shape[1])
    steps = np.exp(transitions)
    for frame in range(1, len(scores)):
        told = before[frame - 1] + scores[frame - 1]
        before[frame] = np.log(np.exp(told - told.max()) @ steps) + told.max()
    for frame in range(len(scores) - 2, -1, -1):
        told = scores[frame + 1] + after[frame + 1]
        after[frame] = np.log(steps @ np.exp(told - told.max())) + told.max()
    return before, after


def predicted(scores: Floats, transitions: Floats) -> Floats:
    """Return (frames, CLASSES) log probability of each chord given the frames before it alone.

    transitions: (CLASSES, CLASSES) from row to column, or a table for the step into each frame.
    """
    told, moves = np.empty_like(scores), _moves(scores, transitions)
    told[0] = -np.log(CLASSES)
    for frame in range(1, len(scores)):
        told[frame] = _log_sum(_level(told[frame - 1] + scores[frame - 1])[:, None] + moves[frame], axis=0)
    return told


def posterior(scores: Floats, transitions: Floats) -> Floats:
    """Return (frames, CLASSES) probability of each chord given all frames (forward-backward)."""
    before = predicted(scores, transitions)
    after = np.zeros_like(scores)
    for frame in range(len(scores) - 2, -1, -1):
        after[frame] = _level(_log_sum(transitions + (scores[frame + 1] + after[frame + 1])[None], axis=1))
    return np.asarray(np.exp(_level(before + scores + after)), np.float64)


def drawn(scores: Floats, transitions: Floats, chance: Floats) -> Path:
    """Return one path drawn from all by their probability.

    transitions: as of `predicted`; chance: (frames,) even numbers 0–1, one a frame.
    """
    before, moves = predicted(scores, transitions) + scores, _moves(scores, transitions)
    path = np.empty(len(scores), np.intp)
    for frame in range(len(scores) - 1, -1, -1):
        weight = before[frame] if frame == len(scores) - 1 else before[frame] + moves[frame + 1][:, path[frame + 1]]
        path[frame] = int(np.searchsorted(np.cumsum(np.exp(_level(weight))), chance[frame] * (1.0 - 1e-9)))
    return path


def likeliest(scores: Floats, transitions: Floats) -> Path:
    """Return the path of highest probability (Viterbi); transitions: as of `predicted`."""
    total, back, moves = scores[0], np.zeros(scores.shape, np.intp), _moves(scores, transitions)
    for frame in range(1, len(scores)):
        reach = total[:, None] + moves[frame]
        back[frame] = reach.argmax(axis=0)
        total = reach.max(axis=0) + scores[frame]
    path = [int(total.argmax())]
    for frame in range(len(scores) - 1, 0, -1):
        path.append(int(back[frame, path[-1]]))
    return np.array(path[::-1], np.intp)


def likeliest_moving(scores: Floats, transitions: Floats, held: int, tired: float) -> Path:
    """Return the path of highest probability where a chord tires: each frame beyond `held` of them costs it `tired`.

    transitions: as of `predicted`. A state is a chord and for how many frames it has sounded, the last place for more.
    """
    moves, chords = _moves(scores, transitions), np.arange(scores.shape[1])
    total = np.full((held + 1, scores.shape[1]), -np.inf)
    total[0] = scores[0]
    back = np.zeros((len(scores), held + 1, scores.shape[1]), np.intp)
    for frame in range(1, len(scores)):
        oldest, best = total.argmax(axis=0), total.max(axis=0)
        change = best[:, None] + np.where(np.eye(len(chords), dtype=bool), -np.inf, moves[frame])
        stay = total + moves[frame].diagonal()
        total = np.empty_like(total)
        came = change.argmax(axis=0)
        total[0], back[frame, 0] = change.max(axis=0), oldest[came] * len(chords) + came
        total[1:], back[frame, 1:] = stay[:-1], np.arange(held)[:, None] * len(chords) + chords
        worn = stay[held] - tired > total[held] - tired
        total[held] = np.where(worn, stay[held], total[held]) - tired
        back[frame, held] = np.where(worn, held * len(chords) + chords, back[frame, held])
        total += scores[frame]
    place = int(total.argmax())
    path = [place % len(chords)]
    for frame in range(len(scores) - 1, 0, -1):
        place = int(back[frame].ravel()[place])
        path.append(place % len(chords))
    return np.array(path[::-1], np.intp)


def _moves(scores: Floats, transitions: Floats) -> Floats:
    """Return (frames, states, states) log weights of the step into each frame; one table may serve all."""
    return np.broadcast_to(transitions, (len(scores), *transitions.shape[-2:]))


def _log_sum(table: Floats, axis: int) -> Floats:
    most = table.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(table - most).sum(axis=axis)) + most.squeeze(axis), np.float64)


def _level(table: Floats) -> Floats:
    """Return log weights as log probabilities along the last axis."""
    return np.asarray(table - _log_sum(table, axis=-1)[..., None], np.float64)
