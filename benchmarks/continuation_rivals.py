"""What the continuation network is measured beside: n-grams that know bars come back.

In: tunes of the training split. Out: `Ngram`s: the probability of each step from the last few, in the classes of
`vocalmidi.arrange.continuation_input` (intervals, so that all keys are counted together), shorter contexts mixed in by
Witten & Bell 1991, and mixed with what was a bar ago.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from training.continuation.data_continuation import Tune

from vocalmidi.arrange.continuation_input import CLASSES, NONE, START_MIDI, class_of

Floats = npt.NDArray[np.float64]


class Ngram:
    """Counts of the steps that followed the last `order` steps."""

    def __init__(self, order: int) -> None:
        self.order = order
        self.counts = [dict[tuple[int, ...], dict[int, int]]() for _ in range(order + 1)]

    def learn(self, classes: Sequence[int]) -> None:
        """Count one tune."""
        for now, own in enumerate(classes):
            for long, table in enumerate(self.counts[: now + 1]):
                seen = table.setdefault(tuple(classes[now - long : now]), {})
                seen[own] = seen.get(own, 0) + 1

    def share(self, own: int, before: Sequence[int]) -> float:
        """Return the probability of a class after these steps."""
        told = 1.0 / CLASSES
        for long, table in enumerate(self.counts):
            seen = table.get(tuple(before[len(before) - long :])) if long <= len(before) else None
            if seen:
                told = (told * len(seen) + seen.get(own, 0)) / (sum(seen.values()) + len(seen))
        return told


def classes_of(steps: Sequence[int]) -> list[int]:
    """Return the classes of a melody's steps."""
    reference, classes = START_MIDI, list[int]()
    for step in steps:
        classes.append(class_of(step, reference))
        reference = step if step >= 0 else reference
    return classes


def nats_of(tune: Tune, ngram: Ngram, bar_shares: Sequence[float]) -> list[Floats]:
    """Return the negative log-likelihood of each step of a tune, for each share that the step a bar ago is given."""
    classes = [int(own) for own in tune.classes]
    told = [ngram.share(own, classes[max(0, now - ngram.order) : now]) for now, own in enumerate(classes)]
    share, bar_ago = np.array(told), tune.indices[:, 1]
    known, right = bar_ago != NONE, bar_ago == tune.classes
    return [-np.log(np.where(known, (1.0 - given) * share + given * right, share)) for given in bar_shares]
