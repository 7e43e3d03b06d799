"""Real time, where the system gives it: priority, memory that stays, a collector that waits for silence."""

from vocalmidi.realtime.asking import NORMAL, PRIORITY, Given, Grant, Refused, Way
from vocalmidi.realtime.collector import Collector
from vocalmidi.realtime.memory import Locked, lock_memory, may_lock_all
from vocalmidi.realtime.run import RealTime, called, patient, probe
from vocalmidi.realtime.turns import SWITCH_S, short_turns

__all__ = [
    "NORMAL",
    "PRIORITY",
    "SWITCH_S",
    "Collector",
    "Given",
    "Grant",
    "Locked",
    "RealTime",
    "Refused",
    "Way",
    "called",
    "lock_memory",
    "may_lock_all",
    "patient",
    "probe",
    "short_turns",
]
