"""Controllers moved by vowels and level: they settle, lie still, follow, and say no more than they must."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.scores import HOP, RATE_HZ, frames_of, held, melody, part, rest
from vocalmidi.events import ControlSettings, ControlWatch
from vocalmidi.values import VOWELS

FIVE = tuple((f"vowel_{vowel}", 20 + k) for k, vowel in enumerate(VOWELS))
PURE_A, _, PURE_I, _, PURE_U = np.eye(5)


def shares(*parts):
    """Return (n, 5) shares from (shares, seconds)."""
    return np.concatenate([np.tile(share, (round(seconds * 100), 1)) for share, seconds in parts])


def sung(*parts, level_db=-20.0):
    vowel = shares(*parts)
    return frames_of(held(60, len(vowel) / 100), vowel=vowel, level_db=level_db)


def played(frames, controllers=FIVE, **numbers):
    return ControlWatch(0, ControlSettings(controllers, **numbers)).push(frames)


def last(events):
    return {event.source: event.value for event in events}


def test_a_held_vowel_is_said_within_a_tenth_of_a_second_and_then_nothing_moves():
    events = played(sung((PURE_A, 3.0)))
    assert last(events) == {"vowel_a": 127, "vowel_e": 0, "vowel_i": 0, "vowel_o": 0, "vowel_u": 0}
    assert max(event.decided for event in events) < 0.1 * RATE_HZ


@pytest.mark.parametrize("seed", range(5))
def test_a_held_vowel_in_doubt_holds_still_after_settling(seed):
    rng = np.random.default_rng(seed)
    logits = np.log([0.72, 0.1, 0.05, 0.08, 0.05]) + 0.25 * rng.standard_normal((400, 5))
    share = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    events = played(frames_of(held(60, 4.0), vowel=share))
    assert [event for event in events if event.decided > 0.5 * RATE_HZ] == []
    assert last(events)["vowel_a"] == pytest.approx(127 * share[:, 0].mean(), abs=10)


def test_a_slide_from_u_to_a_is_smooth_and_ends_where_it_should():
    way = np.linspace(0.0, 1.0, 60)[:, None]
    vowel = np.concatenate([np.tile(PURE_U, (50, 1)), (1 - way) * PURE_U + way * PURE_A, np.tile(PURE_A, (100, 1))])
    events = played(frames_of(held(60, 2.1), vowel=vowel), (("vowel_openness", 74),))
    values = [event.value for event in events]
    assert values[-1] == 127
    assert values == sorted(values)
    assert max(np.diff(values)) <= 12
    assert len(values) > 15


def test_between_notes_the_vowel_stays_and_the_envelope_falls():
    frames = frames_of(
        melody(held(60, 1.0), rest(1.0)), vowel=shares((PURE_I, 1.0), (np.full(5, 0.2), 1.0)), level_db=-10.0
    )
    events = played(frames, (*FIVE, ("envelope", 11)))
    late = [event for event in events if event.decided > 1.0 * RATE_HZ]
    assert {event.source for event in late} == {"envelope"}
    assert last(events)["vowel_i"] == 127
    assert max(event.value for event in events if event.source == "envelope") == 127
    assert last(late)["envelope"] == 0


def test_the_envelope_is_the_level_between_its_two_ends():
    for level_db, value in ((-50.0, 0), (-30.0, 64), (-10.0, 127), (-3.0, 127)):
        assert last(played(sung((PURE_A, 1.0), level_db=level_db), (("envelope", 11),)))["envelope"] == pytest.approx(
            value, abs=1
        )


def test_a_quiet_microphone_hears_vowels_too():
    assert last(played(sung((PURE_A, 1.0), level_db=-60.0)))["vowel_a"] == 127


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 60))
def test_messages_do_not_depend_on_how_frames_come_and_keep_apart(seed, size):
    vowel = np.random.default_rng(seed).dirichlet([0.5] * 5, 120)
    frames = frames_of(melody(held(60, 0.5), rest(0.2), held(62, 0.5)), vowel=vowel)
    watch = ControlWatch(0, ControlSettings(FIVE))
    pieces = [event for at in range(0, 120, size) for event in watch.push(part(frames, at, at + size))]
    whole = played(frames)
    assert tuple(pieces) == whole
    for source, _ in FIVE:
        times = [event.decided for event in whole if event.source == source]
        assert np.diff(times).min(initial=2 * HOP) >= 2 * HOP
        values = [event.value for event in whole if event.source == source]
        assert 0 not in np.diff(values)


def test_nothing_is_said_where_nothing_is_asked_for():
    assert played(sung((PURE_A, 1.0)), ()) == ()


def test_two_sources_of_one_controller_and_a_level_upside_down_are_refused():
    with pytest.raises(ValueError, match="must differ"):
        ControlWatch(0, ControlSettings((("vowel_a", 20), ("envelope", 20))))
    with pytest.raises(ValueError, match="must be below"):
        ControlWatch(0, ControlSettings(low_db=-10.0, high_db=-20.0))
