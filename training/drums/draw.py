"""Grooves from the drum network: the likeliest for a tap, or drawn anew, led towards a style.

In: a network (torch or ONNX behind one call), what is asked, a generator of random numbers. Out: `Groove`s. Two ways.
`likeliest` takes every stroke above a threshold, and at each tapped step at least one: what a whole tap most probably
stood for. `drawn` settles a few cells at a time, each drawn knowing all settled before it. Style is led by the
difference that telling it makes, times `guidance` (classifier-free guidance, Ho & Salimans 2022). The same generator
gives the same groove.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from training.drums.data_drums import settle
from training.drums.loops import VOICES, Bools, Floats, Ints
from training.drums.model_drums import COMPLETE, LOUD, SHIFT, TAPPED
from training.voice.export_onnx import session

BAR_STEPS = 16
STAYS = 0.03
"""In steps: what is so near a whole tap is at the tap. Of 0 to .08 the best on validation grooves, by little."""
OUTPUTS = ("logits", "velocity", "shift")
Told = tuple[Floats, Floats, Floats]
Network = Callable[[Floats, Ints, Ints], Told]
"""Steps (n, 32, FEATURES), style (n,), kind (n,) to logits, velocity and shift, (n, 32, 9)."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked: steps (n, 32, FEATURES), style and kind (n,); guidance: 1 tells the style and does no more."""

    steps: Floats
    style: Ints
    kind: Ints
    guidance: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Groove:
    """Struck, velocity and shift, (n, 32, 9), as in `Loops`."""

    struck: Bools
    velocity: Floats
    shift: Floats


def opened(path: Path) -> Network:
    """Return the network in an ONNX file."""
    held = session(path)

    def told(steps: Floats, style: Ints, kind: Ints) -> Told:
        fed = {"steps": steps, "style": style.astype(np.float32), "kind": kind.astype(np.float32)}
        logits, velocity, shift = held.run(list(OUTPUTS), fed)
        return logits, velocity, shift

    return told


def of_torch(model: nn.Module) -> Network:
    """Return a torch network behind the same call."""

    def told(steps: Floats, style: Ints, kind: Ints) -> Told:
        with torch.no_grad():
            parts = model(torch.from_numpy(steps), torch.from_numpy(style), torch.from_numpy(kind))
        logits, velocity, shift = (part.numpy() for part in parts)
        return logits, velocity, shift

    return told


def twice(network: Network) -> Network:
    """Return the network asked once more with the bars exchanged, both answers' mean: a loop has no first bar."""

    def told(steps: Floats, style: Ints, kind: Ints) -> Told:
        turned = np.roll(steps, BAR_STEPS, axis=1)
        first, second = network(steps, style, kind), network(turned, style, kind)
        logits, velocity, shift = (
            np.asarray((here + np.roll(there, -BAR_STEPS, axis=1)) / 2, np.float32)
            for here, there in zip(first, second, strict=True)
        )
        return logits, velocity, shift

    return told


def guided(network: Network, asked: Asked, steps: Floats) -> Told:
    """Return what the network says of `steps`, led towards the style."""
    styled = network(steps, asked.style, asked.kind)
    if asked.guidance == 1.0 or not asked.style.any():
        return styled
    plain = network(steps, np.zeros_like(asked.style), asked.kind)
    logits, velocity, shift = (
        without + asked.guidance * (told - without) for told, without in zip(styled, plain, strict=True)
    )
    return logits, np.clip(velocity, 0.01, 1.0), np.clip(shift, -0.5, 0.5)


def likeliest(network: Network, asked: Asked, threshold: float | Floats) -> Groove:
    """Return strokes above a probability, one for all voices or (9,), with velocity and timing that fit them all."""
    logits, _, _ = guided(network, asked, asked.steps)
    struck = strokes(logits, threshold, asked.steps[..., TAPPED] > 0)
    return finished(network, asked, struck)


def strokes(logits: Floats, threshold: float | Floats, tapped: npt.NDArray[np.bool_]) -> Bools:
    """Return strokes above a probability; what was tapped sounds, if only as its likeliest voice."""
    level = np.log(np.asarray(threshold) / (1.0 - np.asarray(threshold)))
    struck = logits > level
    silent = tapped & ~struck.any(axis=2)
    best = np.arange(len(VOICES)) == (logits - level).argmax(axis=2)[..., None]
    return np.asarray(struck | (silent[..., None] & best))


def finished(network: Network, asked: Asked, struck: Bools) -> Groove:
    """Return the strokes with the velocity and timing that the network gives them, knowing all of them."""
    steps = asked.steps.copy()
    settle(steps, np.ones_like(struck), struck)
    _, velocity, shift = guided(network, asked, steps)
    return as_tapped(asked.steps, Groove(struck, velocity * struck, shift * struck))


def as_tapped(steps: Floats, groove: Groove) -> Groove:
    """Return the groove with the tap itself in it, where the tap is whole: it is the loudest stroke of its step."""
    whole = ((steps[..., TAPPED] > 0) & (steps[..., COMPLETE] > 0))[..., None]
    loud, late = steps[..., LOUD, None], steps[..., SHIFT, None]
    loudest = np.arange(len(VOICES)) == groove.velocity.argmax(axis=2)[..., None]
    velocity = np.where(whole, np.where(loudest, loud, np.minimum(groove.velocity, loud)), groove.velocity)
    there = whole & (loudest | (np.abs(groove.shift - late) < STAYS))
    shift = np.where(there, late, groove.shift)
    return Groove(groove.struck, velocity * groove.struck, shift * groove.struck)


def drawn(network: Network, asked: Asked, rng: np.random.Generator, rounds: int = 12, heat: float = 0.6) -> Groove:
    """Return grooves drawn in some rounds; heat: 0 takes what is likelier, 1 draws as surely as the network is.

    The defaults keep rock together: of its backbeats .70 are struck (real .67), hat and ride are played at once in .28
    of loops (real .29); with 6 rounds, a heat of 0.8 and guidance 2.5 it was .54 and .58, though recognised as surely.
    """
    shape = (*asked.steps.shape[:2], len(VOICES))
    steps = asked.steps.copy()
    struck = np.zeros(shape, np.bool_)
    turn = rng.permuted(np.broadcast_to(np.arange(np.prod(shape[1:])), (shape[0], int(np.prod(shape[1:])))), axis=1)
    turn = turn.reshape(shape) / turn.shape[1]
    settled = np.zeros(shape, np.bool_)
    for number in range(rounds):
        logits, _, _ = guided(network, asked, steps)
        noise = heat * rng.logistic(size=shape)
        # More cells each round: the first ones decide most, the last hardly depend on each other.
        now = (turn < ((number + 1) / rounds) ** 2) & ~settled
        struck = np.where(now, logits + noise > 0.0, struck)
        settled |= now
        settle(steps, settled, struck)
    return finished(network, asked, struck)
