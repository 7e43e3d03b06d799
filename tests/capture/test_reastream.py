"""A ReaStream on a real socket: sound in order, silence in pauses, loss counted, and who is heard."""

import socket
import sys
import time

import numpy as np
import pytest

from capture.reastream_sender import BLOCK, RATE, Track, packet, packets
from vocalmidi.capture import ReaStream, list_senders, open_source, reastream
from vocalmidi.capture.reastream_rate import RateWatch
from vocalmidi.errors import CaptureError


@pytest.fixture
def port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def noise(seconds, channels=1, seed=1):
    shape = (channels, round(seconds * RATE))
    return np.random.default_rng(seed).uniform(-0.5, 0.5, shape).astype(np.float32)


def heard(source, samples=None, seconds=5.0):
    """Return the blocks up to so many samples, or for so long."""
    blocks, deadline = [], time.monotonic() + seconds
    for block in source.blocks():
        blocks.append(block)
        if (samples is not None and block.start + len(block.samples) >= samples) or time.monotonic() > deadline:
            source.stop()
    return blocks


@pytest.fixture
def unpaused(monkeypatch):
    """A busy machine may keep the sender waiting: here that is no pause."""
    monkeypatch.setattr(reastream, "PAUSE_S", 5.0)


def pace_of(datagrams, seconds):
    return {"pace_s": seconds / len(datagrams)}


@pytest.mark.usefixtures("unpaused")
@pytest.mark.parametrize("channels", [1, 2])
def test_the_sound_of_a_track_comes_out_sample_for_sample(port, channels):
    sound = noise(0.5, channels)
    sent = packets(sound)
    with Track(port, sent, **pace_of(sent, 0.5)), ReaStream("voice", port=port) as source:
        assert (source.sample_rate_hz, source.device.label) == (RATE, "ReaStream voice")
        blocks = heard(source, sound.shape[1])
    joined = np.concatenate([block.samples for block in blocks])
    np.testing.assert_allclose(joined[: sound.shape[1]], sound.mean(axis=0), atol=1e-6)
    assert [block.start for block in blocks] == list(np.cumsum([0, *(len(b.samples) for b in blocks[:-1])]))
    assert blocks[0].adc_time_s < blocks[-1].adc_time_s <= time.perf_counter()


@pytest.mark.usefixtures("unpaused")
def test_others_are_not_heard(port):
    sound = noise(0.3)
    mine, other = packets(sound), packets(noise(0.3, seed=2), identifier=b"guitar")
    mixed = [datagram for pair in zip(mine, other, strict=True) for datagram in pair]
    with Track(port, mixed, **pace_of(mixed, 0.3)), ReaStream("voice", port=port) as source:
        blocks = heard(source, sound.shape[1])
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks])[: sound.shape[1]], sound[0])
    assert source.counts.others >= len(other) - 2


@pytest.mark.usefixtures("unpaused")
def test_of_two_tracks_with_one_name_the_first_is_heard(port):
    sound = noise(0.4)
    first, second = packets(sound), packets(noise(0.4, seed=2))
    with (
        Track(port, first, **pace_of(first, 0.4)),
        ReaStream("", port=port) as source,
        Track(port, second, lead_s=0.0, **pace_of(second, 0.4)),
    ):
        blocks = heard(source, sound.shape[1])
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks])[: sound.shape[1]], sound[0])
    assert source.counts.others > 0


def test_a_pause_is_silence_in_time_and_another_sender_may_go_on(port):
    sent = packets(noise(0.2))
    with ReaStreamLater(port, sent, pause_s=0.6) as source:
        blocks = heard(source, seconds=1.4)
    assert all(block.start == due for block, due in zip(blocks[1:], ends(blocks), strict=False))
    assert blocks[-1].start / RATE == pytest.approx(1.4, abs=0.1)  # silence goes on in time
    assert source.counts.missing == source.counts.surplus == 0
    loud = [block.start / RATE for block in blocks if np.abs(block.samples).max() > 0.1]
    assert max(np.diff(loud)) == pytest.approx(0.6, abs=0.15)


