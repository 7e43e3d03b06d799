"""The considered stream: the same frames whatever the blocks, in the source's samples, in bounded memory."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frames.hearing import blocks, cut, furthest_apart, hear, streamed, times_s
from synth import BeatboxHit, beatbox, mix, room_noise, scale_notes, sing
from vocalmidi.errors import FramesError
from vocalmidi.frames import ConsideredAnalyser, analyse, considered
from vocalmidi.frames.features import CONSIDERED, FrameSpectra, phrase_picture
from vocalmidi.frames.heads import Heads
from vocalmidi.units import midi_to_hz
from vocalmidi.values import AudioBlock, Frames


def take(sample_rate_hz):
    """Return a second and a half of singing and drumming."""
    hits = beatbox([BeatboxHit(0.2, "kick"), BeatboxHit(0.7, "snare")], sample_rate_hz)
    return mix(sing(scale_notes([60, 64], 0.5), sample_rate_hz).samples, hits.samples)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(0, 9000), max_size=12), sample_rate_hz=st.sampled_from([16_000, 44_100]))
def test_the_frames_do_not_depend_on_the_blocks(sizes, sample_rate_hz, model):
    sound = take(sample_rate_hz)
    pieces = streamed(cut(sound, sample_rate_hz, sizes), ConsideredAnalyser(sample_rate_hz, model))
    assert furthest_apart(hear(sound, sample_rate_hz, model), pieces) < 1e-4


def test_the_same_sound_gives_the_same_bits(model):
    sound = take(44_100)
    assert hear(sound, 44_100, model).same_as(analyse(blocks(sound, 44_100, 1000), model))


def test_a_short_recording_is_shown_to_the_model_whole_as_in_training(model):
    sung = sing(scale_notes([57, 60, 64], 0.4), 16_000).samples
    shown = phrase_picture(sung, FrameSpectra(CONSIDERED))
    logits = model.run(picture=shown[None])["heads"][0].astype(np.float64)
    frames = hear(sung, 16_000, model)
    wanted = 1.0 / (1.0 + np.exp(-logits[:, Heads.LABEL_ONSET]))
    # The pictures differ by a filter that takes direct current away, three octaves below any voice.
    assert np.abs(frames.onset[:, 1] - wanted).max() < 0.02
    assert np.median(np.abs(frames.voicing - 1.0 / (1.0 + np.exp(-logits[:, Heads.VOICING])))) < 1e-3


@pytest.mark.parametrize("sample_rate_hz", [8_000, 16_000, 44_100, 192_000])
def test_frames_cover_the_recording_in_its_own_samples(sample_rate_hz, model):
    frames = hear(np.zeros(sample_rate_hz * 2), sample_rate_hz, model)
    assert (frames.start, frames.hop_s, frames.sample_rate_hz) == (0, 0.01, sample_rate_hz)
    assert len(frames) == 200


@pytest.mark.parametrize(("samples", "expected"), [(0, 0), (1, 1), (160, 1), (161, 2), (1000, 7)])
def test_the_shortest_recordings_have_frames_for_what_there_is(samples, expected, model):
    assert len(hear(np.full(samples, 0.1), 16_000, model)) == expected


@pytest.mark.parametrize("sample_rate_hz", [8_000, 11_025, 44_100, 48_000, 192_000])
@pytest.mark.parametrize("samples", [1, 777, 9_999])
def test_every_begun_hop_has_a_frame_at_every_rate(samples, sample_rate_hz, model):
    analysed = -(-samples * 16_000 // sample_rate_hz)
    assert len(hear(np.zeros(samples), sample_rate_hz, model)) == -(-analysed // 160)


def test_chunks_join_without_a_seam(model, monkeypatch):
    # 4 s of a scale in chunks of 1 s with 3 s round them, against the same as one chunk.
    sound = sing(scale_notes([60, 62, 64, 65, 67, 69, 71], 0.5), 16_000).samples
    whole = hear(sound, 16_000, model)
    monkeypatch.setattr(considered, "CHUNK", 100)
    chunked = streamed(blocks(sound, 16_000, 3000), ConsideredAnalyser(16_000, model))
    assert np.abs(chunked.level_db - whole.level_db).max() < 1e-3
    assert np.quantile(np.abs(chunked.voicing - whole.voicing), 0.99) < 0.05
    both = (whole.voicing > 0.5) & (chunked.voicing > 0.5)
    assert np.abs(1200 * np.log2(chunked.f0_hz[both] / whole.f0_hz[both])).max() < 25


def test_chunks_that_are_given_to_the_model_together_are_heard_as_one_by_one(model, monkeypatch):
    monkeypatch.setattr(considered, "CHUNK", 100)
    monkeypatch.setattr(considered, "CONTEXT", 50)
    sound = sing(scale_notes([60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79], 0.7), 16_000).samples
    runs = []

    class Wide:
        card = model.card
        takes_at_once = 3

        def run(self, picture):
            runs.append(picture.shape)
            return model.run(picture=picture)

    together = streamed(blocks(sound, 16_000, 4096), ConsideredAnalyser(16_000, Wide()))
    alone = streamed(blocks(sound, 16_000, 4096), ConsideredAnalyser(16_000, model))
    assert furthest_apart(together, alone) == 0.0
    assert [shape[:2] for shape in runs[:3]] == [(1, 150), (2, 200), (3, 200)]
    assert {shape[0] for shape in runs[3:]} == {1}  # the end, for which there is no waiting


def test_a_room_between_loud_phrases_is_not_blown_up_to_a_voice(model, monkeypatch):
    monkeypatch.setattr(considered, "CHUNK", 300)
    monkeypatch.setattr(considered, "CONTEXT", 50)
    sung = sing(scale_notes([60, 64, 67, 72], 0.5), 16_000).samples
    sound = np.concatenate([sung, room_noise(12.0, 16_000, level_db=-58.0, seed=5), sung])
    shown = []

    class Watched:
        card = model.card
        takes_at_once = 1

        def run(self, picture):
            shown.append(picture)
            return model.run(picture=picture)

    frames = streamed(blocks(sound, 16_000, 4096), ConsideredAnalyser(16_000, Watched()))
    between = (times_s(frames) > len(sung) / 16_000 + 0.3) & (times_s(frames) < len(sung) / 16_000 + 11.7)
    assert not (frames.voicing[between] > 0.5).any()
    quiet = shown[2][0, 100:250, -40:]  # mel bands of a chunk that is nothing but room
    alone = phrase_picture(sound[6 * 16_000 : 8 * 16_000], FrameSpectra(CONSIDERED))[:, -40:]
    assert quiet.mean() < alone.mean() - 0.1


def test_a_soft_verse_after_a_loud_one_is_still_heard(model, monkeypatch):
    monkeypatch.setattr(considered, "CHUNK", 300)
    monkeypatch.setattr(considered, "CONTEXT", 50)
    loud = sing(scale_notes([60, 64, 67, 72, 67], 0.5), 16_000).samples
    soft = loud * np.float32(10 ** (-20 / 20))
    frames = hear(np.concatenate([loud, soft, soft]), 16_000, model)
    n = len(loud) // 160
    assert np.mean(frames.voicing[2 * n : 3 * n] > 0.5) > 0.95 * np.mean(frames.voicing[:n] > 0.5)


def test_progress_is_told_to_the_last_sample(model):
    told = []
    analyse(blocks(np.zeros(40_000), 16_000, 16_000), model, told.append)
    assert told == [16_000, 32_000, 40_000]


def test_memory_does_not_grow_with_the_recording(model, monkeypatch):
    monkeypatch.setattr(considered, "CHUNK", 300)
    noise = np.random.default_rng(0).standard_normal(16_000).astype(np.float32) * np.float32(0.01)

    def peak(seconds):
        analyser = ConsideredAnalyser(16_000, model)
        tracemalloc.start()
        for second in range(seconds):
            analyser.push(AudioBlock(second * 16_000, 16_000, noise))
        grown = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return grown

    peak(10)
    assert peak(40) < 1.2 * peak(15)


def test_a_gap_in_the_stream_is_noticed(model):
    analyser = ConsideredAnalyser(16_000, model)
    analyser.push(AudioBlock(0, 16_000, np.zeros(100, np.float32)))
    with pytest.raises(FramesError, match="sample 150 came where 100 was due"):
        analyser.push(AudioBlock(150, 16_000, np.zeros(10, np.float32)))


def test_another_rate_in_the_stream_is_refused(model):
    with pytest.raises(ValueError, match="48000 Hz in a stream at 16000 Hz"):
        ConsideredAnalyser(16_000, model).push(AudioBlock(0, 48_000, np.zeros(10, np.float32)))


def test_nothing_follows_the_end(model):
    analyser = ConsideredAnalyser(16_000, model)
    analyser.finish()
    with pytest.raises(ValueError, match="may follow finish"):
        analyser.push(AudioBlock(0, 16_000, np.zeros(10, np.float32)))
    with pytest.raises(ValueError, match="finish was called"):
        analyser.finish()


@pytest.mark.parametrize("sample_rate_hz", [7_999, 192_001])
def test_rates_beyond_the_range_are_refused(sample_rate_hz, model):
    with pytest.raises(ValueError, match="8000–192000 Hz"):
        ConsideredAnalyser(sample_rate_hz, model)


def test_a_recording_without_a_block_is_an_error(model):
    with pytest.raises(FramesError, match="no sound at all"):
        analyse([], model)


def test_a_stream_that_begins_late_keeps_its_samples(model):
    analyser = ConsideredAnalyser(48_000, model)
    frames = Frames.joined(
        [analyser.push(AudioBlock(1_000_000, 48_000, np.zeros(4800, np.float32))), analyser.finish()]
    )
    assert (frames.start, len(frames)) == (1_000_000, 10)


def test_candidates_lie_where_the_pitch_is(model):
    frames = hear(sing(scale_notes([60, 64, 67], 0.5), 16_000).samples, 16_000, model)
    sure = frames.voicing > 0.9
    np.testing.assert_allclose(midi_to_hz(frames.candidate_midi[sure, 0]), frames.f0_hz[sure], rtol=1e-4)
    assert np.all(np.diff(frames.candidate_share, axis=1) <= 0)
    assert frames.candidate_share.sum(axis=1).max() <= 1.0001
    assert np.median(frames.candidate_share[sure, 0]) > 0.8


class _Mute:
    takes_at_once = 1
    """A model that answers in another shape than its card says."""

    card = type("Card", (), {"name": "mute"})()

    def run(self, **_inputs):
        return {"heads": np.zeros((1, 3, 5), np.float32)}


def test_a_model_that_answers_otherwise_is_noticed():
    with pytest.raises(FramesError, match="mute gives"):
        hear(np.zeros(1000), 16_000, _Mute())
