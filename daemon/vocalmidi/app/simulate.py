"""The whole live path, fed from a file: what a player would have got, and when.

Comes in: a recording. Goes out: the live notes and hits, each with the last sample its decision needed. Sound passes
the ring, the streaming analyser and the live decoder in device-sized blocks, exactly as from a microphone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vocalmidi.capture import Recording, paced
from vocalmidi.events import LiveDecoder
from vocalmidi.frames import FrameAnalyser
from vocalmidi.inference import Model
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock, LiveEvent, LiveHit, NoteOff, NoteOn

LIVE_BLOCK_SAMPLES = 128
"""The usual block of an audio interface set for playing live: 2.7 ms at 48 kHz."""
Listener = Callable[[LiveEvent], None]


@dataclass(frozen=True, slots=True)
class LiveNote:
    """A note as the live path gave it out: its note-on and where it ended."""

    on: NoteOn
    offset: SampleIndex


@dataclass(frozen=True, slots=True)
class LiveTake:
    """All that the live path gave out for one recording, in order of decision."""

    duration_samples: SampleIndex
    sample_rate_hz: int
    notes: tuple[LiveNote, ...]
    hits: tuple[LiveHit, ...]


def simulate(recording: Recording, model: Model, speed: float | None, on_event: Listener | None = None) -> LiveTake:
    """Play the recording through the live path, `speed` times as fast as real time (None: as fast as it goes)."""
    analyser = FrameAnalyser(recording.sample_rate_hz, model)
    decoder = LiveDecoder(recording.sample_rate_hz, analyser.look_ahead_samples)
    events: list[LiveEvent] = []
    for event in _live_events(paced(recording.blocks(LIVE_BLOCK_SAMPLES), speed), analyser, decoder):
        events.append(event)
        if on_event is not None:
            on_event(event)
    return _take(events, recording)


def _live_events(blocks: Iterable[AudioBlock], analyser: FrameAnalyser, decoder: LiveDecoder) -> Iterable[LiveEvent]:
    for block in blocks:
        yield from decoder.push(analyser.push(block))
    yield from decoder.push(analyser.finish())
    yield from decoder.finish()


def _take(events: list[LiveEvent], recording: Recording) -> LiveTake:
    ends = {event.note_id: event.offset for event in events if isinstance(event, NoteOff)}
    ons = [event for event in events if isinstance(event, NoteOn)]
    return LiveTake(
        duration_samples=SampleIndex(recording.n_samples),
        sample_rate_hz=recording.sample_rate_hz,
        notes=tuple(LiveNote(on, ends[on.note_id]) for on in ons),
        hits=tuple(event for event in events if isinstance(event, LiveHit)),
    )
