"""Considered notes: the best reading of a whole recording's frames.

In: `Frames`. Out: `NoteEvent`s in order, never two at once. The search is `search.py`; here each note found gets its
pitch, its curve, its level and what it is worth believing. Knows nothing of hits; `weighing` compares the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vocalmidi.events.bend import smoothed, thinned
from vocalmidi.events.confidence import CONSIDERED, PITCH_SEMITONES
from vocalmidi.events.dynamics import level_points
from vocalmidi.events.evidence import GRID_MIDI, Array
from vocalmidi.events.loudness import velocities
from vocalmidi.events.room import without_room
from vocalmidi.events.search import Span, find_spans
from vocalmidi.events.settings import RangeSettings, RoomSettings, ScoreSettings
from vocalmidi.events.singer_range import range_worth
from vocalmidi.units import Cents, SampleIndex
from vocalmidi.values import BendPoint, Floats, Frames, LevelPoint, NoteEvent

NEAR_SEMITONES = 2.0
"""A candidate further from the note's pitch is another pitch: the widest vibrato and most of a scoop are within."""
EDGE_SHARE = 8
"""An eighth of a note at either end, where it comes and goes, does not count for its pitch."""
LEVEL_PERCENTILE = 80.0
"""A note is as loud as its louder fifth: consonants and its end are not its loudness."""
LEAST_VOICED = 0.3
"""Frames less surely pitched are bridged in the curve."""


@dataclass(frozen=True, slots=True, eq=False)
class SungNote:
    """A note before its velocity is known.

    first, stop: places in frames, between two of them. curve_from: frame of the first of `curve`.
    curve: a pitch for each frame. level_db: of its louder part. confidence: 0–1.
    """

    first: float
    stop: float
    pitch_midi: float
    curve_from: int
    curve: Array
    level_db: float
    confidence: float


def find_notes(frames: Frames, settings: ScoreSettings, singer: RangeSettings, room: RoomSettings) -> list[SungNote]:
    """Return the notes of a recording, in order; a second search knows the singer's range from the first."""
    spans = without_room(frames, find_spans(frames, settings), room)
    worth = range_worth([span.pitch_midi for span in spans], [span.stop - span.first for span in spans], singer)
    if any(np.interp(span.pitch_midi, GRID_MIDI, worth) < 0.0 for span in spans):
        spans = without_room(frames, find_spans(frames, settings, worth), room)
    return [_sung(frames, span) for span in spans]


def note_events(frames: Frames, sung: Sequence[SungNote]) -> list[NoteEvent]:
    """Return the notes as events, their velocities and levels relative to each other."""
    levels_db = [note.level_db for note in sung]
    middle_db = float(np.median(levels_db)) if sung else 0.0
    return [
        replace(_event(frames, note, strength), level=_level(frames, note, middle_db))
        for note, strength in zip(sung, velocities(levels_db), strict=True)
    ]


def _sung(frames: Frames, span: Span) -> SungNote:
    rows = slice(span.first, span.stop)
    curve, weight = sung_curve(frames.candidate_midi[rows], frames.candidate_share[rows], span.pitch_midi)
    weight *= frames.voicing[rows]
    pitch_midi = middle_of(curve, weight, span.pitch_midi)
    level_db = float(np.percentile(frames.level_db[rows], LEVEL_PERCENTILE))
    near = np.abs(frames.candidate_midi[rows] - pitch_midi) <= PITCH_SEMITONES
    share = float((frames.candidate_share[rows] * near).sum(axis=1).mean())
    first = int(np.ceil(span.begin_place))
    heard = slice(first, max(first + 1, int(span.end_place)))
    bridged = _bridged(frames, heard, pitch_midi)
    return SungNote(
        span.begin_place, span.end_place, pitch_midi, first, bridged, level_db, CONSIDERED.of(share, span.onset)
    )


def sung_curve(midi: Floats, share: Floats, near_midi: float) -> tuple[Array, Array]:
    """Return (n,) for each frame the likeliest candidate near a pitch, and its share; 0 where none is near."""
    near = np.where(np.abs(midi - near_midi) <= NEAR_SEMITONES, share, 0.0)
    rows, column = np.arange(len(near)), near.argmax(axis=1)
    return midi[rows, column].astype(np.float64), near[rows, column].astype(np.float64)


def middle_of(curve: Array, weight: Array, otherwise: float) -> float:
    """Return the weighted median of a note's pitch without its ends."""
    edge = len(curve) // EDGE_SHARE
    inner = slice(edge, max(edge + 1, len(curve) - edge))
    pitch, counts = curve[inner], weight[inner]
    total = float(counts.sum())
    if total <= 0.0:
        return otherwise
    order = np.argsort(pitch, kind="stable")
    middle = int(np.searchsorted(np.cumsum(counts[order]), total / 2.0))
    return float(np.clip(pitch[order][min(middle, len(order) - 1)], 0.0, 127.0))


def _bridged(frames: Frames, rows: slice, pitch_midi: float) -> Array:
    """Return the curve of some rows near a pitch, with straight lines where it is not surely heard."""
    curve, weight = sung_curve(frames.candidate_midi[rows], frames.candidate_share[rows], pitch_midi)
    good = weight * frames.voicing[rows] >= LEAST_VOICED
    if not good.any():
        return np.full(len(curve), pitch_midi)
    count = np.arange(len(curve))
    return np.interp(count, count[good], curve[good])


def _event(frames: Frames, note: SungNote, velocity: int) -> NoteEvent:
    cents = 100.0 * (smoothed(note.curve) - note.pitch_midi)
    onset = max(frames.start, frames.sample_at(note.first))
    offset = SampleIndex(max(frames.sample_at(note.stop), onset + 1))
    points = [(frames.sample_at(note.curve_from + k), float(cents[k])) for k in thinned(cents)]
    bend = tuple(BendPoint(at, Cents(round(value, 1))) for at, value in points if onset <= at < offset)
    return NoteEvent(onset, offset, note.pitch_midi, velocity, note.confidence, bend)


def _level(frames: Frames, note: SungNote, middle_db: float) -> tuple[LevelPoint, ...]:
    """Return the level of a note's frames from its onset on, re the middle of all notes."""
    rows = slice(note.curve_from, note.curve_from + len(note.curve))
    points = level_points(frames.level_db[rows].astype(np.float64), frames.hop_s)
    onset, offset = frames.sample_at(note.first), frames.sample_at(note.stop)
    # The first frame's level is there when the note begins, some part of a frame before it.
    at = [max(frames.start, onset), *(frames.sample_at(note.curve_from + frame) for frame, _ in points[1:])]
    curve = zip(at, (level_db for _, level_db in points), strict=True)
    return tuple(LevelPoint(place, round(level_db - middle_db, 1)) for place, level_db in curve if place < offset)
