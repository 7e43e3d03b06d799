"""Sung pitch to key and bend."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.live.tuning import folded, nearest_tone, snapped, wheel_position

TONES = st.frozensets(st.integers(0, 11), min_size=1)
PITCH = st.floats(0.0, 127.0)


@given(PITCH, TONES)
def test_the_nearest_tone_is_allowed_and_none_is_nearer(pitch, tones):
    found = nearest_tone(pitch, tones)
    allowed = [key for key in range(-13, 141) if key % 12 in tones]
    assert abs(found - pitch) == min(abs(key - pitch) for key in allowed)
    assert found in allowed


@given(PITCH, st.floats(0.0, 0.2), TONES)
def test_snapping_never_falls_where_the_pitch_rises(pitch, rise, tones):
    home = nearest_tone(pitch, tones)
    below = snapped(pitch, home, tones)
    assert snapped(pitch + rise, below.home, tones).pitch_midi >= below.pitch_midi - 1e-9


@given(PITCH, TONES)
def test_snapping_does_not_jump_when_it_finds_a_new_home(pitch, tones):
    home = nearest_tone(pitch, tones)
    steps = [pitch + n / 1000 for n in range(1500)]
    heard = []
    for step in steps:
        drawn = snapped(step, home, tones)
        home = drawn.home
        heard.append(drawn.pitch_midi)
    # At its steepest: 1.5 times the way over the 0.2 of it that is not flat.
    assert max(b - a for a, b in itertools.pairwise(heard)) <= 0.001 * 1.5 / 0.2 + 1e-9


@given(st.integers(-60, 200))
def test_folding_keeps_the_tone(key):
    assert folded(key) % 12 == key % 12
    assert 0 <= folded(key) <= 127


@pytest.mark.parametrize(
    ("semitones", "bend_range", "position"), [(0, 2, 8192), (2, 2, 16383), (-2, 2, 0), (1, 2, 12_288), (5, 2, 16383)]
)
def test_the_wheel_stands_where_the_specification_has_it(semitones, bend_range, position):
    assert wheel_position(semitones, bend_range) == position
