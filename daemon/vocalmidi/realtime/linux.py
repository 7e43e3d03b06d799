"""Linux: SCHED_FIFO by the thread's own right, by rtkit's leave, or else niceness.

Comes in: the calling thread. Goes out: what it was given, and the undoing. Threads that it starts are normal again
(SCHED_RESET_ON_FORK), so that nothing else is ever real-time by accident. Real-time threads may run 95 % of the time
at most (sched_rt_runtime_us), and RLIMIT_RTTIME, which rtkit demands, ends who never waits: ours wait for each block.
Manuals: sched(7), sched_setscheduler(2), getrlimit(2).
"""

import os
import resource
import threading
from collections.abc import Callable, Sequence

from vocalmidi.realtime.asking import PRIORITY, Given, Refused, Way
from vocalmidi.realtime.rtkit import RealtimeKit, open_system_bus

ADVICE = (
    "let your user have it: '@audio - rtprio 95' and '@audio - memlock unlimited' in a file in /etc/security/limits.d, "
    "yourself in group audio, then log in anew; or install rtkit"
)
NICENESS = -11
"""What PulseAudio asks for where it gets no more."""
QUICK_NICENESS = -10
"""One step behind; benchmarks/osc_flood.py --daemon on a machine with twelve programs for two cores: without it, echoes
came a second late, packets were lost, and a thread that held the interpreter kept live playing waiting."""
LEAVE_S = 3.0
"""Three questions of a second at most each, and the bus's own greeting."""
PATIENT = 5
"""Niceness of what may take its time: it still gets a third of a core beside a program that takes all it can."""
_NAMES = {os.SCHED_FIFO: "FIFO", os.SCHED_RR: "RR"}


def ways(bus: Callable[[], RealtimeKit] = open_system_bus, priority: int = PRIORITY) -> Sequence[Way]:
    """Return what is tried, in this order."""
    return _as_started, lambda: _own_right(priority), lambda: _by_leave(bus, priority), _nicer


def quick_ways() -> Sequence[Way]:
    """Return what is tried for a thread that is to come before other programs, but after sound."""
    return _as_started, lambda: _nicer(QUICK_NICENESS)


def give_way() -> None:
    """Let the calling thread come after others; for good."""
    tid = threading.get_native_id()
    os.setpriority(os.PRIO_PROCESS, tid, max(PATIENT, os.getpriority(os.PRIO_PROCESS, tid)))


def name_thread(name: str) -> None:
    """Let `top -H` and profilers call the calling thread by its name (15 letters); the first's is the program's."""
    tid = threading.get_native_id()
    if tid == os.getpid():
        return
    with open(f"/proc/self/task/{tid}/comm", "w", encoding="ascii") as comm:  # noqa: PTH123 -- procfs
        comm.write(name)


def _policy(tid: int) -> int:
    return os.sched_getscheduler(tid) & ~os.SCHED_RESET_ON_FORK


def _as_started() -> Given:
    """Keep what who started the program gave it (chrt)."""
    tid = threading.get_native_id()
    policy = _policy(tid)
    if policy not in _NAMES:
        raise Refused("")
    return Given(f"{_NAMES[policy]} {os.sched_getparam(tid).sched_priority}, as started", lambda: None)


def _own_right(priority: int) -> Given:
    tid = threading.get_native_id()
    _to_the_hard_limit(resource.RLIMIT_RTPRIO)
    allowed = resource.getrlimit(resource.RLIMIT_RTPRIO)[0]
    # With the capability the limit doesn't count; without it no more than the limit is given.
    for wanted in (priority, min(priority, allowed)):
        if wanted < 1:
            break
        try:
            os.sched_setscheduler(tid, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(wanted))
        except OSError:
            continue
        return Given(f"FIFO {wanted}", lambda: _back_to_normal(tid))
    raise Refused("SCHED_FIFO is not allowed")


def _by_leave(bus: Callable[[], RealtimeKit], priority: int) -> Given:
    """Ask in a thread of its own: a bus that hangs holds nobody up."""
    tid = threading.get_native_id()
    answers: list[Given | Refused] = []

    def ask() -> None:
        try:
            answers.append(_leave_of(bus, tid, priority))
        except Refused as refused:
            answers.append(refused)

    asking = threading.Thread(target=ask, name="rtkit", daemon=True)
    asking.start()
    asking.join(LEAVE_S)
    answer = answers[0] if answers else Refused("rtkit's bus does not answer")
    if isinstance(answer, Refused):
        raise answer
    return answer


def _leave_of(bus: Callable[[], RealtimeKit], tid: int, priority: int) -> Given:
    kit = bus()
    try:
        _bound_run_time(kit.most_run_time_us())
        given = min(priority, kit.highest_priority())
        kit.make_realtime(os.getpid(), tid, given)
    finally:
        kit.close()
    return Given(f"RR {given} by rtkit", lambda: _back_to_normal(tid))


def _bound_run_time(most_us: int) -> None:
    """Set how long a real-time thread may run without waiting, as rtkit demands; it can't be raised again."""
    hard = resource.getrlimit(resource.RLIMIT_RTTIME)[1]
    most = most_us if hard == resource.RLIM_INFINITY else min(most_us, hard)
    resource.setrlimit(resource.RLIMIT_RTTIME, (most, most))


def _nicer(niceness: int = NICENESS) -> Given:
    tid = threading.get_native_id()
    before = os.getpriority(os.PRIO_PROCESS, tid)
    if before < 0:
        return Given(f"niceness {before}, as started", lambda: None)
    _to_the_hard_limit(resource.RLIMIT_NICE)
    try:
        os.setpriority(os.PRIO_PROCESS, tid, niceness)
        # Threads inherit niceness, unless it is said that they don't.
        os.sched_setscheduler(tid, os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))
    except OSError:
        raise Refused("no niceness below 0") from None

    def undo() -> None:
        os.setpriority(os.PRIO_PROCESS, tid, before)
        _back_to_normal(tid)

    return Given(f"niceness {niceness}", undo)


def _back_to_normal(tid: int) -> None:
    # Who may not clear SCHED_RESET_ON_FORK may keep it; it means nothing to a normal thread.
    try:
        os.sched_setscheduler(tid, os.SCHED_OTHER, os.sched_param(0))
    except OSError:
        os.sched_setscheduler(tid, os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))


def _to_the_hard_limit(which: int) -> None:
    soft, hard = resource.getrlimit(which)
    if soft != hard:
        resource.setrlimit(which, (hard, hard))
