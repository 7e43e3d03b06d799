"""Strikes: where they are placed, at which ages they are heard, and that a stream hears what the whole would."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frames.timbre import KnownTimbre
from synth import BeatboxHit, beatbox
from vocalmidi.errors import FramesError
from vocalmidi.frames.encoder import TimbreEncoder
from vocalmidi.frames.patches import AFTER, ROW
from vocalmidi.frames.rises import STEP, room_power
from vocalmidi.frames.strikes import LIVE_AGES, StrikeStream
from vocalmidi.units import SampleIndex

BEAT = [BeatboxHit(0.2 + 0.2537 * i, ("kick", "hihat_closed", "snare")[i % 3]) for i in range(9)]


def drummed():
    sound = beatbox(BEAT, 16_000, tail_s=0.5).samples
    sound = sound + 1e-4 * np.random.default_rng(1).standard_normal(len(sound))
    return sound[: len(sound) // STEP * STEP].astype(np.float32)


def live(sound):
    """Return what is heard step by step."""
    stream = StrikeStream(TimbreEncoder(KnownTimbre()), LIVE_AGES)
    found = [(at + STEP, strike) for at in range(0, len(sound), STEP) for strike in stream.push(sound[at : at + STEP])]
    return [*found, *((len(sound), strike) for strike in stream.finish(sound[:0]))]


def considered(sound, *sizes):
    stream, found, first = StrikeStream(TimbreEncoder(KnownTimbre()), (AFTER,), room_power(sound)), [], 0
    for size in sizes:
        found += stream.push(sound[first : first + size * STEP])
        first += size * STEP
    return found + stream.push(sound[first:]) + stream.finish(sound[:0])


def test_considered_strikes_are_placed_within_a_millisecond():
    onsets = [strike.onset / 16_000 for strike in considered(drummed())]
    assert onsets == pytest.approx([hit.onset_s for hit in BEAT], abs=0.001)


def test_a_live_strike_is_first_heard_8_ms_after_its_onset_and_then_as_it_grows_older():
    found = live(drummed())
    for hit in BEAT:
        own = [(now, strike) for now, strike in found if abs(strike.onset / 16_000 - hit.onset_s) < 0.01]
        assert [round((strike.stop - strike.onset) / ROW) for _, strike in own] == list(LIVE_AGES)
        assert own[0][1].onset / 16_000 == pytest.approx(hit.onset_s, abs=0.002)
        assert [now / 16_000 - hit.onset_s for now, _ in own] == pytest.approx(
            [rows * 0.004 for rows in LIVE_AGES], abs=0.004
        )
        for now, strike in own:
            assert 0 <= now - strike.stop < STEP


def test_what_is_said_of_them_is_what_the_encoder_says():
    found = considered(drummed())
    kicks, hats = [
        [s for s, hit in zip(found, BEAT, strict=True) if hit.label == name] for name in ("kick", "hihat_closed")
    ]
    assert all(strike.timbre.label_share.argmax() == 0 for strike in kicks)
    assert all(strike.timbre.label_share.argmax() == 2 for strike in hats)
    assert min(strike.timbre.hit_share for strike in found) > 0.5
    assert found[0].timbre.label_share.sum() == pytest.approx(1.0)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=8))
def test_considered_strikes_are_the_same_however_the_sound_comes(sizes):
    sound = drummed()
    once, often = considered(sound), considered(sound, *sizes)
    assert [strike.onset for strike in once] == [strike.onset for strike in often]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=40))
def test_live_strikes_are_the_same_whether_steps_come_alone_or_together(sizes):
    sound, stream, found, first = drummed(), StrikeStream(TimbreEncoder(KnownTimbre()), LIVE_AGES), [], 0
    for size in [*sizes, len(sound) // STEP]:
        found += stream.push_in_turn(sound[first : first + size * STEP])
        first += size * STEP
    alone = live(sound)
    assert [(one.known, one.onset, one.stop, one.rise_db) for one in found] == [
        (now, one.onset, one.stop, one.rise_db) for now, one in alone if now <= len(sound)
    ][: len(found)]
    assert len(alone) - len(found) <= len(LIVE_AGES)


def test_a_hit_at_the_very_end_is_heard_with_silence_after_it():
    sound = drummed()[: round((BEAT[3].onset_s + 0.01) * 16_000) // STEP * STEP]
    assert considered(sound)[-1].onset / 16_000 == pytest.approx(BEAT[3].onset_s, abs=0.001)
    assert live(sound)[-1][1].stop - live(sound)[-1][1].onset == LIVE_AGES[-1] * ROW


def test_silence_and_direct_current_strike_nothing():
    assert considered(np.zeros(16_000, np.float32)) == []
    assert considered(np.full(16_000, 0.5, np.float32)) == []


def test_a_strike_is_told_in_samples_of_the_source():
    found = considered(drummed())[0]
    strike = found.strike(SampleIndex(600), SampleIndex(9000))
    assert (strike.onset, strike.heard, strike.age_s) == (600, 9000, AFTER * ROW / 16_000)


def test_a_network_of_another_kind_is_refused():
    with pytest.raises(FramesError, match=r"known_timbre gives \(1, 3\) as logits, not \(1, 7\)"):
        TimbreEncoder(KnownTimbre({"logits": 3}))


def test_of_ages_reached_at_once_none_is_left_out():
    sound = drummed()
    stream = StrikeStream(TimbreEncoder(KnownTimbre()), (6, 16, AFTER), room_power(sound))
    found = [*stream.push(sound), *stream.finish(sound[:0])]
    for hit in BEAT:
        own = [strike for strike in found if abs(strike.onset / 16_000 - hit.onset_s) < 0.01]
        assert [(strike.stop - strike.onset) // ROW for strike in own] == [6, 16, AFTER]
