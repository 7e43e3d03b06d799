"""How drummed a take sounds, live and considered."""

from dataclasses import replace

import numpy as np
import pytest

from events.scores import strike_of
from vocalmidi.events.drumming import Company, TakeSoFar, companies, hit_probability, log_odds, wake_of
from vocalmidi.events.hit_settings import Evidence, HitSettings, TakeSettings
from vocalmidi.values import HitLabel

TAKE = TakeSettings()


def strikes(hit_shares):
    return [strike_of(8000 * n, HitLabel.KICK, hit_share=share) for n, share in enumerate(hit_shares)]


def times_s(count):
    return 0.5 * np.arange(count)


def drummed_round(shares):
    return np.array([each.drummed for each in companies(strikes(shares), times_s(len(shares)), TAKE)])


def test_an_unknown_take_is_what_it_is_taken_for():
    assert TakeSoFar(TAKE).drummed(3.0) == pytest.approx(TAKE.unknown_share)
    assert drummed_round([0.99])[0] == pytest.approx(TAKE.unknown_share)


def test_beats_sound_drummed_and_songs_do_not():
    for share, drummed in ((0.99, True), (0.01, False)):
        take = TakeSoFar(TAKE)
        for number, strike in enumerate(strikes([share] * 8)):
            take.judge(strike, 0.5 * number)
        assert (take.drummed(4.0) > 0.6) == drummed
        assert (drummed_round([share] * 8).min() > 0.6) == drummed


def test_what_was_heard_long_ago_counts_less():
    take = TakeSoFar(TAKE)
    for strike in strikes([0.99] * 6):
        take.judge(strike, 1.0)
    assert take.drummed(1.0) > take.drummed(9.0) > take.drummed(30.0)
    assert take.drummed(300.0) == pytest.approx(TAKE.unknown_share, abs=0.01)


def test_a_song_after_a_beat_is_told_from_it():
    drummed = drummed_round([0.99] * 60 + [0.01] * 60)
    assert drummed[:40].min() > 0.6
    assert drummed[80:].max() < 0.2


def test_a_strike_has_no_say_in_its_own_company():
    alone = [drummed_round([0.9, share, 0.9])[1] for share in (0.01, 0.99)]
    assert alone[0] == pytest.approx(alone[1])


def test_each_kind_of_evidence_makes_a_hit_surer_and_a_wake_less_sure():
    evidence, company = HitSettings().evidence, Company(0.4, 0.0)
    strike = strike_of(0, HitLabel.SNARE, hit_share=0.5, rise_db=12.0)
    plain = hit_probability(strike, company, evidence)
    assert hit_probability(strike_of(0, HitLabel.SNARE, hit_share=0.9, rise_db=12.0), company, evidence) > plain
    assert hit_probability(strike_of(0, HitLabel.SNARE, hit_share=0.5, rise_db=18.0), company, evidence) > plain
    assert hit_probability(strike, Company(0.8, 0.0), evidence) > plain
    assert hit_probability(replace(strike, likeness=1.0), company, evidence) > plain
    assert hit_probability(strike, Company(0.4, 0.5), evidence) < plain
    assert hit_probability(strike, company, Evidence(0.0, 0.0, 0.0, 0.0, 0.0)) == 0.5


def test_what_follows_a_steeper_strike_at_once_lies_in_its_wake():
    steep, soft = (strike_of(0, HitLabel.KICK, rise_db=rise_db) for rise_db in (20.0, 8.0))
    assert wake_of(steep, soft, 0.04) > wake_of(steep, soft, 0.1) > 0.0
    assert wake_of(steep, soft, 0.25) == 0.0
    assert wake_of(soft, steep, 0.04) == 0.0


def test_a_lone_steep_sure_strike_is_a_hit():
    lone = strike_of(0, HitLabel.KICK, hit_share=0.99, rise_db=22.0)
    (company,) = companies([lone], times_s(1), TAKE)
    assert hit_probability(lone, company, HitSettings().evidence) > HitSettings().least_probability


def test_log_odds_are_bounded_and_even_at_a_half():
    assert log_odds(0.5) == 0.0
    assert log_odds(1.0) == pytest.approx(-log_odds(0.0))
    assert np.isfinite(log_odds(0.0))
