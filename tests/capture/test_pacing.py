"""Blocks in time, on a clock that only moves when someone sleeps."""

import numpy as np
import pytest

from vocalmidi.capture import paced
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock

RATE_HZ = 1000


class Clock:
    """Time that passes only in `sleep`, and then a little less than asked for, as real sleeps may."""

    def __init__(self) -> None:
        self.now_s = 500.0
        self.slept = 0

    def now(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += max(seconds * 0.9, 1e-4)
        self.slept += 1


def blocks(count: int, size: int = 100, first: int = 0) -> list[AudioBlock]:
    return [AudioBlock(SampleIndex(first + n * size), RATE_HZ, np.full(size, n, np.float32)) for n in range(count)]


@pytest.mark.parametrize("speed", [0.5, 1.0, 4.0])
def test_a_block_comes_when_its_last_sample_has_been_played(speed):
    clock = Clock()
    for number, _ in enumerate(paced(blocks(5), speed, now=clock.now, sleep=clock.sleep), start=1):
        assert clock.now_s - 500.0 == pytest.approx(number * 0.1 / speed, abs=1e-3)
        assert clock.now_s - 500.0 >= number * 0.1 / speed - 1e-9


@pytest.mark.parametrize("speed", [None, 0, 0.0])
def test_no_speed_is_as_fast_as_possible(speed):
    clock = Clock()
    assert len(list(paced(blocks(50), speed, now=clock.now, sleep=clock.sleep))) == 50
    assert clock.slept == 0


def test_the_blocks_are_the_same_and_none_is_lost():
    clock, given = Clock(), blocks(7)
    received = list(paced(given, 2.0, now=clock.now, sleep=clock.sleep))
    assert all(a is b for a, b in zip(given, received, strict=True))


def test_a_slow_taker_is_not_kept_waiting():
    clock = Clock()
    for _ in paced(blocks(5), 1.0, now=clock.now, sleep=clock.sleep):
        clock.now_s += 1.0
    assert clock.now_s == pytest.approx(500.0 + 5 * 1.0 + 0.1, abs=1e-3)  # waited for the first only


def test_a_source_that_begins_late_does_not_wait_for_its_past():
    clock = Clock()
    next(iter(paced(blocks(1, first=100_000), 1.0, now=clock.now, sleep=clock.sleep)))
    assert clock.now_s - 500.0 == pytest.approx(0.1, abs=1e-3)


@pytest.mark.parametrize("speed", [-1, float("nan"), float("inf")])
def test_an_impossible_speed_is_refused_at_once(speed):
    with pytest.raises(ValueError, match="must be above 0"):
        paced(blocks(1), speed)
