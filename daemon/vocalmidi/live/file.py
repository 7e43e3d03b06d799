"""Live MIDI as a Standard MIDI File: each message at the moment it was decided.

In: messages with the sample at which each went out. Out: a file of type 0. It changes nothing: what was played wrong
and corrected is in it as it was played.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import mido

from vocalmidi.units import (
    TICKS_PER_QN,
    SampleIndex,
    qn_to_ticks,
    samples_to_seconds,
    seconds_to_qn,
    tempo_to_us_per_qn,
)

USUAL_TEMPO_QPM = 120.0
"""Where none is known: a tick is half a millisecond."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message and the sample at which it went out."""

    at: SampleIndex
    message: bytes


def live_file_bytes(sent: Sequence[Sent], sample_rate_hz: int, tempo_qpm: float = USUAL_TEMPO_QPM) -> bytes:
    """Return the messages, in order, as the bytes of a .mid file."""
    track = mido.MidiTrack([mido.MetaMessage("track_name", name="Live")])
    track.append(mido.MetaMessage("set_tempo", tempo=tempo_to_us_per_qn(tempo_qpm)))
    now = 0
    for each in sent:
        tick = max(now, qn_to_ticks(seconds_to_qn(samples_to_seconds(each.at, sample_rate_hz), tempo_qpm)))
        track.append(mido.Message.from_bytes(each.message, time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=0))
    file = mido.MidiFile(type=0, ticks_per_beat=TICKS_PER_QN, tracks=[track])
    stream = io.BytesIO()
    file.save(file=stream)
    return stream.getvalue()
