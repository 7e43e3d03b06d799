import time

import numpy as np
import pytest

from vocalmidi.gauge import Gauges, Stage, captured, taken_ns
from vocalmidi.values import AudioBlock

RATE = 48_000


def block_of(adc_time_s):
    return AudioBlock(0, RATE, np.zeros(480, np.float32), adc_time_s)


def test_lateness_is_from_the_last_sample_to_now():
    gauges = Gauges()
    gauges.begin()
    captured(gauges, block_of(time.perf_counter() - 0.025))
    assert gauges.end().histograms[Stage.CAPTURE].max_ns == pytest.approx(15e6, abs=10e6)


def test_what_comes_from_no_device_has_no_lateness():
    gauges = Gauges()
    gauges.begin()
    captured(gauges, block_of(None))
    assert not len(gauges.end().histograms[Stage.CAPTURE])
    with pytest.raises(ValueError, match="when it was taken"):
        taken_ns(block_of(None), 0)


def test_samples_of_a_block_are_taken_one_after_another():
    assert taken_ns(block_of(2.0), 0) == 2_000_000_000
    assert taken_ns(block_of(2.0), 480) == pytest.approx(2_010_000_000, abs=1)
