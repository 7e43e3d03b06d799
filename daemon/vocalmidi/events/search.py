"""The considered search: the set of notes of greatest total score in a whole recording, found exactly.

In: `Frames`, scores, and what each pitch is worth beforehand. Out: `Span`s in order, never overlapping. Notes begin and
end at candidate boundaries: where the onset or offset stands out or activity crosses even odds. Frames are read piece
by piece, so that memory does not grow with the recording beyond a few numbers a boundary.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.events.evidence import (
    CENTRE_FRAMES,
    GRID_MIDI,
    Array,
    centred,
    gather_evidence,
    logit,
    pitch_scores,
    tops,
    widened,
)
from vocalmidi.events.settings import ScoreSettings
from vocalmidi.events.trellis import Trellis
from vocalmidi.values import Floats, Frames

PIECE_FRAMES = 2048
"""20 s, about 5 MB of scores at a time."""
NEAR_FRAMES = 2
"""A boundary within 20 ms of an onset's or offset's top is that onset or offset."""
JUMP_SEMITONES = 0.7
"""The fastest vibrato, ±100 cents at 7 Hz, moves by 0.44 in 10 ms: a step wider than this is a boundary too."""
END_OF_ONSET = 0.7
"""A note ends where the next begins: an onset is this much of an offset."""


@dataclass(frozen=True, slots=True)
class Span:
    """A note found: frames [first, stop), exact places of both between frames, searched pitch, how likely its onset."""

    first: int
    stop: int
    begin_place: float
    end_place: float
    pitch_midi: float
    onset: float


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """Candidates in order: frame, exact places, worth of beginning and of ending there, cost of passing over.

    onset: probability that a note begins there.
    inside: worth of the frames since the boundary before, as frames of a note.
    """

    frame: npt.NDArray[np.intp]
    begin_place: Array
    end_place: Array
    onset: Array
    begin: Array
    end: Array
    skipped: Array
    inside: Array


def find_spans(frames: Frames, settings: ScoreSettings, prior: Array | None = None) -> list[Span]:
    """Return the notes; `prior` (pitches,) is what a note of each pitch is worth as such."""
    if len(frames) < 2:  # no two boundaries
        return []
    at = _boundaries(frames, settings)
    worth = np.full(len(GRID_MIDI), settings.bonus) + (0.0 if prior is None else prior)
    trellis = Trellis(max(1, round(settings.shortest_s / frames.hop_s)))
    count = len(at.frame)
    best, origin, place = np.zeros(count), np.full(count, -1), np.zeros(count, np.intp)
    trellis.begin(0, 0, worth + at.begin[0])
    for k, pitch in enumerate(_pitch_between(frames, at.frame, settings), start=1):
        trellis.advance(int(at.frame[k]), pitch, float(at.inside[k]))
        best[k] = best[k - 1]
        found = trellis.grown()
        if found.score + at.end[k] > best[k]:
            best[k], origin[k], place[k] = found.score + at.end[k], found.origin, found.place
        trellis.pass_over(k, float(at.skipped[k]))
        trellis.begin(k, int(at.frame[k]), worth + (best[k] + at.begin[k]))
    return _traced(at, origin, place)


def _boundaries(frames: Frames, settings: ScoreSettings) -> Boundaries:
    """Return where notes may begin or end."""
    heard = gather_evidence(frames, settings)
    tops_on = tops(heard.onset, settings.lowest_top)
    crossing = np.flatnonzero(np.diff((heard.active > 0.5).astype(np.int8)) != 0) + 1  # even odds
    tops_off, ends = tops(heard.offset, settings.lowest_top), np.array([0, len(frames) - 1])
    others = np.unique(np.concatenate([tops_off, crossing, _jumps(frames)]))
    frame = np.unique(np.concatenate([tops_on, _far_from(tops_on, others), ends]))
    near_off = widened(np.maximum(heard.offset, END_OF_ONSET * heard.onset), NEAR_FRAMES)[frame]
    skipped = np.where(np.isin(frame, tops_on), skip_cost(heard.onset[frame]), 0.0)
    summed = np.concatenate([[0.0], np.cumsum(heard.inside)])[frame]
    return Boundaries(
        frame,
        centred(heard.onset, frame),
        centred(heard.offset, frame),
        heard.onset[frame],
        settings.begin * logit(heard.onset[frame]),
        settings.end * logit(near_off),
        settings.skipped * skipped,
        np.diff(summed, prepend=0.0),
    )


def _far_from(tops_on: npt.NDArray[np.intp], others: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return those of the others that are not the onsets themselves: else one onset would begin two notes."""
    if not len(tops_on):
        return others
    right = np.searchsorted(tops_on, others)
    left_gap = others - tops_on[np.maximum(right - 1, 0)]
    right_gap = tops_on[np.minimum(right, len(tops_on) - 1)] - others
    far: npt.NDArray[np.intp] = others[np.minimum(np.abs(left_gap), np.abs(right_gap)) > NEAR_FRAMES]
    return far


