"""The timbre encoder: one patch in, what it says of the sound out.

In: `Patches` of one sound. Out: `Timbre`, shares instead of logits. One patch at a time, so that what is said of it
doesn't depend on what else was heard; always in the same memory, for the live hop.
"""

from dataclasses import dataclass

import numpy as np

from vocalmidi.errors import FramesError
from vocalmidi.frames.patches import PATCH_BANDS, ROWS, Patches
from vocalmidi.inference import Model
from vocalmidi.values import EMBEDDING, HIT_LABELS, INSTRUMENTS, Floats

HITS = len(HIT_LABELS)
CLASSES = HITS + 2
"""The hits in the order of HIT_LABELS; a syllable of singing or speech; breath, room, click."""
WIDTHS = {"embedding": EMBEDDING, "logits": CLASSES, "instrument": len(INSTRUMENTS)}
"""Outputs of the network and their widths."""
WARM_UPS = 10
"""Runs before the first sound: the first ones are slower by a hundredfold."""


@dataclass(frozen=True, slots=True, eq=False)
class Timbre:
    """What the encoder says of one sound; the fields are those of `Strike`."""

    label_share: Floats
    hit_share: float
    embedding: Floats
    instrument_share: Floats


class TimbreEncoder:
    """The network and its memory."""

    def __init__(self, model: Model) -> None:
        self._patch, self._age = np.zeros((1, ROWS, PATCH_BANDS), np.float32), np.zeros(1, np.float32)
        self._bound = model.bound(patch=self._patch, age=self._age)
        for name, width in WIDTHS.items():
            given = self._bound.outputs.get(name)
            if given is None or given.shape != (1, width):
                shape = "nothing" if given is None else given.shape
                raise FramesError(
                    f"model {model.card.name} gives {shape} as {name}, not {(1, width)}: reinstall vocalmidi"
                )
        for _ in range(WARM_UPS):
            self._bound.run()

    def hear(self, patches: Patches) -> Timbre:
        """Return what is said of one patch."""
        self._patch[:], self._age[:] = patches.patch, patches.age
        self._bound.run()
        out = self._bound.outputs
        share = _softmax(out["logits"][0])
        hit = share[:HITS]
        total = float(hit.sum())
        return Timbre(
            hit / np.float32(max(total, 1e-12)),
            min(total, 1.0),
            out["embedding"][0].copy(),
            _softmax(out["instrument"][0]),
        )


def _softmax(logits: Floats) -> Floats:
    weights = np.exp(logits - logits.max())
    return np.asarray(weights / weights.sum(), np.float32)
