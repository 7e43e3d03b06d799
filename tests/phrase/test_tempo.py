import numpy as np
import pytest

from phrase.sung import TWINKLE, beatbox, sing
from vocalmidi.phrase import free_timing, onsets_of
from vocalmidi.values import Meter

FOUR = Meter(4, 4)


@pytest.mark.parametrize("tempo_qpm", range(72, 160, 8))
def test_tempo_of_a_sung_melody_is_found_or_its_octave(tempo_qpm):
    late_s = np.random.default_rng(tempo_qpm).normal(0, 0.02, len(TWINKLE)).tolist()
    found = free_timing(onsets_of(sing(TWINKLE, tempo_qpm, late_s=late_s)), FOUR).alternatives[0].tempo_qpm
    assert any(found == pytest.approx(tempo_qpm * octave, rel=0.02) for octave in (0.5, 1, 2))


def test_half_or_double_is_offered_as_an_alternative():
    candidates = free_timing(onsets_of(sing(TWINKLE, 80)), FOUR).alternatives
    assert {80, 160} <= {round(candidate.tempo_qpm) for candidate in candidates}
    shares = [candidate.probability for candidate in candidates]
    assert shares == sorted(shares, reverse=True)
    assert 0.9 < sum(shares) <= 1.0 + 1e-9


def test_in_six_eight_the_beat_is_dotted():
    jig = [(n / 2, 0.5, 60 + n % 3) for n in range(48) if n % 6 != 1]
    found = free_timing(onsets_of(sing(jig, 150)), Meter(6, 8)).alternatives[0].tempo_qpm
    assert found == pytest.approx(150, rel=0.02)  # 100 dotted quarters a minute


def test_a_single_sound_leaves_the_tempo_where_genres_meet():
    found = free_timing(onsets_of(beatbox([(0, "kick")])), FOUR).alternatives[0].tempo_qpm
    assert 95 <= found <= 125


def test_a_singer_who_drifts_by_two_percent_is_still_followed_in_tempo():
    stretched = [(onset + 0.0006 * onset**2, length, key) for onset, length, key in TWINKLE]
    found = free_timing(onsets_of(sing(stretched, 100)), FOUR).alternatives[0].tempo_qpm
    assert found == pytest.approx(100, rel=0.04)
