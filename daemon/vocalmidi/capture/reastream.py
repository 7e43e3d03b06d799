"""A ReaStream as a source of sound, behind the same door as a microphone.

In: datagrams of Reaper's ReaStream. Out: `AudioBlock`s, one a packet, with the time they were taken at, and counters.
One sender is heard: the first with the identifier asked for, another one only after that has been silent for a while.
Loss is told by rate alone (`reastream_rate`): the next block's `start` jumps by what is missing, as a microphone's
does. A sender that pauses is silence, in time, until it goes on. The rate is that of the first packet; a sender that
changes it is resampled to it. What comes from other machines is not heard unless it is asked for.
"""

import select
import socket
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np
import soxr

from vocalmidi.capture.devices import Device
from vocalmidi.capture.reastream_format import MOST_BYTES, PORT, SoundPacket, read_datagram
from vocalmidi.capture.reastream_rate import RateWatch
from vocalmidi.errors import CaptureError
from vocalmidi.units import SampleIndex, Seconds, samples_to_seconds, seconds_to_samples
from vocalmidi.values import AudioBlock, Floats

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 -- only where other machines are named in the settings
FIRST_S = 10.0
"""So long the first packet is waited for: time to open the effect."""
PAUSE_S = 0.25
"""Longer than any sound card's block; from then on it is silence."""
STEP_S = 0.02
"""Of silence at once."""
RECENT = 2
"""Datagrams that are remembered, to know one that comes twice: on a network copies come within a packet or two."""
RECEIVE_BYTES = 1 << 22
"""Asked of the system for a reader that stalls; it may give less."""
HOST_API = "ReaStream"
Address = tuple[str, int]


@dataclass(slots=True)
class ReaStreamCounts:
    """What came, by datagrams and samples.

    packets: of sound that was heard; damaged: contradicted themselves; doubled: came twice; others: of other senders or
    machines that aren't heard. missing, surplus: samples lost and left out, told by rate; paused: samples of silence
    while nothing came; rate_changes: of the sender.
    """

    packets: int = 0
    damaged: int = 0
    doubled: int = 0
    others: int = 0
    missing: int = 0
    surplus: int = 0
    paused: int = 0
    rate_changes: int = 0


