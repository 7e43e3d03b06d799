"""Priority on Linux: by one's own right, by rtkit's leave, or niceness; and everything as before afterwards."""

import os
import sys
import threading
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="only POSIX has it")
if sys.platform != "linux":
    pytest.skip("only Linux has these", allow_module_level=True)

import resource

from realtime.fake_bus import fake_bus
from vocalmidi.realtime import RealTime, Refused, linux, rtkit

FIFO = os.SCHED_FIFO | os.SCHED_RESET_ON_FORK


class System:
    """What the system has set and what it lets a program set."""

    def __init__(self, monkeypatch, most_priority=0, most_niceness=0, rtprio=(0, 0)):
        self.policy, self.priority, self.niceness, self.limits = os.SCHED_OTHER, 0, 0, {}
        self.limits[resource.RLIMIT_RTPRIO] = rtprio
        self.limits[resource.RLIMIT_NICE] = (0, 0)
        self.limits[resource.RLIMIT_RTTIME] = (-1, -1)
        self._most_priority, self._most_niceness = most_priority, most_niceness
        monkeypatch.setattr(os, "sched_getscheduler", lambda _: self.policy)
        monkeypatch.setattr(os, "sched_getparam", lambda _: os.sched_param(self.priority))
        monkeypatch.setattr(os, "sched_setscheduler", self._schedule)
        monkeypatch.setattr(os, "getpriority", lambda *_: self.niceness)
        monkeypatch.setattr(os, "setpriority", self._nice)
        monkeypatch.setattr(resource, "getrlimit", lambda which: self.limits[which])
        monkeypatch.setattr(resource, "setrlimit", self.limits.__setitem__)

    def _schedule(self, _tid, policy, parameter):
        if parameter.sched_priority > self._most_priority:
            raise PermissionError
        if policy == os.SCHED_OTHER and self.policy & os.SCHED_RESET_ON_FORK:
            raise PermissionError  # who has no privilege can't clear that
        self.policy, self.priority = policy, parameter.sched_priority

    def _nice(self, _which, _tid, niceness):
        if niceness < self._most_niceness:
            raise PermissionError
        self.niceness = niceness


def no_bus():
    raise Refused("there is no system bus")


def raised(bus=no_bus):
    return RealTime("auto", (linux.ways(bus), linux.ADVICE)).raised("live")


def test_with_the_right_it_is_fifo_below_the_audio_server_and_normal_afterwards(monkeypatch):
    system = System(monkeypatch, most_priority=99)
    with raised() as grant:
        assert (system.policy, system.priority) == (FIFO, linux.PRIORITY)
        assert (grant.how, grant.is_raised, grant.advice) == ("FIFO 40", True, "")
        assert system.priority < 60  # PipeWire's and JACK's lowest
    assert (system.policy & ~os.SCHED_RESET_ON_FORK, system.priority) == (os.SCHED_OTHER, 0)


def test_under_a_limit_it_takes_what_the_hard_limit_allows(monkeypatch):
    system = System(monkeypatch, most_priority=15, rtprio=(0, 15))
    with raised() as grant:
        assert (grant.how, system.priority) == ("FIFO 15", 15)
    assert system.limits[resource.RLIMIT_RTPRIO] == (15, 15)


def test_a_program_started_real_time_stays_so(monkeypatch):
    system = System(monkeypatch)
    system.policy, system.priority = os.SCHED_RR, 55
    with raised() as grant:
        assert grant.how == "RR 55, as started"
    assert (system.policy, system.priority) == (os.SCHED_RR, 55)


def test_without_the_right_rtkit_is_asked_for_no_more_than_it_gives(monkeypatch, tmp_path):
    system = System(monkeypatch)
    properties = {"MaxRealtimePriority": ("i", 20), "RTTimeUSecMax": ("x", 200_000)}
    with fake_bus(tmp_path / "bus", **properties) as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        with raised(rtkit.open_system_bus) as grant:
            assert (grant.how, grant.is_raised) == ("RR 20 by rtkit", True)
        ids = (os.getpid(), threading.get_native_id(), 20)
        assert bus.asked == [("MakeThreadRealtimeWithPID", ids)]
    # rtkit demands it of who asks, and PID and thread must be the caller's own.
    assert system.limits[resource.RLIMIT_RTTIME] == (200_000, 200_000)