class ReaStreamLater:
    """A track that sends, pauses and goes on from another port."""

    def __init__(self, port, sent, pause_s):
        self.source = ReaStream("voice", port=port)
        self._first = Track(port, sent, **pace_of(sent, 0.2))
        later = [None] * round((0.2 + pause_s) / 0.005) + sent
        self._second = Track(port, later, pace_s=0.005)

    def __enter__(self):
        self._first.__enter__()
        self._second.__enter__()
        return self.source.__enter__()

    def __exit__(self, *_):
        for each in (self._first, self._second, self.source):
            each.__exit__(None, None, None)


def ends(blocks):
    return [block.start + len(block.samples) for block in blocks]


@pytest.mark.usefixtures("unpaused")
def test_a_sender_that_changes_its_rate_is_resampled_to_the_first(port):
    def tone(rate):
        return np.sin(2 * np.pi * 440.3 * np.arange(rate // 2) / rate, dtype=np.float64).astype(np.float32)[None]

    sent = packets(tone(RATE)) + packets(tone(44_100), rate=44_100)
    with Track(port, sent, **pace_of(sent, 1.0)), ReaStream("voice", port=port) as source:
        blocks = heard(source, round(0.97 * RATE))
    assert {block.sample_rate_hz for block in blocks} == {RATE}
    assert source.counts.rate_changes == 1
    joined = np.concatenate([block.samples for block in blocks])[round(0.6 * RATE) : round(0.95 * RATE)]
    spectrum = np.abs(np.fft.rfft(joined * np.hanning(len(joined)), 1 << 18))
    assert np.argmax(spectrum) * RATE / (1 << 18) == pytest.approx(440.3, abs=0.5)


@pytest.mark.usefixtures("unpaused")
def test_a_datagram_that_comes_twice_is_heard_once(port):
    sound = noise(0.3)
    sent = [datagram for datagram in packets(sound) for _ in range(2)]
    with Track(port, sent, **pace_of(sent, 0.3)), ReaStream("voice", port=port) as source:
        blocks = heard(source, sound.shape[1])
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks])[: sound.shape[1]], sound[0])
    assert source.counts.doubled >= len(sent) // 2 - 2


@pytest.mark.usefixtures("unpaused")
def test_damage_and_lies_are_passed_over(port):
    sound = noise(0.3)
    wrong = [b"", b"MRSR", packet(sound[:, :50])[:-1], packet(sound[:, :50], channels=3, length=1), b"x" * 2000]
    mixed = [each for number, datagram in enumerate(packets(sound)) for each in (wrong[number % 5], datagram)]
    with Track(port, mixed, **pace_of(mixed, 0.3)), ReaStream("voice", port=port) as source:
        blocks = heard(source, sound.shape[1])
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks])[: sound.shape[1]], sound[0])
    assert source.counts.damaged > 0


@pytest.mark.usefixtures("unpaused")
def test_datagrams_out_of_order_keep_the_count(port):
    sound = noise(0.3)
    sent = packets(sound)
    sent[4], sent[5] = sent[5], sent[4]
    with Track(port, sent, **pace_of(sent, 0.3)), ReaStream("voice", port=port) as source:
        blocks = heard(source, sound.shape[1])
    joined = np.concatenate([block.samples for block in blocks])[: sound.shape[1]]
    np.testing.assert_array_equal(np.sort(joined), np.sort(sound[0]))
    np.testing.assert_array_equal(joined[6 * BLOCK :], sound[0, 6 * BLOCK :])


def test_who_sends_nothing_is_said_with_what_to_do(port, monkeypatch):
    monkeypatch.setattr(reastream, "FIRST_S", 0.1)
    with pytest.raises(CaptureError, match="put a ReaStream on the track"), ReaStream("voice", port=port):
        pass
    with ReaStreamDoor(port), pytest.raises(CaptureError, match="another program receives"), ReaStream("", port=port):
        pass


