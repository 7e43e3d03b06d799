"""The live stream: each hop as the whole would have it, in time, whatever the blocks and the rate."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frames.hearing import blocks, cut, furthest_apart, hear_live, streamed, times_s
from frames.timbre import KnownTimbre
from synth import BeatboxHit, beatbox, mix, scale_notes, sing
from vocalmidi.errors import FramesError
from vocalmidi.frames import LOOK_AHEADS_MS, LiveAnalyser
from vocalmidi.frames.features import LIVE, WIDTH, FrameSpectra, followed_reference_db, phrase_levels, picture
from vocalmidi.frames.heads import DELAYS, F0_DELAY, PAST, LiveHeads
from vocalmidi.frames.posteriors import read_heads
from vocalmidi.values import AudioBlock

RATES_HZ = (8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000)


def take(sample_rate_hz):
    """Return a second and a half of singing and drumming."""
    hits = beatbox([BeatboxHit(0.2, "kick"), BeatboxHit(0.7, "snare")], sample_rate_hz)
    return mix(sing(scale_notes([60, 64], 0.5), sample_rate_hz).samples, hits.samples)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 5000), max_size=12),
    sample_rate_hz=st.sampled_from([16_000, 44_100, 48_000]),
    look_ahead_ms=st.sampled_from(LOOK_AHEADS_MS),
)
def test_the_frames_do_not_depend_on_the_blocks(sizes, sample_rate_hz, look_ahead_ms, live_model):
    sound = take(sample_rate_hz)
    whole = hear_live(sound, sample_rate_hz, live_model, look_ahead_ms)
    pieces = streamed(cut(sound, sample_rate_hz, sizes), LiveAnalyser(sample_rate_hz, live_model, look_ahead_ms))
    assert furthest_apart(whole, pieces) < 1e-5


@pytest.mark.parametrize("size", [1, 7, 64, 160, 441, 5000])
def test_blocks_of_one_size_give_the_frames_of_the_whole(size, live_model):
    sound = take(16_000)[:8000]
    assert furthest_apart(hear_live(sound, 16_000, live_model), hear_live(sound, 16_000, live_model, size=size)) < 1e-5


@pytest.mark.parametrize("look_ahead_ms", LOOK_AHEADS_MS)
def test_hop_by_hop_is_the_model_over_the_whole_at_once(look_ahead_ms, live_model):
    sound = sing(scale_notes([57, 60, 64], 0.4), 16_000).samples
    sound = sound[: len(sound) // 160 * 160]
    delay = look_ahead_ms // 10
    frames = hear_live(sound, 16_000, live_model, look_ahead_ms)
    levels = phrase_levels(sound, FrameSpectra(LIVE))
    shown = picture(levels, followed_reference_db(levels.frames_db))
    state = np.zeros((1, 1, live_model.input_shapes["hidden"][2]), np.float32)
    seen = np.concatenate([np.zeros((PAST, WIDTH), np.float32), shown])
    heads = live_model.run(picture=seen[None], hidden=state, cell=state)["heads"][0]
    n, block = len(shown) - delay, DELAYS.index(delay) * LiveHeads.BLOCK
    said = read_heads(
        np.concatenate(
            [heads[delay : delay + n, block : block + LiveHeads.BLOCK], heads[F0_DELAY : F0_DELAY + n, LiveHeads.F0]],
            axis=1,
        )
    )
    # The pictures differ by a filter that takes direct current away, three octaves below any voice.
    for name in ("voicing", "onset", "offset", "active"):
        assert np.quantile(np.abs(getattr(said, name) - getattr(frames, name)[:n]), 0.99) < 0.01
    sure = said.voicing > 0.9
    assert np.abs(1200 * np.log2(said.f0_hz[sure] / frames.f0_hz[:n][sure])).max() < 5


@pytest.mark.parametrize("look_ahead_ms", LOOK_AHEADS_MS)
@pytest.mark.parametrize("sample_rate_hz", [16_000, 44_100, 48_000])
def test_no_frame_comes_later_than_the_look_ahead_nor_needs_less(look_ahead_ms, sample_rate_hz, live_model):
    analyser, done, heard = LiveAnalyser(sample_rate_hz, live_model, look_ahead_ms), 0, 0
    for block in blocks(take(sample_rate_hz)[: sample_rate_hz // 2], sample_rate_hz, 16):
        before = heard
        heard = block.start + len(block.samples)
        for _ in range(len(analyser.push(block))):
            centre = done * sample_rate_hz / 100
            assert centre + analyser.look_ahead_samples > before
            assert centre + analyser.look_ahead_samples <= heard + 2
            done += 1
    assert done > 30
    assert analyser.look_ahead_samples / sample_rate_hz < (look_ahead_ms + 10) / 1000 + 0.0015


@pytest.mark.parametrize("sample_rate_hz", RATES_HZ)
def test_every_rate_is_heard_alike(sample_rate_hz, live_model):
    notes = scale_notes([57, 60, 64, 67], 0.4)
    here, there = (hear_live(sing(notes, rate).samples, rate, live_model) for rate in (sample_rate_hz, 16_000))
    both = (here.voicing[:180] > 0.5) & (there.voicing[:180] > 0.5)
    assert both.sum() > 0.9 * (there.voicing[:180] > 0.5).sum()
    assert np.quantile(np.abs(1200 * np.log2(here.f0_hz[:180][both] / there.f0_hz[:180][both])), 0.9) < 15


def test_the_same_sound_gives_the_same_bits(live_model):
    sound = take(48_000)
    assert hear_live(sound, 48_000, live_model, size=128).same_as(hear_live(sound, 48_000, live_model, size=128))


def test_the_voice_is_where_it_was_sung(live_model):
    sung = sing(scale_notes([60], 1.0), 48_000)
    frames = hear_live(sung.samples, 48_000, live_model, 50)
    loud = times_s(frames)[frames.level_db > -40]
    assert loud[0] == pytest.approx(0.25, abs=0.025)
    assert loud[-1] == pytest.approx(1.25, abs=0.035)


@pytest.mark.parametrize("sound", [np.zeros(16_000), np.full(16_000, 0.5)], ids=["silence", "direct current"])
def test_what_is_no_sound_is_neither_voiced_nor_struck(sound, live_model):
    frames = hear_live(sound, 16_000, live_model, timbre=KnownTimbre())
    assert not (frames.voicing > 0.5).any()
    assert frames.strikes == ()


@pytest.mark.parametrize(("samples", "expected"), [(0, 0), (1, 1), (160, 1), (161, 2)])
def test_the_shortest_takes_have_frames_for_what_there_is(samples, expected, live_model):
    frames = hear_live(np.full(samples, 0.1), 16_000, live_model)
    assert len(frames) == expected


def test_an_unknown_look_ahead_is_refused(live_model):
    with pytest.raises(ValueError, match=r"must be one of \(20, 50, 100\)"):
        LiveAnalyser(16_000, live_model, 30)


def test_the_considered_model_is_not_taken_for_the_live_one(model):
    with pytest.raises(FramesError, match="not the live one"):
        LiveAnalyser(16_000, model)


def test_a_gap_in_the_stream_is_noticed(live_model):
    analyser = LiveAnalyser(16_000, live_model)
    analyser.push(AudioBlock(0, 16_000, np.zeros(100, np.float32)))
    with pytest.raises(FramesError, match="sample 150 came where 100 was due"):
        analyser.push(AudioBlock(150, 16_000, np.zeros(10, np.float32)))
