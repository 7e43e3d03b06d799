"""A device's samples on the host's clock, through drift, hiccups, late beginnings and losses nobody counted."""

import numpy as np
import pytest

from vocalmidi.transport.device import DeviceClock

RATE = 48_000
BLOCK = 480


class Device:
    """A card that begins at host time 1000 s, runs `ppm` fast, and gives its blocks to a clock."""

    def __init__(self, ppm=0.0, seed=1):
        self.rate_hz, self.rng = RATE * (1 + ppm * 1e-6), np.random.default_rng(seed)
        self.clock = DeviceClock(RATE, 1000.0)
        self.sample, self.lost_s = 0, 0.0

    def true_s(self, sample):
        return 1000.0 + sample / self.rate_hz + self.lost_s

    def run(self, seconds, late_s=0.0, jitter_s=0.001):
        for _ in range(round(seconds * RATE / BLOCK)):
            late = late_s + self.rng.exponential(jitter_s)
            self.clock.saw(self.sample, self.true_s(self.sample) + late)
            self.sample += BLOCK


@pytest.mark.parametrize("ppm", [-200.0, 0.0, 200.0])
def test_a_drifting_card_is_followed_for_ten_minutes_and_back(ppm):
    device = Device(ppm)
    device.run(600.0)
    for sample in range(0, device.sample, 20 * RATE):
        assert device.clock.host_s(sample) == pytest.approx(device.true_s(sample), abs=0.0005)
        assert device.clock.sample_at(device.true_s(sample)) == pytest.approx(sample, abs=0.0005 * RATE)


def test_a_hiccup_is_no_loss():
    device = Device()
    device.run(10.0)
    device.run(1.0, late_s=0.1)
    device.run(10.0)
    assert device.clock.losses(0, device.sample) == []
    assert device.clock.host_s(10.5 * RATE) == pytest.approx(device.true_s(10.5 * RATE), abs=0.0005)


def test_blocks_that_come_late_at_the_beginning_are_corrected_by_those_that_follow():
    device = Device()
    device.run(0.5, late_s=0.08)
    device.run(10.0)
    assert device.clock.host_s(0) == pytest.approx(1000.0, abs=0.001)


def test_one_block_before_its_time_is_a_slip_of_the_driver():
    device = Device()
    device.run(10.0)
    device.clock.saw(device.sample, 0.0)
    device.clock.saw(device.sample, device.true_s(device.sample) - 0.05)
    device.run(10.0)
    assert device.clock.host_s(10 * RATE) == pytest.approx(device.true_s(10 * RATE), abs=0.0005)


@pytest.mark.parametrize("lost_s", [0.02, 0.1, 1.0])
def test_sound_lost_before_it_was_counted_parts_what_was_before_from_what_came_after(lost_s):
    device = Device(ppm=100.0)
    device.run(10.0)
    before = device.true_s(5 * RATE)
    device.run(0.05, late_s=0.06)
    first, device.lost_s = device.sample, lost_s
    device.run(10.0)
    assert device.clock.losses(0, device.sample) == [
        pytest.approx(first, abs=0.05 * RATE + BLOCK)
    ]  # a hiccup goes before
    assert device.clock.host_s(5 * RATE) == pytest.approx(before, abs=0.0005)
    assert device.clock.host_s(first + RATE) == pytest.approx(device.true_s(first + RATE), abs=0.0005)
    assert device.clock.sample_at(device.true_s(first + RATE)) == pytest.approx(first + RATE, abs=0.0005 * RATE)


def test_what_lies_further_back_than_is_kept_is_forgotten():
    device = Device()
    device.clock = DeviceClock(RATE, keep_s=5.0)
    device.run(10.0)
    device.lost_s = 0.1
    device.run(20.0)
    assert device.clock.losses(0, device.sample) == []
