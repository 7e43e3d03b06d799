"""Spans of host time that the project played through without a jump, out of the runs.

In: runs. Out: strokes: host seconds → project seconds by knots, ended by stops, seeks, the loop's end, another grid or
project. Where one run ends and the next begins without a jump (another play rate, a moment that the computer was too
busy to play) they are one stroke. When exactly between two reports a jump was, the edit cursor tells where play went to
it; else the middle between them is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from vocalmidi.transport.late_line import Line
from vocalmidi.transport.playing import SETTLING_S, Playing, Run
from vocalmidi.transport.values import Began, ProjectGrid

OPEN_S = 2.0
"""So long after its last report a run is taken to go on: a bridge that is silent for longer is ill, or gone."""
UNSEEN_S = 0.5
"""A jump between two reports further apart than this leaves a hole: nobody knows what was heard there."""
LATE_S = 0.15
"""A report may be late by a hiccup."""
UPBEAT_S = 0.25
"""A first note is sung somewhat before the first beat that is played; the line goes on backwards for it."""
RING_S = 0.25
"""What was played still sounds, and a last note is sung somewhat late."""
JUMP_S = 0.015
"""Less than this is the reports' own roughness."""
STALL_S = 0.5
"""A project that falls back by less has stood still; the audio engine's hiccups are a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """Playing without a jump: `knots` are pairs of host seconds and project seconds, in order, two at least."""

    began: Began
    grid: ProjectGrid
    knots: tuple[tuple[float, float], ...]

    @property
    def from_s(self) -> float:
        """Host time of its beginning."""
        return self.knots[0][0]

    @property
    def to_s(self) -> float:
        """Host time of its end."""
        return self.knots[-1][0]

    def project_s(self, host_s: float) -> float:
        """Return where the project was at a host time; beyond the ends the speed there goes on."""
        at = next((at for at, knot in enumerate(self.knots[1:-1], 1) if host_s < knot[0]), len(self.knots) - 1)
        (t0, p0), (t1, p1) = self.knots[at - 1], self.knots[at]
        return p0 + (p1 - p0) * (host_s - t0) / (t1 - t0)


def strokes(playing: Playing, from_s: float, to_s: float) -> list[Stroke]:
    """Return what was played between two host times, oldest first; none where nothing was."""
    drift = playing.drift()
    parts = [_part(run, from_s, to_s, drift) for run in _near(playing.runs, from_s, to_s)]
    for before, after in pairwise(parts):
        if before.run.ended_s is None:
            _meet(before, after)
        else:
            after.from_s = max(after.from_s, before.run.ended_s)
            before.to_s = min(before.to_s, after.from_s)
    found: list[Stroke] = []
    for part in parts:
        for stroke in part.strokes(from_s, to_s):
            if part.goes_on and found and stroke.from_s == part.from_s:
                found[-1] = replace(found[-1], knots=_ascending(found[-1].knots + stroke.knots))
            else:
                found.append(stroke)
    return found


@dataclass(slots=True)
class _Part:
    """A run with its line and the host time that it holds for; `goes_on`: without a jump after the part before."""

    run: Run
    line: Line
    from_s: float
    to_s: float
    goes_on: bool = False

    @property
    def length_s(self) -> float:
        """Length of the loop, 0 where none is repeated."""
        return self.run.loop.end_s - self.run.loop.start_s if self.run.loop else 0.0

    def position_s(self, host_s: float) -> float:
        """Return the project position at a host time."""
        unrolled_s = self.line.x_at(host_s)
        return unrolled_s - self.run.rounds(unrolled_s) * self.length_s

    def strokes(self, from_s: float, to_s: float) -> Iterator[Stroke]:
        """Yield one stroke for each pass of the loop between two host times."""
        from_s, to_s = max(from_s, self.from_s), min(to_s, self.to_s)
        first, last = (self.run.rounds(self.line.x_at(host_s)) for host_s in (from_s, to_s))
        for number in range(first, last + 1):
            begin_s = from_s if number == first else self._turn_s(number - 1)
            end_s = to_s if number == last else self._turn_s(number)
            if begin_s < end_s:
                knots = tuple((host_s, self.line.x_at(host_s) - number * self.length_s) for host_s in (begin_s, end_s))
                yield Stroke(self.run.began if number == 0 else Began.LOOP, self.run.first.grid, knots)

    def _turn_s(self, number: int) -> float:
        """Return the host time of the loop's end, the first being 0."""
        return self.line.y_at((self.run.loop.end_s if self.run.loop else 0.0) + number * self.length_s)


