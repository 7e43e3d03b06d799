"""Playing together: where the kit's strokes really sound, and who plays at the same place with them.

In: the drums as they are played, with their human timing. Out: the strokes that others listen to; places in quarter
notes moved to them. Harmony goes by the written place: only what sounds is moved.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from vocalmidi.arrange.kit import Role, role_of
from vocalmidi.values import Note

TOGETHER_QN = 0.125
"""Half a sixteenth: what lies nearer is heard as the same place, early or late."""
LOUD_ENOUGH = 0.5
"""Share of the loudest stroke's velocity; softer ones are feathered or ghosts, which nobody else plays with."""


@dataclass(frozen=True, slots=True)
class Places:
    """Places in quarter notes, in order."""

    at_qn: tuple[float, ...]

    def near(self, qn: float) -> float | None:
        """Return the nearest place that is heard as one with `qn`; None where there is none."""
        index = bisect_left(self.at_qn, qn)
        nearest = min(self.at_qn[max(0, index - 1) : index + 1], key=lambda at: abs(at - qn), default=None)
        return nearest if nearest is not None and abs(nearest - qn) < TOGETHER_QN else None

    def within(self, start_qn: float, stop_qn: float) -> tuple[float, ...]:
        """Return the places from `start_qn` up to `stop_qn`."""
        return self.at_qn[bisect_left(self.at_qn, start_qn) : bisect_left(self.at_qn, stop_qn)]

    def moved(self, qn: float) -> float:
        """Return the place that is heard as one with `qn`, or `qn` where there is none."""
        near = self.near(qn)
        return qn if near is None else near


def gone_along(starts_qn: Sequence[float], kit: Places, share: float) -> list[float]:
    """Return where notes are played by one who goes along with the kit by a share (0–1) of the way, in their order.

    starts_qn: written places in order, no two alike; none moves further than a third of the way to its neighbour.
    """
    played = list[float]()
    for before, start, after in zip((None, *starts_qn), starts_qn, (*starts_qn[1:], None), strict=False):
        at_qn = start + share * (kit.moved(start) - start)
        at_qn = at_qn if before is None else max(at_qn, start - (start - before) / 3.0)
        played.append(at_qn if after is None else min(at_qn, start + (after - start) / 3.0))
    return played


def places_of(drums: Iterable[Note], roles: Collection[Role]) -> Places:
    """Return where the strokes of some roles sound that are loud enough to go by."""
    strokes = [note for note in drums if role_of(note.pitch_midi) in roles]
    loudest = max((note.velocity for note in strokes), default=0)
    return Places(tuple(sorted({note.start_qn for note in strokes if note.velocity >= LOUD_ENOUGH * loudest})))
