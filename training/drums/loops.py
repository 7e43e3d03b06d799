"""Two-bar drum loops on a grid of sixteenths: human grooves as the network sees them.

In: the Groove MIDI Dataset as `symbolic/gmd` (4/4 alone, its official split). Out: `Loops`, arrays over loops, steps
and nine voices: what is struck, how loud, how far beside the grid. The tap of a loop is what one hand keeps of it: at
every step where anything sounds, the loudest stroke's loudness and timing (GrooveTransformer's and GrooVAE's reduction,
Gillick et al. 2019, Haki et al. 2022). Of several strokes of one voice in one step the loudest is kept. Knows nothing
of networks.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.context.scores import records

STEPS = 32
"""Sixteenths of two bars of 4/4."""
STEP_QN = 0.25
VOICES = {
    "kick": (35, 36),
    "snare": (37, 38, 40),
    "hat_closed": (22, 42, 44),
    "hat_open": (26, 46),
    "tom_low": (41, 43, 58),
    "tom_mid": (45, 47),
    "tom_high": (48, 50),
    "crash": (49, 52, 55, 57),
    "ride": (51, 53, 59),
}
"""The nine voices and their keys of the Roland TD-11, as the dataset's own paper reduces them."""
STYLES = (
    "afrobeat",
    "afrocuban",
    "blues",
    "country",
    "dance",
    "funk",
    "gospel",
    "highlife",
    "hiphop",
    "jazz",
    "latin",
    "middleeastern",
    "neworleans",
    "pop",
    "punk",
    "reggae",
    "rock",
    "soul",
)
"""The dataset's styles; the network knows them by place + 1, 0 is a style that isn't told."""
KINDS = ("beat", "fill")
"""As STYLES: 1 a groove, 2 a fill, 0 not told."""
Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Loops:
    """Loops side by side.

    struck: (n, 32, 9). velocity: (n, 32, 9), 0–1, 0 where nothing is struck. shift: (n, 32, 9), steps late, −½ to ½.
    tempo_qpm: (n,). style, kind: (n,) numbers of STYLES and KINDS. take: (n,) which recording. genre: (n,) names, ""
    where the set has none.
    """

    struck: Bools
    velocity: Floats
    shift: Floats
    tempo_qpm: Floats
    style: Ints
    kind: Ints
    take: Ints
    genre: npt.NDArray[np.str_]

    def __len__(self) -> int:
        """Return how many."""
        return len(self.struck)

    def at(self, chosen: npt.NDArray[Any]) -> "Loops":
        """Return some of them."""
        return Loops(*(getattr(self, name)[chosen] for name in self.__slots__))

    @property
    def step_ms(self) -> Floats:
        """Return how long a step is, (n,)."""
        return np.asarray(60_000.0 * STEP_QN / self.tempo_qpm, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Taps:
    """What is tapped: struck (n, 32), velocity (n, 32), shift (n, 32), as in `Loops`."""

    struck: Bools
    velocity: Floats
    shift: Floats


def taps_of(loops: Loops) -> Taps:
    """Return the tap of every loop: the loudest stroke of each step."""
    loudest = loops.velocity.argmax(axis=2)[..., None]
    return Taps(
        np.asarray(loops.struck.any(axis=2)),
        np.take_along_axis(loops.velocity, loudest, 2)[..., 0],
        np.take_along_axis(loops.shift, loudest, 2)[..., 0],
    )


def read_loops(symbolic: Path, split: str, hop_bars: int, shortest_bars: int = 2) -> Loops:
    """Return the loops of a split, `train` or `valid`, one every `hop_bars` bars of each take so long."""
    found = list[Loops]()
    for number, record in enumerate(records(symbolic, "gmd")):
        if record["split"] == split and record["meter"] == [4, 4]:
            bars = int(max(row[0] for row in record["tracks"]["drums"]) / STEP_QN + 0.5) // 16 + 1
            if bars >= shortest_bars:
                found.append(loops_of(record, hop_bars, number))
    return Loops(*(np.concatenate([getattr(one, name) for one in found]) for name in Loops.__slots__))


def loops_of(record: dict[str, Any], hop_bars: int, take: int = 0) -> Loops:
    """Return the loops of one take; those in which nothing sounds are left out."""
    voice_of = {key: number for number, keys in enumerate(VOICES.values()) for key in keys}
    strokes = [(row[0], voice_of[int(row[2])], row[3]) for row in record["tracks"]["drums"] if int(row[2]) in voice_of]
    onset, voice, loud = (np.array(column) for column in zip(*strokes, strict=True))
    step = np.round(onset / STEP_QN).astype(np.intp)
    bars = int(step.max()) // 16 + 1
    grid = np.zeros((3, (max(bars, 2) + hop_bars) * 16, len(VOICES)), np.float32)
    for stroke in np.argsort(loud, kind="stable"):
        cell = grid[:, step[stroke], voice[stroke]]
        cell[:] = 1.0, loud[stroke] / 127.0, onset[stroke] / STEP_QN - step[stroke]
    starts = range(0, max(bars - 1, 1), hop_bars)
    rows = np.stack([grid[:, bar * 16 : bar * 16 + STEPS] for bar in starts])
    rows = rows[rows[:, 0].any(axis=(1, 2))]
    many = len(rows)
    return Loops(
        rows[:, 0] > 0,
        rows[:, 1],
        rows[:, 2],
        np.full(many, record["tempo"], np.float32),
        np.full(many, STYLES.index(record["style"].split("/")[0]) + 1),
        np.full(many, KINDS.index(record["beat_type"]) + 1),
        np.full(many, take),
        np.full(many, record["genre"] or ""),
    )
