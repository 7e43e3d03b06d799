"""Any clock of a stream is brought to the computer's, as it drifts, whatever interrupts the reading."""

import pytest

from vocalmidi.capture.host_time import HostTime


class Clocks:
    """A computer's clock, and a stream's that is 4000 s behind and drifts; reading them takes time, sometimes long."""

    def __init__(self, ppm=0.0, slow=()):
        self.now_s, self.ppm, self.slow, self.reads, self.is_open = 5000.0, ppm, slow, 0, True

    def host(self):
        self.now_s += 1e-7
        return self.now_s

    def stream(self):
        if not self.is_open:
            raise RuntimeError("closed")
        self.reads += 1
        self.now_s += 0.05 if self.reads in self.slow else 1e-6
        read_s = (self.now_s - 4000.0) * (1 + self.ppm * 1e-6)
        self.now_s += 1e-6
        return read_s


@pytest.mark.parametrize("slow", [(), (1,), (2, 3)])
def test_the_difference_is_that_of_the_quickest_reading(slow):
    clocks = Clocks(slow=slow)
    assert HostTime(clocks.stream, clocks.host).host_s(999.0) == pytest.approx(4999.0, abs=1e-5)


def test_it_is_measured_again_every_second():
    clocks = Clocks(ppm=200.0)
    host_time = HostTime(clocks.stream, clocks.host)
    for _ in range(100):
        clocks.now_s += 0.6
        due_s = clocks.now_s
        assert host_time.host_s((due_s - 4000.0) * 1.0002) == pytest.approx(due_s, abs=3e-4)
    assert clocks.reads == 3 * 50


def test_of_a_closed_stream_the_last_difference_holds_and_one_never_read_has_none():
    clocks = Clocks()
    host_time = HostTime(clocks.stream, clocks.host)
    host_time.host_s(999.0)
    clocks.is_open = False
    clocks.now_s += 100.0
    assert host_time.host_s(999.0) == pytest.approx(4999.0, abs=1e-5)
    assert HostTime(clocks.stream, clocks.host).host_s(999.0) is None
