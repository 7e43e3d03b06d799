"""Notes and hits at once, for playing along: causal, and what was said is never taken back.

In: `Frames` as they come. Out: `NoteOn`, `NoteOff`, `LiveHit`, each with the last source sample its decision needed.
The considered reading of the same sound (`transcription`) may differ: that one is written, this one is heard.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from vocalmidi.events.live_hits import HitWatch
from vocalmidi.events.loudness import velocity
from vocalmidi.events.settings import LiveSettings
from vocalmidi.units import SampleIndex, hz_to_midi
from vocalmidi.values import Frames, HitEvent, LiveEvent, LiveHit, NoteOff, NoteOn

MEMORY_FRAMES = 16
"""128 ms of level, to see a dip before an onset."""
MEMORY_SOUNDS = 32
"""Notes, or hits, whose middle level stands for the take's loudness: about two phrases."""


@dataclass(slots=True)
class _Sounding:
    """The note that sounds now."""

    note_id: int
    first: int
    pitch_midi: float


@dataclass(frozen=True, slots=True)
class _Heard:
    """One frame as the note logic sees it; pitch is None where too little is voiced to begin a note."""

    frame: int
    pitch_midi: float | None
    voicing: float
    onset: float
    level_db: float


class LiveDecoder:
    """Turns one stream of frames into live events; use one for each source.

    look_ahead_samples: how many source samples after its centre a frame needed (`FrameAnalyser.look_ahead_samples`).
    """

    def __init__(self, sample_rate_hz: int, look_ahead_samples: int, settings: LiveSettings | None = None) -> None:
        if sample_rate_hz <= 0 or look_ahead_samples < 0:
            raise ValueError(f"rate {sample_rate_hz} Hz must be above 0, look-ahead {look_ahead_samples} not below")
        self._rate, self._look_ahead = sample_rate_hz, look_ahead_samples
        self._settings = settings or LiveSettings()
        self._hits: HitWatch | None = None
        self._count, self._ids = 0, 0
        self._origin: Frames | None = None
        self._sounding: _Sounding | None = None
        self._run: list[float] = []
        self._away: list[float] = []
        self._unvoiced = 0
        self._levels: deque[float] = deque(maxlen=MEMORY_FRAMES)
        self._note_levels: deque[float] = deque(maxlen=MEMORY_SOUNDS)
        self._hit_levels: deque[float] = deque(maxlen=MEMORY_SOUNDS)

    def push(self, frames: Frames) -> tuple[LiveEvent, ...]:
        """Take the next frames and return what they decide, in order of decision."""
        if frames.sample_rate_hz != self._rate:
            raise ValueError(f"frames at {frames.sample_rate_hz} Hz in a stream at {self._rate} Hz")
        if self._origin is None and len(frames):
            self._origin = frames
            self._hits = HitWatch(self._settings.hit, frames.hop_s)
        events: list[LiveEvent] = []
        for row in range(len(frames)):
            events += self._note_events(self._heard(frames, row))
            events += self._hit_events(frames, row)
            self._count += 1
        return tuple(events)

    def finish(self) -> tuple[LiveEvent, ...]:
        """End the stream: a sounding note ends with its last frame."""
        if self._sounding is None:
            return ()
        return (self._note_off(self._count, self._decided(self._count - 1)),)

    def _heard(self, frames: Frames, row: int) -> _Heard:
        voicing = float(frames.voicing[row])
        audible = voicing >= self._settings.off_voicing and frames.f0_hz[row] > 0.0
        pitch = float(hz_to_midi(frames.f0_hz[row])) if audible else None
        return _Heard(self._count, pitch, voicing, float(frames.onset[row]), float(frames.level_db[row]))

    def _note_events(self, heard: _Heard) -> list[LiveEvent]:
        self._levels.append(heard.level_db)
        self._follow_run(heard)
        if self._sounding is None:
            return self._begun(heard)
        self._unvoiced = self._unvoiced + 1 if heard.pitch_midi is None else 0
        if self._unvoiced >= self._settings.off_frames:
            return [self._note_off(heard.frame - self._unvoiced + 1, self._decided(heard.frame))]
        if self._has_moved(self._sounding, heard) or self._is_struck_again(self._sounding, heard):
            return self._begun(heard)
        return []

    def _follow_run(self, heard: _Heard) -> None:
        """Collect the pitches of the last voiced frames in a row."""
        if heard.pitch_midi is None or (heard.voicing < self._settings.on_voicing and not self._run):
            self._run = []
        else:
            self._run = [*self._run[-MEMORY_FRAMES:], heard.pitch_midi]

    def _begun(self, heard: _Heard) -> list[LiveEvent]:
        """Return the note-on (after the note-off of what sounded) once the pitch has settled."""
        recent = self._run[-self._settings.on_frames :]
        if len(recent) < self._settings.on_frames or max(recent) - min(recent) > self._settings.settled_semitones:
            return []
        decided = self._decided(heard.frame)
        first = heard.frame - len(recent) + 1
        ended = [] if self._sounding is None else [self._note_off(first, decided)]
        return [*ended, self._note_on(first, float(np.median(recent)), heard, decided)]

    def _has_moved(self, note: _Sounding, heard: _Heard) -> bool:
        """Return whether the pitch has left the note for long enough."""
        if heard.pitch_midi is None:
            return False
        off = heard.pitch_midi - note.pitch_midi
        same_side = not self._away or (self._away[-1] > 0.0) == (off > 0.0)
        self._away = [*(self._away if same_side else []), off] if abs(off) > self._settings.away_semitones else []
        if len(self._away) >= self._settings.leap_frames:
            latest = self._away[-self._settings.leap_frames :]
            if min(abs(step) for step in latest) >= self._settings.leap_semitones:
                return True
        latest = self._away[-self._settings.away_frames :]
        settled = max(latest, default=0.0) - min(latest, default=0.0) <= self._settings.settled_semitones
        return len(latest) == self._settings.away_frames and settled

    def _is_struck_again(self, note: _Sounding, heard: _Heard) -> bool:
        """Return whether the same pitch is sung anew: an onset after a dip of the level."""
        if heard.onset < self._settings.onset or heard.frame - note.first < self._settings.again_frames:
            return False
        levels = list(self._levels)
        lowest = int(np.argmin(levels))
        return min(max(levels[: lowest + 1]), levels[-1]) - levels[lowest] >= self._settings.again_dip_db

    def _hit_events(self, frames: Frames, row: int) -> list[LiveEvent]:
        if self._hits is None:
            return []
        struck = self._hits.push(self._count, frames.hit[row], float(frames.level_db[row]))
        if struck is None:
            return []
        self._hit_levels.append(struck.level_db)
        strength = velocity(struck.level_db, float(np.median(self._hit_levels)))
        hit = HitEvent(self._sample(max(0.0, struck.place)), struck.label, strength, struck.confidence)
        return [LiveHit(hit, self._decided(self._count))]

    def _note_on(self, first: int, pitch_midi: float, heard: _Heard, decided: SampleIndex) -> NoteOn:
        self._ids += 1
        self._sounding = _Sounding(self._ids, first, pitch_midi)
        self._away, self._unvoiced = [], 0
        self._note_levels.append(heard.level_db)
        strength = velocity(heard.level_db, float(np.median(self._note_levels)))
        onset = self._sample(max(0.0, first - 0.5))
        return NoteOn(self._ids, onset, min(max(pitch_midi, 0.0), 127.0), strength, min(heard.voicing, 1.0), decided)

    def _note_off(self, frame: int, decided: SampleIndex) -> NoteOff:
        note, self._sounding = self._sounding, None
        if note is None:
            raise ValueError("no note sounds")
        self._away = []
        return NoteOff(note.note_id, self._sample(frame - 0.5), decided)

    def _decided(self, frame: int) -> SampleIndex:
        return SampleIndex(self._sample(frame) + self._look_ahead)

    def _sample(self, frame: float) -> SampleIndex:
        if self._origin is None:
            return SampleIndex(0)
        return self._origin.sample_at(frame)
