"""Plays a simulated Reaper's deliveries into a `ProjectClock` in the order in which they come, and asks for notes."""

from dataclasses import dataclass
from itertools import pairwise

from transport.simulated_reaper import HOST_EPOCH_S, WALL_EPOCH_S
from vocalmidi.transport import BarLine, LoopRange, ProjectClock, ProjectGrid, TransportReport
from vocalmidi.values import Meter, TempoMap, TempoPoint


def grid_of(*tempi, meters=((0.0, 4, 4),)):
    """Return a grid from (time_s, qpm) pairs and (qn, beats, unit) triples."""
    points, qn = [], 0.0
    for (time_s, qpm), following in pairwise([*tempi, None]):
        points.append(TempoPoint(time_s, qn, qpm))
        qn += (following[0] - time_s) * qpm / 60 if following else 0.0
    return ProjectGrid(TempoMap(tuple(points)), tuple(BarLine(at, Meter(b, u)) for at, b, u in meters))


STEADY = grid_of((0.0, 120.0))


def report_of(saw, grids=(STEADY,)):
    loop = LoopRange(*saw.loop) if saw.loop else None
    grid = grids[saw.grid]
    return TransportReport(
        saw.stamp_s, saw.play_state, saw.play_s, saw.cursor_s, grid, saw.play_rate, loop, saw.project
    )


def clock_of(reaper, grids=(STEADY,), shift_s=0.0, until_s=None):
    """Return a clock that has seen everything up to a true time."""
    clock = ProjectClock(reaper.studio.sample_rate_hz, shift_s)
    until_s = reaper.length_s if until_s is None else until_s
    for sample, host_s in reaper.sightings():
        if host_s <= HOST_EPOCH_S + until_s:
            clock.heard(sample, host_s)
    for saw in reaper.reports():
        if saw.read_s <= until_s:
            clock.reported(report_of(saw, grids), HOST_EPOCH_S + saw.read_s, WALL_EPOCH_S + saw.read_s)
    return clock


@dataclass(frozen=True)
class Written:
    """Notes sung on every beat that was heard, and how far from it the clock says they were.

    missing: notes that it puts nowhere; left_out: so near to a jump that nobody can say what is right.
    """

    errors_s: tuple[float, ...]
    missing: int
    left_out: int = 0

    @property
    def worst_ms(self):
        return 1000 * max(abs(error) for error in self.errors_s)


JUMP_MARGIN_S = 0.1
"""So near to a seek of which only two reports tell, nobody can know on which side of it a note was sung."""
STALL_MARGIN_S = 0.3
"""When the project stood still for a moment two reports tell to a quarter second, too."""


def sing_on_beats(reaper, clock, beats_s):
    """Return where the clock puts notes sung on the beats at these project positions, whenever they are heard."""
    last = int(reaper.sample_sung_at(reaper.length_s - 0.2))
    pieces = clock.pieces(0, last)
    found, missing, left_out = [], 0, 0
    for beat_s in beats_s:
        for at_s in reaper.moments(beat_s):
            sample = reaper.sample_sung_at(at_s)
            if sample >= last:
                continue
            if not can_be_told(reaper, at_s):
                left_out += 1
                continue
            holding = [piece for piece in pieces if piece.start <= sample < piece.stop]
            missing += len(holding) != 1
            found += [error_s(reaper, piece.project_s(sample) - beat_s) for piece in holding]
    return Written(tuple(found), missing, left_out)


def can_be_told(reaper, at_s):
    late_s = reaper.studio.output_latency_s + reaper.studio.output_error_s
    for act in reaper.script:
        if act.what in ("seek", "leap") and abs(at_s - act.at_s - late_s) < JUMP_MARGIN_S:
            return False
        if act.what == "stall" and act.at_s - STALL_MARGIN_S <= at_s <= act.at_s + act.value + STALL_MARGIN_S:
            return False
        if act.what == "lose_input" and act.at_s - 0.01 <= at_s <= act.at_s + act.value + 0.01:
            return False
    return True


def error_s(reaper, error_s):
    """Return the error; the end of a loop is its beginning."""
    loops = [act.value for act in reaper.script if act.what == "loop" and act.value]
    lengths = [end - begin for begin, end in loops]
    return min([error_s, *(error_s + length for length in lengths), *(error_s - length for length in lengths)], key=abs)