def _near(runs: list[Run], from_s: float, to_s: float) -> list[Run]:
    """Return the runs that may have to do with the time between two host times."""
    known_until = [following.first_s for following in runs[1:]] + [runs[-1].last_s + OPEN_S + RING_S] if runs else []
    return [
        run
        for run, until_s in zip(runs, known_until, strict=True)
        if until_s >= from_s and (run.idle_s or run.first_s - UNSEEN_S) <= to_s
    ]


def _part(run: Run, from_s: float, to_s: float, drift: float) -> _Part:
    line = run.line_near(max(from_s, run.first_s), min(to_s, run.last_s), drift)
    ended_s = run.last_s + OPEN_S if run.ended_s is None else min(run.ended_s, run.last_s + OPEN_S) + RING_S
    return _Part(run, line, _start_s(run, line), ended_s)


def _start_s(run: Run, line: Line) -> float:
    """Return from when on a run holds: after a stop from a little before it was at the cursor, where it began."""
    if run.idle_s is None:
        return run.first_s
    at_cursor_s = line.y_at(run.first.cursor_s)
    started_s = at_cursor_s if run.idle_s - LATE_S <= at_cursor_s <= run.first_s + JUMP_S else run.first_s
    return started_s - UPBEAT_S


def _meet(before: _Part, after: _Part) -> None:
    """Set where one run ends and the next begins, and whether it goes on."""
    from_s, to_s = before.run.last_s, after.run.first_s
    same = after.run.began not in (Began.GRID, Began.PROJECT)
    crossing_s = _crossing_s(before, after) if same else None
    if crossing_s is not None:
        before.to_s = after.from_s = crossing_s
        after.goes_on = True
        return
    ahead = [after.position_s(host_s) - before.position_s(host_s) for host_s in (from_s, to_s)]
    forward = after.position_s(to_s) > before.position_s(from_s)
    after.goes_on = same and forward and (min(ahead) <= JUMP_S and max(ahead) >= -STALL_S)
    if after.goes_on:
        before.to_s, after.from_s = from_s, to_s
    else:
        before.to_s, after.from_s = _jump(after, from_s, to_s)


def _crossing_s(before: _Part, after: _Part) -> float | None:
    """Return when the line of another play rate left the one before, None where it did not.

    That is between two reports, or as much later as it is heard.
    """
    from_s, to_s = before.run.last_s, after.run.first_s
    first, second = (after.position_s(host_s) - before.position_s(host_s) for host_s in (from_s, to_s))
    if before.run.first.play_rate == after.run.first.play_rate or first == second:
        return None
    crossing_s = from_s + (to_s - from_s) * first / (first - second)
    return crossing_s if from_s - JUMP_S <= crossing_s <= to_s + SETTLING_S else None


def _jump(after: _Part, from_s: float, to_s: float) -> tuple[float, float]:
    """Return where playing jumped between two host times: until when the old, from when the new."""
    arrived_s = after.line.y_at(after.run.first.cursor_s)
    if from_s <= arrived_s <= to_s:
        return arrived_s, arrived_s
    if to_s - from_s <= UNSEEN_S:
        return (from_s + to_s) / 2, (from_s + to_s) / 2
    return from_s, to_s


def _ascending(knots: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Return the knots without those that do not come after the one before."""
    kept = list(knots[:1])
    for knot in knots[1:]:
        if knot[0] > kept[-1][0]:
            kept.append(knot)
    return tuple(kept)
