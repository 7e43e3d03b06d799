"""Ask the drum network: strokes of nine voices over two bars, drawn around what is settled, then how they are played.

In: `Asked`: a tap, settled cells, a style, a kind, a tempo; chance as numbers from the caller's dice. Out: which cells
are struck, then velocity and shift. The drawing is that of `training/drums/draw.py`: some cells a round, each round
knowing all before it; style is led by the difference that telling it makes (classifier-free guidance, Ho & Salimans
2022). What the strokes become in time and on which keys is not decided here.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.drum_voices import VOICES
from vocalmidi.inference import Model

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

STEPS = 32
"""Sixteenths of two bars of 4/4: what the network looks at."""
MANY = len(VOICES)
CELLS = (STEPS, MANY)
GROOVE, FILL = 1, 2
"""Kinds of loop."""
_TAPPED, _LOUD, _LATE, _COMPLETE, _TEMPO, _TEMPO_KNOWN, _SETTLED = range(7)
_FEATURES = _SETTLED + 2 * MANY
"""Columns of the network's `steps`, as `training/drums/model_drums.py` has them."""
REFERENCE_QPM = 120.0
"""Tempo is told in octaves above this."""
MOST_LOOPS = 64
"""Asked at once: more is no faster and takes memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Loops that are asked for, n of one style.

    tap: (n, 32) 0–1, loudness of what is tapped at each step, 0 where nothing is.
    late: (n, 32) −½ to ½, steps by which that lies behind its step.
    whole: (n,) whether nothing sounds where nothing is tapped.
    settled, struck: (n, 32, 9) cells that stay, and which of these are struck.
    style: number of STYLES + 1. kind: GROOVE or FILL.
    guidance: 1 tells the style and does no more.
    """

    tap: Floats
    late: Floats
    whole: Bools
    settled: Bools
    struck: Bools
    style: int
    kind: int
    tempo_qpm: float
    guidance: float

    def at(self, rows: slice) -> "Asked":
        """Return some of the loops."""
        return replace(
            self,
            tap=self.tap[rows],
            late=self.late[rows],
            whole=self.whole[rows],
            settled=self.settled[rows],
            struck=self.struck[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """What is left to chance: turn (n, 32, 9) 0–1, when each cell is settled; noise (n, 32, 9) added to its logit."""

    turn: Floats
    noise: Floats


def drawn(model: Model, asked: Asked, chance: Chance, rounds: int) -> Bools:
    """Return the strokes, (n, 32, 9), drawn in some rounds."""
    loops = len(asked.tap)
    parts = [slice(first, first + MOST_LOOPS) for first in range(0, loops, MOST_LOOPS)]
    return np.concatenate([_drawn(model, asked.at(p), Chance(chance.turn[p], chance.noise[p]), rounds) for p in parts])


def answered(model: Model, asked: Asked, struck: Bools, steps: Bools) -> Bools:
    """Return the strokes with the likeliest voice added at tapped steps, of these (n, 32), where nothing sounds."""
    silent = steps & (asked.tap > 0.0) & ~struck.any(axis=2)
    settled = ~silent[..., None] | (asked.settled & ~asked.struck)
    (logits,) = _led(model, replace(asked, settled=settled, struck=struck), ("logits",))
    best = np.where(asked.settled, -np.inf, logits).argmax(axis=2)
    return np.asarray(struck | (silent[..., None] & (np.arange(MANY) == best[..., None])))


def likeliest(model: Model, asked: Asked, levels: Floats) -> Bools:
    """Return the strokes, (n, 32, 9), above logits, (32, 9); of a tapped step the likeliest sounds anyway."""
    parts = [asked.at(slice(first, first + MOST_LOOPS)) for first in range(0, len(asked.tap), MOST_LOOPS)]
    above = np.concatenate([_led(model, part, ("logits",))[0] for part in parts]) - levels
    above = np.where(asked.settled, np.where(asked.struck, np.inf, -np.inf), above)
    struck = above > 0.0
    silent = (asked.tap > 0.0) & ~struck.any(axis=2)
    return np.asarray(struck | (silent[..., None] & (np.arange(MANY) == above.argmax(axis=2)[..., None])))


def played(model: Model, asked: Asked, struck: Bools) -> tuple[Floats, Floats]:
    """Return velocity 0–1 and shift in steps, (n, 32, 9) each, of strokes that are all known."""
    known = replace(asked, settled=np.ones_like(struck), struck=struck)
    parts = [known.at(slice(first, first + MOST_LOOPS)) for first in range(0, len(struck), MOST_LOOPS)]
    told = [_led(model, part, ("velocity", "shift")) for part in parts]
    velocity, shift = (np.concatenate([part[output] for part in told]) for output in range(2))
    return np.clip(velocity, 0.01, 1.0), np.clip(shift, -0.5, 0.5)


def _drawn(model: Model, asked: Asked, chance: Chance, rounds: int) -> Bools:
    struck, settled = asked.struck & asked.settled, asked.settled
    for number in range(rounds):
        # More cells each round: the first ones decide most, the last hardly depend on each other.
        now = (chance.turn < ((number + 1) / rounds) ** 2) & ~settled
        if not now.any():
            continue
        (logits,) = _led(model, replace(asked, settled=settled, struck=struck), ("logits",))
        struck = np.where(now, logits + chance.noise > 0.0, struck)
        settled = settled | now
    return np.asarray(struck, np.bool_)


def _led(model: Model, asked: Asked, outputs: tuple[str, ...]) -> tuple[Floats, ...]:
    """Return outputs of the network, led towards the style."""
    loops = len(asked.tap)
    steps, kind = _steps(asked), np.full(loops, asked.kind, np.float32)
    styled = model.run(steps=steps, style=np.full(loops, asked.style, np.float32), kind=kind)
    if asked.guidance == 1.0:
        return tuple(np.asarray(styled[name], np.float32) for name in outputs)
    plain = model.run(steps=steps, style=np.zeros(loops, np.float32), kind=kind)
    return tuple(
        np.asarray(plain[name] + asked.guidance * (styled[name] - plain[name]), np.float32) for name in outputs
    )


def _steps(asked: Asked) -> Floats:
    steps = np.zeros((*asked.tap.shape, _FEATURES), np.float32)
    steps[..., _TAPPED] = asked.tap > 0.0
    steps[..., _LOUD] = asked.tap
    steps[..., _LATE] = asked.late * (asked.tap > 0.0)
    steps[..., _COMPLETE] = asked.whole[:, None]
    steps[..., _TEMPO] = np.log2(asked.tempo_qpm / REFERENCE_QPM)
    steps[..., _TEMPO_KNOWN] = 1.0
    steps[..., _SETTLED : _SETTLED + MANY] = asked.settled
    steps[..., _SETTLED + MANY :] = asked.settled & asked.struck
    return steps
