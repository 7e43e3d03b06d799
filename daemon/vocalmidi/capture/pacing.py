"""Lets a recording's blocks out in time, as a device would: for `vocalmidi simulate --speed`.

In: blocks and a speed. Out: the same blocks, each no earlier than a device could have delivered its last sample.
The clock and the sleep come from the caller's side of the door, so that tests need not wait.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator

from vocalmidi.units import samples_to_seconds
from vocalmidi.values import AudioBlock


def paced(
    blocks: Iterable[AudioBlock],
    speed: float | None,
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[AudioBlock]:
    """Yield each block when its end has been reached at `speed` times real time; None or 0: as fast as possible.

    Time runs from the first request on. Blocks that come late are not waited for, and no debt is made up for otherwise.
    """
    if speed is None or speed == 0:
        return iter(blocks)
    if not (speed > 0 and math.isfinite(speed)):
        raise ValueError(f"speed {speed} must be above 0 (times real time), or 0 for as fast as possible")
    return _paced(blocks, speed, now, sleep)


def _paced(
    blocks: Iterable[AudioBlock], speed: float, now: Callable[[], float], sleep: Callable[[float], None]
) -> Iterator[AudioBlock]:
    began: float | None = None
    for block in blocks:
        if began is None:
            began = now() - samples_to_seconds(block.start, block.sample_rate_hz) / speed
        due = began + samples_to_seconds(block.start + len(block.samples), block.sample_rate_hz) / speed
        # A sleep may end early (clock resolution), hence the loop.
        while (wait := due - now()) > 0:
            sleep(wait)
        yield block
