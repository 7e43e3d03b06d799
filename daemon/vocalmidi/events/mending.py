"""Mends the errors of a pitch tracker that last too long for the segmentation to ride over.

In: segments in order and the frames' evidence. Out: segments, some of them joined. A pitch that jumps an octave from
one frame to the next and back, without any new attack, is a voice that stayed; so is one that begins or ends an octave
off for a moment. A leap with an attack, or with a slide through the notes between, is sung.
And a pitch that is lost while the sound goes on as loud as before, and then is there again, was never gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vocalmidi.events.segmentation import Evidence, Segment
from vocalmidi.events.settings import MendingSettings
from vocalmidi.values import Frames


@dataclass(frozen=True, slots=True, eq=False)
class _Context:
    """What tells an error from a note: the frames, their pitches, and the numbers."""

    frames: Frames
    evidence: Evidence
    settings: MendingSettings

    def slips(self, before: Segment, after: Segment) -> bool:
        """Return whether the pitch jumps an octave between two segments that touch."""
        low, high = sorted((before.pitch_midi, after.pitch_midi))
        near = self.settings.near_frames
        if abs(high - low - 12.0) >= 0.5 or after.first - before.stop > near:
            return False
        around = slice(max(0, after.first - near), after.first + near + 1)
        pitch, heard = self.evidence.pitch_midi[around], self.evidence.weight[around] > 0.0
        between = heard & (pitch > low + 3.0) & (pitch < high - 3.0)
        return not between.any() and float(self.frames.onset[around].max()) < self.settings.attack

    def drops_out(self, before: Segment, after: Segment) -> bool:
        """Return whether the sound goes on evenly between two segments of one pitch."""
        if not 0 < after.first - before.stop <= self.settings.lost_frames:
            return False
        lost = slice(before.stop, after.first)
        beside = (*self.frames.level_db[lost.start - 2 : lost.start], *self.frames.level_db[lost.stop : lost.stop + 2])
        even = float(self.frames.level_db[lost].min()) >= min(beside) - self.settings.lost_dip_db
        struck = float(self.frames.onset[lost].max()) >= self.settings.attack
        # Where the pitch is heard in the gap, it was cut for its dip: an `m` or `l` between two syllables.
        unheard = float(self.evidence.weight[lost].mean()) < self.settings.lost_voicing
        return even and unheard and not struck and abs(before.pitch_midi - after.pitch_midi) < 0.5


def mend(segments: Sequence[Segment], frames: Frames, evidence: Evidence, settings: MendingSettings) -> list[Segment]:
    """Return the segments, those joined that are one note."""
    context = _Context(frames, evidence, settings)
    return _without_dropouts(_without_edges(_without_returns(segments, context), context), context)


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


def _without_dropouts(segments: Sequence[Segment], context: _Context) -> list[Segment]:
    """Join two notes of one pitch between which only the tracker fell silent."""
    mended = list(segments[:1])
    for after in segments[1:]:
        before = mended[-1]
        if context.drops_out(before, after):
            mended[-1] = Segment(before.first, after.stop, before.pitch_midi)
        else:
            mended.append(after)
    return mended
