"""macOS: the time-constraint policy, which the system's own audio threads have.

Comes in: the calling thread. Goes out: what it was given, and the undoing. The kernel takes it back from a thread that
computes longer than it said. Source: thread_policy.h of XNU, Apple's Technical Note TN2169.
"""

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

from vocalmidi.realtime.asking import Given, Refused, Way

ADVICE = "this is unusual on macOS; close programs that use the processor"
STANDARD, TIME_CONSTRAINT = 1, 2
"""THREAD_STANDARD_POLICY, THREAD_TIME_CONSTRAINT_POLICY."""
PERIOD_NS, COMPUTATION_NS, CONSTRAINT_NS = 10_000_000, 3_000_000, 6_000_000
"""A hop comes every 10 ms and takes some 2; when it has begun it should be done within 6."""


class TimeConstraint(ctypes.Structure):
    """thread_time_constraint_policy; times in units of the machine."""

    _fields_ = (
        ("period", ctypes.c_uint32),
        ("computation", ctypes.c_uint32),
        ("constraint", ctypes.c_uint32),
        ("preemptible", ctypes.c_int),
    )


class Timebase(ctypes.Structure):
    """mach_timebase_info: a unit of the machine is numer / denom ns."""

    _fields_ = (("numer", ctypes.c_uint32), ("denom", ctypes.c_uint32))


def _load() -> Any:
    library = ctypes.CDLL("/usr/lib/libSystem.B.dylib")
    library.pthread_self.restype = ctypes.c_void_p
    library.pthread_mach_thread_np.argtypes = (ctypes.c_void_p,)
    library.pthread_mach_thread_np.restype = ctypes.c_uint32
    library.thread_policy_set.argtypes = (ctypes.c_uint32, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32)
    return library


def ways(load: Callable[[], Any] = _load) -> Sequence[Way]:
    """Return what is tried."""
    return (lambda: _time_constraint(load()),)


def _time_constraint(system: Any) -> Given:
    thread = system.pthread_mach_thread_np(system.pthread_self())
    base = Timebase()
    system.mach_timebase_info(ctypes.byref(base))
    units = (ns * base.denom // base.numer for ns in (PERIOD_NS, COMPUTATION_NS, CONSTRAINT_NS))
    policy = TimeConstraint(*units, 1)
    words = ctypes.sizeof(policy) // ctypes.sizeof(ctypes.c_int)
    code = system.thread_policy_set(thread, TIME_CONSTRAINT, ctypes.addressof(policy), words)
    if code != 0:
        raise Refused(f"thread_policy_set says {code}")

    def undo() -> None:
        system.thread_policy_set(thread, STANDARD, None, 0)

    return Given("time constraint", undo)
