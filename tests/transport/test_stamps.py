"""Whichever clock the bridge stamps with, a stamp is a moment of the host's clock."""

import numpy as np
import pytest

from vocalmidi.transport.stamps import StampClock

HOST, WALL = 5000.0, 1.8e9


def feed(clock, epoch_s, delays_s, step_s=0.25, start_s=0.0):
    """Return how far off each stamp was put."""
    errors = []
    for number, delay_s in enumerate(delays_s):
        made_s = start_s + number * step_s
        read_s = made_s + delay_s
        errors.append(clock.host_s(epoch_s + made_s, HOST + read_s, WALL + read_s) - (HOST + made_s))
    return errors


def delays(count, seed=1):
    return np.random.default_rng(seed).uniform(0.002, 0.05, count)


@pytest.mark.parametrize("epoch_s", [HOST, WALL])
def test_the_hosts_and_the_wall_clock_are_recognised_and_then_exact(epoch_s):
    assert max(np.abs(feed(StampClock(), epoch_s, [1.9, *delays(50), 3.0]))) < 1e-6


@pytest.mark.parametrize("epoch_s", [HOST, WALL])
def test_a_first_stamp_that_was_read_too_late_to_tell_is_made_up_for(epoch_s):
    assert max(np.abs(feed(StampClock(), epoch_s, [30.0, *delays(50)])[1:])) < 1e-6


@pytest.mark.parametrize("epoch_s", [0.0, 123.0, 1e7])
def test_a_foreign_clock_is_off_by_the_smallest_delay(epoch_s):
    errors = feed(StampClock(), epoch_s, delays(200))
    assert max(errors[100:]) < 0.004
    assert min(errors) > 0


def test_a_foreign_clock_that_runs_away_is_followed():
    clock, errors = StampClock(), []
    for number, delay_s in enumerate(delays(4000)):
        made_s = 0.25 * number
        read_s = made_s + delay_s
        errors.append(clock.host_s(77.0 + made_s * (1 - 100e-6), HOST + read_s, WALL + read_s) - (HOST + made_s))
    assert max(np.abs(errors[400:])) < 0.006


def test_a_foreign_clock_that_begins_anew_is_learned_anew():
    clock = StampClock()
    feed(clock, 9000.0, delays(50))
    assert max(np.abs(feed(clock, 3.0, delays(200), start_s=100.0)[100:])) < 0.004
