"""From the last needed sample to MIDI bytes at the port: the computer's part of live latency, and its jitter.

    python -m benchmarks.live_midi [VOICE.wav] [--seconds 60] [--block 128] [--json OUT.json]

In: a recording (the demo), sung over and over, through the very thread that `vocalmidi run` plays by, at the priority
that it asks for. Twice: paced by a
clock, block by block, at a port in memory; and, where jackd is installed, played by a JACK client into a JACK server
with its dummy driver, taken by the C callback, at a virtual port of ALSA or JACK that a listener polls.
Out, ms at p50, p99, p99.9 and jitter (p99 less p50), for notes and hits (`notes`) and with the wheel, which moves every
10 ms (`all`): from the moment that the last sample that a decision needed was taken, by the device's
clock (JACK) or the pacing one, to the return of the send; on JACK also to the listener (`heard`: the message waits for
the next cycle). The decision's own delay, from the onset that it names to that sample, is apart (`decision`). Then
blocks left out, sound missing, and the thread's share of one core.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from benchmarks import jack
from vocalmidi.app.job import demo_voice
from vocalmidi.app.live_play import LivePlay
from vocalmidi.app.live_sound import LiveSound, Said
from vocalmidi.app.live_stage import Stage
from vocalmidi.app.simulate import open_live_path
from vocalmidi.capture import Microphone, open_recording
from vocalmidi.capture.portaudio import load_portaudio
from vocalmidi.config import Settings, load_settings
from vocalmidi.errors import MidiError
from vocalmidi.live import Port, RtInlet, VoiceAt, open_inlet, open_port
from vocalmidi.realtime import RealTime
from vocalmidi.units import SampleIndex, Seconds
from vocalmidi.values import AudioBlock, LiveHit, NoteOn

RATE_HZ = 48_000
WARM_S = 2.0
"""Of the beginning that doesn't count: caches fill, the device's clock settles."""
NAME = "singer"
POLL_S = 0.0003
"""Of the listener: its share of what it measures."""


class CountedPort:
    """Counts messages on their way to a port, or to nowhere."""

    label = "counted"

    def __init__(self, port: Port | None = None) -> None:
        self.count, self._port = 0, port

    def send(self, message: bytes) -> None:
        """Pass a message on."""
        if self._port is not None:
            self._port.send(message)
        self.count += 1

    def close(self) -> None:
        """Leave the port to who opened it."""


@dataclass(slots=True)
class Clock:
    """When samples were taken, by the newest block."""

    start: int = 0
    at_s: float = 0.0

    def saw(self, block: AudioBlock) -> None:
        """Take in the newest block."""
        if block.adc_time_s is not None:
            self.start, self.at_s = block.start, block.adc_time_s

    def taken_s(self, sample: int) -> float:
        """Return when a sample was whole, in seconds of `perf_counter`."""
        return self.at_s + (sample + 1 - self.start) / RATE_HZ


@dataclass(slots=True)
class Taken:
    """What was measured: of each event that sent something its delay in ms, and whether it is of the wheel.

    first: how many messages were sent before; needed_s: of each message, when its last needed sample was taken.
    """

    first: int = 0
    sent_ms: list[float] = field(default_factory=list)
    of_wheel: list[bool] = field(default_factory=list)
    decision_ms: list[float] = field(default_factory=list)
    needed_s: list[float] = field(default_factory=list)


class TimedStage(Stage):
    """A stage that looks at the clock after each event."""

    def __init__(self, settings: Settings, port: CountedPort, clock: Clock) -> None:
        super().__init__(settings, port, None, RATE_HZ)
        self._clock, self._counted, self.taken = clock, port, Taken()

    def play(self, said: Said) -> int:
        """Play an event and note how late that was."""
        count = super().play(said)
        if not count or said.decided < WARM_S * RATE_HZ:
            return count
        if not self.taken.sent_ms:
            self.taken.first = self._counted.count - count
        needed_s = self._clock.taken_s(said.decided)
        self.taken.sent_ms.append(1000.0 * (time.perf_counter() - needed_s))
        self.taken.of_wheel.append(isinstance(said, VoiceAt))
        self.taken.needed_s += [needed_s] * count
        if isinstance(said, NoteOn):
            self.taken.decision_ms.append(1000.0 * (said.decided - said.onset) / RATE_HZ)
        if isinstance(said, LiveHit):
            self.taken.decision_ms.append(1000.0 * (said.decided - said.hit.onset) / RATE_HZ)
        return count


def spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {"count": 0}
    p50, p99, p999 = (float(np.percentile(values, q)) for q in (50, 99, 99.9))
    return {"count": len(values), "p50": p50, "p99": p99, "p99.9": p999, "jitter": p99 - p50}


def report_of(play: LivePlay, taken: Taken) -> dict[str, Any]:
    notes = [ms for ms, of_wheel in zip(taken.sent_ms, taken.of_wheel, strict=True) if not of_wheel]
    figures = play.figures
    return {
        "notes_ms": spread(notes),
        "all_ms": spread(taken.sent_ms),
        "decision_ms": spread(taken.decision_ms),
        "blocks_left_out": figures.skipped,
        "gaps": figures.gaps,
        "core_share": figures.core_share,
    }


def song_of(voice: Path) -> np.ndarray:
    recording = open_recording(voice)
    samples = np.concatenate([block.samples for block in recording.blocks()])
    return np.asarray(soxr.resample(samples, recording.sample_rate_hz, RATE_HZ), np.float32)


def paced_blocks(song: np.ndarray, seconds: float, block_samples: int) -> Iterator[AudioBlock]:
    began_s = time.perf_counter()
    for start in range(0, round(seconds * RATE_HZ), block_samples):
        due_s = began_s + (start + block_samples) / RATE_HZ
        time.sleep(max(0.0, due_s - time.perf_counter()))
        places = (start + np.arange(block_samples)) % len(song)
        yield AudioBlock(SampleIndex(start), RATE_HZ, song[places], Seconds(began_s + start / RATE_HZ))


def played(blocks: Iterator[AudioBlock], settings: Settings, port: CountedPort) -> tuple[LivePlay, Taken]:
    """Play the blocks at the port by the daemon's own thread."""
    path, clock = open_live_path(settings), Clock()
    stage = TimedStage(settings, port, clock)
    real_time = RealTime()
    play = LivePlay(
        stage, lambda: LiveSound(path, RATE_HZ), lambda text: print(text, file=sys.stderr), real_time.raised
    )
    play.start()
    with real_time.raised("reader"), real_time.settled():
        print(real_time.in_words(), file=sys.stderr)
        hand_over(blocks, clock, play)
    play.end()
    return play, stage.taken