def _jumps(frames: Frames) -> npt.NDArray[np.intp]:
    """Return the frames whose pitch is another than that of the frame before."""
    away = np.abs(np.diff(frames.candidate_midi[:, 0])) > JUMP_SEMITONES
    voiced = np.minimum(frames.voicing[1:], frames.voicing[:-1]) > 0.5  # even odds
    return np.flatnonzero(away & voiced) + 1


def skip_cost(onset: Array) -> Array:
    """Return how unlikely it is that no note began, in nats."""
    return np.asarray(-np.log(1.0 - np.minimum(onset, 1.0 - 1e-3)))


def _pitch_between(frames: Frames, at: npt.NDArray[np.intp], settings: ScoreSettings) -> Iterator[Floats | Array]:
    """Yield (pitches,) the sum of pitch scores from each boundary to the next."""
    first = 0
    while first < len(at) - 1:
        stop = max(first + 1, int(np.searchsorted(at, at[first] + PIECE_FRAMES)) - 1)
        rows = slice(int(at[first]), int(at[stop]))
        scores = pitch_scores(frames, rows, settings.one_pitch)
        yield from np.add.reduceat(scores, at[first:stop] - at[first], axis=0)
        first = stop


def _traced(at: Boundaries, origin: npt.NDArray[np.int_], place: npt.NDArray[np.intp]) -> list[Span]:
    """Walk back from the last boundary and return the notes in order of time."""
    found: list[tuple[int, int]] = []
    j = len(origin) - 1
    while j > 0:
        i = int(origin[j])
        if i >= 0:
            found.append((i, j))
        j = i if i >= 0 else j - 1
    found.reverse()
    begins, ends = _places(at, found)
    return [
        Span(int(at.frame[i]), int(at.frame[j]), begin, end, float(GRID_MIDI[place[j]]), float(at.onset[i]))
        for (i, j), begin, end in zip(found, begins, ends, strict=True)
    ]


def _places(at: Boundaries, found: list[tuple[int, int]]) -> tuple[list[float], list[float]]:
    """Return where each note begins and ends, none moved so far that notes would meet, touching ones made to touch."""
    first, stop = (at.frame[[pair[side] for pair in found]].astype(np.float64) for side in (0, 1))
    half = (stop - first - 1.0) / 2.0
    before = np.concatenate([first[:1], np.minimum(first[1:] - stop[:-1] + half[:-1], CENTRE_FRAMES)])
    begins = np.clip(at.begin_place[[i for i, _ in found]], first - before, first + half)
    ends = np.maximum(at.end_place[[j for _, j in found]], stop - half)
    after = np.append(begins[1:], np.inf)
    ends = np.where(after <= ends + 1.0, after, ends)
    return begins.tolist(), ends.tolist()
