"""Where in the project a sample was sung: the device's clock and Reaper's transport brought together.

Comes in: when blocks of samples were taken, and transport reports. Goes out: `Piece`s, spans of samples that the
project played through without a jump, each with its map to project seconds and QN. docs/timing.md tells how exactly.
Pure: every clock is read by `app`.
"""

from vocalmidi.transport.calibration import Calibration, calibrate
from vocalmidi.transport.claps import find_claps
from vocalmidi.transport.clock import ProjectClock
from vocalmidi.transport.osc import OscFeedback, OscSighting
from vocalmidi.transport.values import (
    BarLine,
    Began,
    Knot,
    LoopRange,
    Piece,
    ProjectGrid,
    TransportReport,
)

__all__ = [
    "BarLine",
    "Began",
    "Calibration",
    "Knot",
    "LoopRange",
    "OscFeedback",
    "OscSighting",
    "Piece",
    "ProjectClock",
    "ProjectGrid",
    "TransportReport",
    "calibrate",
    "find_claps",
]
