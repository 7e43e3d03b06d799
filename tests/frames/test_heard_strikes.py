"""Strikes in frames: placed at every rate, told by the shipped encoder, the same however the sound comes."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frames.hearing import blocks, cut, hear, hear_live, streamed
from frames.timbre import KnownTimbre
from synth import BeatboxHit, SungNote, Voice, beatbox, mix, sing
from vocalmidi.frames import LiveAnalyser
from vocalmidi.frames.rises import STEP
from vocalmidi.units import amplitude_to_db
from vocalmidi.values import HIT_LABELS

RATES_HZ = (8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000)
BEAT = [BeatboxHit(0.2 + 0.2537 * i, ("kick", "hihat_closed", "snare")[i % 3]) for i in range(9)]


def drummed(sample_rate_hz):
    sound = beatbox(BEAT, sample_rate_hz, tail_s=0.3).samples
    return sound + 1e-4 * np.random.default_rng(1).standard_normal(len(sound)).astype(np.float32)


def first_heard(frames):
    """Return each strike as it was heard first, in order of onset."""
    found = {}
    for strike in frames.strikes:
        found.setdefault(strike.onset, strike)
    return [found[onset] for onset in sorted(found)]


def near(frames, onset_s, reach_s=0.01):
    """Return the strike nearest to a moment as it was heard last."""
    onset = onset_s * frames.sample_rate_hz
    own = [s for s in frames.strikes if abs(s.onset - onset) < reach_s * frames.sample_rate_hz]
    assert own, f"nothing was struck at {onset_s} s"
    return own[-1]


@pytest.mark.parametrize("sample_rate_hz", RATES_HZ)
def test_a_click_is_where_it_was_within_a_millisecond_at_every_rate(sample_rate_hz, model, live_model):
    rng = np.random.default_rng(3)
    for click_s in (0.300, 0.4037, 0.5111):
        sound = rng.standard_normal(round(0.8 * sample_rate_hz)) * 1e-5
        click = round(click_s * sample_rate_hz)
        sound[click : click + max(1, sample_rate_hz // 16_000)] = 0.5
        for frames in (
            hear(sound, sample_rate_hz, model, timbre=KnownTimbre()),
            hear_live(sound, sample_rate_hz, live_model, timbre=KnownTimbre()),
        ):
            (strike,) = first_heard(frames)
            assert strike.onset / sample_rate_hz == pytest.approx(click / sample_rate_hz, abs=0.001)


@pytest.mark.parametrize("label", ["kick", "snare", "hihat_closed", "hihat_open"])
def test_each_drum_of_the_mouth_is_told_by_its_sound(label, model, timbre):
    kit = beatbox([BeatboxHit(0.3, "kick"), BeatboxHit(1.0, label, -9.0 if label in ("kick", "snare") else -18.0)])
    strike = near(hear(kit.samples, 44_100, model, timbre=timbre), 1.0)
    assert strike.hit_share > 0.5
    assert HIT_LABELS[int(strike.label_share.argmax())].split("_")[0] == label.split("_")[0]


def test_hits_are_placed_within_a_millisecond(model, timbre):
    frames = hear(drummed(44_100), 44_100, model, timbre=timbre)
    for hit in BEAT:
        assert near(frames, hit.onset_s).onset / 44_100 == pytest.approx(hit.onset_s, abs=0.001)


@pytest.mark.parametrize("consonant", ["m", "l", None])
def test_a_sung_vowel_is_no_hit(consonant, model, timbre):
    sung = sing([SungNote(0.3 + 0.5 * i, 0.45, 57, consonant=consonant) for i in range(5)], voice=Voice("male"))
    strikes = hear(sung.samples, 44_100, model, timbre=timbre).strikes
    assert max((strike.hit_share for strike in strikes), default=0.0) < 0.5


def test_a_kick_on_a_hum_is_struck_and_the_hum_goes_on(model, timbre):
    hum = sing([SungNote(0.1, 3.0, 52, vowel="u", level_db=-26.0)], voice=Voice("male"))
    kit = beatbox([BeatboxHit(0.8, "kick"), BeatboxHit(1.6, "kick"), BeatboxHit(2.4, "kick")])
    frames = hear(mix(hum.samples, kit.samples), 44_100, model, timbre=timbre)
    for hit in kit.hits:
        assert near(frames, hit.onset_s).hit_share > 0.5
    assert np.mean(frames.voicing[16:304] > 0.5) > 0.9


def test_vibrato_strikes_nothing(model):
    sung = sing([SungNote(0.2, 3.0, 62, vibrato_cents=100, vibrato_hz=6.0)], 16_000)
    frames = hear(sung.samples, 16_000, model, timbre=KnownTimbre())
    assert not [s for s in frames.strikes if 0.5 < s.onset / 16_000 < 3.0]


@pytest.mark.parametrize("sample_rate_hz", [16_000, 44_100, 48_000])
def test_live_a_strike_is_first_known_8_to_12_ms_after_it_began(sample_rate_hz, live_model):
    analyser = LiveAnalyser(sample_rate_hz, live_model, 20, timbre=KnownTimbre())
    seen = {}
    for block in blocks(drummed(sample_rate_hz), sample_rate_hz, 16):
        now = block.start + len(block.samples)
        for strike in analyser.push(block).strikes:
            # It says honestly what it needed: it comes with that sample's block and never before.
            assert 0 <= now - 1 - strike.heard < 16
            seen.setdefault(strike.onset, strike.heard)
    waits_ms = [
        1000 * (seen[onset] / sample_rate_hz - hit.onset_s) for onset, hit in zip(sorted(seen), BEAT, strict=True)
    ]
    assert min(waits_ms) > 7
    assert np.median(waits_ms) < 12


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 5000), max_size=12), sample_rate_hz=st.sampled_from([16_000, 44_100, 48_000]))
def test_live_strikes_do_not_depend_on_the_blocks(sizes, sample_rate_hz, live_model, timbre):
    sound = drummed(sample_rate_hz)[:sample_rate_hz]
    whole = hear_live(sound, sample_rate_hz, live_model, timbre=timbre)
    pieces = streamed(cut(sound, sample_rate_hz, sizes), LiveAnalyser(sample_rate_hz, live_model, 50, timbre=timbre))
    assert len(whole.strikes) > 8
    assert [s.onset for s in whole.strikes] == [s.onset for s in pieces.strikes]
    assert all(one.same_as(other) for one, other in zip(whole.strikes, pieces.strikes, strict=True))


def test_considered_strikes_do_not_depend_on_the_blocks(model, timbre):
    sound = drummed(44_100)
    whole, pieces = (hear(sound, 44_100, model, size, timbre=timbre).strikes for size in (None, 1000))
    assert [s.onset for s in whole] == [s.onset for s in pieces]
    assert max(abs(a.hit_share - b.hit_share) for a, b in zip(whole, pieces, strict=True)) < 1e-4


def test_what_was_struck_last_is_heard_when_the_stream_ends(model, live_model):
    sound = drummed(16_000)[: round((BEAT[-1].onset_s + 0.011) * 16_000)]
    for frames in (
        hear(sound, 16_000, model, timbre=KnownTimbre()),
        hear_live(sound, 16_000, live_model, timbre=KnownTimbre()),
    ):
        assert near(frames, BEAT[-1].onset_s).heard == len(sound) - 1


def test_a_recording_that_begins_in_noise_does_not_begin_with_a_bang(model, live_model):
    noise = np.random.default_rng(1).standard_normal(32_000) * 0.05
    assert hear(noise, 16_000, model, timbre=KnownTimbre()).strikes == ()
    assert hear_live(noise, 16_000, live_model, timbre=KnownTimbre()).strikes == ()


def test_a_recording_that_begins_with_a_kick_does(model):
    kit = beatbox([BeatboxHit(0.0, "kick")], tail_s=0.5)
    noise = np.random.default_rng(1).standard_normal(len(kit.samples)) * 1e-4
    frames = hear(kit.samples + noise, 44_100, model, timbre=KnownTimbre())
    assert frames.strikes[0].onset < 0.004 * 44_100
    assert amplitude_to_db(np.abs(kit.samples[:400]).max()) > -20


def test_without_the_encoder_nothing_is_struck(model, live_model):
    assert hear(drummed(16_000), 16_000, model).strikes == ()
    assert hear_live(drummed(16_000)[: 100 * STEP], 16_000, live_model).strikes == ()


def test_a_considered_strike_knows_what_it_was_like_when_younger(model):
    for strike in hear(drummed(44_100), 44_100, model, timbre=KnownTimbre()).strikes:
        assert [round(each.age_s, 3) for each in (*strike.younger, strike)] == [0.024, 0.064, 0.16]
        assert {each.onset for each in strike.younger} == {strike.onset}