class ReaStreamDoor:
    def __init__(self, port):
        self._door = reastream.open_door(port, everywhere=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._door.close()


def test_senders_are_listed_by_name(port):
    sent = [*packets(noise(0.2)), *packets(noise(0.2, 2), identifier=b"guitar")]
    with Track(port, sent, pace_s=0.001, lead_s=0.0):
        found = list_senders(0.3, port=port)
    assert [(each.identifier, each.channels, each.address) for each in found] == [
        ("guitar", 2, "127.0.0.1"),
        ("voice", 1, "127.0.0.1"),
    ]


def test_settings_name_a_reastream_or_a_device(monkeypatch):
    assert isinstance(open_source("reastream:voice"), ReaStream)
    monkeypatch.setattr("vocalmidi.capture.source.Microphone", lambda device, prompt: ("device", device, prompt))
    assert open_source("") == ("device", None, False)
    assert open_source("Scarlett", prompt=True) == ("device", "Scarlett", True)
    with pytest.raises(CaptureError, match="at most 31 bytes"):
        open_source("reastream:" + "x" * 40)
    with pytest.raises(CaptureError, match="such as 192"):
        open_source("reastream:", "my laptop")


ANOTHER = "127.0.0.2"
"""Stands for another machine; Linux has the whole of 127/8."""


@pytest.mark.usefixtures("unpaused")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has more than one loopback address")
def test_another_machine_is_not_heard_unless_it_is_named(port, monkeypatch):
    sound = noise(0.3)
    sent = packets(sound)
    with Track(port, sent, address=ANOTHER, **pace_of(sent, 0.3)), ReaStream("", allowed=(ANOTHER,), port=port) as far:
        blocks = heard(far, sound.shape[1])
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks])[: sound.shape[1]], sound[0])
    monkeypatch.setattr(reastream, "FIRST_S", 0.2)
    with (
        Track(port, sent, address=ANOTHER, lead_s=0.0, **pace_of(sent, 0.1)),
        pytest.raises(CaptureError, match="packets of others came"),
        ReaStream("", port=port),
    ):
        pass


class Arrivals:
    """Packets of 300 samples that come when they should, later by a jitter, at a sender whose clock is off."""

    def __init__(self, drift=0.0, seed=1):
        self._draw = np.random.default_rng(seed)
        self._watch, self._drift = RateWatch(RATE), drift
        self.sent, self.counted, self.found = 0, 0, []

    def go_on(self, seconds, keep=lambda _: 1):
        for number in range(round(seconds * RATE / 300)):
            self.sent += 300
            now_s = self.sent / RATE * (1 + self._drift) + self._draw.exponential(0.001)
            for _ in range(keep(number)):
                self.counted += 300
                found = self._watch.came(self.counted, now_s)
                if found:
                    self.found.append(found)
                    self.counted += found
        return self


@pytest.mark.parametrize("drift", [0.0, 0.0002, -0.0002])
def test_a_clock_that_is_off_and_packets_that_are_late_are_no_loss(drift):
    assert Arrivals(drift).go_on(600).found == []


@pytest.mark.parametrize("lost", [3, 10, 200])
def test_lost_packets_are_told_by_rate_within_two_seconds(lost):
    arrivals = Arrivals(0.0001).go_on(10).go_on(lost * 300 / RATE, lambda _: 0).go_on(2.1)
    assert sum(arrivals.found) == pytest.approx(lost * 300, abs=0.003 * RATE)
    assert arrivals.go_on(60).counted == pytest.approx(arrivals.sent, abs=0.003 * RATE + 0.0001 * 75 * RATE)


def test_doubled_packets_are_told_by_rate():
    arrivals = Arrivals().go_on(10).go_on(0.1, lambda _: 2).go_on(2.1)
    assert sum(arrivals.found) == pytest.approx(-0.1 * RATE, abs=0.003 * RATE)
