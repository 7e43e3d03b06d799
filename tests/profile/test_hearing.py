"""Which beginnings are examples, and which examples are clipped, against sounds made for it."""

import numpy as np
import pytest

from synth import BeatboxHit, beatbox
from teaching import direction, example
from vocalmidi.profile import HeardSound, examples_among, is_clipped


def chosen(*beginnings):
    sounds = [HeardSound(onset_s, level_db, False, example(direction(1))) for onset_s, level_db in beginnings]
    return [sounds.index(each) for each in examples_among(sounds)]


def test_all_sounds_of_about_one_loudness_are_examples():
    assert chosen((0.5, -12), (1.0, -9), (1.5, -20), (2.0, -14)) == [0, 1, 2, 3]


def test_a_chair_far_below_the_sound_is_none():
    assert chosen((0.2, -45), (0.5, -12), (1.0, -9), (1.3, -40)) == [1, 2]


def test_the_second_half_of_a_sound_is_none():
    assert chosen((0.5, -12), (0.58, -10), (1.0, -12), (1.1, -14)) == [0, 2]


def test_a_breath_drawn_for_the_sound_is_not_its_beginning():
    assert chosen((0.4, -30), (0.5, -12)) == [1]


def test_a_quiet_room_holds_no_examples():
    assert chosen((0.5, -70), (1.0, -66)) == []
    assert chosen() == []


@pytest.mark.parametrize("label", ["kick", "snare", "hihat_closed", "hihat_open"])
@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 192_000])
def test_a_sound_up_to_full_scale_is_not_clipped_and_one_beyond_is(label, rate_hz):
    sound = beatbox([BeatboxHit(0.1, label, 0.0)], rate_hz, seed=3).samples.astype(np.float64)
    sound /= np.abs(sound).max()
    in_16_bits = np.round(32767 * sound) / 32768
    assert not is_clipped(in_16_bits)
    assert not is_clipped(np.clip(1.2 * in_16_bits, -1, 1))  # a crest or two
    too_loud = np.clip(5 * in_16_bits, -1, 1)
    assert is_clipped(too_loud)
    assert is_clipped(0.3 * too_loud)  # turned down afterwards, as by a recorder's fader


def test_digital_silence_is_not_clipped():
    assert not is_clipped(np.zeros(1000))
    assert not is_clipped(np.zeros(0))
