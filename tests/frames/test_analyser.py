"""The stream: the same frames whatever the blocks, in the source's samples, and not later than promised."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frames.hearing import blocks, hear
from synth import BeatboxHit, beatbox, mix, scale_notes, sing
from vocalmidi.errors import FramesError
from vocalmidi.frames import FrameAnalyser, analyse
from vocalmidi.values import AudioBlock, Frames


def take(sample_rate_hz):
    """Return a second and a half of singing and drumming."""
    hits = beatbox([BeatboxHit(0.2, "kick"), BeatboxHit(0.7, "snare")], sample_rate_hz)
    return mix(sing(scale_notes([60, 64], 0.5), sample_rate_hz).samples, hits.samples)


def streamed(sound, sample_rate_hz, sizes, analyser):
    pieces, start = [], 0
    for size in sizes:
        pieces.append(analyser.push(AudioBlock(start, sample_rate_hz, sound[start : start + size])))
        start += size
    pieces.append(analyser.push(AudioBlock(start, sample_rate_hz, sound[start:])) if start < len(sound) else pieces[-1])
    return Frames.joined([piece for piece in [*pieces, analyser.finish()] if len(piece)])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(0, 9000), max_size=12),
    sample_rate_hz=st.sampled_from([16_000, 44_100]),
    window_frames=st.sampled_from([4, 64, 512]),
)
def test_the_frames_do_not_depend_on_the_blocks(sizes, sample_rate_hz, window_frames, model):
    sound = take(sample_rate_hz)
    sizes = [size for i, size in enumerate(sizes) if sum(sizes[: i + 1]) < len(sound)]
    whole = hear(sound, sample_rate_hz, model)
    live = streamed(sound, sample_rate_hz, sizes, FrameAnalyser(sample_rate_hz, model, window_frames=window_frames))
    assert len(live) == len(whole)
    for name in ("f0_hz", "voicing", "onset", "level_db", "hit"):
        assert np.abs(getattr(live, name) - getattr(whole, name)).max() < 1e-4


def test_the_same_sound_gives_the_same_bits(model):
    sound = take(44_100)
    assert hear(sound, 44_100, model).same_as(analyse(blocks(sound, 44_100, 1000), model))


@pytest.mark.parametrize("sample_rate_hz", [8_000, 16_000, 44_100, 192_000])
def test_frames_cover_the_recording_in_its_own_samples(sample_rate_hz, model):
    frames = hear(np.zeros(sample_rate_hz * 2), sample_rate_hz, model)
    assert (frames.start, frames.hop_s, frames.sample_rate_hz) == (0, 0.008, sample_rate_hz)
    assert len(frames) == 250


@pytest.mark.parametrize(("samples", "expected"), [(0, 0), (1, 1), (128, 1), (129, 2), (800, 7)])
def test_the_shortest_recordings_have_frames_for_what_there_is(samples, expected, model):
    assert len(hear(np.full(samples, 0.1), 16_000, model)) == expected


@pytest.mark.parametrize("sample_rate_hz", [16_000, 48_000])
def test_no_frame_comes_later_than_the_look_ahead(sample_rate_hz, model):
    analyser, done = FrameAnalyser(sample_rate_hz, model), 0
    sound = take(sample_rate_hz)
    hop = round(0.008 * sample_rate_hz)
    for block in blocks(sound, sample_rate_hz, 160):
        done += len(analyser.push(block))
        heard = block.start + len(block.samples)
        assert done * hop + analyser.look_ahead_samples >= heard
    assert analyser.look_ahead_samples < 0.3 * sample_rate_hz


def test_progress_is_told_to_the_last_sample(model):
    told = []
    analyse(blocks(np.zeros(40_000), 16_000, 16_000), model, told.append)
    assert told == [16_000, 32_000, 40_000]


def test_memory_does_not_grow_with_the_recording(model):
    noise = np.random.default_rng(0).standard_normal(16_000).astype(np.float32) * np.float32(0.01)

    def peak(seconds):
        analyser = FrameAnalyser(16_000, model, window_frames=64)
        tracemalloc.start()
        for second in range(seconds):
            analyser.push(AudioBlock(second * 16_000, 16_000, noise))
        grown = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return grown

    peak(3)
    assert peak(20) < 1.2 * peak(5)


def test_a_gap_in_the_stream_is_noticed(model):
    analyser = FrameAnalyser(16_000, model)
    analyser.push(AudioBlock(0, 16_000, np.zeros(100, np.float32)))
    with pytest.raises(FramesError, match="sample 150 came where 100 was due"):
        analyser.push(AudioBlock(150, 16_000, np.zeros(10, np.float32)))


def test_another_rate_in_the_stream_is_refused(model):
    with pytest.raises(ValueError, match="48000 Hz in a stream at 16000 Hz"):
        FrameAnalyser(16_000, model).push(AudioBlock(0, 48_000, np.zeros(10, np.float32)))


def test_nothing_follows_the_end(model):
    analyser = FrameAnalyser(16_000, model)
    analyser.finish()
    with pytest.raises(ValueError, match="may follow finish"):
        analyser.push(AudioBlock(0, 16_000, np.zeros(10, np.float32)))
    with pytest.raises(ValueError, match="finish was called"):
        analyser.finish()


@pytest.mark.parametrize("sample_rate_hz", [7_999, 192_001])
def test_rates_beyond_the_range_are_refused(sample_rate_hz, model):
    with pytest.raises(ValueError, match="8000–192000 Hz"):
        FrameAnalyser(sample_rate_hz, model)


@pytest.mark.parametrize("window_frames", [0, 3, -2])
def test_windows_are_whole_pairs_of_frames(window_frames, model):
    with pytest.raises(ValueError, match="even and at least 2"):
        FrameAnalyser(16_000, model, window_frames=window_frames)


def test_a_recording_without_a_block_is_an_error(model):
    with pytest.raises(FramesError, match="no sound at all"):
        analyse([], model)


class _Mute:
    """A model that answers in another shape than its card says."""

    card = type("Card", (), {"name": "mute"})()

    def run(self, **_inputs):
        return {"pitch": np.zeros((1, 3))}


def test_a_model_that_answers_otherwise_is_noticed():
    with pytest.raises(FramesError, match="mute gives"):
        hear(np.zeros(1000), 16_000, _Mute())
