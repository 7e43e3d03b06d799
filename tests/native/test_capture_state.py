"""The C callback, called as PortAudio would, with numbers known beforehand."""

import gc

import numpy as np
import pytest
from native_ringbuf import CaptureClock, CaptureState, Ring
from native_ringbuf._native import ffi, lib

CONTINUE, COMPLETE = 0, 1  # paContinue and paComplete, portaudio.h
INPUT_UNDERFLOW, INPUT_OVERFLOW = 1, 2


def call(state: CaptureState, frames: np.ndarray | None, *, adc_time_s: float = 0.0, flags: int = 0, count: int = 0):
    """Call the callback with (n, channels) frames, or with none for `count` frames."""
    time = ffi.new("nrb_stream_time *", [adc_time_s, 0.0, 0.0])
    if frames is None:
        return lib.nrb_capture_callback(ffi.NULL, ffi.NULL, count, time, flags, state.userdata)
    frames = np.ascontiguousarray(frames, np.float32)
    return lib.nrb_capture_callback(ffi.from_buffer(frames), ffi.NULL, len(frames), time, flags, state.userdata)


def stereo(left: list[float], right: list[float]) -> np.ndarray:
    return np.array([left, right], np.float32).T


@pytest.mark.parametrize(("channel", "expected"), [(0, [1, 2, 3]), (1, [-1, 0, 5]), (None, [0, 1, 4])])
def test_the_chosen_channel_or_the_mean_of_all_is_taken(channel, expected):
    ring = Ring(1024)
    state = CaptureState(ring, channels=2, channel=channel)
    assert call(state, stereo([1, 2, 3], [-1, 0, 5])) == CONTINUE
    assert ring.read(10).tolist() == expected


def test_blocks_that_wrap_without_a_mirror_keep_their_order():
    ring = Ring(1024, mirrored=False)
    state = CaptureState(ring, channels=3, channel=2)
    for turn in range(10):
        frames = np.zeros((700, 3), np.float32)
        frames[:, 2] = np.arange(700) + turn
        call(state, frames)
        assert np.array_equal(ring.read(700), np.arange(700) + turn)


def test_nan_and_infinity_become_silence_and_are_counted():
    ring = Ring(1024)
    state = CaptureState(ring, channels=2, channel=None)
    call(state, stereo([np.nan, 1.0, np.inf, -np.inf], [0.5, 1.0, np.nan, 0.25]))
    assert ring.read(10).tolist() == [0.25, 1.0, 0.0, 0.125]
    assert state.statistics().bad_samples == 4
    assert state.statistics().peak == 1.0


def test_the_mean_of_the_largest_floats_is_finite():
    ring = Ring(1024)
    largest = float(np.finfo(np.float32).max)
    call(CaptureState(ring, channels=2), stereo([largest], [largest]))
    assert ring.read(1)[0] == np.float32(largest)


def test_counters_tell_blocks_sizes_overflows_and_peak():
    ring = Ring(1024)
    state = CaptureState(ring, channels=1)
    before = state.statistics()
    assert (before.blocks, before.min_block_samples, before.max_block_samples, before.peak) == (0, 0, 0, 0.0)
    call(state, np.full((128, 1), 0.25))
    call(state, np.full((64, 1), -0.75), flags=INPUT_OVERFLOW)
    call(state, np.full((256, 1), 0.5), flags=INPUT_UNDERFLOW)
    after = state.statistics()
    assert (after.blocks, after.min_block_samples, after.max_block_samples) == (3, 64, 256)
    assert (after.input_overflows, after.missing_blocks, after.bad_samples) == (1, 0, 0)
    assert (after.total_written, after.dropped_samples, after.overruns) == (448, 0, 0)
    assert after.peak == 0.75


def test_a_call_without_input_keeps_its_place_as_silence():
    ring = Ring(1024)
    state = CaptureState(ring, channels=2)
    call(state, np.ones((10, 2)))
    call(state, None, count=20)
    call(state, np.ones((10, 2)))
    assert ring.read(100).tolist() == [1.0] * 10 + [0.0] * 20 + [1.0] * 10
    assert state.statistics().missing_blocks == 1


def test_a_full_ring_loses_the_block_but_not_the_clock():
    ring = Ring(1024)
    state = CaptureState(ring, channels=1)
    for block in range(10):
        assert call(state, np.ones((200, 1)), adc_time_s=10.0 + block) == CONTINUE
    assert state.statistics().dropped_samples == 1000
    assert state.statistics().overruns == 5
    assert state.clock() == CaptureClock(position=1800, adc_time_s=19.0)


def test_there_is_no_clock_before_the_first_block():
    assert CaptureState(Ring(1024), channels=1).clock() is None


def test_a_stop_ends_the_stream_and_takes_nothing_more():
    ring = Ring(1024)
    state = CaptureState(ring, channels=1)
    call(state, np.ones((5, 1)))
    state.request_stop()
    assert call(state, np.ones((5, 1))) == COMPLETE
    assert ring.total_written == 5
    assert state.statistics().blocks == 1


def test_the_state_keeps_a_dropped_ring_alive():
    ring = Ring(1024)
    state = CaptureState(ring, channels=1)
    ring.close()
    del ring
    gc.collect()
    call(state, np.ones((100, 1)))
    assert state.statistics().total_written == 100


@pytest.mark.parametrize(("channels", "channel"), [(0, None), (2, 2), (2, -1), (1025, 0)])
def test_channels_that_cannot_be_are_refused(channels, channel):
    with pytest.raises(ValueError, match="channels must be 1 to 1024"):
        CaptureState(Ring(1024), channels=channels, channel=channel)
