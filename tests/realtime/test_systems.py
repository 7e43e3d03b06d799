"""Priority on macOS and Windows, with their libraries played by fakes that check how they are called."""

import ctypes

import pytest

from vocalmidi.realtime import RealTime, apple, windows
from vocalmidi.realtime.run import system_ways


class Mach:
    """As an Apple M1: 125/3 ns a unit."""

    def __init__(self, code=0):
        self.calls, self._code = [], code

    def pthread_self(self):
        return 0xABC

    def pthread_mach_thread_np(self, thread):
        assert thread == 0xABC
        return 259

    def mach_timebase_info(self, reference):
        reference._obj.numer, reference._obj.denom = 125, 3
        return 0

    def thread_policy_set(self, thread, flavour, address, count):
        words = None if address is None else (ctypes.c_uint32 * count).from_address(address)
        self.calls.append((thread, flavour, None if words is None else tuple(words), count))
        return self._code


def test_macos_takes_a_hop_s_time_in_its_own_units_and_gives_it_back():
    mach = Mach()
    with RealTime("auto", (apple.ways(lambda: mach), apple.ADVICE)).raised("live") as grant:
        assert (grant.how, grant.is_raised) == ("time constraint", True)
        thread, flavour, (period, computation, constraint, preemptible), count = mach.calls[0]
        assert (thread, flavour, count, preemptible) == (259, 2, 4, 1)
        assert [units * 125 / 3 / 1e6 for units in (period, computation, constraint)] == pytest.approx([10, 3, 6])
    assert mach.calls[1:] == [(259, 1, None, 0)]


def test_macos_that_refuses_is_said():
    with RealTime("auto", (apple.ways(lambda: Mach(code=46)), apple.ADVICE)).raised("live") as grant:
        assert not grant.is_raised
    assert "says 46" in grant.how


class Avrt:
    def __init__(self, handle=77):
        self.calls, self._handle = [], handle

    def AvSetMmThreadCharacteristicsW(self, task, address):  # noqa: N802 -- Microsoft's name
        ctypes.c_uint32.from_address(address).value = 5
        self.calls.append(task)
        return self._handle

    def AvRevertMmThreadCharacteristics(self, handle):  # noqa: N802 -- Microsoft's name
        self.calls.append(handle)
        return 1


def test_windows_is_asked_for_pro_audio_and_the_handle_given_back():
    avrt = Avrt()
    with RealTime("auto", (windows.ways(lambda: avrt), windows.ADVICE)).raised("live") as grant:
        assert (grant.how, avrt.calls) == ("MMCSS Pro Audio", ["Pro Audio"])
    assert avrt.calls == ["Pro Audio", 77]


def no_library():
    raise OSError("not found")


@pytest.mark.parametrize("load", [lambda: Avrt(handle=None), no_library])
def test_windows_that_refuses_is_said_with_what_to_start(load):
    with RealTime("auto", (windows.ways(load), windows.ADVICE)).raised("live") as grant:
        assert not grant.is_raised
    assert "Multimedia Class Scheduler" in grant.advice


def test_a_system_that_nobody_knows_has_no_ways():
    ways, advice = system_ways("plan9")
    assert not ways
    assert advice
    assert system_ways("darwin")[1] == apple.ADVICE
    assert system_ways("win32")[1] == windows.ADVICE
