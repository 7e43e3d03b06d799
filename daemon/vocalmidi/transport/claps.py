"""When somebody clapped, or a click came out of a loudspeaker: to a fraction of a millisecond, and nothing else.

In: samples of a source. Out: the samples at which sharp sounds begin. A clap is told by its edge: within 2 ms the
sound's fast part is many times what it was in the 60 ms before, and about as loud as the loudest of the take. Where it
begins is where the first tenth of its peak is reached, so that the room's answer, which comes later, doesn't matter.
It does not tell a clap from another sharp sound; the calibration does, by the beat.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.units import SampleIndex, seconds_to_samples
from vocalmidi.values import AudioBlock

STEP_S = 0.002
"""Shorter than the edge of a clap in a room with the microphone a metre away, 2–4 ms."""
BEFORE_STEPS, QUIET_STEPS = 30, 5
"""The 60 ms before, less the edge itself: the clap before is 0.2 s away or more and has died down to its room."""
EDGE_RATIO = 8.0
"""18 dB: voices rise by 10 dB in as long (frames/rises.py counts 12 ms), claps by 30."""
LOUD_SHARE = 0.1
"""Re the median of the ten loudest steps: claps of one person differ by less than 20 dB."""
FLOOR = 0.003
"""−50 dB re full scale: below it a microphone gives noise."""
APART_S = 0.15
"""Nobody claps to a click of more than 400 BPM; the echo of a hall is over by then."""
FOOT_SHARE = 0.1
"""Of the peak, 20 dB: above the noise, and before the peak itself, which is another one in each clap."""
PEAK_S = 0.005
"""The peak of a clap follows its beginning at once."""


def find_claps(sound: AudioBlock) -> tuple[SampleIndex, ...]:
    """Return where sharp sounds begin, in order."""
    fast = np.abs(np.diff(sound.samples, prepend=sound.samples[:1]))
    step = max(1, seconds_to_samples(STEP_S, sound.sample_rate_hz))
    peaks = fast[: len(fast) // step * step].reshape(-1, step).max(axis=1)
    if len(peaks) <= BEFORE_STEPS:
        return ()
    edges = _edges(peaks, max(1, round(APART_S / STEP_S)))
    span = seconds_to_samples(PEAK_S, sound.sample_rate_hz)
    return tuple(SampleIndex(sound.start + _foot(fast, int(edge) * step - step, span)) for edge in edges)


def _edges(peaks: npt.NDArray[np.float32], apart: int) -> list[int]:
    """Return the steps in which a sharp sound begins."""
    loud = max(FLOOR, LOUD_SHARE * float(np.median(np.sort(peaks)[-10:])))
    before = np.lib.stride_tricks.sliding_window_view(peaks, BEFORE_STEPS - QUIET_STEPS).max(axis=1)
    found: list[int] = []
    for at in np.flatnonzero(peaks >= loud):
        first = int(at) - BEFORE_STEPS
        is_edge = first >= 0 and peaks[at] >= EDGE_RATIO * before[first]
        if is_edge and (not found or at - found[-1] >= apart):
            found.append(int(at))
    return found


def _foot(fast: npt.NDArray[np.float32], start: int, span: int) -> int:
    """Return the first sample from `start` on that reaches a tenth of the peak that follows."""
    start = max(0, start)
    ahead = fast[start : start + 2 * span]
    return start + int(np.flatnonzero(ahead >= FOOT_SHARE * ahead.max())[0])
