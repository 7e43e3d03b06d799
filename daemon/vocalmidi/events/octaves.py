"""Mends the octave errors of a pitch tracker that last too long for the segmentation to ride over.

In: segments in order and the frames' evidence. Out: segments, some of them joined. A pitch that jumps an octave from
one frame to the next and back, without any new attack, is a voice that stayed; so is one that begins or ends an octave off
for a moment. A leap with an attack, or with a slide through the notes between, is sung.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.events.segmentation import Evidence, Segment
from vocalmidi.events.settings import OctaveSettings


@dataclass(frozen=True, slots=True, eq=False)
class _Context:
    """What tells a slip from a leap: the pitches, the onsets of the frames, and the numbers."""

    evidence: Evidence
    onset: npt.NDArray[np.float32]
    settings: OctaveSettings

    def slips(self, before: Segment, after: Segment) -> bool:
        """Return whether the pitch jumps an octave between two segments that touch."""
        low, high = sorted((before.pitch_midi, after.pitch_midi))
        near = self.settings.near_frames
        if abs(high - low - 12.0) >= 0.5 or after.first - before.stop > near:
            return False
        around = slice(max(0, after.first - near), after.first + near + 1)
        pitch, heard = self.evidence.pitch_midi[around], self.evidence.weight[around] > 0.0
        between = heard & (pitch > low + 3.0) & (pitch < high - 3.0)
        return not between.any() and float(self.onset[around].max()) < self.settings.attack


def without_octave_slips(
    segments: Sequence[Segment], evidence: Evidence, onset: npt.NDArray[np.float32], settings: OctaveSettings
) -> list[Segment]:
    """Return the segments with octave slips joined to the notes they belong to; `onset` is that of the frames."""
    context = _Context(evidence, onset, settings)
    return _without_edges(_without_returns(segments, context), context)


def _without_returns(segments: Sequence[Segment], context: _Context) -> list[Segment]:
    """Join a note, its slip and its return."""
    mended: list[Segment] = []
    for found in segments:
        mended.append(found)
        while len(mended) > 2:
            first, slip, last = mended[-3:]
            back = abs(first.pitch_midi - last.pitch_midi) < 0.5
            if not back or slip.stop - slip.first > context.settings.slip_frames:
                break
            if not context.slips(first, slip) or not context.slips(slip, last):
                break
            mended[-3:] = [Segment(first.first, last.stop, last.pitch_midi)]
    return mended


def _without_edges(segments: Sequence[Segment], context: _Context) -> list[Segment]:
    """Join a short slip before or after a note to it."""
    mended = list(segments[:1])
    for after in segments[1:]:
        before = mended[-1]
        short, long = sorted((before, after), key=lambda segment: segment.stop - segment.first)
        if short.stop - short.first <= context.settings.edge_frames and context.slips(before, after):
            mended[-1] = Segment(before.first, after.stop, long.pitch_midi)
        else:
            mended.append(after)
    return mended
