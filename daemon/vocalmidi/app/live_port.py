"""Opens what live playing sounds at, and leaves no note behind there, not even after a crash.

Comes in: settings. Goes out: a stage at a MIDI port. A run that was killed leaves a file behind by which the next one
ends its notes.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from vocalmidi.app.live_playing import playing_of
from vocalmidi.app.live_stage import Stage
from vocalmidi.config import Settings, midi_open_file
from vocalmidi.errors import MidiError
from vocalmidi.live import LeftOpen, NoPort, Port, forget, left_open, open_inlet, open_port, panic, quieted, remember

Say = Callable[[str], object]


@contextmanager
def open_stage(settings: Settings, sample_rate_hz: int, say: Say) -> Generator[Stage]:
    """Have a stage at the port that the settings name, or one at none, for controllers, from here to the end of `with`.

    Raises:
        ConfigError: the settings contradict themselves.
        MidiError: the port can't be opened.
    """
    if settings.midi_port:
        playing_of(settings)
        with _opened(settings, sample_rate_hz, say) as stage:
            yield stage
        return
    yield Stage(_harmless(settings), NoPort(), None, sample_rate_hz)


def _harmless(settings: Settings) -> Settings:
    """Return settings that can be played for nobody: what contradicts itself is looked at when it is switched on."""
    return replace(settings, live_chords="off", live_scale="off", mpe=False)


@contextmanager
def _opened(settings: Settings, sample_rate_hz: int, say: Say) -> Generator[Stage]:
    """Open the ports, end what an earlier run left sounding, and write down what is open until it is closed."""
    note = midi_open_file()
    port = open_port(settings.midi_port)
    try:
        inlet = open_inlet(settings.midi_in) if settings.midi_in else None
        try:
            stage = Stage(settings, port, inlet, sample_rate_hz)
            _end_earlier(note, settings.midi_port, port, stage, say)
            stage.used = lambda channels: remember(note, LeftOpen(settings.midi_port, channels))
            stage.used(stage.channels)
            say(f"playing live at MIDI port {port.label}")
            try:
                yield stage
            finally:
                if stage.is_over:
                    forget(note)
        finally:
            if inlet is not None:
                inlet.close()
    finally:
        port.close()


def _end_earlier(note: Path, name: str, port: Port, stage: Stage, say: Say) -> None:
    """Send panic where a run that never closed its port had played."""
    earlier = left_open(note)
    if earlier is None:
        return
    for message in panic(earlier.channels):
        port.send(message)
    stage.owed = quieted(earlier.channels)
    if earlier.port not in (name, ""):
        with suppress(MidiError):
            other = open_port(earlier.port)
            for message in panic(earlier.channels):
                other.send(message)
            other.close()
    say("the run before this one was killed while it played live: all its notes were ended")
