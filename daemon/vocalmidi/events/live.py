"""Notes and hits at once, for playing along: causal, and what was said is never taken back.

In: `Frames` as they come. Out: `NoteOn`, `NoteRevision`, `NoteOff`, `LiveHit`, `HitRevision`, each with the last source
sample its decision needed. The considered reading of the same sound (`transcription`) may differ: that one is written,
this one is heard.
"""

from collections import deque
from dataclasses import replace

import numpy as np

from vocalmidi.events.live_hits import HitWatch
from vocalmidi.events.live_notes import Begun, Ended, NoteWatch, Said
from vocalmidi.events.loudness import velocity
from vocalmidi.events.settings import LiveSettings
from vocalmidi.units import SampleIndex
from vocalmidi.values import Frames, LiveEvent, NoteOff, NoteOn, NoteRevision, Strike

MEMORY_SOUNDS = 32
"""Notes whose middle level stands for the take's loudness: about two phrases."""

RISE_SHARE = 0.5
"""Of a difference in level on the rise that counts: it tells the note's own loudness within 5 dB only (SSVD), which is
more than notes of one phrase differ by and less than a crescendo."""


class LiveDecoder:
    """Turns one stream of frames into live events; use one for each source.

    look_ahead_samples: how many source samples after its centre a frame needed, as the analyser says.
    """

    def __init__(self, sample_rate_hz: int, look_ahead_samples: int, settings: LiveSettings | None = None) -> None:
        if sample_rate_hz <= 0 or look_ahead_samples < 0:
            raise ValueError(f"rate {sample_rate_hz} Hz must be above 0, look-ahead {look_ahead_samples} not below")
        self._rate, self._look_ahead = sample_rate_hz, look_ahead_samples
        numbers = settings or LiveSettings()
        if look_ahead_samples / sample_rate_hz > numbers.patient_s:
            numbers = replace(numbers, margins=numbers.patient)
        self._settings = numbers
        self._origin: Frames | None = None
        self._notes: NoteWatch | None = None
        self._hits = HitWatch(numbers.hit, sample_rate_hz)
        self._count, self._ids = 0, 0
        self._note_levels: deque[float] = deque(maxlen=MEMORY_SOUNDS)
        self._latest = 0

    def push(self, frames: Frames) -> tuple[LiveEvent, ...]:
        """Take the next frames and return what they decide, in order of decision."""
        if frames.sample_rate_hz != self._rate:
            raise ValueError(f"frames at {frames.sample_rate_hz} Hz in a stream at {self._rate} Hz")
        if self._notes is None:
            self._origin = frames
            self._notes = NoteWatch(self._settings, frames.hop_s)
        events: list[LiveEvent] = []
        strikes = deque(frames.strikes)
        for row, said in enumerate(self._notes.push(frames)):
            decided = self._decided(self._count)
            # Whatever the pieces, a strike known before a frame is heard before it.
            while strikes and strikes[0].heard <= decided:
                events += self._hit_events(strikes.popleft())
            events += [self._note_event(each, float(frames.level_db[row]), decided) for each in said]
            self._latest = decided
            self._count += 1
        return (*events, *(event for strike in strikes for event in self._hit_events(strike)))

    def finish(self) -> tuple[LiveEvent, ...]:
        """End the stream: a sounding note ends with its last frame."""
        if self._notes is None:
            return ()
        decided = self._decided(self._count - 1)
        return tuple(self._note_event(each, 0.0, decided) for each in self._notes.finish())

    def _note_event(self, said: Said, level_db: float, decided: SampleIndex) -> LiveEvent:
        if isinstance(said, Begun):
            self._ids += 1
            self._note_levels.append(level_db)
            middle_db = float(np.median(self._note_levels))
            strength = velocity(middle_db + RISE_SHARE * (level_db - middle_db), middle_db)
            onset = self._sample(max(0.0, said.place))
            return NoteOn(self._ids, onset, said.pitch_midi, strength, said.confidence, decided)
        if isinstance(said, Ended):
            return NoteOff(self._ids, self._sample(said.place), decided)
        return NoteRevision(self._ids, said.pitch_midi, said.confidence, decided)

    def _hit_events(self, strike: Strike) -> list[LiveEvent]:
        said = self._hits.push(strike)
        # A frame counts its sound up to a sample or two more than it needed.
        return [] if said is None else [replace(said, decided=SampleIndex(max(said.decided, self._latest)))]

    def _decided(self, frame: int) -> SampleIndex:
        return SampleIndex(self._sample(frame) + self._look_ahead)

    def _sample(self, frame: float) -> SampleIndex:
        if self._origin is None:
            return SampleIndex(0)
        return self._origin.sample_at(frame)
