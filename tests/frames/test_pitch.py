"""What the singer's truth says about pitch, frame by frame."""

import numpy as np
import pytest

from frames.hearing import hear, hear_live, times_s
from frames.timbre import KnownTimbre
from synth import SungNote, Voice, add_noise, scale_notes, sing, speech_like

RANGES = {"male": range(41, 64, 3), "female": range(55, 80, 3), "child": range(60, 85, 3)}


def cents_off(frames, sung):
    """Return the error of the voiced frames that lie inside a note, cents."""
    truth = sung.f0_hz[np.minimum(np.rint(times_s(frames) * sung.sample_rate_hz).astype(int), len(sung.f0_hz) - 1)]
    both = (frames.voicing > 0.5) & (truth > 0)
    return 1200 * np.log2(frames.f0_hz[both] / truth[both])


@pytest.mark.parametrize("kind", RANGES)
@pytest.mark.parametrize("sample_rate_hz", [16_000, 44_100, 48_000])
def test_every_voice_in_its_range_is_heard_within_10_cents(kind, sample_rate_hz, model):
    sung = sing(scale_notes(RANGES[kind], note_s=0.4), sample_rate_hz, voice=Voice(kind))
    off = cents_off(hear(sung.samples, sample_rate_hz, model), sung)
    assert abs(np.median(off)) < 10
    assert np.mean(np.abs(off) < 50) > 0.9


def test_voicing_follows_the_singer_within_two_frames(model):
    sung = sing([SungNote(0.5, 1.0, 60)], 44_100)
    frames = hear(sung.samples, 44_100, model)
    voiced = times_s(frames)[frames.voicing > 0.5]
    assert voiced[0] == pytest.approx(0.5, abs=0.02)
    assert voiced[-1] == pytest.approx(1.5, abs=0.03)


@pytest.mark.parametrize("gain_db", [-20, -40, -50])
def test_a_quiet_take_is_voiced_like_a_loud_one(gain_db, model):
    sung = sing(scale_notes([57, 60, 64, 67]), 16_000)
    loud = hear(sung.samples, 16_000, model)
    soft = hear(sung.samples * np.float32(10 ** (gain_db / 20)), 16_000, model)
    voiced = loud.voicing > 0.5
    assert np.mean(soft.voicing[voiced] > 0.5) > 0.98
    assert np.mean(soft.voicing[~voiced] > 0.5) < 0.02


def test_a_voice_in_a_noisy_room_keeps_its_pitch(model):
    sung = sing(scale_notes([57, 60, 64, 67]), 16_000)
    off = cents_off(hear(add_noise(sung.samples, 10, 16_000), 16_000, model), sung)
    assert len(off) > 150
    assert np.mean(np.abs(off) < 50) > 0.9


@pytest.mark.parametrize("level_db", [-6, -30, -60, -80])
def test_noise_is_never_voiced(level_db, model):
    noise = np.random.default_rng(7).standard_normal(80_000) * 10 ** (level_db / 20)
    frames = hear(np.clip(noise, -1, 1), 16_000, model)
    assert not (frames.voicing > 0.5).any()


@pytest.mark.parametrize("sound", [np.zeros(48_000), np.full(48_000, 0.5)], ids=["silence", "direct current"])
def test_what_is_no_sound_is_neither_voiced_nor_struck(sound, model):
    frames = hear(sound, 16_000, model, timbre=KnownTimbre())
    assert len(frames) == 300
    assert not (frames.voicing > 0.5).any()
    assert frames.strikes == ()


@pytest.mark.parametrize(("vibrato_hz", "vibrato_cents", "most_off"), [(5.0, 50, 20), (6.5, 100, 50)])
def test_the_curve_of_a_vibrato_is_followed(vibrato_hz, vibrato_cents, most_off, model):
    sung = sing([SungNote(0.3, 2.0, 64, vibrato_hz=vibrato_hz, vibrato_cents=vibrato_cents)], 16_000)
    frames = hear(sung.samples, 16_000, model)
    off = cents_off(frames, sung)
    assert abs(np.median(off)) < 10
    assert np.quantile(np.abs(off), 0.9) < most_off
    steady = (times_s(frames) > 1.0) & (times_s(frames) < 2.0)
    swing = 1200 * np.ptp(np.log2(frames.f0_hz[steady]))
    assert swing == pytest.approx(2 * vibrato_cents, rel=0.35)


def test_live_pitch_is_within_cents_too(live_model):
    for kind, pitches in RANGES.items():
        sung = sing(scale_notes(pitches, note_s=0.4), 16_000, voice=Voice(kind))
        off = cents_off(hear_live(sung.samples, 16_000, live_model, 50), sung)
        assert abs(np.median(off)) < 15
        assert np.mean(np.abs(off) < 50) > 0.85


def test_speech_has_pitch_too(model):
    frames = hear(speech_like(3.0, 16_000), 16_000, model)
    assert 0.1 < np.mean(frames.voicing > 0.5) < 0.9
