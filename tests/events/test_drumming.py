"""How drummed a take sounds, live and considered."""

import numpy as np
import pytest

from events.scores import strike_of
from vocalmidi.events.drumming import TakeSoFar, drummed_round, hit_probability, log_odds
from vocalmidi.events.hit_settings import Evidence, HitSettings, TakeSettings
from vocalmidi.values import HitLabel

TAKE = TakeSettings()


def strikes(hit_shares):
    return [strike_of(8000 * n, HitLabel.KICK, hit_share=share) for n, share in enumerate(hit_shares)]


def times_s(count):
    return 0.5 * np.arange(count)


def test_an_unknown_take_is_what_it_is_taken_for():
    assert TakeSoFar(TAKE).drummed(3.0) == pytest.approx(TAKE.unknown_odds)
    assert drummed_round(strikes([0.99]), times_s(1), TAKE)[0] == pytest.approx(TAKE.unknown_odds)


def test_beats_sound_drummed_and_songs_do_not():
    for share, drummed in ((0.99, True), (0.01, False)):
        take = TakeSoFar(TAKE)
        for number, strike in enumerate(strikes([share] * 8)):
            take.judge(strike, 0.5 * number)
        assert (take.drummed(4.0) > 1.0) == drummed
        assert (drummed_round(strikes([share] * 8), times_s(8), TAKE).min() > 1.0) == drummed


def test_what_was_heard_long_ago_counts_less():
    take = TakeSoFar(TAKE)
    for strike in strikes([0.99] * 6):
        take.judge(strike, 1.0)
    assert take.drummed(1.0) > take.drummed(11.0) > take.drummed(60.0)
    assert take.drummed(600.0) == pytest.approx(TAKE.unknown_odds, abs=0.01)


def test_a_song_after_a_beat_is_told_from_it():
    shares = [0.99] * 60 + [0.01] * 60
    drummed = drummed_round(strikes(shares), times_s(120), TAKE)
    assert drummed[:40].min() > 1.0
    assert drummed[80:].max() < -1.0


def test_a_strike_has_no_say_in_its_own_company():
    alone = [drummed_round(strikes([0.9, share, 0.9]), times_s(3), TAKE)[1] for share in (0.01, 0.99)]
    assert alone[0] == pytest.approx(alone[1])


def test_each_kind_of_evidence_makes_a_hit_surer():
    evidence = HitSettings().evidence
    strike = strike_of(0, HitLabel.SNARE, hit_share=0.5, rise_db=12.0)
    plain = hit_probability(strike, 0.0, evidence)
    assert hit_probability(strike_of(0, HitLabel.SNARE, hit_share=0.9, rise_db=12.0), 0.0, evidence) > plain
    assert hit_probability(strike_of(0, HitLabel.SNARE, hit_share=0.5, rise_db=18.0), 0.0, evidence) > plain
    assert hit_probability(strike, 1.0, evidence) > plain
    assert hit_probability(strike, 0.0, Evidence(0.0, 0.0, 0.0, 0.0)) == 0.5


def test_log_odds_are_bounded_and_even_at_a_half():
    assert log_odds(0.5) == 0.0
    assert log_odds(1.0) == pytest.approx(-log_odds(0.0))
    assert np.isfinite(log_odds(0.0))
