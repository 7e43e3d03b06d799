"""The sound in which nobody sings: the same for a seed, at a microphone's level, by no speaker of the training."""

import numpy as np
import pytest

from needs import libraries

libraries("pyworld", "soxr")

from benchmarks.false_notes import PIECE_S, RATE_HZ, breath, key, quiet_minute

NOISES = {"hiss": np.random.default_rng(5).standard_normal(RATE_HZ)}


@pytest.mark.parametrize("kind", range(4))
def test_a_seed_gives_the_same_minute(kind: int) -> None:
    one, same, other = (quiet_minute(NOISES, kind, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert len(one) == PIECE_S * RATE_HZ
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_room_alone_is_soft_and_keys_stand_out() -> None:
    room, keys = (quiet_minute(NOISES, kind, np.random.default_rng(3)) for kind in (0, 2))
    assert -61.1 < 10 * np.log10(np.mean(room**2)) < -48.9
    assert -31.1 < 20 * np.log10(np.abs(keys).max()) < -10.0


def test_breaths_and_keys_have_no_pitch() -> None:
    rng = np.random.default_rng(0)
    for one in (breath(rng), key(rng)):
        assert np.abs(one).max() == pytest.approx(1.0)
        spectrum = np.abs(np.fft.rfft(one)) ** 2
        alike = np.fft.irfft(spectrum / spectrum.sum())
        assert np.abs(alike[RATE_HZ // 1000 : RATE_HZ // 65]).max() < 0.5 * alike[0]
