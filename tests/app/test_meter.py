"""The panel's meter: level and pitch of the last moment, against tones whose pitch is known."""

import numpy as np
import pytest

from synth import SungNote, room_noise, sing
from vocalmidi.app.meter import LOOK_S, meter_of
from vocalmidi.units import midi_to_hz


def rich(pitch_midi, rate, level=0.1):
    """A tone with overtones that fall by 6 dB an octave."""
    t = np.arange(int(LOOK_S * rate)) / rate
    f0 = float(midi_to_hz(pitch_midi))
    parts = [np.sin(2 * np.pi * f0 * n * t + n) / n for n in range(1, 9) if f0 * n < rate / 2]
    return (level * np.sum(parts, axis=0)).astype(np.float32)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_every_key_of_a_singer_is_told_within_10_cents(rate):
    off = [100 * (meter_of(rich(pitch, rate), rate).pitch_midi - pitch) for pitch in np.arange(37.0, 84.5, 0.5)]
    assert max(map(abs, off)) < 10


def test_a_sung_note_is_told_within_30_cents():
    sung = sing([SungNote(0.0, 1.0, 62)], 16_000).samples
    meter = meter_of(sung[8000 : 8000 + int(LOOK_S * 16_000)], 16_000)
    assert meter.pitch_midi == pytest.approx(62, abs=0.3)


def test_noise_and_silence_have_no_pitch():
    assert meter_of(room_noise(LOOK_S, 16_000, level_db=-20.0, seed=1), 16_000).pitch_midi is None
    assert meter_of(np.zeros(960, np.float32), 16_000).level_db == -120.0
    assert meter_of(np.zeros(0, np.float32), 16_000).pitch_midi is None


def test_the_level_is_the_rms_re_full_scale():
    t = np.arange(960) / 16_000
    square = (0.1 * np.sign(np.sin(2 * np.pi * 200 * t + 0.1))).astype(np.float32)
    assert meter_of(square, 16_000).level_db == pytest.approx(-20.0, abs=0.1)
    assert meter_of(square + np.float32(0.3), 16_000).level_db == pytest.approx(-20.0, abs=0.1)
