"""Which sounds are hits, where they begin, and that a stream hears what the whole would."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frames.hearing import hear
from synth import BeatboxHit, SungNote, Voice, beatbox, mix, sing
from vocalmidi.frames.features import HOP
from vocalmidi.frames.hit_stream import LATE_HOPS, HitStream
from vocalmidi.units import amplitude_to_db
from vocalmidi.values import HIT_LABELS

RATES_HZ = (8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000)


def top(curve):
    """Return the place of a curve's highest top, between frames: that of the parabola through three logarithms."""
    frame = int(curve.argmax())
    left, here, right = np.log(np.maximum(curve[frame - 1 : frame + 2], 1e-6))
    return frame + 0.5 * (left - right) / (left - 2 * here + right)


@pytest.mark.parametrize("sample_rate_hz", RATES_HZ)
def test_a_click_is_where_it_was_within_4_ms_at_every_rate(sample_rate_hz, model):
    rng = np.random.default_rng(3)
    for click_s in (0.300, 0.4037, 0.5111):
        sound = rng.standard_normal(round(0.8 * sample_rate_hz)) * 1e-5
        click = round(click_s * sample_rate_hz)
        sound[click : click + max(1, sample_rate_hz // 16_000)] = 0.5
        chance = hear(sound, sample_rate_hz, model).hit.sum(axis=1)
        assert abs(top(chance) * 0.01 - click / sample_rate_hz) < 0.004


@pytest.mark.parametrize("label", ["kick", "snare", "hihat_closed", "hihat_open"])
def test_each_drum_of_the_mouth_is_told_by_its_sound(label, model):
    kit = beatbox([BeatboxHit(0.3, "kick"), BeatboxHit(1.0, label, -9.0 if label in ("kick", "snare") else -18.0)])
    frames = hear(kit.samples, 44_100, model)
    at = round(1.0 / frames.hop_s)
    heard = frames.hit[at - 1 : at + 2]
    assert heard.sum(axis=1).max() > 0.7
    assert HIT_LABELS[int(heard.max(axis=0).argmax())] == label


def test_hits_are_placed_within_6_ms(model):
    kit = beatbox([BeatboxHit(0.2 + 0.2537 * i, ("kick", "hihat_closed", "snare")[i % 3]) for i in range(9)])
    frames = hear(kit.samples, 44_100, model)
    chance = frames.hit.sum(axis=1)
    for hit in kit.hits:
        first = round(hit.onset_s / frames.hop_s) - 5
        place_s = (first + top(chance[first : first + 11])) * frames.hop_s
        assert place_s == pytest.approx(hit.onset_s, abs=0.006)


@pytest.mark.parametrize("consonant", ["m", "l", None])
def test_a_sung_vowel_is_no_hit(consonant, model):
    sung = sing([SungNote(0.3 + 0.5 * i, 0.45, 57, consonant=consonant) for i in range(5)], voice=Voice("male"))
    assert hear(sung.samples, 44_100, model).hit.sum(axis=1).max() < 0.5


def test_a_kick_on_a_hum_is_both(model):
    hum = sing([SungNote(0.1, 3.0, 52, vowel="u", level_db=-26.0)], voice=Voice("male"))
    kit = beatbox([BeatboxHit(0.8, "kick"), BeatboxHit(1.6, "kick"), BeatboxHit(2.4, "kick")])
    frames = hear(mix(hum.samples, kit.samples), 44_100, model)
    for hit in kit.hits:
        at = round(hit.onset_s / frames.hop_s)
        assert frames.hit[at - 2 : at + 3].sum(axis=1).max() > 0.5
    assert np.mean(frames.voicing[16:304] > 0.5) > 0.9


def test_vibrato_is_no_hit(model):
    sung = sing([SungNote(0.2, 3.0, 62, vibrato_cents=100, vibrato_hz=6.0)], 16_000)
    assert hear(sung.samples, 16_000, model).hit[50:300].sum(axis=1).max() < 0.2


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=20), st.integers(0, 159))
def test_hits_are_the_same_however_the_hops_come(sizes, rest):
    kit = beatbox(
        [BeatboxHit(0.0, "kick"), BeatboxHit(0.3, "snare"), BeatboxHit(0.55, "hihat_closed")], 16_000, tail_s=1.0
    )
    sound = kit.samples + np.float32(1e-4) * np.random.default_rng(1).standard_normal(len(kit.samples))
    sound = sound[: 120 * HOP + rest].astype(np.float32)
    whole, stream, rows, start = HitStream(), HitStream(), [], 0
    for size in [*sizes, 120]:
        stop = min(start + size * HOP, 120 * HOP)
        rows.append(stream.push(sound[start:stop]))
        start = stop
    rows.append(stream.finish(sound[start:]))
    at_once = np.concatenate([whole.push(sound[: 120 * HOP]), whole.finish(sound[120 * HOP :])])
    assert len(at_once) == 120 + (rest > 0)
    np.testing.assert_allclose(np.concatenate(rows), at_once, atol=1e-5)
    assert at_once.sum(axis=1).max() > 0.5


def test_hits_are_decided_in_time():
    stream, rows = HitStream(), 0
    for hop in range(60):
        rows += len(stream.push(np.zeros(HOP, np.float32)))
        assert rows == max(0, hop + 2 - LATE_HOPS)


def test_a_recording_that_begins_in_noise_does_not_begin_with_a_bang(model):
    noise = np.random.default_rng(1).standard_normal(32_000) * 0.05
    assert hear(noise, 16_000, model).hit.sum(axis=1).max() < 0.5


def test_a_recording_that_begins_with_a_kick_does(model):
    kit = beatbox([BeatboxHit(0.0, "kick")], tail_s=0.5)
    frames = hear(kit.samples + np.random.default_rng(1).standard_normal(len(kit.samples)) * 1e-4, 44_100, model)
    assert frames.hit[:3].sum(axis=1).max() > 0.5
    assert amplitude_to_db(np.abs(kit.samples[:400]).max()) > -20
