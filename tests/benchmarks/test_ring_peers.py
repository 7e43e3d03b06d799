"""The race itself: every ring hands every sample over, pairs are compared one by one, and calls are counted singly."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from benchmarks.ring_calls import all_costs
from benchmarks.ring_peers import IN_PLACE, OURS, compared, race, spread, two_cores

from benchmarks import ring_peers
from needs import absent


def test_pairs_are_compared_with_their_own_round():
    found = compared("theirs", [1.0, 20.0, 300.0, 4.0], [2.0, 10.0, 100.0, 4.0])
    assert found.ratio == pytest.approx(1.5)
    assert (found.rate, found.won) == (7.0, 0.5)
    assert found.low < found.ratio < found.high


def test_a_disturbed_turn_makes_no_pair_unless_all_were():
    assert compared("theirs", [6.0, -1.0, 8.0], [3.0, 10.0, -1.0]).ratio == 2.0
    assert compared("theirs", [-6.0, -8.0], [2.0, -4.0]).ratio == 2.5


def test_the_kernels_lists_of_cores_are_read():
    assert spread("0\n") == {0}
    assert spread("0,4\n") == {0, 4}
    assert spread("0-1,8-9\n") == {0, 1, 8, 9}


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system pins no threads")
def test_the_threads_get_cores_that_may_be_used():
    writer, reader = two_cores()
    assert {writer, reader} <= os.sched_getaffinity(0)


def test_a_short_race_goes_through_every_ring(tmp_path: Path):
    headers = [Path("/usr/include/boost/lockfree/spsc_queue.hpp"), Path("/usr/include/jack/ringbuffer.h")]
    if shutil.which("g++") is None or not all(header.exists() for header in headers):
        absent("a C++ compiler, Boost or JACK is not here (apt-get install g++ libboost-dev libjack-jackd2-dev)")
    if not ring_peers.portaudio():
        absent("PortAudio's ring is not here (pip install rtmixer)")
    program = ring_peers.built(tmp_path)
    for block_samples in (64, 100):  # the latter laps the end of the ring within a block
        found = race(program, block_samples, processes=1, rounds=2)
        names = {each.name for each in found.rivals}
        assert {OURS, IN_PLACE, "boost spsc_queue", "jack_ringbuffer", "pa_ringbuffer"} == names
        assert all(each.rate > 0 for each in found.rivals)
        assert found.best().name in names - {OURS, IN_PLACE}
        assert found.rounds == 2


def test_calls_are_counted_one_by_one():
    if not ring_peers.portaudio():
        absent("PortAudio's ring is not here (pip install rtmixer)")
    costs = all_costs(128, turns=3)
    assert costs[0].ratio == 1.0
    assert {"pa-ringbuffer (PyPI)", "queue.Queue of copies", "ring of numpy slices"} <= {each.name for each in costs}
    assert np.isfinite([each.write_ns + each.read_ns for each in costs]).all()
    # A call takes at least a few ns, and one of these far less than a block of 128 samples lasts.
    assert all(5 < each.write_ns + each.read_ns < 2_600_000 for each in costs)