def hand_over(blocks: Iterator[AudioBlock], clock: Clock, play: LivePlay) -> None:
    for block in blocks:
        clock.saw(block)
        play.heard(block)


def in_memory(song: np.ndarray, asked: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    return report_of(*played(paced_blocks(song, asked.seconds, asked.block), settings, CountedPort()))


class Listener(threading.Thread):
    """Polls an inlet and notes when each message came."""

    def __init__(self, inlet: RtInlet) -> None:
        super().__init__(name="listener", daemon=True)
        self._inlet, self.came_s, self.ended = inlet, list[float](), threading.Event()

    def run(self) -> None:
        """Poll to the end."""
        while not self.ended.wait(POLL_S):
            came = self._inlet.read()
            self.came_s += [time.perf_counter()] * len(came)


def through_jack(song: np.ndarray, asked: argparse.Namespace, settings: Settings) -> dict[str, Any] | str:
    """Return the figures at a real device and a real port, or why there are none."""
    own = jack.environment()
    os.environ |= own
    try:
        with tempfile.TemporaryDirectory() as folder, jack.server(asked.block, own, *jack.REAL_TIME):
            raw = Path(folder, "song.f32")
            song.astype("<f4").tofile(raw)
            singer = jack.Source(jack.build_source(Path(folder)), NAME, "sing", raw)
            return at_a_device(singer, asked, settings)
    except (jack.NoJackError, MidiError) as error:
        return str(error)


def at_a_device(singer: jack.Source, asked: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    inlet = open_inlet("virtual:live midi benchmark")
    port = open_port("live midi benchmark")
    listener = Listener(inlet)
    listener.start()
    with Microphone(NAME, block_samples=asked.block, prompt=True) as microphone:

        def some() -> Iterator[AudioBlock]:
            for block in microphone.blocks():
                yield block
                if block.start > asked.seconds * RATE_HZ:
                    microphone.stop()

        play, taken = played(some(), settings, CountedPort(port))
    statistics = microphone.statistics()
    load_portaudio()._terminate()  # noqa: SLF001 -- before the server ends, or PortAudio aborts the process
    time.sleep(0.1)
    listener.ended.set()
    listener.join()
    xruns = singer.end()
    port.close()
    inlet.close()
    report = report_of(play, taken)
    heard = listener.came_s[taken.first : taken.first + len(taken.needed_s)]
    report["heard_ms"] = spread([1000.0 * (at - due) for at, due in zip(heard, taken.needed_s, strict=True)])
    return report | {"samples_lost": statistics.dropped_samples, "server_xruns": xruns}


def shown(title: str, report: dict[str, Any] | str) -> str:
    if isinstance(report, str):
        return f"{title}: left out, {report}"
    lines = [f"{title}:"]
    for key, value in report.items():
        numbers = value if isinstance(value, dict) else {"": value}
        words = (f"{name} {v:.2f}" if isinstance(v, float) else f"{name} {v}" for name, v in numbers.items())
        lines.append(f"  {key:16} {'  '.join(words)}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("voice", type=Path, nargs="?", default=demo_voice())
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--block", type=int, default=128)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    settings = replace(load_settings(), provider="cpu", voice_profile="none", live_bend="true", bend_range=12)
    song = song_of(asked.voice)
    reports = {"memory": in_memory(song, asked, settings), "jack": through_jack(song, asked, settings)}
    for name, report in reports.items():
        print(shown(name, report))
    if asked.json:
        asked.json.write_text(json.dumps(reports, indent=1))


if __name__ == "__main__":
    main()
