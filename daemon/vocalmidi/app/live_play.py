"""Plays what is sung while it is sung: the live path in a thread of its own, at a MIDI port.

Comes in: the microphone's blocks, handed over without waiting. Goes out: MIDI. The thread that hears never waits for
this one: what can't be played in time is left out, with all notes off, and counted.
"""

import queue
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from enum import Enum

from vocalmidi.app.live_ear import LiveEar, Sound
from vocalmidi.app.live_figures import LiveFigures
from vocalmidi.app.live_port import open_stage
from vocalmidi.app.live_sound import Said
from vocalmidi.app.live_stage import Stage
from vocalmidi.app.live_told import LiveNews
from vocalmidi.config import Settings
from vocalmidi.errors import MidiError, VocalMidiError
from vocalmidi.gauge import NO_GAUGE, Gauge, taken_ns
from vocalmidi.gauge import Stage as Timed
from vocalmidi.inference import Model
from vocalmidi.live import VoiceAt
from vocalmidi.profile import VoiceProfile
from vocalmidi.realtime import RealTime
from vocalmidi.units import samples_to_seconds
from vocalmidi.values import AudioBlock, LiveHit, NoteOn

LATE_S = 0.3
"""Sound that has waited longer, or behind which so much waits, is left out: notes that late are wrong, to catch up
would take as long again, and where sound comes faster than it is sung (JACK's freewheel) nobody plays along."""
CALM_S = 0.5
"""Between two streams that begin after a gap: where sound comes faster than it can be played, or in pieces, to begin
anew each time takes the interpreter from who hears."""
STOP_S = 5.0
"""The thread ends within a block's work; longer is a port that hangs."""
Say = Callable[[str], object]
Raised = Callable[[str], AbstractContextManager[object]]
"""Lets the calling thread, of that name, come before others."""


@dataclass(frozen=True, slots=True)
class _Came:
    """A block and when it came (`perf_counter_ns`)."""

    block: AudioBlock
    at_ns: int


class _Asked(Enum):
    """What is asked of the thread beside playing."""

    REST = "rest"
    SILENCE = "silence"


