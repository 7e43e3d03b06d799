"""Follows Reaper's transport: what the bridge tells, and when sound came, brought to the project clock.

Comes in: blocks of sound, and reports as they lie in the spool. Goes out: the pieces that the project played through,
each with the number of its project. The one place where these clocks are read.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from vocalmidi.reaper import Observation, ProjectMap, Spool, TransportReport
from vocalmidi.transport import BarLine, LoopRange, OscSighting, Piece, ProjectClock, ProjectGrid
from vocalmidi.transport import TransportReport as Report
from vocalmidi.units import SampleIndex, Seconds, samples_to_seconds
from vocalmidi.values import AudioBlock

LOOK_S = 0.02
"""Between looks for a report; less than a turn of the bridge's loop."""
FRESH_S = 2.0
"""Of the first report only what is not older counts: by its age the bridge's clock is recognised."""


@dataclass(frozen=True, slots=True)
class Now:
    """The host's clock (`perf_counter`) and the wall clock (`time`), read together."""

    host_s: Seconds
    wall_s: Seconds


def read_clocks() -> Now:
    """Return what the computer's clocks show."""
    return Now(Seconds(time.perf_counter()), Seconds(time.time()))


class Following:
    """The project clock of one microphone and one Reaper; for any thread."""

    def __init__(
        self, spool: Spool, sample_rate_hz: int, now: Callable[[], Now] = read_clocks, shift_s: float = 0.0
    ) -> None:
        """Follow. shift_s: how much later sound comes than the drivers say, as calibration found."""
        self._spool = spool
        self._now = now
        self._clock = ProjectClock(sample_rate_hz, shift_s)
        self._owner = ""
        self._last = 0  # number of the newest observation of that owner
        self._grids: dict[int, ProjectGrid] = {}
        self._projects: dict[int, int] = {}
        self._next_look_s = 0.0
        self._lock = threading.Lock()  # reports are taken in one after another

    def heard(self, block: AudioBlock) -> None:
        """Take in that a block has come, and what the bridge has told since the last one."""
        now = self._now()
        stop = SampleIndex(block.start + len(block.samples))
        self._clock.heard(stop, _taken_s(block, now))
        if now.host_s >= self._next_look_s:
            self._next_look_s = now.host_s + LOOK_S
            self.look()

    def look(self) -> None:
        """Take in what the bridge has told of the transport."""
        with self._lock:
            told = self._spool.take_report()
            if told is not None:
                self._take(told)

    def _take(self, told: TransportReport) -> None:
        now = self._now()
        for seen in self._news(told):
            grid = self._grid(told.owner_id, seen)
            if grid is not None:
                self._clock.reported(_report(seen, grid), now.host_s, now.wall_s)

    @property
    def shift_s(self) -> Seconds:
        """How much later sound comes than the drivers say; may be set while it follows."""
        return Seconds(self._clock.shift_s)

    @shift_s.setter
    def shift_s(self, shift_s: float) -> None:
        self._clock.shift_s = shift_s

    def sighted(self, sighting: OscSighting, host_now_s: Seconds) -> None:
        """Take in a position that came by OSC now."""
        self._clock.sighted(sighting, host_now_s)

    def pieces(self, start: SampleIndex, stop: SampleIndex) -> tuple[Piece, ...]:
        """Return what the project played while [start, stop) was sung, oldest first; nothing where that is unknown."""
        return self._clock.pieces(start, stop) if self._clock.latest is not None else ()

    def project_of(self, piece: Piece) -> int:
        """Return the number of the project that was played, as in `Wish`; 0 where it is of a bridge that has ended."""
        with self._lock:
            numbers = [number for number, grid in self._grids.items() if grid is piece.grid]
            return self._projects[numbers[0]] if numbers else 0

    def _news(self, told: TransportReport) -> list[Observation]:
        """Return the observations that have not come before."""
        if told.owner_id != self._owner:
            self._owner, self._last = told.owner_id, 0
            self._grids, self._projects = {}, {}
            fresh_s = told.observations[-1].clock_s - FRESH_S
            news = [seen for seen in told.observations if seen.clock_s >= fresh_s]
        else:
            news = [seen for seen in told.observations if seen.number > self._last]
        self._last = told.observations[-1].number
        return news

    def _grid(self, owner: str, seen: Observation) -> ProjectGrid | None:
        """Return the tempo and metre that held then; the newest, where those were overwritten unread."""
        if seen.map_number not in self._grids:
            known = self._spool.project_map()
            if known is None or known.owner_id != owner or known.project != seen.project:
                return None
            self._grids[seen.map_number] = self._grids.get(known.number) or _as_grid(known)
            self._projects[seen.map_number] = known.project
        return self._grids[seen.map_number]


def _taken_s(block: AudioBlock, now: Now) -> Seconds:
    """Return when the sample after a block was taken; where the device does not say, it came now, or before."""
    if block.adc_time_s is None:
        return now.host_s
    return Seconds(block.adc_time_s + samples_to_seconds(len(block.samples), block.sample_rate_hz))


def _as_grid(known: ProjectMap) -> ProjectGrid:
    return ProjectGrid(known.tempo_map, tuple(BarLine(point.qn, point.meter) for point in known.meters))


def _report(seen: Observation, grid: ProjectGrid) -> Report:
    has_loop = seen.loops and seen.loop_start_s < seen.loop_stop_s
    return Report(
        stamp_s=seen.clock_s,
        play_state=seen.play_state,
        play_s=seen.play_s,
        cursor_s=seen.cursor_s,
        grid=grid,
        play_rate=seen.rate,
        loop=LoopRange(seen.loop_start_s, seen.loop_stop_s) if has_loop else None,
        project=str(seen.project),
    )
