"""What the bridge tells of Reaper's transport without being asked: frozen values, checked when made.

A `TransportReport` comes a few times a second while the transport runs and at every jump, stop, start and change of
rate or loop; it repeats the observations before it, so that one that is overwritten unread loses nothing. The project's
tempo and metre come apart, as a `ProjectMap`, only when they have changed.
"""

from dataclasses import dataclass

from vocalmidi.reaper.lines import check_id, check_range
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import Meter, TempoMap

MAX_OBSERVATIONS = 64
MIN_RATE, MAX_RATE = 0.01, 100.0
"""Reaper's own play rate is 0.25–4."""
MAX_METERS = 10_000


@dataclass(frozen=True, slots=True)
class Observation:
    """Where Reaper's transport stood at one moment of Reaper's own clock.

    number: counted from 1 by the bridge; a gap means that observations were lost.
    clock_s: Reaper's fine clock (`time_precise`), seconds since an unknown moment; read right after `play_s`.
    play_state: Reaper's bits: 1 playing, 2 paused, 4 recording.
    play_s: project position that is heard now, output latency taken off; the edit cursor while nothing moves.
    cursor_s: the edit cursor.
    rate: project seconds a second while it plays.
    loops: whether playing repeats [loop_start_s, loop_stop_s), which is empty where no loop is set.
    project: which open project, counted from 1 by the bridge.
    map_number: the `ProjectMap` that holds.
    """

    number: int
    clock_s: Seconds
    play_state: int
    play_s: Seconds
    cursor_s: Seconds
    rate: float
    loops: bool
    loop_start_s: Seconds
    loop_stop_s: Seconds
    project: int
    map_number: int

    @property
    def is_playing(self) -> bool:
        """Whether the play position moves: playing or recording, not paused."""
        return bool(self.play_state & 5) and not self.play_state & 2


@dataclass(frozen=True, slots=True)
class TransportReport:
    """The newest observations of one bridge, in order, and when they were written.

    owner_id: the bridge's, new at each start: clock and counts begin anew with it.
    written_s: `clock_s` of the moment of writing, never before the last observation.
    observations: at least one.
    """

    owner_id: str
    written_s: Seconds
    observations: tuple[Observation, ...]

    def __post_init__(self) -> None:
        check_id(self.owner_id)
        check_range("number of observations", len(self.observations), 1, MAX_OBSERVATIONS)
        numbers = [seen.number for seen in self.observations]
        if numbers != sorted(set(numbers)):
            raise ValueError(f"observations {numbers} are not in order")


@dataclass(frozen=True, slots=True)
class MeterPoint:
    """From the bar line at `qn` on, the time signature is `meter`."""

    qn: QuarterNotes
    meter: Meter


@dataclass(frozen=True, slots=True)
class ProjectMap:
    """Tempo and metre of the project `project`, as `number`: a new number whenever they differ.

    meters: in order; the first holds before it too, and its `qn` is a bar line.
    """

    owner_id: str
    number: int
    project: int
    tempo_map: TempoMap
    meters: tuple[MeterPoint, ...]

    def __post_init__(self) -> None:
        check_id(self.owner_id)
        check_range("number of metres", len(self.meters), 1, MAX_METERS)
        places = [point.qn for point in self.meters]
        if places != sorted(set(places)):
            raise ValueError("metres are not in order of place")
