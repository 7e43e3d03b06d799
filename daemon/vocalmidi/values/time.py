"""Musical time: where a second of the source lies in quarter notes, and how those make bars."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Self

from vocalmidi.units import QuarterNotes, Seconds, qn_to_seconds, seconds_to_qn


@dataclass(frozen=True, slots=True)
class TempoPoint:
    """From `time_s` on, which is musical position `qn`, the tempo is `tempo_qpm`."""

    time_s: Seconds
    qn: QuarterNotes
    tempo_qpm: float


@dataclass(frozen=True, slots=True)
class TempoMap:
    """Seconds to quarter notes through tempo changes; before the first point its tempo holds backwards."""

    points: tuple[TempoPoint, ...]

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("a tempo map needs at least one point")
        for point, following in zip(self.points, self.points[1:], strict=False):
            if following.time_s <= point.time_s or following.qn <= point.qn:
                raise ValueError(f"tempo point at {following.time_s} s does not follow the one at {point.time_s} s")
        if any(point.tempo_qpm <= 0 for point in self.points):
            raise ValueError("a tempo must be above zero")

    @classmethod
    def constant(cls, tempo_qpm: float, origin_s: float = 0.0) -> Self:
        """Return the map of one tempo whose quarter note 0 is at `origin_s`."""
        return cls((TempoPoint(Seconds(origin_s), QuarterNotes(0.0), tempo_qpm),))

    def qn_at(self, time_s: float) -> QuarterNotes:
        """Return the musical position of a time."""
        point = self.points[max(0, bisect_right(self.points, time_s, key=lambda p: p.time_s) - 1)]
        return QuarterNotes(point.qn + seconds_to_qn(time_s - point.time_s, point.tempo_qpm))

    def time_at(self, qn: float) -> Seconds:
        """Return the time of a musical position."""
        point = self.points[max(0, bisect_right(self.points, qn, key=lambda p: p.qn) - 1)]
        return Seconds(point.time_s + qn_to_seconds(qn - point.qn, point.tempo_qpm))


@dataclass(frozen=True, slots=True)
class Meter:
    """Time signature: `beats` a bar, each a 1/`unit` note."""

    beats: int = 4
    unit: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.beats <= 32 or self.unit not in (1, 2, 4, 8, 16, 32):
            raise ValueError(f"{self.beats}/{self.unit} is not a time signature")

    @property
    def bar_qn(self) -> QuarterNotes:
        """Length of one bar."""
        return QuarterNotes(self.beats * 4 / self.unit)
