"""Examples for the drum network: taps of human grooves, whole, thinned or plain, with some of the groove settled.

In: `Loops` of the training split, a generator of random numbers. Out: batches: what the network is given and what was
played. Nothing is stored: a loop is made an example anew, in another way, each time it is drawn. Half of the examples
are the task that is measured (the whole tap, nothing settled); the others teach to invent: taps with strokes left out,
flat or straight, or a plain pulse that has nothing to do with the groove.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.drums.loops import STEPS, VOICES, Floats, Loops, Taps, taps_of
from training.drums.model_drums import COMPLETE, FEATURES, LOUD, SETTLED, SHIFT, TAPPED, TEMPO, TEMPO_KNOWN

REFERENCE_QPM = 120.0
PULSES = (1, 2, 4, 8)
"""Steps between the strokes of a plain pulse: sixteenths to half notes."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """How examples are drawn; shares of loops.

    whole: have the whole tap. open: of these, have nothing settled. pulse: of the others, have a plain pulse as tap.
    silent: of the others, no tap. styled, kinded, timed: are told their style, kind, tempo. settled: of those not
    whole, have some cells settled. crossed: have their second bar from elsewhere in the same take. faster:
    spread of the octaves by which the told tempo is beside the true one, since few takes share a tempo and it would
    give them away. louder, later: spread of what a whole loop's loudness is multiplied by, and of how many steps it is
    late. uneven, loose: the same for each voice by itself, so that another voice may be the tapped one.
    """

    whole: float = 0.62
    open: float = 0.9
    pulse: float = 0.35
    silent: float = 0.2
    styled: float = 0.6
    kinded: float = 0.3
    timed: float = 0.6
    settled: float = 0.65
    crossed: float = 0.25
    faster: float = 0.12
    louder: float = 0.08
    later: float = 0.03
    uneven: float = 0.1
    loose: float = 0.015


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What is given, (n, 32, FEATURES) and (n,), and what was played, (n, 32, 9) each; taught: what teachers say."""

    steps: Tensor
    style: Tensor
    kind: Tensor
    struck: Tensor
    velocity: Tensor
    shift: Tensor
    taught: tuple[Tensor, Tensor, Tensor] | None = None


def features_of(taps: Taps, complete: npt.NDArray[np.bool_], tempo_qpm: Floats | None) -> Floats:
    """Return the network's input with nothing settled; tempo_qpm: (n,), None where it is not told."""
    steps = np.zeros((*taps.struck.shape, FEATURES), np.float32)
    steps[..., TAPPED] = taps.struck
    steps[..., LOUD] = taps.velocity * taps.struck
    steps[..., SHIFT] = taps.shift * taps.struck
    steps[..., COMPLETE] = complete[:, None]
    if tempo_qpm is not None:
        steps[..., TEMPO] = np.log2(tempo_qpm / REFERENCE_QPM)[:, None]
        steps[..., TEMPO_KNOWN] = 1.0
    return steps


def settle(steps: Floats, settled: npt.NDArray[np.bool_], struck: npt.NDArray[np.bool_]) -> None:
    """Write into `steps` which cells, (n, 32, 9), are settled, and which of these are struck."""
    many = len(VOICES)
    steps[..., SETTLED : SETTLED + many] = settled
    steps[..., SETTLED + many : SETTLED + 2 * many] = settled & struck


def pulse(many: int, apart: npt.NDArray[np.intp], velocity: Floats) -> Taps:
    """Return plain pulses, one stroke every `apart` steps, (many,), of one loudness, (many,), on the grid."""
    struck = np.arange(STEPS)[None] % apart[:, None] == 0
    return Taps(struck, velocity[:, None] * struck, np.zeros((many, STEPS), np.float32))


def thinned(taps: Taps, mixture: Mixture, rng: np.random.Generator) -> Taps:
    """Return taps that tell less: strokes left out, all of one loudness or on the grid, or a plain pulse instead."""
    many = len(taps.struck)
    kept = taps.struck & (rng.random(taps.struck.shape) < rng.random((many, 1)))
    kept &= rng.random((many, 1)) >= mixture.silent
    even = rng.uniform(0.3, 0.9, many).astype(np.float32)
    velocity = np.where(rng.random((many, 1)) < 0.5, even[:, None], taps.velocity)
    shift = np.where(rng.random((many, 1)) < 0.5, 0.0, taps.shift)
    plain = pulse(many, rng.choice(PULSES, many), even)
    instead = rng.random((many, 1)) < mixture.pulse
    return Taps(
        np.where(instead, plain.struck, kept),
        np.where(instead, plain.velocity, velocity * kept).astype(np.float32),
        np.where(instead, plain.shift, shift * kept).astype(np.float32),
    )


