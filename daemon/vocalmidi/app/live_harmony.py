"""Live chords for the live path: events in samples in, a chord whenever a half bar begins.

Comes in: what the live decoder says, in order, at a constant tempo, metre and maybe key that were given. Goes out:
`ChordSaid`s. The first bar line is the onset of the first note, as a player without accompaniment begins. Only what
had been decided by then counts: a note still sounding lasts until now, with the pitch said last.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vocalmidi.app.choices import parse_key, parse_meter, parse_tempo
from vocalmidi.arrange import LIVE_HARMONY_MODEL, LiveChord, LiveChords
from vocalmidi.config import Settings
from vocalmidi.inference import Model, open_model
from vocalmidi.units import (
    SampleIndex,
    qn_to_seconds,
    samples_to_seconds,
    seconds_to_qn,
    seconds_to_samples,
)
from vocalmidi.values import Key, LiveEvent, Meter, NoteOff, NoteOn, NoteRevision


@dataclass(frozen=True, slots=True)
class LiveHarmony:
    """What live chords go by: the network, the tempo in quarter notes a minute, the metre, the key if it is known."""

    model: Model
    tempo_qpm: float
    meter: Meter
    key: Key | None


@dataclass(frozen=True, slots=True)
class ChordSaid:
    """A live chord, and the sample at which it was said."""

    chord: LiveChord
    decided: SampleIndex


def open_live_harmony(settings: Settings) -> LiveHarmony | None:
    """Return what live chords go by, None where no tempo is given: without one nobody knows where half bars begin."""
    tempo_qpm = parse_tempo(settings.tempo)
    if tempo_qpm is None:
        return None
    where = "cpu" if settings.provider == "auto" else settings.provider  # as the arranger's networks: it is small
    model = open_model(LIVE_HARMONY_MODEL, where)
    return LiveHarmony(model, tempo_qpm, parse_meter(settings.meter) or Meter(), parse_key(settings.key))


class ChordWatch:
    """The state of live chords over one recording."""

    def __init__(self, harmony: LiveHarmony, sample_rate_hz: int) -> None:
        self._tempo_qpm, self._rate = harmony.tempo_qpm, sample_rate_hz
        self._chords = LiveChords(harmony.model, harmony.meter, harmony.key)
        self._notes = dict[int, tuple[NoteOn, float, SampleIndex | None]]()
        self._first: SampleIndex | None = None
        self._known = SampleIndex(0)
        self._steps = 0

    def until(self, now: SampleIndex) -> Iterator[ChordSaid]:
        """Yield the chords of half bars that begin before a sample."""
        while self._first is not None:
            after_s = qn_to_seconds(self._steps * self._chords.step_qn, self._tempo_qpm)
            due = SampleIndex(self._first + seconds_to_samples(after_s, self._rate))
            if due >= now:
                return
            self._steps += 1
            chord = self._chords.next_chord(self._sung(due))
            if chord is not None:
                yield ChordSaid(chord, SampleIndex(max(due, self._known)))

    def hear(self, event: LiveEvent) -> None:
        """Remember what was sung."""
        match event:
            case NoteOn():
                if self._first is None:
                    self._first, self._known = event.onset, event.decided
                self._notes[event.note_id] = (event, event.pitch_midi, None)
            case NoteRevision():
                on, _, offset = self._notes[event.note_id]
                self._notes[event.note_id] = (on, event.pitch_midi, offset)
            case NoteOff():
                on, pitch, _ = self._notes[event.note_id]
                self._notes[event.note_id] = (on, pitch, event.offset)
            case _:
                pass

    def _sung(self, now: SampleIndex) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Return (n, 3) start_qn, length_qn so far, MIDI number of the notes known by now."""
        rows = [
            [self._qn(on.onset), self._qn(now if offset is None else offset) - self._qn(on.onset), round(pitch)]
            for on, pitch, offset in self._notes.values()
            if on.onset < now
        ]
        return np.array(rows, np.float64).reshape(-1, 3)

    def _qn(self, at: SampleIndex) -> float:
        return float(seconds_to_qn(samples_to_seconds(at - (self._first or 0), self._rate), self._tempo_qpm))
