"""The room's own tones: hum of the mains, a fan, a fridge are no notes, however clear their pitch.

In: level, pitch and voicing of frames. Out: whether a note is the room's. Three marks, and all of them count for soft
sound alone, since a flute or an oscillator may be as steady but is played to be heard: it does not rise over what was
there before; it keeps its pitch and level for a second as no voice does; it has the pitch of such a tone.
In a second of a sung note the pitch moves by 17 cents at least (99 of 100 in the training part of SSVD, means of a
tenth of a second) and the level by 1.6 dB; a recorded hum moves by 3–10 cents and by 0.2 dB.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np

from vocalmidi.events.evidence import Array
from vocalmidi.events.search import Span
from vocalmidi.events.settings import RoomSettings
from vocalmidi.values import Floats, Frames

LEVEL_FRAMES, PITCH_FRAMES = 5, 10
"""Frames of which the level, and the pitch, is taken together: what noise moves within is no movement."""
EDGE_FRAMES = 3
"""Half of what the level of a recording's first and last frames is measured on lies outside of it."""
QUIETEST_DB = -70.0
"""The floor is no lower: zeros that a device begins with are no room."""
RISE_DB_PER_S = 1.0
"""By which the floor follows what gets louder: over a phrase without a breath it stays far below the voice."""
MOST_TONES = 4
PULLED_SEMITONES = 0.5
"""A click over a tone pulls its pitch so far."""
VOICED = 0.05
"""Below, the pitch is a guess."""
FLOOR_SHARE, TONE_SHARE = 0.3, 0.8
"""Of a second at the room's level (the rest may be breath and keys), and of that on one pitch, to be a tone."""


def without_room(frames: Frames, spans: Sequence[Span], settings: RoomSettings) -> list[Span]:
    """Return the spans that are notes, not tones of the room."""
    heard = [_Heard(frames, span, settings) for span in spans]
    tones = [one.pitch_midi for one in heard if one.is_rooms and one.is_tone]
    return [
        span
        for span, one in zip(spans, heard, strict=True)
        if not one.is_rooms
        and not (one.is_soft and any(100.0 * abs(one.pitch_midi - tone) <= settings.tone_cents for tone in tones))
    ]


class _Heard:
    """What tells one span from the room."""

    def __init__(self, frames: Frames, span: Span, settings: RoomSettings) -> None:
        rows = slice(span.first, span.stop)
        level_db = float(np.median(frames.level_db[rows]))
        self.pitch_midi = float(np.median(frames.candidate_midi[rows, 0]))
        self.is_soft = level_db < settings.loudest_db
        self.is_tone = self.is_rooms = False
        if self.is_soft:
            length_s = (span.stop - span.first) * frames.hop_s
            moved_cents = 100.0 * _moved(frames.candidate_midi[rows, 0])
            self.is_tone = length_s >= settings.still_s / 2.0 and moved_cents <= settings.still_cents
            still = length_s >= settings.still_s and _moved(frames.level_db[rows]) <= settings.still_db
            rise_db = level_db - _floor_db(frames, span, round(settings.around_s / frames.hop_s))
            self.is_rooms = rise_db < settings.least_rise_db or (self.is_tone and still)


def _moved(values: Floats) -> float:
    """Return how far the tenths of a second lie from each other, but for one in ten at either end."""
    means = _means(values, PITCH_FRAMES)
    low, high = np.percentile(means, [10.0, 90.0])
    return float(high - low)


def _floor_db(frames: Frames, span: Span, reach: int) -> float:
    """Return the lowest level in and around a span."""
    first, stop = max(span.first - reach, EDGE_FRAMES), min(span.stop + reach, len(frames) - EDGE_FRAMES)
    return float(_means(frames.level_db[first : max(stop, first + 1)], LEVEL_FRAMES).min())


def _means(values: Floats, frames: int) -> Array:
    """Return the mean of so many values after another; of all where they are fewer."""
    whole = len(values) // frames * frames
    return np.asarray(values[:whole].reshape(-1, frames).mean(axis=1) if whole else values.mean(keepdims=True))


class Room:
    """Follows one stream, to tell its notes from the room while it goes on."""

    def __init__(self, settings: RoomSettings, hop_s: float) -> None:
        self._settings = settings
        self._rising_db = RISE_DB_PER_S * hop_s
        self._floor_db = np.inf
        blocks = max(2, round(settings.still_s / hop_s / PITCH_FRAMES))
        self._second = np.zeros((blocks * PITCH_FRAMES, 3))
        self._latest_db = np.full(PITCH_FRAMES, QUIETEST_DB)
        self._tones: deque[tuple[float, float]] = deque(maxlen=MOST_TONES)  # pitch, level
        self._count = 0
        self._level_db = 0.0
        self._still = False

    def push(self, level_db: float, pitch_midi: float, voicing: float) -> None:
        """Take the next frame."""
        self._level_db = level_db
        self._latest_db[self._count % PITCH_FRAMES] = level_db
        row = self._count % len(self._second)
        self._second[row] = level_db, pitch_midi, voicing
        self._count += 1
        if self._count % LEVEL_FRAMES == 0 and self._count > EDGE_FRAMES + LEVEL_FRAMES:
            latest_db = self._second[row + 1 - LEVEL_FRAMES : row + 1, 0]
            self._floor_db = min(self._floor_db, float(latest_db.mean()))
        self._floor_db = max(self._floor_db + self._rising_db, QUIETEST_DB)
        if self._count % PITCH_FRAMES == 0 and self._count >= len(self._second):
            self._listen()

    def _listen(self) -> None:
        """Tell from the last second whether the room has a tone."""
        s = self._settings
        levels_db, pitches, voicing = self._second.T
        # The oldest row need not be the first: of the means only the range counts.
        level_db, pitch_midi = (self._second[:, k].reshape(-1, PITCH_FRAMES).mean(axis=1) for k in (0, 1))
        self._still = bool(
            voicing.min() >= VOICED
            and level_db.max() < s.loudest_db
            and np.ptp(level_db) <= s.still_db
            and 100.0 * np.ptp(pitch_midi) <= s.still_cents
        )
        if self._still:
            self._floor_db = max(self._floor_db, float(level_db[-1]))
        at_floor = (levels_db < min(self._floor_db + s.least_rise_db, s.loudest_db)) & (voicing >= VOICED)
        if at_floor.sum() >= FLOOR_SHARE * len(levels_db):
            self._add_tone(pitches[at_floor], float(levels_db[at_floor].mean()))

    def _add_tone(self, pitches: Array, level_db: float) -> None:
        """Remember what sounds at the level of the room, if it is one tone and a new one."""
        tone, cents = float(np.median(pitches)), self._settings.tone_cents
        one = np.mean(100.0 * np.abs(pitches - tone) <= cents) >= TONE_SHARE
        if one and not any(100.0 * abs(tone - known) <= cents for known, _ in self._tones):
            self._tones.append((tone, level_db))

    def holds(self, pitch_midi: float) -> bool:
        """Return whether a note of this pitch that begins now is the room's."""
        s = self._settings
        if self._level_db < min(s.loudest_db, self._floor_db + s.least_rise_db):
            return True
        lasting_db = float(self._latest_db.min())
        return any(
            self._level_db < tone_db + s.click_db
            and (abs(pitch_midi - tone) <= PULLED_SEMITONES or lasting_db < tone_db + s.lasting_db)
            for tone, tone_db in self._tones
        )

    def has_become(self, pitch_midi: float) -> bool:
        """Return whether the note of this pitch that sounds has turned out to be the room's."""
        return self._still and self.holds(pitch_midi)