def some_settled(shape: tuple[int, ...], rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return which cells are settled: any share of single cells, or whole voices."""
    cells = rng.random(shape) < rng.random((shape[0], 1, 1))
    voices = np.broadcast_to(rng.random((shape[0], 1, shape[2])) < rng.random((shape[0], 1, 1)), shape)
    return np.where(rng.random((shape[0], 1, 1)) < 0.7, cells, voices)


class Stock:
    """The loops of a split, drawn evenly."""

    def __init__(self, loops: Loops, mixture: Mixture, rng: np.random.Generator) -> None:
        """Draw from these loops."""
        self._loops, self._mixture, self._rng = loops, mixture, rng
        _, first, take, many = np.unique(loops.take, return_index=True, return_inverse=True, return_counts=True)
        self._first, self._many = first[take], many[take]

    def draw(self, many: int) -> Batch:
        """Return the next batch."""
        mixture, rng = self._mixture, self._rng
        loops = self._moved(self._crossed(rng.integers(len(self._loops), size=many)))
        taps, less = taps_of(loops), thinned(taps_of(loops), mixture, rng)
        whole = rng.random(many) < mixture.whole
        given = Taps(*(np.where(whole[:, None], getattr(taps, name), getattr(less, name)) for name in Taps.__slots__))
        steps = features_of(given, whole, loops.tempo_qpm)
        steps[rng.random(many) >= mixture.timed, :, TEMPO : TEMPO_KNOWN + 1] = 0.0
        share = np.where(whole, 1.0 - mixture.open, mixture.settled)
        partly = (rng.random(many) < share)[:, None, None]
        settle(steps, some_settled(loops.struck.shape, rng) & partly, loops.struck)
        return Batch(
            torch.from_numpy(steps),
            torch.from_numpy(loops.style * (rng.random(many) < mixture.styled)),
            torch.from_numpy(loops.kind * (rng.random(many) < mixture.kinded)),
            torch.from_numpy(loops.struck.astype(np.float32)),
            torch.from_numpy(loops.velocity),
            torch.from_numpy(loops.shift),
        )

    def _crossed(self, chosen: npt.NDArray[np.intp]) -> Loops:
        """Return these loops, some with their second bar from another loop of the same take."""
        loops = self._loops.at(chosen)
        other = self._first[chosen] + (self._rng.random(len(chosen)) * self._many[chosen]).astype(np.intp)
        crossed = (self._rng.random(len(chosen)) < self._mixture.crossed)[:, None, None]
        second = crossed & (np.arange(STEPS) >= STEPS // 2)[None, :, None]
        grid = ("struck", "velocity", "shift")
        mixed = (np.where(second, getattr(self._loops, name)[other], getattr(loops, name)) for name in grid)
        return Loops(*mixed, *(getattr(loops, name) for name in Loops.__slots__[3:]))

    def _moved(self, loops: Loops) -> Loops:
        """Return the loops a little louder or softer, earlier or later, as a whole and voice by voice."""
        many, voices = (len(loops), 1, 1), (len(loops), 1, len(VOICES))
        mixture, rng = self._mixture, self._rng
        louder = np.exp(rng.normal(0.0, mixture.louder, many) + rng.normal(0.0, mixture.uneven, voices))
        later = (rng.normal(0.0, mixture.later, many) + rng.normal(0.0, mixture.loose, voices)) * loops.struck
        return Loops(
            loops.struck,
            np.clip(loops.velocity * louder, 0.0, 1.0).astype(np.float32),
            np.clip(loops.shift + later, -0.5, 0.5).astype(np.float32),
            (loops.tempo_qpm * np.exp2(rng.normal(0.0, mixture.faster, len(loops)))).astype(np.float32),
            *(getattr(loops, name) for name in Loops.__slots__[4:]),
        )