class ReaStream:
    """A sender on this machine: a context manager, open from `with` to its end or to `stop`; used once.

    identifier: as in the effect's window; "" is whichever comes first.
    allowed: addresses of other machines that are heard too.
    """

    def __init__(self, identifier: str = "", *, allowed: tuple[str, ...] = (), port: int = PORT) -> None:
        self._identifier, self._allowed, self._port = identifier, frozenset(allowed), port
        self.counts = ReaStreamCounts()
        self.device = Device(-1, f"ReaStream {identifier}".strip(), HOST_API, 1, 0, False)
        self.sample_rate_hz = 0
        self._socket: socket.socket | None = None
        self._sender: Address | None = None
        self._waiting: deque[SoundPacket] = deque()
        self._recent: deque[bytes] = deque(maxlen=RECENT)
        self._next = SampleIndex(0)
        self._to_drop = 0
        self._heard_s = 0.0
        self._silent_to_s: float | None = None
        self._resampler: Any = None
        self._resampled_hz = 0
        self._ended = False

    def __enter__(self) -> Self:
        if self._socket is not None:
            raise ValueError("a ReaStream is used once; make a new one")
        self._socket = open_door(self._port, everywhere=bool(self._allowed))
        try:
            self._wait_for_first()
        except BaseException:
            self.stop()
            self._socket.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._socket is not None:
            self._socket.close()

    def stop(self) -> None:
        """End it; from any thread. `blocks` ends."""
        self._ended = True

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the sound as it comes, and silence while none comes, until `stop`."""
        rate = RateWatch(self.sample_rate_hz)
        while not self._ended:
            while self._waiting:
                yield from self._block(self._waiting.popleft(), rate)
            if self._take(STEP_S):
                continue
            now_s = time.perf_counter()
            if now_s - self._heard_s >= PAUSE_S:
                if self._silent_to_s is None:
                    rate.restart()
                    self._silent_to_s = self._heard_s
                yield from self._silence(now_s)

    def _wait_for_first(self) -> None:
        deadline = time.perf_counter() + FIRST_S
        while not self._waiting:
            if time.perf_counter() > deadline:
                raise CaptureError(
                    f"nothing came from ReaStream {self._identifier or 'of any name'} within {FIRST_S:g} s on UDP port "
                    f"{self._port}; put a ReaStream on the track, send audio, identifier "
                    f"{self._identifier or 'as you like'}, IP {LOOPBACK}; {self._heard_instead()}"
                )
            self._take(STEP_S)
        first = self._waiting[0]
        self.sample_rate_hz = first.sample_rate_hz
        name = f"ReaStream {first.identifier}".strip()
        self.device = Device(-1, name, HOST_API, 1, first.sample_rate_hz, False)

    def _heard_instead(self) -> str:
        c = self.counts
        if c.others:
            return f"{c.others} packets of others came, see vocalmidi devices"
        return f"{c.damaged} damaged packets came" if c.damaged else "no packet of sound came at all"

    def _take(self, patience_s: float) -> bool:
        """Take the next datagram; return whether there was one."""
        if self._socket is None or not select.select([self._socket], [], [], patience_s)[0]:
            return False
        try:
            content, address = self._socket.recvfrom(MOST_BYTES)
        except OSError:  # Windows: a datagram was too long, or its sender is gone
            return True
        if address[0] != LOOPBACK and address[0] not in self._allowed:
            self.counts.others += 1
            return True
        if content in self._recent and any(content[47:]):
            self.counts.doubled += 1  # silence is alike without having come twice
            return True
        self._recent.append(content)
        read = read_datagram(content)
        self.counts.damaged += read.damaged
        mine = [packet for packet in read.packets if self._identifier in ("", packet.identifier)]
        self.counts.others += len(read.packets) - len(mine)
        if mine and self._is_my_sender(address):
            self._heard_s = time.perf_counter()
            self.counts.packets += len(mine)
            self._waiting.extend(mine)
        else:
            self.counts.others += len(mine)
        return True

    def _is_my_sender(self, address: Address) -> bool:
        """Return whether this sender is heard: the one that was, or any once that one has been silent."""
        if address != self._sender and self._sender and time.perf_counter() - self._heard_s < PAUSE_S:
            return False
        self._sender = address
        return True

    def _block(self, packet: SoundPacket, rate: RateWatch) -> Iterator[AudioBlock]:
        """Yield a packet's sound, after the rest of a pause and what is missing; nothing where it is too much."""
        samples = self._at_my_rate(packet)
        lasts_s = samples_to_seconds(len(samples), self.sample_rate_hz)
        yield from self._silence(self._heard_s - lasts_s)
        self._silent_to_s = None
        drop = min(self._to_drop, len(samples))
        self._to_drop -= drop
        if drop == len(samples):
            return
        missing = rate.came(SampleIndex(self._next + len(samples) - drop), self._heard_s)
        self.counts.missing += max(0, missing)
        self.counts.surplus += max(0, -missing)
        self._to_drop += max(0, -missing)
        start = SampleIndex(self._next + max(0, missing))
        self._next = SampleIndex(start + len(samples) - drop)
        yield AudioBlock(start, self.sample_rate_hz, samples[drop:], Seconds(self._heard_s - lasts_s))

    def _at_my_rate(self, packet: SoundPacket) -> Floats:
        """Return the mean of a packet's channels at the rate of the first packet."""
        mono = np.asarray(packet.samples.mean(axis=0), np.float32)
        if packet.sample_rate_hz == self.sample_rate_hz:
            self._resampler = None
            return mono
        if self._resampler is None or self._resampled_hz != packet.sample_rate_hz:
            self.counts.rate_changes += 1
            self._resampled_hz = packet.sample_rate_hz
            self._resampler = soxr.ResampleStream(packet.sample_rate_hz, self.sample_rate_hz, 1, dtype="float32")
        return np.asarray(self._resampler.resample_chunk(mono), np.float32)

    def _silence(self, now_s: float) -> Iterator[AudioBlock]:
        """Yield the silence of a pause, where there is one, up to a time."""
        if self._silent_to_s is None:
            return
        count = max(0, seconds_to_samples(now_s - self._silent_to_s, self.sample_rate_hz))
        self._silent_to_s += samples_to_seconds(count, self.sample_rate_hz)
        self.counts.paused += count
        start, self._next = self._next, SampleIndex(self._next + count)
        if count:
            yield AudioBlock(start, self.sample_rate_hz, np.zeros(count, np.float32))


def open_door(port: int, *, everywhere: bool) -> socket.socket:
    """Return a socket that hears ReaStreams; raise CaptureError where another program has the port."""
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        door.bind((EVERYWHERE if everywhere else LOOPBACK, port))
    except OSError as error:
        door.close()
        raise CaptureError(
            f"UDP port {port} can't be listened to ({error.strerror}); another program receives ReaStreams: stop it, or"
            " another vocalmidi"
        ) from error
    return door
