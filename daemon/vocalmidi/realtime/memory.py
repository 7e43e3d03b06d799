"""Keeps what is in use in memory, so that no sound waits for a disk.

Comes in: the process as it is once all is open. Goes out: what is locked, in words. Linux only: all pages that are
there are kept, those of mappings that are there already as they come (MCL_ONFAULT), so that a thread's 8 MB of unused
stack or a library's unused half cost nothing. What is mapped later is not locked: with MCL_FUTURE each allocation
counts against RLIMIT_MEMLOCK and fails beyond it, in any library, at any time. For the same reason nothing is locked
here under a limit: then a stack or an arena that is locked could not grow. The ring locks its own samples in any case.
Manual: mlockall(2).
"""

import ctypes
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MCL_CURRENT, MCL_ONFAULT = 1, 4
CAP_IPC_LOCK = 14
"""Who has it is bound by no limit."""
ADVICE = "allow it: '@audio - memlock unlimited' in a file in /etc/security/limits.d"


@dataclass(frozen=True, slots=True)
class Locked:
    """Whether memory is locked, that in words, what to do where it is not, and how to let go."""

    is_locked: bool
    how: str
    advice: str
    undo: Callable[[], None]


def nothing_locked(how: str, advice: str = "") -> Locked:
    """Return that no memory is locked."""
    return Locked(is_locked=False, how=how, advice=advice, undo=lambda: None)


def lock_memory(load: Callable[[], Any] | None = None, *, is_unbounded: bool | None = None) -> Locked:
    """Lock what is there.

    load: the C library; is_unbounded: whether any amount may be locked, found out where it isn't said.
    """
    if sys.platform != "linux":
        return nothing_locked("only the ring's own memory")
    if not (may_lock_all() if is_unbounded is None else is_unbounded):
        return nothing_locked("only the ring's own memory, more is not allowed", ADVICE)
    system = load() if load else ctypes.CDLL(None, use_errno=True)
    if system.mlockall(MCL_CURRENT | MCL_ONFAULT) != 0:
        return nothing_locked(f"only the ring's own memory ({os.strerror(ctypes.get_errno())})", ADVICE)

    def undo() -> None:
        system.munlockall()

    return Locked(is_locked=True, how="memory locked", advice="", undo=undo)


def may_lock_all() -> bool:
    """Return whether the process may lock as much as it likes."""
    if sys.platform != "linux":
        return False
    import resource  # noqa: PLC0415 -- Windows has none

    return resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY or _has(CAP_IPC_LOCK)


def _has(capability: int) -> bool:
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    effective = next((line.split()[1] for line in lines if line.startswith("CapEff:")), "0")
    return bool(int(effective, 16) >> capability & 1)
