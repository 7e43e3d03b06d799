"""What passes through this room's doors: what Reaper said of its transport, and the spans it played through.

Comes in: `TransportReport`s, in project seconds, under a stamp of the bridge's clock. Goes out: `Piece`s, which say for
every sample of the source where in the project it was sung. QN as Reaper counts them.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from vocalmidi.units import QuarterNotes, SampleIndex, Seconds, samples_to_seconds
from vocalmidi.values import Meter, TempoMap, TempoPoint

PLAYING, PAUSED, RECORDING = 1, 2, 4
"""Bits of Reaper's GetPlayState."""
_SLOWEST = 1e-6
"""Of the speed at which a project that stands still is said to go on, so that a tempo map stays one."""


@dataclass(frozen=True, slots=True)
class BarLine:
    """A bar begins at `qn`; this one and those after it are of `meter`."""

    qn: QuarterNotes
    meter: Meter


@dataclass(frozen=True, slots=True)
class ProjectGrid:
    """A project's musical time: its tempo map, and the first bar line of each metre, in order, at least one."""

    tempo_map: TempoMap
    bars: tuple[BarLine, ...]

    def __post_init__(self) -> None:
        starts = [bar.qn for bar in self.bars]
        if not starts or any(later <= earlier for earlier, later in pairwise(starts)):
            raise ValueError(f"the first bar lines of the metres must ascend and be at least one: {starts[:4]}")

    def bar_at(self, qn: float) -> BarLine:
        """Return the bar that holds `qn`; before the first bar line its metre holds backwards."""
        first = self.bars[max(0, bisect_right(self.bars, qn, key=lambda bar: bar.qn) - 1)]
        length = first.meter.bar_qn
        return BarLine(QuarterNotes(first.qn + (qn - first.qn) // length * length), first.meter)


@dataclass(frozen=True, slots=True)
class LoopRange:
    """While repeat is on, play goes from `end_s` back to `start_s`, project seconds."""

    start_s: Seconds
    end_s: Seconds

    def __post_init__(self) -> None:
        if not self.start_s < self.end_s:
            raise ValueError(f"a loop from {self.start_s} s to {self.end_s} s has no length")


@dataclass(frozen=True, slots=True)
class TransportReport:
    """Where Reaper stood at one moment.

    stamp_s: the bridge's own clock (time_precise), read right AFTER `play_s`: a stamp may be late, never early.
    play_state: Reaper's bits: PLAYING, PAUSED, RECORDING.
    play_s: project position that is heard now (GetPlayPositionEx, output latency taken off); the cursor when stopped.
    cursor_s: the edit cursor.
    grid: the project's tempo map and metres; give the same object again while nothing changed.
    play_rate: project seconds a second, the master play rate.
    loop: the loop that is repeated; None while repeat is off.
    project: which of the open projects; another name is another project.
    """

    stamp_s: Seconds
    play_state: int
    play_s: Seconds
    cursor_s: Seconds
    grid: ProjectGrid
    play_rate: float = 1.0
    loop: LoopRange | None = None
    project: str = ""

    def __post_init__(self) -> None:
        if not 0.01 <= self.play_rate <= 100.0:
            raise ValueError(f"play rate {self.play_rate} is outside 0.01–100")

    @property
    def is_playing(self) -> bool:
        """Whether the play position moves: playing or recording, not paused."""
        return bool(self.play_state & (PLAYING | RECORDING)) and not self.play_state & PAUSED


class Began(StrEnum):
    """Why a piece began where it did."""

    PLAY = "play"
    """Play was started."""
    SEEK = "seek"
    """Playing jumped."""
    LOOP = "loop"
    """The loop's end was reached: another pass."""
    GRID = "grid"
    """The project's tempo map or metres were changed while it played."""
    PROJECT = "project"
    """Another project plays."""
    SEEN = "seen"
    """It played already when its first report came."""


@dataclass(frozen=True, slots=True)
class Knot:
    """Sample `sample` of the source was sung at `project_s`; between two knots in proportion."""

    sample: float
    project_s: Seconds


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of samples that the project played through without a jump.

    start, stop: the span, [start, stop).
    knots: two or more in order; the first and last pair go on beyond their ends. There are more than two where the play
        rate changed, or the project stood still for a moment because the computer was too busy.
    grid: the project's tempo map and metres, in project seconds and QN.
    sample_rate_hz: of the source, nominal.
    began: why the piece begins where it does.
    """

    start: SampleIndex
    stop: SampleIndex
    knots: tuple[Knot, ...]
    grid: ProjectGrid
    sample_rate_hz: int
    began: Began = Began.PLAY

    def __post_init__(self) -> None:
        if self.stop <= self.start or len(self.knots) < 2:
            raise ValueError(f"a piece [{self.start}, {self.stop}) with {len(self.knots)} knots; 2 are needed")
        for knot, following in pairwise(self.knots):
            if following.sample <= knot.sample or following.project_s <= knot.project_s:
                raise ValueError(f"knot {following} does not follow {knot}")

    def project_s(self, sample: float) -> Seconds:
        """Return the project time at which `sample` was sung."""
        left, right = self._around(bisect_right(self.knots, sample, key=lambda knot: knot.sample))
        share = (sample - left.sample) / (right.sample - left.sample)
        return Seconds(left.project_s + share * (right.project_s - left.project_s))

    def sample_at(self, project_s: float) -> float:
        """Return the sample, between two of them, that was sung at a project time."""
        left, right = self._around(bisect_right(self.knots, project_s, key=lambda knot: knot.project_s))
        share = (project_s - left.project_s) / (right.project_s - left.project_s)
        return left.sample + share * (right.sample - left.sample)

    def qn_at(self, sample: float) -> QuarterNotes:
        """Return the project's QN at which `sample` was sung."""
        return self.grid.tempo_map.qn_at(self.project_s(sample))

    def source_map(self, origin_qn: float = 0.0) -> TempoMap:
        """Return the project's tempo map in seconds of the source, its QN counted from the project's `origin_qn`.

        The play rate and the clocks' drift are in its tempi.
        """
        points = self.grid.tempo_map.points
        times = {point.time_s for point in points} | {knot.project_s for knot in self.knots}
        first = min(self.project_s(self.start), points[0].time_s)
        ordered = [first, *sorted(time for time in times if time > first)]
        return TempoMap(tuple(self._source_points(ordered, origin_qn)))

    def _around(self, above: int) -> tuple[Knot, Knot]:
        index = min(max(above, 1), len(self.knots) - 1)
        return self.knots[index - 1], self.knots[index]

    def _source_points(self, times: list[Seconds], origin_qn: float) -> list[TempoPoint]:
        """Return a point for each project time, its tempo that of the way to the next."""
        bounds = [*times, Seconds(times[-1] + 1.0)]
        seconds = [samples_to_seconds(self.sample_at(time), self.sample_rate_hz) for time in bounds]
        quarters = [self.grid.tempo_map.qn_at(time) - origin_qn for time in bounds]
        return [
            TempoPoint(seconds[at], QuarterNotes(quarters[at]), 60.0 * (quarters[at + 1] - quarters[at]) / passed_s)
            for at in range(len(times))
            if (passed_s := seconds[at + 1] - seconds[at]) > 0 and quarters[at + 1] > quarters[at]
        ]


def rising(knots: list[Knot], slope: float) -> tuple[Knot, ...]:
    """Return knots in order without those that fall behind; a project that stands still creeps on instead.

    slope: project seconds a sample of a project that plays.
    """
    kept = knots[:1]
    for knot in knots[1:]:
        last = kept[-1]
        if knot.sample > last.sample:
            least = last.project_s + _SLOWEST * slope * (knot.sample - last.sample)
            kept.append(replace(knot, project_s=Seconds(max(knot.project_s, least))))
    return tuple(kept)
