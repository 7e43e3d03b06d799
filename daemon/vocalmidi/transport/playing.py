"""What the project played, by the host's clock: runs of one line each, and where one ended and the next began.

In: transport reports with the host time each was made at, or somewhat later. Out: runs. A run is all the time in which
the position followed one line, through any number of loop passes; `strokes` makes spans of project time of them.
Reports are never trusted alone: one that comes late does not end a run, `LATE_AGREEING` in a row do.
"""

from dataclasses import dataclass, field
from math import inf

from vocalmidi.transport.late_line import Earliest, LateLine, Line, steady_from
from vocalmidi.transport.values import Began, LoopRange, TransportReport

BUCKET_S = 0.25
"""The earliest of about 8 reports, at Reaper's 30 turns a second."""
NEAR_S = 60.0
"""As of the device's line."""
LONG_ENOUGH_S = 10.0
"""What remains of the play position's steps (an audio block, 21 ms at 1024 and 48 kHz, of which the earliest of a
bucket keeps about 1 ms) tilts a line of this length by 100 ppm."""
LATE_S = 0.06
"""A report later than this does not fit: more than any audio block (2048 at 44.1 kHz: 46 ms), and the drift."""
EARLY_S, FIRST_EARLY_S, SETTLED = 0.015, 0.15, 10
"""A report earlier than this does not fit, once the first `SETTLED` have shown how late they usually are; before that
the first may have been a hiccup."""
LATE_AGREEING, EARLY_AGREEING = 3, 2
"""Reports in a row, off by the same, that end a run: two hiccups may follow each other, being early can't happen to one
that plays on."""
SETTLING_S = 0.2
"""The longest output latency that is usual: a rate is reported at once and heard after it."""
FAR_LATE_S = 1.0
"""No hiccup is so long; a single report this late ends a run."""
BEHIND_S, BEHIND_AGREEING, BEHIND_LASTS_S = 0.01, 16, 1.0
"""So many reports in a row, for so long, at least so late: the project has stood still for a moment. By the steps of
1024 samples alone 16 of them come once in 30,000 times, and then nothing is lost but a little exactness."""
BEHIND_BEFORE = 8
"""So many are enough when something else ends the run anyway."""


