"""Cuts a pitch track into notes: the segmentation of least cost, found exactly.

In: for each frame a pitch, how much that pitch counts, what it costs to be inside a note there and what it costs to
begin one. Out: `Segment`s in order, never overlapping. Gaps cost nothing, so a note exists where it pays for itself.
Method: the dynamic programme of SwiftF0's `segment_notes` (MIT; https://swift-f0.github.io/how/#how-notes). Where we
differ: beginning a note is cheaper where an onset was heard, which finds repeated notes; candidate pitches lie on a
fixed grid, which bounds the work; long silences split the problem, which bounds memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

GRID_SEMITONES = 0.1
"""A tenth of a semitone; the note's pitch is measured again afterwards, so finer would change no boundary."""
SPLIT_FRAMES = 32
"""A quarter of a second without any pitch costs a note more than ending and beginning again ever does."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the frames say about notes; all (n_frames,).

    pitch_midi: float MIDI number, any value where `weight` is 0.
    weight: 0–1, how much the pitch counts; 0 where there is none.
    inside_cost: of this frame belonging to a note, whatever its pitch; negative where it speaks for a note.
    begin_cost: of a note beginning with this frame; above 0.
    """

    pitch_midi: Array
    weight: Array
    inside_cost: Array
    begin_cost: Array


@dataclass(frozen=True, slots=True)
class Segment:
    """Frames [first, stop) that make one note, and its pitch on the search grid."""

    first: int
    stop: int
    pitch_midi: float


def segment(evidence: Evidence, most_off_semitones: float) -> list[Segment]:
    """Return the notes of least total cost; a frame further off its note's pitch than the limit costs no more."""
    found: list[Segment] = []
    for first, stop in _islands(evidence.weight > 0.0):
        found += _best_path(evidence, slice(first, stop), most_off_semitones)
    return found


def _islands(pitched: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the spans of frames between long gaps without pitch."""
    frames = np.flatnonzero(pitched)
    if not len(frames):
        return
    cuts = np.flatnonzero(np.diff(frames) > SPLIT_FRAMES)
    firsts = np.concatenate([[0], cuts + 1])
    lasts = np.concatenate([cuts, [len(frames) - 1]])
    yield from ((int(frames[a]), int(frames[b]) + 1) for a, b in zip(firsts, lasts, strict=True))


def _best_path(evidence: Evidence, span: slice, most_off: float) -> list[Segment]:
    """Solve one island: after each frame, the least cost of being in a note of each pitch, and of being in none."""
    pitch, weight = evidence.pitch_midi[span], evidence.weight[span]
    heard = pitch[weight > 0.0]
    steps = np.arange(np.floor(heard.min() / GRID_SEMITONES), np.ceil(heard.max() / GRID_SEMITONES) + 1)
    candidates = steps * GRID_SEMITONES
    n = len(pitch)
    in_note, begun = np.full(len(candidates), np.inf), np.zeros(len(candidates), np.intp)
    came_from, chosen = np.zeros(n + 1, np.intp), np.full(n + 1, -1, np.intp)
    off, earlier, best = np.empty(len(candidates)), np.empty(len(candidates), np.bool_), 0.0
    inside_cost, begin_cost = evidence.inside_cost[span], evidence.begin_cost[span]
    for frame in range(n):
        fresh = best + begin_cost[frame]
        np.greater(in_note, fresh, out=earlier)
        begun[earlier] = frame
        np.minimum(in_note, fresh, out=in_note)
        np.subtract(candidates, pitch[frame], out=off)
        np.abs(off, out=off)
        np.minimum(off, most_off, out=off)
        off *= weight[frame]
        in_note += off
        in_note += inside_cost[frame]
        note = int(in_note.argmin())
        came_from[frame + 1] = frame
        if in_note[note] < best:
            best, came_from[frame + 1], chosen[frame + 1] = float(in_note[note]), begun[note], note
    return _traced(came_from, chosen, candidates, span.start)


def _traced(
    came_from: npt.NDArray[np.intp], chosen: npt.NDArray[np.intp], candidates: Array, shift: int
) -> list[Segment]:
    """Walk back from the last frame and return the notes in order of time."""
    found: list[Segment] = []
    stop = len(came_from) - 1
    while stop > 0:
        first = int(came_from[stop])
        if chosen[stop] >= 0:
            found.append(Segment(shift + first, shift + stop, float(candidates[chosen[stop]])))
        stop = first
    return found[::-1]
