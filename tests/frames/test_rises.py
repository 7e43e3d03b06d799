"""The flux: what rises, what doesn't, and when it is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth import SungNote, sing
from vocalmidi.frames.candidates import LEAST_RISE_DB
from vocalmidi.frames.rises import STEP, RiseStream, room_power


def noise(seconds, level, seed=1):
    return (level * np.random.default_rng(seed).standard_normal(round(seconds * 16_000))).astype(np.float32)


def burst_at(onset, level=0.1):
    """Return half a second of a quiet room, and a burst of 20 ms in it."""
    sound = noise(0.5, 1e-4)
    sound[onset : onset + 320] += noise(0.02, level, 2)
    return sound


@pytest.mark.parametrize("onset", [4000, 4010, 4021, 4031])
def test_a_burst_is_known_within_4_ms(onset):
    rise_db = RiseStream().push(burst_at(onset)[: 15_000 // STEP * STEP]).rise_db
    first = int(np.flatnonzero(rise_db >= LEAST_RISE_DB)[0])
    assert onset < (first + 1) * STEP <= onset + 64


def test_a_rise_is_the_same_at_another_level():
    loud, soft = (RiseStream().push(gain * burst_at(4000)[:8000]).rise_db for gain in (1.0, 0.1))
    risen = loud >= LEAST_RISE_DB
    assert risen.sum() >= 3
    np.testing.assert_allclose(loud[risen], soft[risen], atol=1.0)


def test_vibrato_and_steady_noise_do_not_rise():
    sung = sing([SungNote(0.1, 2.0, 62, vibrato_cents=100, vibrato_hz=6.0)], 16_000).samples
    assert RiseStream().push(sung[:32_000]).rise_db[150:900].max() < LEAST_RISE_DB
    assert RiseStream().push(noise(2.0, 0.05)).rise_db.max() < LEAST_RISE_DB


def test_where_the_room_is_not_known_nothing_rises_at_the_very_start_and_where_it_is_a_hit_does():
    room = noise(1.0, 1e-3)
    struck = room.copy()
    struck[:320] += noise(0.02, 0.1, 2)
    assert RiseStream().push(struck).rise_db[:13].max() == 0.0
    assert RiseStream(room_power(room)).push(struck).rise_db[:5].max() > LEAST_RISE_DB
    assert RiseStream(room_power(room)).push(room).rise_db.max() < LEAST_RISE_DB


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 60), max_size=10), st.booleans())
def test_rises_do_not_depend_on_how_the_steps_come(sizes, known):
    sound = burst_at(1000)[:8000]
    room = room_power(sound) if known else None
    whole = RiseStream(room).push(sound)
    stream, parts, first = RiseStream(room), [], 0
    for size in [*sizes, 250]:
        stop = min(first + size * STEP, len(sound))
        parts.append(stream.push(sound[first:stop]))
        first = stop
    np.testing.assert_array_equal(np.concatenate([part.rise_db for part in parts]), whole.rise_db)
    np.testing.assert_array_equal(np.concatenate([part.followed_db for part in parts]), whole.followed_db)


def test_the_followed_peak_falls_by_6_db_a_second():
    sound = np.concatenate([noise(0.1, 0.1), np.zeros(32_000, np.float32)])[:32_000]
    followed_db = RiseStream().push(sound).followed_db
    assert followed_db[60] - followed_db[560] == pytest.approx(6.0, abs=0.01)
