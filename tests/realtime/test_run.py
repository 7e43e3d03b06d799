"""What one run has of real time: asked for once, said in one line, and all as before when it ends."""

import gc
import sys
import threading
import time
import weakref

import pytest

from vocalmidi.realtime import Given, RealTime, Refused, memory, probe
from vocalmidi.realtime.collector import ALL_EVERY, CROWD, FEW, QUIET_EVERY_S, Collector


class Libc:
    """Takes calls of mlockall and munlockall, as the C library does."""

    def __init__(self, code=0):
        self.calls, self._code = [], code

    def mlockall(self, flags):
        self.calls.append(flags)
        return self._code

    def munlockall(self):
        self.calls.append("unlocked")
        return 0


def ways(undone):
    return (lambda: Given("FIFO 40", lambda: undone.append(1)),), "advice"


def refusing():
    raise Refused("not today")


def test_grants_are_said_in_one_line_and_undone(monkeypatch):
    monkeypatch.setattr("vocalmidi.realtime.run.lock_memory", lambda: memory.nothing_locked("only the ring", "do it"))
    undone = []
    real_time = RealTime("auto", ways(undone))
    with real_time.raised("live"), real_time.raised("reader"), real_time.settled():
        assert real_time.in_words() == "real time: live thread FIFO 40, reader thread FIFO 40, only the ring; do it"
        assert not undone
    assert len(undone) == 2
    assert [grant.thread for grant in real_time.grants] == ["live", "reader"]


def test_a_thread_is_hastened_and_all_is_said_together():
    undone = []
    real_time = RealTime("auto", ways(undone))
    with real_time.raised("live"), real_time.hastened("control"):
        assert "live thread FIFO 40, control thread FIFO 40" in real_time.in_words()
    assert len(undone) == 2


def test_an_error_inside_undoes_it_too():
    undone, interval_s = [], sys.getswitchinterval()
    real_time = RealTime("auto", ways(undone))
    with pytest.raises(ZeroDivisionError), real_time.raised("live"), real_time.settled():
        raise ZeroDivisionError
    assert undone
    assert (gc.isenabled(), gc.get_freeze_count()) == (True, 0)
    assert sys.getswitchinterval() == interval_s


def test_switched_off_it_asks_for_nothing():
    real_time = RealTime("off", ((pytest.fail,), ""))
    with real_time.raised("live") as grant, real_time.settled():
        assert not grant.is_raised
        assert gc.isenabled()
        real_time.tidy(is_quiet=True)
    assert real_time.collector.runs == 0
    assert "off" in real_time.in_words()


def test_who_looks_what_it_would_get_leaves_nothing_behind():
    undone = []
    assert probe(ways(undone)).how == "FIFO 40"
    assert undone
    assert probe(((refusing,), "do that")).advice == "do that"


def test_the_turns_of_threads_are_short_meanwhile():
    before_s = sys.getswitchinterval()
    with RealTime("auto", ((), "")).settled():
        assert sys.getswitchinterval() < before_s
    assert sys.getswitchinterval() == before_s


@pytest.mark.skipif(sys.platform != "linux", reason="memory is locked on Linux only")
def test_memory_is_locked_as_it_is_and_as_it_comes_and_never_in_the_future():
    libc = Libc()
    found = memory.lock_memory(lambda: libc, is_unbounded=True)
    assert found.is_locked
    assert libc.calls == [memory.MCL_CURRENT | memory.MCL_ONFAULT]
    assert not libc.calls[0] & 2  # MCL_FUTURE
    found.undo()
    assert libc.calls[1:] == ["unlocked"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is locked on Linux only")
def test_under_a_limit_nothing_is_locked_that_could_then_not_grow():
    libc = Libc()
    found = memory.lock_memory(lambda: libc, is_unbounded=False)
    assert not found.is_locked
    assert libc.calls == []
    assert "memlock" in found.advice
    assert not memory.lock_memory(lambda: Libc(code=-1), is_unbounded=True).is_locked


@pytest.mark.skipif(sys.platform != "linux", reason="memory is locked on Linux only")
def test_with_real_memory_locked_allocations_still_succeed():
    found = memory.lock_memory()
    try:
        grown = [bytearray(1 << 20) for _ in range(64)]  # eight times the usual limit
        threads = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(map(len, grown)) == 64 << 20
    finally:
        found.undo()


class Turned:
    """A clock that a test turns on, and a collector by it that has waited for nothing yet."""

    def __init__(self):
        self.now_s = 0.0
        self.collector = Collector(lambda: self.now_s)


def cycles(count):
    for _ in range(count):
        ring = []
        ring.append(ring)


def test_nothing_is_collected_while_somebody_sings_until_there_is_a_crowd():
    turned = Turned()
    with turned.collector.in_charge():
        turned.now_s += 10 * QUIET_EVERY_S
        cycles(2 * FEW)
        turned.collector.turn(is_quiet=False)
        assert turned.collector.runs == 0
        cycles(CROWD)
        turned.collector.turn(is_quiet=False)
        assert turned.collector.runs == 1
        assert gc.get_count()[0] < CROWD


def test_in_silence_it_is_collected_now_and_then_and_counted():
    turned = Turned()
    with turned.collector.in_charge():
        for _ in range(3):
            cycles(2 * FEW)
            turned.collector.turn(is_quiet=True)
            turned.now_s += QUIET_EVERY_S
        assert turned.collector.runs == 2


def test_rubbish_never_grows_without_bound():
    """A million rings of objects that hold themselves, and never quiet: as many stay as a crowd has, no more."""
    turned = Turned()
    with turned.collector.in_charge():
        most = 0
        for _ in range(200):
            cycles(5000)
            turned.collector.turn(is_quiet=False)
            most = max(most, len(gc.get_objects()))
        assert most < CROWD + 10_000
        assert turned.collector.runs >= 200 * 5000 // (CROWD + 5000)


def test_what_was_older_is_collected_in_the_end():
    turned = Turned()
    with turned.collector.in_charge():
        ring = Ring()
        ring.own = ring
        gone = weakref.ref(ring)
        gc.collect(1)
        del ring
        kept = []
        for number in range(ALL_EVERY):
            assert gone() is not None, number
            kept += [[] for _ in range(2 * FEW)]
            turned.now_s += QUIET_EVERY_S
            turned.collector.turn(is_quiet=True)
        assert gone() is None


class Ring:
    """Holds itself."""