def test_where_rtkit_says_no_it_is_niceness_and_back(monkeypatch, tmp_path):
    system = System(monkeypatch, most_niceness=-20)
    properties = {"MaxRealtimePriority": ("i", 20), "RTTimeUSecMax": ("x", 200_000)}
    with fake_bus(tmp_path / "bus", **properties) as bus:
        bus.denies = True
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        with raised(rtkit.open_system_bus) as grant:
            assert (grant.how, system.niceness) == ("niceness -11", -11)
            assert system.policy & os.SCHED_RESET_ON_FORK  # or all threads that it starts had it, too
    assert system.niceness == 0


def test_haste_is_niceness_behind_sound_even_with_the_right_to_more(monkeypatch):
    system = System(monkeypatch, most_priority=99, most_niceness=-20)
    real_time = RealTime("auto")
    with real_time.raised("live") as sound:
        assert sound.how == "FIFO 40"
    with real_time.hastened("control") as grant:
        assert (grant.how, system.niceness, system.policy & ~os.SCHED_RESET_ON_FORK) == ("niceness -10", -10, 0)
    assert system.niceness == 0


def test_where_no_haste_is_given_it_is_normal_and_there_is_no_advice(monkeypatch):
    System(monkeypatch)
    with RealTime("auto").hastened("control") as grant:
        assert (grant.how, grant.is_raised, grant.advice) == ("normal priority (no niceness below 0)", False, "")


def test_a_bus_that_never_answers_holds_nobody_up(monkeypatch, tmp_path):
    System(monkeypatch)
    monkeypatch.setattr(linux, "LEAVE_S", 0.2)
    with fake_bus(tmp_path / "bus") as bus:
        bus.is_mute = True
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        with raised(rtkit.open_system_bus) as grant:
            assert not grant.is_raised
    assert "does not answer" in grant.how


def test_where_nothing_is_given_it_is_said_with_what_to_do(monkeypatch):
    System(monkeypatch)
    real_time = RealTime("auto", (linux.ways(no_bus), linux.ADVICE))
    with real_time.raised("live") as grant:
        assert not grant.is_raised
    assert grant.how.startswith("normal priority (SCHED_FIFO is not allowed; there is no system bus")
    assert "rtprio" in grant.advice
    assert real_time.in_words().count("limits.d") == 1


def test_without_a_system_bus_that_is_the_reason(monkeypatch, tmp_path):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
    with pytest.raises(Refused, match="no system bus"):
        rtkit.open_system_bus()


def test_a_real_thread_gets_what_it_says_it_has_and_threads_that_it_starts_are_normal():
    seen = {}

    def child():
        tid = threading.get_native_id()
        seen["child"] = os.sched_getscheduler(tid) & ~os.SCHED_RESET_ON_FORK
        seen["child niceness"] = os.getpriority(os.PRIO_PROCESS, tid)

    def play():
        real_time = RealTime()
        with real_time.raised("live") as grant:
            seen["how"] = grant.how
            seen["policy"] = os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK
            seen["name"] = Path(f"/proc/self/task/{threading.get_native_id()}/comm").read_text().strip()
            other = threading.Thread(target=child)
            other.start()
            other.join()
        seen["after"] = os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK

    before = os.sched_getscheduler(0)
    thread = threading.Thread(target=play)
    thread.start()
    thread.join()
    names = {os.SCHED_FIFO: "FIFO", os.SCHED_RR: "RR", os.SCHED_OTHER: "n"}  # niceness, normal
    assert seen["how"].startswith(names[seen["policy"]])
    assert seen["name"] == "live"
    if "as started" not in seen["how"]:
        assert seen["child"] == seen["after"] == os.SCHED_OTHER
        assert seen["child niceness"] >= 0
    assert os.sched_getscheduler(0) == before


def test_a_patient_thread_comes_after_others():
    niceness = []

    def work():
        linux.give_way()
        niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert niceness[0] >= linux.PATIENT
    assert os.getpriority(os.PRIO_PROCESS, 0) < niceness[0] or niceness[0] > linux.PATIENT
