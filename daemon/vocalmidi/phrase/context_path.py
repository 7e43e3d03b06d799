"""The likeliest way through a take: one place for every moment, from what the network says of each and of each step.

In: log probabilities of the place within the beat, (n, TICKS), and of the ticks to the next moment, (n, FARTHEST_TICKS
+ 1). Out: places in ticks, strictly rising. Neither is right by itself everywhere; the best path (Viterbi) is the one
on which places and steps agree. Where a click is, a place is also the nearest one to where it was played, and the
farther the less likely: the network, which hears mostly music, would move a tune sung between the beats onto them.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.phrase.context_input import FARTHEST_TICKS, TICKS, Array

Ticks = npt.NDArray[np.intp]
FAR_STEP = 1.0
"""A step beyond the classes has its log probability less this for each beat that it is off what was played."""


def best_places(phase: Array, apart: Array, beats: Array, click_spread: float | None = None) -> Ticks:
    """Return the place of each moment in ticks of a beat; without a click the first is within beat 0.

    phase: (n, TICKS), apart: (n, FARTHEST_TICKS + 1), log probabilities; beats: (n,) places as played.
    click_spread: how far from its place a sound is played to a click, as a standard deviation in beats; None without.
    """
    nearest = _nearest_places(beats)
    clicked = click_spread is not None
    if click_spread is not None:
        phase = phase - 0.5 * ((beats[:, np.newaxis] - nearest / TICKS) / click_spread) ** 2
    total, choices, steps = phase[0], list[Ticks](), list[Ticks]()
    for number in range(1, len(beats)):
        if clicked:
            step = nearest[number][np.newaxis, :] - nearest[number - 1][:, np.newaxis]
            gain = _chance_of(apart[number - 1], step, float(beats[number] - beats[number - 1]))
        else:
            step, gain = _best_steps(apart[number - 1], float(beats[number] - beats[number - 1]))
        reach = total[:, np.newaxis] + gain
        choice = reach.argmax(axis=0)
        choices.append(choice)
        steps.append(step[choice, np.arange(TICKS)])
        total = reach[choice, np.arange(TICKS)] + phase[number]
    return _followed_back(int(total.argmax()), choices, steps, nearest if clicked else None)


def _followed_back(last: int, choices: list[Ticks], steps: list[Ticks], nearest: Ticks | None) -> Ticks:
    state, apart = last, list[int]()
    for choice, step in zip(reversed(choices), reversed(steps), strict=True):
        apart.append(int(step[state]))
        state = int(choice[state])
    first = state if nearest is None else int(nearest[0, state])
    return np.asarray(first + np.concatenate([[0], np.cumsum(apart[::-1])]), np.intp)


def _nearest_places(beats: Array) -> Ticks:
    """Return (n, TICKS): for each place within the beat, the ticks of the one nearest to where it was played."""
    within = np.arange(TICKS) / TICKS
    return np.asarray((np.round(beats[:, np.newaxis] - within) * TICKS).astype(np.intp) + np.arange(TICKS), np.intp)


def _best_steps(apart: Array, played: float) -> tuple[Ticks, Array]:
    """Return the likeliest step from each place within the beat to each, (TICKS, TICKS), and its log probability."""
    within = (np.arange(TICKS)[np.newaxis, :] - np.arange(TICKS)[:, np.newaxis] - 1) % TICKS + 1
    turns = apart[:FARTHEST_TICKS].reshape(-1, TICKS)
    best = turns.argmax(axis=0)
    step = np.arange(1, TICKS + 1) + TICKS * best
    gain = turns[best, np.arange(TICKS)]
    far = np.arange(1, TICKS + 1) + TICKS * np.maximum(
        np.round(played - np.arange(1, TICKS + 1) / TICKS), FARTHEST_TICKS // TICKS
    ).astype(np.intp)
    far_gain = apart[FARTHEST_TICKS] - FAR_STEP * np.abs(far / TICKS - played)
    step, gain = np.where(far_gain > gain, far, step), np.maximum(far_gain, gain)
    return step[within - 1], gain[within - 1]


def _chance_of(apart: Array, step: Ticks, played: float) -> Array:
    """Return the log probability of steps; none at all of those that don't go on."""
    known = apart[np.clip(step - 1, 0, FARTHEST_TICKS)] - FAR_STEP * np.abs(step / TICKS - played) * (
        step > FARTHEST_TICKS
    )
    return np.asarray(np.where(step > 0, known, -1e6), np.float64)
