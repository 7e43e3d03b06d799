"""The curve of a note around its pitch, in as few points as hold it within 5 cents.

In: pitch of a note's frames. Out: which of them to keep. Method: a quadratic Savitzky–Golay filter takes out the
tracker's jitter but leaves vibrato (7 frames of 8 ms flatten 7 Hz by 0.6 %), then Ramer–Douglas–Peucker keeps points
that matter.
"""

import numpy as np

from vocalmidi.events.evidence import Array

MOST_ERROR_CENTS = 5.0
"""About the least pitch difference that a listener tells on a sung tone."""
SMOOTHING = np.array([-2.0, 3.0, 6.0, 7.0, 6.0, 3.0, -2.0]) / 21.0
"""Savitzky & Golay 1964, 7 points, second degree."""


def smoothed(curve: Array) -> Array:
    """Return the curve without jitter; curves shorter than the filter as they are."""
    reach = len(SMOOTHING) // 2
    if len(curve) < len(SMOOTHING):
        return curve
    return np.concatenate([curve[:reach], np.convolve(curve, SMOOTHING, mode="valid"), curve[-reach:]])


def thinned(curve: Array, most_error: float = MOST_ERROR_CENTS) -> list[int]:
    """Return the indices of the points between which straight lines stay within `most_error` of the curve."""
    kept, spans = {0, len(curve) - 1}, [(0, len(curve) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        line = np.linspace(curve[first], curve[last], last - first + 1)
        error = np.abs(curve[first : last + 1] - line)
        worst = int(error.argmax())
        if error[worst] > most_error:
            kept.add(first + worst)
            spans += [(first, first + worst), (first + worst, last)]
    return sorted(kept)
