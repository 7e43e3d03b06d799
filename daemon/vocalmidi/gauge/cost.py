"""What this process takes of the computer: each thread's time on a core, and memory.

In: nothing. Out: numbers as the system has them, by psutil. A thread's name is the system's own where that tells one
(Linux), else Python's; a thread of a library that gave it none is called "native".
"""

import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

MAIN, NATIVE = "main", "native"
_TASKS = Path("/proc/self/task")
_COMM_LETTERS = 15
"""As many as Linux keeps of a thread's name."""
_BYTES_OF_MAXRSS = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of this process that lie in memory: now, of these nobody else's, and at most so far.

    What is not its own are libraries and the sound server's memory, which it shares.
    """

    now_bytes: int
    own_bytes: int
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class ThreadTime:
    """How long a thread, of the system's number, has been on a core."""

    thread: int
    name: str
    cpu_s: float


def memory_bytes() -> int:
    """Return how many bytes of this process lie in memory now."""
    return int(_process().memory_info().rss)


def memory() -> Memory:
    """Return how much memory is and was used."""
    now = _process().memory_full_info()
    if sys.platform == "win32":
        return Memory(now.rss, now.uss, now.peak_wset)
    import resource  # noqa: PLC0415 -- Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_OF_MAXRSS
    return Memory(now.rss, now.uss, max(now.rss, peak))


def process_cpu_s() -> float:
    """Return how long all threads, also those that have ended, have been on a core."""
    times = _process().cpu_times()
    return float(times.user + times.system)


def thread_times(main: str = MAIN) -> tuple[ThreadTime, ...]:
    """Return what each thread has taken so far; main: what the first one is called."""
    ours = thread_names(main)
    taken = frozenset(ours.values())
    return tuple(
        ThreadTime(
            each.id,
            ours.get(each.id) or _native_name(each.id, taken),
            _exact_s(each.id) or each.user_time + each.system_time,
        )
        for each in _process().threads()
    )


def _exact_s(thread: int) -> float:
    """Return a thread's time on a core as the scheduler counts it, to the ns; 0 where it is only told in ticks."""
    try:
        return int((_TASKS / str(thread) / "schedstat").read_bytes().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def thread_names(main: str = MAIN) -> Mapping[int, str]:
    """Return the names of Python's threads by the system's numbers; main: what the first one is called."""
    first = threading.main_thread()
    first_name = "" if first.native_id is None else _system_name(first.native_id)
    names: dict[int, str] = {}
    for each in threading.enumerate():
        if each.native_id is not None:
            name = _system_name(each.native_id)
            # A thread that is not named has the name of the one that made it, which is mostly the first.
            names[each.native_id] = main if each is first else each.name if name in ("", first_name) else name
    return names


def _native_name(thread: int, taken: frozenset[str]) -> str:
    """Return what a library has called its thread; where it has not, that has the name of one of ours, or none."""
    name = _system_name(thread)
    return NATIVE if name in taken else name or NATIVE


def _system_name(thread: int) -> str:
    """Return what the system calls a thread, nothing where that is the program's name or not known."""
    try:
        name = (_TASKS / str(thread) / "comm").read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
    return "" if name in _program_names() else name


@cache
def _program_names() -> frozenset[str]:
    """Return what a thread is called that nobody has named: the program, or the interpreter that runs it."""
    paths = (Path(sys.argv[0]), Path(sys.executable), Path(sys.executable).resolve())
    return frozenset(path.name[:_COMM_LETTERS] for path in paths)


@cache
def _process() -> Any:
    import psutil  # noqa: PLC0415 -- who measures nothing need not wait for it

    return psutil.Process()
