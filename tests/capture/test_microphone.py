"""The microphone on a stand-in device: the C callback and the ring are the real ones."""

import gc
import sys
import threading
import time
from collections import deque

import numpy as np
import pytest

from capture.fake_portaudio import FakePortAudio, device
from vocalmidi.capture import Microphone
from vocalmidi.errors import CaptureError

RATE_HZ = 48_000


def ramp(samples: int, channels: int = 2) -> np.ndarray:
    """Channel c of frame i is i * (c + 1)."""
    return np.outer(np.arange(samples), np.arange(1, channels + 1)).astype(np.float32)


@pytest.fixture(autouse=True)
def portaudio(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    fake = FakePortAudio(device("Mic"), device("Other", inputs=4, rate_hz=44_100.0), frames=ramp(20_000, 4))
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


def capture_all(microphone: Microphone, portaudio: FakePortAudio) -> list:
    with microphone:
        portaudio.streams[-1].done.wait(10)
    return list(microphone.blocks())


def test_what_the_device_plays_comes_out_once_and_in_order(portaudio: FakePortAudio):
    blocks = capture_all(Microphone(), portaudio)
    assert np.array_equal(np.concatenate([b.samples for b in blocks]), np.arange(20_000))
    assert [b.start for b in blocks[1:]] == [b.start + len(b.samples) for b in blocks[:-1]]
    assert {b.sample_rate_hz for b in blocks} == {RATE_HZ}
    # What has waited comes in whole device blocks, several as one, but no more than a moment of it.
    assert {len(b.samples) % 128 for b in blocks[:-1]} == {0}
    assert 128 < max(len(b.samples) for b in blocks) <= 4096


def test_blocks_come_while_the_device_plays(portaudio: FakePortAudio):
    portaudio.pause_s = 0.001
    received = []
    with Microphone() as microphone:
        for block in microphone.blocks():
            received.append(block)
            if block.start >= 20 * 128:
                break
        assert not portaudio.streams[-1].done.is_set()
    played = np.concatenate([b.samples for b in received])
    assert np.array_equal(played, np.arange(len(played)))


def blocks_a_handover(portaudio: FakePortAudio, microphone: Microphone) -> float:
    """Return how many of the device's blocks were handed over at a time, on average, while it played."""
    portaudio.pause_s = 0.002
    with microphone:
        stopper = threading.Thread(target=lambda: portaudio.streams[-1].done.wait(20) and microphone.stop())
        stopper.start()
        blocks = list(microphone.blocks())
        stopper.join()
    assert sum(len(block.samples) for block in blocks) == 20_000
    return 20_000 / 128 / len(blocks)


def test_who_plays_along_gets_each_block_and_who_listens_some_at_once(portaudio: FakePortAudio):
    prompt, listening = (blocks_a_handover(portaudio, Microphone(prompt=prompt)) for prompt in (True, False))
    assert prompt < 3
    assert listening > 2 * prompt


def test_how_long_sound_may_wait_can_change_while_it_comes(portaudio: FakePortAudio):
    portaudio.pause_s = 0.001
    lengths = []
    with Microphone(prompt=True) as microphone:
        for block in microphone.blocks():
            lengths.append(len(block.samples))
            if block.start >= 5_000:
                microphone.patience_s = 1600 / RATE_HZ
            if block.start >= 15_000:
                break
    assert min(lengths[:10]) == 128
    assert lengths[-2] >= 1536


@pytest.mark.parametrize(("channel", "factor"), [(1, 1.0), (2, 2.0), (4, 4.0), (None, 2.5)])
def test_the_channel_printed_on_the_device_or_the_mean_is_taken(portaudio: FakePortAudio, channel, factor):
    blocks = capture_all(Microphone("Other", channel=channel), portaudio)
    assert np.array_equal(np.concatenate([b.samples for b in blocks]), np.arange(20_000) * factor)
    assert blocks[0].sample_rate_hz == 44_100


def test_every_block_has_the_time_of_its_first_sample_on_the_computers_clock(portaudio: FakePortAudio):
    portaudio.frames = portaudio.frames[:4000]
    portaudio.pause_s = 0.01
    began_s = time.perf_counter()
    with Microphone() as microphone:
        stopper = threading.Thread(target=lambda: portaudio.streams[-1].done.wait(10) and microphone.stop())
        stopper.start()
        blocks = list(microphone.blocks())
        stopper.join()
    # The fake's own clock counts its frames from 100 s; where it stood when it was compared is anybody's guess.
    shifts = [block.adc_time_s - block.start / RATE_HZ for block in blocks]
    assert max(shifts) - min(shifts) < 1e-6
    assert began_s - 0.1 <= blocks[0].adc_time_s <= time.perf_counter()


def test_a_stream_that_tells_no_time_has_blocks_without(portaudio: FakePortAudio, monkeypatch):
    monkeypatch.delattr(type(portaudio._StreamBase(channels=2)), "time")
    assert {block.adc_time_s for block in capture_all(Microphone(), portaudio)} == {None}


def test_lost_samples_leave_a_gap_in_the_places_and_in_the_statistics(portaudio: FakePortAudio):
    microphone = Microphone(ring_seconds=0.01)  # nobody reads until the ring has long been full
    blocks = capture_all(microphone, portaudio)
    received = sum(len(b.samples) for b in blocks)
    statistics = microphone.statistics()
    assert statistics.dropped_samples == 20_000 - received > 0
    assert statistics.overruns > 0
    for block in blocks:
        assert np.array_equal(block.samples, block.start + np.arange(len(block.samples)))


def test_after_a_gap_the_next_block_begins_where_the_device_was(portaudio: FakePortAudio):
    starts, ends = [], []
    overrun, read = threading.Event(), threading.Event()

    def after_block(played_samples):
        if played_samples >= 10_000:  # the ring of 441 is full since long; from here on somebody reads
            overrun.set()
            read.wait(10)

    portaudio.after_block = after_block
    with Microphone(ring_seconds=0.01) as microphone:
        assert overrun.wait(10)
        stopper = threading.Thread(target=lambda: portaudio.streams[-1].done.wait(10) and microphone.stop())
        stopper.start()
        for block in microphone.blocks():
            read.set()
            starts.append(block.start)
            ends.append(block.start + len(block.samples))
            assert np.array_equal(block.samples, block.start + np.arange(len(block.samples)))
        stopper.join()
    lost = sum(start - end for start, end in zip(starts[1:], ends[:-1], strict=True))
    assert lost > 0
    assert lost <= microphone.statistics().dropped_samples
    assert ends[-1] <= 20_000


def test_a_silent_device_is_an_error_after_the_timeout(portaudio: FakePortAudio):
    portaudio.frames = portaudio.frames[:1000]
    with Microphone() as microphone:
        blocks = microphone.blocks(timeout_s=0.05)
        with pytest.raises(CaptureError, match=r"0 'Mic' \(Fake API\) has given nothing for 0.05 s; is it plugged in"):
            deque(blocks)


def test_a_stop_from_another_thread_ends_the_blocks_after_the_rest(portaudio: FakePortAudio):
    with Microphone() as microphone:
        portaudio.streams[-1].done.wait(10)
        stopper = threading.Timer(0.05, microphone.stop)
        stopper.start()
        assert sum(len(b.samples) for b in microphone.blocks()) == 20_000
        stopper.join()
    assert portaudio.streams[-1].calls == ["start", "stop", "close"]


def test_the_stream_is_opened_as_the_device_wants_it(portaudio: FakePortAudio):
    capture_all(Microphone(1, channel=3, block_samples=256), portaudio)
    settings = portaudio.streams[-1].settings
    assert {name: settings[name] for name in ("kind", "samplerate", "blocksize", "device", "channels", "dtype")} == {
        "kind": "input",
        "samplerate": 44_100,
        "blocksize": 256,
        "device": 1,
        "channels": 3,
        "dtype": "float32",
    }


def test_a_dropped_microphone_closes_its_stream(portaudio: FakePortAudio):
    Microphone().__enter__()
    gc.collect()
    assert portaudio.streams[-1].calls == ["start", "stop", "close"]


def test_a_device_that_refuses_is_one_line_with_advice(portaudio: FakePortAudio):
    portaudio.refuses = "Invalid sample rate [PaErrorCode -9997]"
    with pytest.raises(CaptureError, match=r"can't be opened at 96000 Hz: Invalid.*its own rate of 48000 Hz"):
        Microphone(sample_rate_hz=96_000).__enter__()


@pytest.mark.parametrize("channel", [0, 3, -1])
def test_a_channel_the_device_lacks_is_refused(channel):
    with pytest.raises(CaptureError, match=f"has no channel {channel}; choose 1 to 2"):
        Microphone(channel=channel)


@pytest.mark.parametrize("rate_hz", [0, 4_000, 384_000])
def test_a_rate_outside_the_range_is_refused_with_the_range(rate_hz):
    with pytest.raises(CaptureError, match=rf"is {rate_hz} Hz, 8000 to 192000 Hz can be used; choose"):
        Microphone(sample_rate_hz=rate_hz)


def test_a_microphone_is_used_once():
    microphone = Microphone()
    with microphone:
        pass
    with pytest.raises(ValueError, match="used once"):
        microphone.__enter__()
