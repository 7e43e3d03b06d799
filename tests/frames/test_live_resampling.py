"""The live resampler against soxr HQ: the same sound at the same time, but at once."""

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from vocalmidi.frames.live_resampling import StepResampler

RATES_HZ = (8_000, 11_025, 12_345, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000)


def hops(sound, sample_rate_hz, sizes=(None,)):
    """Return what comes at 16 kHz from blocks of these sizes and the rest as the last."""
    resampler, out, start = StepResampler(sample_rate_hz, 160), [], 0
    for size in [*[s for s in sizes if s], len(sound)]:
        resampler.push(sound[start : start + size])
        start += size
        while (hop := resampler.next_step()) is not None:
            out.append(hop)
    return np.concatenate([*out, np.zeros(0, np.float32)])


def tone(f0_hz, sample_rate_hz, seconds=0.5):
    return np.sin(2 * np.pi * f0_hz * np.arange(round(seconds * sample_rate_hz)) / sample_rate_hz).astype(np.float32)


def rms_db(sound):
    return 20 * np.log10(np.sqrt(np.mean(sound[800:-800].astype(float) ** 2)) * np.sqrt(2) + 1e-9)


@pytest.mark.parametrize("sample_rate_hz", RATES_HZ)
def test_band_limited_sound_is_that_of_soxr_sample_by_sample(sample_rate_hz):
    rng = np.random.default_rng(1)
    top = min(6500.0, 0.4 * sample_rate_hz)
    sound = sum(tone(f, sample_rate_hz) * 0.1 for f in rng.uniform(60.0, top, 12))
    mine, theirs = hops(sound, sample_rate_hz), soxr.resample(sound, sample_rate_hz, 16_000, quality="HQ")
    inner = slice(1600, min(len(mine), len(theirs)) - 1600)
    error_db = 20 * np.log10(np.std(mine[inner] - theirs[inner]) / np.std(theirs[inner]))
    assert error_db < -40


@pytest.mark.parametrize("sample_rate_hz", [rate for rate in RATES_HZ if rate >= 22_050])
def test_up_to_7_khz_passes_and_9_khz_does_not_fold_back(sample_rate_hz):
    for f0_hz in (100.0, 1000.0, 4000.0, 6900.0):
        assert abs(rms_db(hops(tone(f0_hz, sample_rate_hz), sample_rate_hz))) < 0.5
    assert rms_db(hops(tone(9000.0, sample_rate_hz), sample_rate_hz)) < -50


@pytest.mark.parametrize("sample_rate_hz", [8_000, 11_025])
def test_a_telephone_has_no_mirror_images(sample_rate_hz):
    f0_hz = 0.4 * sample_rate_hz
    heard = hops(tone(f0_hz, sample_rate_hz), sample_rate_hz)
    spectrum = np.abs(np.fft.rfft(heard[1600:5600] * np.hanning(4000))) / 1000
    mirrored = round((sample_rate_hz - f0_hz) / 4.0)
    assert 20 * np.log10(spectrum[mirrored - 3 : mirrored + 4].max() + 1e-9) < -50
    assert abs(rms_db(heard)) < 0.5


@pytest.mark.parametrize("sample_rate_hz", RATES_HZ)
def test_the_delay_is_that_of_half_the_filter(sample_rate_hz):
    resampler, given_samples = StepResampler(sample_rate_hz, 160), 0
    while resampler.next_step() is None:
        resampler.push(np.zeros(1, np.float32))
        given_samples += 1
    last = 159 * sample_rate_hz / 16_000
    assert abs(given_samples - last - resampler.delay_samples) <= 1
    assert resampler.delay_samples / sample_rate_hz < 0.0015


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 3000), max_size=10), st.sampled_from(RATES_HZ))
def test_blocks_of_any_size_give_the_same_sound(sizes, sample_rate_hz):
    sound = np.random.default_rng(2).standard_normal(12_000).astype(np.float32)
    np.testing.assert_allclose(hops(sound, sample_rate_hz, sizes), hops(sound, sample_rate_hz), atol=1e-6)


@pytest.mark.parametrize("sample_rate_hz", [44_100, 48_000, 12_345])
def test_a_click_after_half_an_hour_is_where_it_was(sample_rate_hz):
    # The stream is set half an hour on by hand: what counts is where it says its samples lie.
    resampler, hop = StepResampler(sample_rate_hz, 160), 180_000
    begins = hop * 160 * resampler._down // resampler._up
    resampler._steps, resampler._first = hop, begins - (resampler._half - 1)
    sound = np.zeros(sample_rate_hz // 10, np.float32)
    sound[round(0.02 * sample_rate_hz)] = 1.0
    resampler.push(sound)
    out = []
    while (one := resampler.next_step()) is not None:
        out.append(one)
    wanted_s = (begins + round(0.02 * sample_rate_hz)) / sample_rate_hz
    assert abs(hop / 100 + int(np.abs(np.concatenate(out)).argmax()) / 16_000 - wanted_s) <= 0.5 / 16_000 + 1e-9


def test_at_16_khz_nothing_is_touched():
    sound = np.random.default_rng(3).standard_normal(3200).astype(np.float32)
    np.testing.assert_array_equal(hops(sound, 16_000, [100, 700]), sound)


def test_a_step_that_has_not_come_is_an_error():
    with pytest.raises(ValueError, match="step 0 has not come"):
        StepResampler(48_000, 160).step()
