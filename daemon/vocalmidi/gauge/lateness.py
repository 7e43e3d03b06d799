"""How late sound is read, by the clock of the device that took it.

In: blocks. Out: nothing; the gauge counts. What comes from no device has no lateness.
"""

from vocalmidi.gauge.gauges import Gauge
from vocalmidi.gauge.stage import Stage
from vocalmidi.units import samples_to_seconds
from vocalmidi.values import AudioBlock

_NS_PER_S = 1e9


def captured(gauge: Gauge, block: AudioBlock) -> int:
    """Count how long after its last sample a block is read, which is now; return the time, as the gauge tells it."""
    now_ns = gauge.now()
    if now_ns and block.adc_time_s is not None:
        gauge.took(Stage.CAPTURE, now_ns - taken_ns(block, len(block.samples)))
    return now_ns


def taken_ns(block: AudioBlock, samples: int) -> int:
    """Return when so many samples from a block's first on had been taken, in ns of `perf_counter`.

    Raises:
        ValueError: the block is of no device.
    """
    if block.adc_time_s is None:
        raise ValueError(f"the block at sample {block.start} does not say when it was taken")
    return int(_NS_PER_S * (block.adc_time_s + samples_to_seconds(samples, block.sample_rate_hz)))