@dataclass(slots=True)
class Run:
    """Playing that followed one line.

    began: why it began, as far as its first report tells.
    first: its first report.
    first_s: host time of that.
    idle_s: host time when Reaper was last seen not to play before it; None when it played.
    loop: which it repeats.
    line, earliest: host seconds when each position was reported, the loop unrolled, and the least lag of these.
    last_s: host time of the last report that fits, `count` how many did.
    moved: whether the position has moved since its first report, or moved on from the run before.
    settling_s: how long its positions may still be those of another play rate.
    ended_s: host time of the report that showed that nothing plays any more.
    """

    began: Began
    first: TransportReport
    first_s: float
    idle_s: float | None
    loop: LoopRange | None
    line: LateLine
    earliest: Earliest
    last_s: float
    count: int = 0
    moved: bool = False
    settling_s: float = 0.0
    ended_s: float | None = None

    @classmethod
    def from_report(cls, report: TransportReport, host_s: float, began: Began, idle_s: float | None) -> "Run":
        """Return the run that begins with a report."""
        loop = report.loop if report.loop and report.play_s < report.loop.end_s else None
        line = LateLine(1.0 / report.play_rate, BUCKET_S, LONG_ENOUGH_S)
        earliest = Earliest(host_s - report.play_s / report.play_rate, host_s)
        run = cls(began, report, host_s, idle_s, loop, line, earliest, host_s)
        run.take(report, host_s)
        return run

    def late_s(self, report: TransportReport, host_s: float) -> float:
        """Return how much later than ever before the position was at this one, in host seconds."""
        return self.earliest.late_s(host_s - self._unrolled_s(report, host_s) / self.first.play_rate, host_s)

    def take(self, report: TransportReport, host_s: float) -> None:
        """Take in a report that fits."""
        unrolled_s = self._unrolled_s(report, host_s)
        if not self.moved and report.play_s != self.first.play_s and host_s - self.first_s >= self.settling_s:
            # What waits at its start, until the first block is out, was shown before it was heard; and with another
            # play rate what is heard goes on at the old one, for the output's latency.
            self.moved = True
            self.line = LateLine(self.line.slope, BUCKET_S, LONG_ENOUGH_S)
            self.earliest = Earliest(host_s - unrolled_s / self.first.play_rate, host_s)
        self.line.add(unrolled_s, host_s)
        self.earliest.take(host_s - unrolled_s / self.first.play_rate, host_s)
        self.last_s = host_s
        self.count += 1

    def last_before(self, host_s: float) -> float:
        """Return the host time of the last report that was taken in before one."""
        return self.line.last_y_before(host_s, self.first_s)

    def line_near(self, from_s: float, to_s: float, drift: float) -> Line:
        """Return the line unrolled project seconds → host seconds for about the host times given."""
        return self.line.line(from_s - NEAR_S, to_s + NEAR_S, drift)

    def rounds(self, unrolled_s: float) -> int:
        """Return how often the loop's end was passed by then."""
        if self.loop is None or unrolled_s < self.loop.end_s:
            return 0
        return 1 + int((unrolled_s - self.loop.end_s) // (self.loop.end_s - self.loop.start_s))

    def _unrolled_s(self, report: TransportReport, host_s: float) -> float:
        """Return the position as if the loop were unrolled: each round lies behind the one before."""
        if self.loop is None or not self.moved:
            return report.play_s
        length_s = self.loop.end_s - self.loop.start_s
        expected_s = (host_s - self.earliest.least_s(host_s)) * self.first.play_rate
        return report.play_s + max(0, round((expected_s - report.play_s) / length_s)) * length_s


@dataclass(frozen=True, slots=True)
class _Told:
    """A report that did not quite fit, when it was made and how late it was."""

    report: TransportReport
    host_s: float
    late_s: float


@dataclass(slots=True)
class Playing:
    """All runs of the last `keep_s`, oldest first."""

    keep_s: float
    runs: list[Run] = field(default_factory=list[Run])
    _odd: list[_Told] = field(default_factory=list[_Told])
    _behind: list[_Told] = field(default_factory=list[_Told])
    _idle_s: float | None = None
    _newest_s: float = -inf

    def reported(self, report: TransportReport, host_s: float) -> None:
        """Take in where Reaper stood at `host_s`, or somewhat before; one before the last is passed over."""
        if host_s < self._newest_s:
            return
        self._newest_s = host_s
        if not report.is_playing:
            self._end(host_s)
            self._idle_s = host_s
        elif (run := self._open_run()) is None:
            began = Began.SEEN if self._idle_s is None else Began.PLAY
            self._begin(report, host_s, began)
        elif (change := _change(run.first, report)) is not None:
            self._begin(report, host_s, change)
            self.runs[-1].moved = _goes_on(run.first, report)
            self.runs[-1].settling_s = SETTLING_S if report.play_rate != run.first.play_rate else 0.0
        else:
            self._follow(run, report, host_s)
        self._forget_before(host_s - self.keep_s)

    def drift(self) -> float:
        """Return how much faster the project plays than the host's clock says, relative, as last seen; 0 if unknown."""
        drifts = (run.line.drift(NEAR_S) for run in reversed(self.runs))
        return next((drift for drift in drifts if drift is not None), 0.0)

    def _open_run(self) -> Run | None:
        return self.runs[-1] if self.runs and self.runs[-1].ended_s is None else None

    def _begin(self, report: TransportReport, host_s: float, began: Began) -> None:
        idle_s = self._idle_s if self._open_run() is None else None
        self._odd, self._behind = [], []
        self.runs.append(Run.from_report(report, host_s, began, idle_s))

    def _end(self, host_s: float) -> None:
        run = self._open_run()
        if run is not None:
            run.ended_s = host_s
        self._odd, self._behind = [], []

    def _follow(self, run: Run, report: TransportReport, host_s: float) -> None:
        late_s = run.late_s(report, host_s) if run.moved else 0.0
        if -(EARLY_S if run.count >= SETTLED else FIRST_EARLY_S) <= late_s <= LATE_S:
            self._fits(run, report, host_s, late_s)
            return
        # Those that are late by something else were hiccups before a jump.
        self._odd = [told for told in self._odd if abs(told.late_s - late_s) <= LATE_S]
        self._odd.append(_Told(report, host_s, late_s))
        agreeing = 1 if late_s > FAR_LATE_S else LATE_AGREEING if late_s > 0 else EARLY_AGREEING
        if len(self._odd) >= agreeing:
            behind = self._behind if len(self._behind) >= BEHIND_BEFORE else []
            self._begin_with(run, behind, self._odd)

    def _fits(self, run: Run, report: TransportReport, host_s: float, late_s: float) -> None:
        run.take(report, host_s)
        self._odd.clear()
        if late_s <= BEHIND_S:
            self._behind.clear()
            return
        self._behind.append(_Told(report, host_s, late_s))
        lasted_s = host_s - self._behind[0].host_s
        if len(self._behind) >= BEHIND_AGREEING and lasted_s >= BEHIND_LASTS_S:
            self._begin_with(run, self._behind, [])

    def _begin_with(self, run: Run, behind: list[_Told], odd: list[_Told]) -> None:
        """Begin a run with reports that were behind the line of `run`, and those that do not fit it at all."""
        run.last_s = run.last_before((behind or odd)[0].host_s)
        first, *others = [*behind[steady_from([told.late_s for told in behind]) :], *odd]
        self._begin(first.report, first.host_s, Began.SEEK)
        for other in others:
            self._follow(self.runs[-1], other.report, other.host_s)

    def _forget_before(self, host_s: float) -> None:
        while len(self.runs) > 1 and (self.runs[0].ended_s or self.runs[1].first_s) < host_s:
            del self.runs[0]
        if self.runs:
            self.runs[0].line.forget_before(host_s)


def _goes_on(first: TransportReport, report: TransportReport) -> bool:
    """Return whether the position goes on as before in spite of a change."""
    return report.project == first.project and report.play_rate == first.play_rate


def _change(first: TransportReport, report: TransportReport) -> Began | None:
    """Return why a report can't belong to the run of `first`; None if only its position tells."""
    if report.project != first.project:
        return Began.PROJECT
    if report.grid is not first.grid and report.grid != first.grid:
        return Began.GRID
    if report.play_rate != first.play_rate or report.loop != first.loop:
        return Began.SEEK
    return None
