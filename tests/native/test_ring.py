"""The Python face of the ring: what goes in comes out once, in order, in its place."""

import gc
import subprocess
import sys
import threading
from collections import deque

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from native_ringbuf import Ring

BOTH = pytest.mark.parametrize("mirrored", [True, False], ids=["mirrored", "two spans"])


def counting(start: int, count: int) -> np.ndarray:
    return np.arange(start, start + count, dtype=np.float32)


@BOTH
def test_capacity_is_a_power_of_two_of_at_least_a_page(mirrored):
    for wanted in (1, 1000, 1024, 1025, 100_000):
        capacity = Ring(wanted, mirrored=mirrored).capacity_samples
        assert capacity >= max(wanted, 1024)
        assert capacity & (capacity - 1) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mirror")
def test_the_mirror_is_there_where_the_system_can():
    assert Ring(5000).mirrored
    assert not Ring(5000, mirrored=False).mirrored


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of open files to set")
def test_a_ring_without_a_mirror_is_made_when_mapping_fails():
    script = """
import resource, numpy as np
from native_ringbuf import Ring
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
ring = Ring(1024)
assert not ring.mirrored
for turn in range(5):
    assert ring.write(np.full(700, turn, np.float32))
    assert (ring.read(700) == turn).all()
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("capacity", [0, -1, 2**28 + 1])
def test_an_impossible_capacity_is_refused_with_the_range(capacity):
    with pytest.raises(ValueError, match="1 to 268435456"):
        Ring(capacity)


@BOTH
def test_a_full_ring_refuses_the_whole_block_and_counts_it(mirrored):
    ring = Ring(1024, mirrored=mirrored)
    assert ring.write(counting(0, ring.capacity_samples - 10))
    assert not ring.write(counting(0, 11))
    assert (ring.dropped_samples, ring.overruns) == (11, 1)
    assert ring.readable == ring.total_written == ring.capacity_samples - 10
    assert ring.write(counting(0, 10))
    assert not ring.write(counting(0, 1))
    assert (ring.dropped_samples, ring.overruns) == (12, 2)


@BOTH
def test_asking_for_room_loses_nothing(mirrored):
    ring = Ring(1024, mirrored=mirrored)
    capacity = ring.capacity_samples
    assert ring.has_room(capacity)
    assert not ring.has_room(capacity + 1)
    assert ring.write(counting(0, capacity))
    assert ring.has_room(0)
    assert not ring.has_room(1)
    ring.read(1)
    assert ring.has_room(1)
    assert (ring.dropped_samples, ring.overruns) == (0, 0)
    with pytest.raises(ValueError, match="negative"):
        ring.has_room(-1)


@BOTH
def test_a_block_larger_than_the_ring_is_dropped(mirrored):
    ring = Ring(1024, mirrored=mirrored)
    assert not ring.write(counting(0, ring.capacity_samples + 1))
    assert ring.readable == 0


@BOTH
def test_an_empty_ring_gives_nothing(mirrored):
    ring = Ring(1024, mirrored=mirrored)
    assert ring.readable == 0
    assert len(ring.read(100)) == len(ring.peek(100)) == 0
    assert ring.write(counting(0, 0))
    assert ring.readable == ring.overruns == 0


@BOTH
def test_the_place_of_dropped_samples_stays_free(mirrored):
    ring = Ring(1024, mirrored=mirrored)
    capacity = ring.capacity_samples
    assert ring.write(counting(0, capacity))
    assert not ring.write(counting(capacity, 300))
    ring.read(500)
    assert ring.window_start == 0
    assert ring.write(counting(capacity + 300, 200))
    assert np.array_equal(ring.read(capacity), counting(500, capacity - 500))  # not across the gap
    assert ring.window_start == 500
    assert np.array_equal(ring.read(capacity), counting(capacity + 300, 200))
    assert ring.window_start == capacity + 300


@BOTH
def test_more_gaps_than_can_be_listed_grow_the_last_one(mirrored):
    """With 64 gaps in it the ring refuses although there is room, rather than lose track of a place."""
    ring = Ring(1024, mirrored=mirrored)
    offered, accepted = 0, []
    for _ in range(100):  # fill, lose one block, make room for one
        while ring.write(counting(offered, 8)):
            accepted.append(offered)
            offered += 8
        offered += 8
        ring.read(8)
    assert ring.readable <= ring.capacity_samples - 8
    assert not ring.has_room(8)
    assert not ring.write(counting(offered, 8))
    received: list[int] = []
    while ring.readable:
        block = ring.read(8)
        assert np.array_equal(block, counting(ring.window_start, 8))
        received.append(ring.window_start)
    assert received == accepted[-len(received) :]
    assert ring.write(counting(offered + 8, 8))
    ring.read(8)
    assert ring.window_start == offered + 8


def test_a_peek_across_the_end_of_a_mirrored_ring_is_one_view():
    ring = Ring(1024)
    ring.write(counting(0, 1000))
    ring.read(1000)
    ring.write(counting(1000, 500))
    window = ring.peek(500)
    assert np.array_equal(window, counting(1000, 500))
    assert window.base is not None
    ring.advance(500)
    ring.write(counting(0, ring.capacity_samples))
    assert not np.array_equal(window, counting(1000, 500))  # a view: overwritten, as documented


@BOTH
def test_a_peek_is_read_only_and_takes_nothing(mirrored):
    ring = Ring(1024, mirrored=mirrored)
    ring.write(counting(0, 900))
    ring.read(900)
    ring.write(counting(900, 900))
    for _ in range(2):
        window = ring.peek(900)
        assert np.array_equal(window, counting(900, 900))
        with pytest.raises(ValueError, match="read-only"):
            window[0] = 1


def test_more_than_was_shown_cannot_be_given_back():
    ring = Ring(1024)
    ring.write(counting(0, 100))
    ring.peek(10)
    for samples in (11, -1):
        with pytest.raises(ValueError, match="peek showed fewer"):
            ring.advance(samples)
    ring.advance(10)
    with pytest.raises(ValueError, match="peek showed fewer"):
        ring.advance(1)


@pytest.mark.parametrize(
    "samples", [np.zeros(4), np.zeros((2, 2), np.float32), np.zeros(8, np.float32)[::2], np.zeros(4, np.int16)]
)
def test_samples_of_another_kind_are_refused(samples):
    with pytest.raises(ValueError, match="contiguous"):
        Ring(1024).write(samples)


@pytest.mark.parametrize("use", [lambda r: r.readable, lambda r: r.write(counting(0, 1)), lambda r: r.window_start])
def test_a_closed_ring_refuses(use):
    ring = Ring(1024)
    ring.close()
    ring.close()
    with pytest.raises(ValueError, match="closed"):
        use(ring)


def test_a_view_outlives_its_ring():
    ring = Ring(1024)
    ring.write(counting(0, 100))
    window = ring.peek(100)
    ring.close()
    del ring
    gc.collect()
    assert np.array_equal(window, counting(0, 100))


def test_memory_is_given_back_with_the_last_view():
    print_peak = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    script = "from native_ringbuf import Ring\nfor _ in range(300):\n    Ring(2**20).peek(1)\n" + print_peak
    once = "from native_ringbuf import Ring\nRing(2**20).peek(1)\n" + print_peak

    def peak(code: str) -> int:
        return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)

    assert peak(script) < 2 * peak(once)  # 300 rings of 4 MiB kept would be over a gigabyte


def test_importing_the_ring_loads_no_audio_library():
    code = "import sys, native_ringbuf; assert not {'sounddevice', 'soundfile'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@BOTH
def test_two_python_threads_hand_over_every_sample_in_its_place(mirrored):
    ring, blocks = Ring(4096, mirrored=mirrored), 3000
    written = threading.Event()

    def write() -> None:
        position = 0
        for block in range(blocks):
            ring.write(counting(position, 1 + block % 500))
            position += 1 + block % 500
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    received, wrong = 0, 0
    while not (written.is_set() and ring.readable == 0):
        block = ring.read(777)
        wrong += int((block != counting(ring.window_start, len(block))).sum())
        received += len(block)
    writer.join()
    assert wrong == 0
    assert received == ring.total_written
    assert ring.total_written + ring.dropped_samples == sum(1 + block % 500 for block in range(blocks))


class RingModel(RuleBasedStateMachine):
    """The ring against a deque of (place, value)."""

    mirrored = True

    def __init__(self) -> None:
        super().__init__()
        self.ring = Ring(1024, mirrored=self.mirrored)
        self.capacity = self.ring.capacity_samples
        self.oracle: deque[int] = deque()  # the place is the value
        self.offered = self.overruns = self.dropped = self.shown = 0

    @rule(count=st.one_of(st.integers(0, 40), st.integers(0, 1400)))
    def write(self, count: int) -> None:
        places = range(self.offered, self.offered + count)
        fits = count <= self.capacity - len(self.oracle)
        assert self.ring.has_room(count) == fits
        assert self.ring.write(np.array(places, np.float32)) == fits
        if fits:
            self.oracle.extend(places)
        else:
            self.dropped += count
            self.overruns += 1
        self.offered += count

    def oldest(self, count: int) -> list[int]:
        window: list[int] = []
        for place in self.oracle:
            if len(window) == count or (window and place != window[-1] + 1):
                break
            window.append(place)
        return window

    @rule(count=st.integers(0, 1400))
    def read(self, count: int) -> None:
        expected = self.oldest(count)
        assert self.ring.read(count).tolist() == expected
        assert not expected or self.ring.window_start == expected[0]
        self.take(len(expected))

    @rule(count=st.integers(0, 1400))
    def peek(self, count: int) -> None:
        expected = self.oldest(count)
        assert self.ring.peek(count).tolist() == expected
        assert not expected or self.ring.window_start == expected[0]
        self.shown = len(expected)

    @precondition(lambda self: self.shown > 0)
    @rule(share=st.floats(0, 1))
    def advance(self, share: float) -> None:
        count = int(self.shown * share)
        self.ring.advance(count)
        shown = self.shown
        self.take(count)
        self.shown = shown - count

    def take(self, count: int) -> None:
        for _ in range(count):
            self.oracle.popleft()
        self.shown = 0

    @invariant()
    def counts_agree(self) -> None:
        assert self.ring.readable == len(self.oracle)
        assert self.ring.total_written == self.offered - self.dropped
        assert (self.ring.dropped_samples, self.ring.overruns) == (self.dropped, self.overruns)


class TwoSpanRingModel(RingModel):
    mirrored = False


class TestMirroredRingIsADeque(RingModel.TestCase):
    settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


class TestTwoSpanRingIsADeque(TwoSpanRingModel.TestCase):
    settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
