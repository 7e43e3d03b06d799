"""Measures the live path alone, where no daemon runs: a microphone, or a recording in time, to MIDI that nobody hears.

Comes in: settings, and a recording or the microphone that they name. Goes out: a report. The threads, their priority
and the stages are those of `vocalmidi run`; the port is one in memory, so that nothing sounds.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np

from vocalmidi.app.gauge_sources import live_facts, program_of
from vocalmidi.app.gauging import Found, Question, check_seconds, measure
from vocalmidi.app.live_harmony import open_live_harmony
from vocalmidi.app.live_play import LivePlay
from vocalmidi.app.live_sound import LiveSound
from vocalmidi.app.live_stage import Stage as LiveStage
from vocalmidi.app.profile import first_seconds
from vocalmidi.app.simulate import LIVE_BLOCK_SAMPLES, open_live_path
from vocalmidi.capture import Device, Microphone, ReaStream, open_recording, open_source
from vocalmidi.config import Settings
from vocalmidi.gauge import Gauge, Gauges, captured
from vocalmidi.realtime import RealTime, called
from vocalmidi.units import SampleIndex, Seconds, samples_to_seconds
from vocalmidi.values import AudioBlock

TIDY_S = 0.05
"""Between looks whether memory is to be collected, as in the daemon."""
WARM_S = 1.0
"""Of the beginning that is not measured: caches fill, the device's clock settles."""
Say = Callable[[str], object]
Work = Callable[[threading.Event], Found]


class SilentPort:
    """Takes messages, and nobody hears them; not `NoPort`, for which nothing is played."""

    label = "nowhere"

    def send(self, message: bytes) -> None:
        """Take one."""

    def close(self) -> None:
        """Nothing is open."""


class Paced:
    """A recording as a source of live sound: its first seconds over and over, in time, until it is stopped."""

    def __init__(self, path: Path, seconds: float) -> None:
        recording = open_recording(path)
        self.sample_rate_hz = recording.sample_rate_hz
        self.device = Device(-1, path.name, "recording", 1, self.sample_rate_hz, False)
        self._samples = np.concatenate([block.samples for block in first_seconds(recording.blocks(), seconds)])
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def seconds(self) -> float:
        """How much of the recording is played before it begins again."""
        return samples_to_seconds(len(self._samples), self.sample_rate_hz)

    def stop(self) -> None:
        """End it."""
        self._ended.set()

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield blocks, each when its last sample would have been taken."""
        began_s, start, rate_hz = time.perf_counter(), 0, self.sample_rate_hz
        places = np.arange(LIVE_BLOCK_SAMPLES)
        while not self._ended.wait(max(0.0, self._due_s(began_s, start) - time.perf_counter())):
            samples = self._samples[(start + places) % len(self._samples)]
            taken_s = Seconds(began_s + samples_to_seconds(start, rate_hz))
            yield AudioBlock(SampleIndex(start), rate_hz, samples, taken_s)
            start += LIVE_BLOCK_SAMPLES

    def _due_s(self, began_s: float, start: int) -> float:
        return began_s + samples_to_seconds(start + LIVE_BLOCK_SAMPLES, self.sample_rate_hz)


Source = Microphone | ReaStream | Paced


def measure_here(settings: Settings, question: Question, say: Say, recording: Path | None = None) -> Found:
    """Play live at a silent port for so long, and measure that.

    Raises:
        GaugeError: the seconds are out of range, or the sound ended before they were over.
        CaptureError: the recording or the microphone can't be used.
    """
    check_seconds(question.seconds)
    path, harmony = open_live_path(settings), open_live_harmony(settings)
    real_time, gauges = RealTime(settings.realtime), Gauges()
    with _source(settings, recording, question.seconds) as source:
        rate_hz = source.sample_rate_hz
        stage = LiveStage(settings, SilentPort(), None, rate_hz)
        play = LivePlay(stage, lambda: LiveSound(path, rate_hz, harmony, gauges), say, real_time.raised, gauges)
        play.models = path.model, path.timbre
        facts = partial(live_facts, source.device, rate_hz, play)
        program = program_of(gauges, source, play, real_time, facts)
        say(f"measuring the live path alone at {source.device.label} for {question.seconds:g} s")
        measured = "microphone" if recording is None else "recording"
        play.start()
        try:
            return _played(source, play, real_time, gauges, partial(measure, program, measured, question))
        finally:
            play.end()


def _source(settings: Settings, recording: Path | None, seconds: float) -> Source:
    if recording is not None:
        return Paced(recording, seconds)
    return open_source(settings.device, settings.reastream_from, prompt=True)


def _played(source: Source, play: LivePlay, real_time: RealTime, gauge: Gauge, work: Work) -> Found:
    """Have the sound read and played while somebody works, who is told when it ends."""
    ended = threading.Event()

    def begin() -> Found:
        called("profile")
        ended.wait(WARM_S)
        return work(ended)

    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(_read, source, play, real_time, gauge)
        reading.add_done_callback(lambda _: ended.set())
        try:
            with real_time.settled():
                working = pool.submit(begin)
                while not wait((working,), TIDY_S).done:
                    real_time.tidy(is_quiet=False)
        finally:
            ended.set()
            source.stop()
    reading.result()  # what ended it too early is raised
    return working.result()


def _read(source: Source, play: LivePlay, real_time: RealTime, gauge: Gauge) -> None:
    """Hand the blocks on, as the daemon's reader does."""
    with real_time.raised("reader"):
        for block in source.blocks():
            captured(gauge, block)
            play.heard(block)
