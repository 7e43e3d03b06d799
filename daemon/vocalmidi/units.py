"""The units of Vocal MIDI and the only functions that convert between them.

Time is counted in samples of the recording up to events, in quarter notes from the phrase on, and in ticks only
where a file or Reaper wants them. Pitch is a float MIDI number (A4 = 69.0 = 440 Hz), except `Hz` on frames.
"""

import math
from typing import NewType

import numpy as np
import numpy.typing as npt

SampleIndex = NewType("SampleIndex", int)
"""Position in a recording or stream: samples since its first one, at the rate of its source."""
Seconds = NewType("Seconds", float)
"""Duration or position in seconds."""
QuarterNotes = NewType("QuarterNotes", float)
"""Musical duration or position; one is a quarter note whatever the metre."""
Ticks = NewType("Ticks", int)
"""Position in a MIDI file, in parts of a quarter note."""
Hz = NewType("Hz", float)
"""Frequency."""
Cents = NewType("Cents", float)
"""Pitch interval; 100 is an equal-tempered semitone."""

A4_HZ = 440.0
"""ISO 16."""
A4_PITCH_MIDI = 69
TICKS_PER_QN = 960
"""Divides by every grid up to 64th notes and their triplets; also Reaper's default resolution."""
FULL_LEVEL_DB = 6.0
"""Above the middle of a take's notes, where a controller of volume is full: 99 % is softer (SSVD 2.0)."""
DB_PER_DECADE_OF_VOLUME = 40.0
"""Controllers 7 and 11 sound 40 log10(value / 127) dB softer than full (General MIDI 1 Developer Guidelines)."""
FLOOR_DB = -120.0
"""Level reported for digital silence, below the noise of any 16-bit recording."""


def samples_to_seconds(samples: float, sample_rate_hz: int) -> Seconds:
    """Return the duration of `samples` at `sample_rate_hz`."""
    return Seconds(samples / sample_rate_hz)


def seconds_to_samples(seconds: float, sample_rate_hz: int) -> SampleIndex:
    """Return the sample nearest to `seconds`."""
    return SampleIndex(round(seconds * sample_rate_hz))


def seconds_to_qn(seconds: float, tempo_qpm: float) -> QuarterNotes:
    """Return how many quarter notes pass in `seconds` at a constant tempo."""
    return QuarterNotes(seconds * tempo_qpm / 60.0)


def qn_to_seconds(qn: float, tempo_qpm: float) -> Seconds:
    """Return how long `qn` quarter notes last at a constant tempo."""
    return Seconds(qn * 60.0 / tempo_qpm)


def qn_to_ticks(qn: float) -> Ticks:
    """Return the tick nearest to `qn`."""
    return Ticks(round(qn * TICKS_PER_QN))


def tempo_to_us_per_qn(tempo_qpm: float) -> int:
    """Return the tempo as a Standard MIDI File writes it: whole microseconds a quarter note."""
    return round(60_000_000 / tempo_qpm)


def hz_to_midi(f0_hz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the MIDI pitch of frequencies above zero."""
    return A4_PITCH_MIDI + 12.0 * np.log2(np.asarray(f0_hz, np.float64) / A4_HZ)


def midi_to_hz(pitch_midi: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the frequency of MIDI pitches, whole or between the keys."""
    octaves = (np.asarray(pitch_midi, np.float64) - A4_PITCH_MIDI) / 12.0
    return np.asarray(A4_HZ * 2.0**octaves, np.float64)


def amplitude_to_db(amplitude: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the level in dB re full scale, `FLOOR_DB` for digital silence."""
    smallest = 10.0 ** (FLOOR_DB / 20.0)
    audible = np.maximum(np.abs(np.asarray(amplitude, np.float64)), smallest)
    return np.asarray(20.0 * np.log10(audible), np.float64)


def level_to_controller(level_db: float) -> int:
    """Return the value 0–127 at which a controller of volume sounds `level_db` above the middle of a take's notes."""
    share = math.pow(10.0, (level_db - FULL_LEVEL_DB) / DB_PER_DECADE_OF_VOLUME)
    return round(127.0 * min(1.0, share))