class LivePlay:
    """The thread that plays; made by `live_play`."""

    def __init__(
        self, stage: Stage, hears: Callable[[], Sound], say: Say, raised: Raised, gauge: Gauge = NO_GAUGE
    ) -> None:
        """Play on a stage what is heard; `hears` begins a new stream, `gauge` is told how long all takes."""
        self.figures, self._gauge = LiveFigures(), gauge
        self.models: tuple[Model, ...] = ()
        self._stage, self._hears, self._say, self._raised = stage, hears, say, raised
        self._begun = threading.Event()
        self._waiting: queue.SimpleQueue[_Came | _Asked | Settings | VoiceProfile | None] = queue.SimpleQueue()
        self._rests = False
        self.retuned: Callable[[Settings], bool] = _never
        self._profile: VoiceProfile | None = None
        self._sound = hears()
        self._due: int | None = None
        self._newest = 0
        self._begun_anew_ns = 0
        self._is_silenced = False
        self._fault: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)

    @property
    def waiting(self) -> int:
        """How many blocks have come and are not played yet."""
        return self._waiting.qsize()

    @property
    def is_needed(self) -> bool:
        """Whether anybody hears what it plays: a port, or who is told of it."""
        return self._stage.is_needed

    @property
    def news(self) -> LiveNews:
        """What controllers are told of what sounds."""
        return self._stage.news

    def heard(self, block: AudioBlock) -> None:
        """Have a block played; quick."""
        if not self._stage.is_needed:
            self.rest()
        elif self._thread.is_alive():
            self._rests = False
            self._newest = block.start + len(block.samples)
            self._waiting.put(_Came(block, time.perf_counter_ns()))

    def rest(self) -> None:
        """End all notes until the next block; what comes then is another stream."""
        if not self._rests:
            self._rests = True
            self._waiting.put(_Asked.REST)

    def silence(self) -> bool:
        """End all notes at once; return whether there is a port on which any could sound."""
        self._waiting.put(_Asked.SILENCE)
        return self._stage.has_port

    def change(self, settings: Settings) -> None:
        """Play by these settings from now on."""
        self._waiting.put(settings)

    def know(self, profile: VoiceProfile) -> None:
        """Know the sounds of this voice profile from now on."""
        self._waiting.put(profile)

    def start(self) -> None:
        """Start to play; returns when the channels are set up."""
        self._thread.start()
        self._begun.wait(STOP_S)

    def end(self) -> None:
        """End all notes and the thread; what made it fail, where it did, is raised here."""
        self._waiting.put(None)
        self._thread.join(STOP_S)
        if self._fault is not None:
            raise self._fault

    def _run(self) -> None:
        with self._raised("live"):
            self._play_all()

    def _play_all(self) -> None:
        try:
            self._stage.begin()
            self._begun.set()
            while (came := self._waiting.get()) is not None:
                match came:
                    case Settings():
                        self._change(came)
                    case VoiceProfile():
                        self._profile = came
                        self._sound.know(came)
                    case _Asked.SILENCE:
                        self._stage.panic()
                    case _Asked.REST:
                        self._due = None
                        self._renew()
                    case _Came():
                        self._hear(came)
        except VocalMidiError as error:
            self._say(f"live playing has ended: {error}")
        except Exception as error:  # noqa: BLE001 -- raised again where the thread is ended; first all notes are
            self._fault = error
        finally:
            self._begun.set()
            with suppress(MidiError):
                self._stage.end()

    def _change(self, settings: Settings) -> None:
        try:
            if self._stage.has_port:
                self._stage.change(settings)
        except VocalMidiError as error:
            self._say(f"live playing goes on as before: {error}")
            return
        if self.retuned(settings):
            self._renew()

    def _hear(self, came: _Came) -> None:
        block, figures = came.block, self.figures
        figures.blocks += 1
        figures.heard_s += samples_to_seconds(len(block.samples), block.sample_rate_hz)
        began_ns = time.perf_counter_ns()
        self._gauge.took(Timed.HANDOVER, began_ns - came.at_ns)
        behind_s = samples_to_seconds(self._newest - block.start - len(block.samples), block.sample_rate_hz)
        if max(1e-9 * (began_ns - came.at_ns), behind_s) > LATE_S or self._is_too_soon(block, began_ns):
            figures.skipped += 1
            return
        self._play(block)
        self._stage.look()
        self._gauge.ended(Timed.BLOCK, began_ns)
        figures.cpu_s = time.thread_time()

    def _is_too_soon(self, block: AudioBlock, now_ns: int) -> bool:
        """Return whether another stream would have to begin, and the last one has only just begun; ends its notes."""
        if not self._is_after_a_gap(block) or now_ns - self._begun_anew_ns > 1e9 * CALM_S:
            return False
        if not self._is_silenced:
            self._stage.panic()
            self._is_silenced = True
        return True

    def _is_after_a_gap(self, block: AudioBlock) -> bool:
        return self._due not in (None, block.start)

    def _play(self, block: AudioBlock) -> None:
        """Hear a block and play what is known with it."""
        if self._is_after_a_gap(block):
            self._begin_anew()
        self._is_silenced = False
        self._due = block.start + len(block.samples)
        gauge = self._gauge
        for said in self._sound.push(block):
            began_ns = gauge.now()
            sent = self._stage.play(said)
            if sent:
                self.figures.messages += sent
                self._time(said, block, gauge.ended(Timed.PLAY, began_ns))

    def _time(self, said: Said, block: AudioBlock, sent_ns: int) -> None:
        """Tell how late something was sent: after its last needed sample, and that one after the onset it names."""
        if not sent_ns or isinstance(said, VoiceAt):
            return  # nobody measures; or it is the wheel, which follows every 10 ms and decides nothing
        if block.adc_time_s is not None:
            self._gauge.took(Timed.MIDI, sent_ns - taken_ns(block, said.decided + 1 - block.start))
        match said:
            case NoteOn():
                onset = said.onset
            case LiveHit():
                onset = said.hit.onset
            case _:
                return
        self._gauge.took(Timed.DECISION, int(1e9 * samples_to_seconds(said.decided - onset, block.sample_rate_hz)))

    def _begin_anew(self) -> None:
        """Start a new stream: sound is missing."""
        self.figures.gaps += 1
        self._begun_anew_ns = time.perf_counter_ns()
        self._renew()

    def _renew(self) -> None:
        self._stage.panic()
        self._sound = self._hears()
        if self._profile is not None:
            self._sound.know(self._profile)


def _never(_settings: Settings) -> bool:
    """Hear as before, whatever the settings."""
    return False


@contextmanager
def live_play(
    settings: Settings, sample_rate_hz: int, say: Say, real_time: RealTime | None = None, gauge: Gauge = NO_GAUGE
) -> Generator[LivePlay | None]:
    """Play live from here to the end of `with`, at the port that the settings name; without one, for controllers.

    Gives None where the settings want neither. real_time: what the thread asks; it asks by itself where there is none.

    Raises:
        ConfigError: the settings contradict themselves.
        MidiError: the port can't be opened.
    """
    if not (settings.midi_port or settings.port):
        yield None
        return
    ear = LiveEar(settings, sample_rate_hz, gauge)
    with open_stage(settings, sample_rate_hz, say) as stage:
        models: tuple[Model, ...] = ()
        raised: Raised = nullcontext
        if stage.has_port:
            path = ear.open()
            models = path.model, path.timbre
            raised = (real_time or RealTime(settings.realtime)).raised
        play = LivePlay(stage, ear.begin, say, raised, gauge)
        play.models, play.retuned = models, ear.change
        play.start()
        try:
            yield play
        finally:
            play.end()
