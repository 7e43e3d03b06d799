"""What counts as loud: the level round a frame, sound without direct current."""

import numpy as np
import pytest

from frames.hearing import hear, hear_live
from synth import scale_notes, sing
from vocalmidi.frames.level import HighPass


def tone(f0_hz, amplitude=0.5, samples=32_000):
    return (amplitude * np.sin(2 * np.pi * f0_hz * np.arange(samples) / 16_000)).astype(np.float32)


def test_level_is_the_root_mean_square_of_the_sound(model, live_model):
    wanted = pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.3)
    assert hear(tone(200), 16_000, model).level_db[20:-20] == wanted
    assert hear_live(tone(200), 16_000, live_model).level_db[20:180] == wanted


@pytest.mark.parametrize("offset", [0.5, -0.1])
def test_direct_current_is_gone_and_the_voice_is_not(offset):
    filtered = HighPass().push(np.float32(offset) + tone(82.0, 0.1))
    assert abs(filtered[8000:].mean()) < 1e-3
    assert np.std(filtered[8000:]) == pytest.approx(0.1 / np.sqrt(2), rel=0.01)


def test_hops_together_or_apart_are_filtered_alike():
    sound, apart = tone(100.0) + np.float32(0.2), HighPass()
    pieces = [apart.push(piece) for piece in np.split(sound, [160, 480, 16_000])]
    np.testing.assert_allclose(HighPass().push(sound), np.concatenate(pieces), atol=1e-6)


def test_a_direct_current_under_the_voice_changes_nothing_that_is_heard(model):
    sung = sing(scale_notes([60, 64]), 16_000)
    plain, lifted = hear(sung.samples, 16_000, model), hear(sung.samples + np.float32(0.3), 16_000, model)
    sounding = plain.level_db > -50
    assert np.abs(plain.level_db - lifted.level_db)[sounding].max() < 1.0
    assert np.mean((plain.voicing > 0.5) == (lifted.voicing > 0.5)) > 0.97
