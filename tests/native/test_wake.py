"""The reader sleeps until enough has come, and the callback wakes it: never too late, never for nothing for long."""

import re
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from native_ringbuf import CaptureState, Ring

from native.conftest import Build, without_aslr
from native.test_capture_state import call

LONG_S = 30.0
STRESS = Path(__file__).with_name("stress_wake.c")


def stressed(program: Path, blocks: int) -> tuple[int, dict[str, int], str]:
    command = [*without_aslr(), str(program), str(blocks)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return ran.returncode, {name: int(n) for name, n in re.findall(r"(\w+)=(\d+)", ran.stdout)}, ran.stderr


@pytest.mark.parametrize("flags", [[], ["-fsanitize=thread"]], ids=["plain", "thread sanitizer"])
def test_between_real_threads_no_wake_is_missed_and_no_race_is_there(build_stress: Build, flags):
    code, counts, said = stressed(build_stress(*flags, source=STRESS), 20_000)
    assert (code, counts["late"], counts["wrong"]) == (0, 0, 0), said
    assert counts["sleeps"] > 1000
    assert "WARNING" not in said


def test_sides_that_don_t_see_each_other_in_one_order_are_seen_to_miss_a_wake(build_stress: Build):
    """The test above could fail: with weaker orders this processor itself lets both sides look before they told."""
    code, counts, _ = stressed(build_stress("-DNRB_WAKE_ORDER=memory_order_relaxed", source=STRESS), 60_000)
    assert code != 0
    assert counts["late"] > 0


def after(seconds, act):
    timer = threading.Timer(seconds, act)
    timer.start()
    return timer


def test_who_waits_for_enough_sleeps_until_it_has_come():
    ring = Ring(4096)
    state = CaptureState(ring, channels=1, channel=0)
    block = np.zeros((128, 1), np.float32)
    call(state, block)
    came = []

    def come():
        for _ in range(2):
            came.append(ring.total_written)
            call(state, block)

    timer = after(0.05, come)
    began_s = time.monotonic()
    state.wait(384, LONG_S)
    assert time.monotonic() - began_s < LONG_S / 2
    timer.join()
    assert came == [128, 256]
    assert ring.readable == 384


def test_what_waits_already_is_not_waited_for():
    ring = Ring(1024)
    state = CaptureState(ring, channels=1, channel=0)
    call(state, np.zeros((128, 1), np.float32))
    began_s = time.monotonic()
    state.wait(128, LONG_S)
    assert time.monotonic() - began_s < LONG_S / 2


@pytest.mark.parametrize("end", ["wake", "request_stop"])
@pytest.mark.parametrize("pause_s", [0.0, 0.05])
def test_anyone_ends_the_sleep_also_just_before_it(end, pause_s):
    state = CaptureState(Ring(1024), channels=1)
    timer = after(pause_s, getattr(state, end))
    if not pause_s:
        timer.join()
    began_s = time.monotonic()
    state.wait(128, LONG_S)
    assert time.monotonic() - began_s < LONG_S / 2
    timer.join()


def test_nothing_comes_and_the_sleep_ends_in_time():
    state = CaptureState(Ring(1024), channels=1)
    began_s = time.monotonic()
    state.wait(128, 0.05)
    assert time.monotonic() - began_s >= 0.045


@pytest.mark.parametrize(("samples", "timeout_s"), [(-1, 1.0), (1, -1.0), (1, float("nan")), (1, 1e9)])
def test_what_can_t_be_waited_for_is_refused(samples, timeout_s):
    with pytest.raises(ValueError, match="can't wait"):
        CaptureState(Ring(1024), channels=1).wait(samples, timeout_s)
