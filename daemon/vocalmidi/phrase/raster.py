"""The raster of one take: its tempo map, grid step and the places meant on it, for notes and hits alike."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.units import QuarterNotes, seconds_to_qn
from vocalmidi.values import TempoMap

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """What was meant of each note and hit, in quarter notes: strictly rising starts and ends of notes, and of hits."""

    starts_qn: Array
    stops_qn: Array
    hits_qn: Array


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """Where the grid lies (`tempo_map`), how fine it is (`step_qn`), and what was meant on it where that was read."""

    tempo_map: TempoMap
    step_qn: QuarterNotes
    places: Places | None = None


def qn_at_all(tempo_map: TempoMap, time_s: Array) -> Array:
    """Return the musical positions of many times at once: `TempoMap.qn_at` for an array."""
    points = tempo_map.points
    index = np.searchsorted([point.time_s for point in points], time_s, side="right") - 1
    index = np.maximum(index, 0)
    origin_s, origin_qn, tempo_qpm = (
        np.array([getattr(point, name) for point in points])[index] for name in ("time_s", "qn", "tempo_qpm")
    )
    return np.asarray(origin_qn + seconds_to_qn(1.0, 1.0) * tempo_qpm * (time_s - origin_s), np.float64)


def tempo_at(tempo_map: TempoMap, time_s: float) -> float:
    """Return the tempo that holds at a time, quarter notes a minute."""
    before = [point for point in tempo_map.points if point.time_s <= time_s]
    return (before[-1] if before else tempo_map.points[0]).tempo_qpm
