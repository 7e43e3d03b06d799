"""Live hits: when they are said, how they are corrected, and what the rest of the take has to say."""

import pytest

from events.scores import AGES_S, RATE_HZ, grown, strike_of
from vocalmidi.events import LiveHitSettings, TakeSettings
from vocalmidi.events.live_hits import HitWatch
from vocalmidi.values import HitLabel, HitRevision, LiveHit, Trigger

KICK, SNARE, HAT = HitLabel.KICK, HitLabel.SNARE, HitLabel.HIHAT_CLOSED
SURE = TakeSettings(unknown_share=0.9, doubt=1e3)


def watch(strikes, *, take=SURE, **numbers):
    """Return what is said of strikes that come in this order."""
    watching = HitWatch(LiveHitSettings(take=take, **numbers), RATE_HZ)
    return [said for strike in strikes if (said := watching.push(strike)) is not None]


def beat(count, *, hit_share, rise_db=20.0, first=16_000):
    return [s for n in range(count) for s in grown(first + 8000 * n, KICK, hit_share=hit_share, rise_db=rise_db)]


def test_a_sure_hit_is_said_8_ms_after_it_began_and_once():
    (said,) = watch(grown(16_000, SNARE))
    assert isinstance(said, LiveHit)
    assert (said.hit.label, said.hit.onset, said.decided) == (SNARE, 16_000, 16_000 + 128)


def test_a_doubtful_hit_waits_until_more_of_it_was_heard():
    shares = (0.02, 0.02, 0.9, 0.99)
    strikes = [
        strike_of(16_000, KICK, age_s=age_s, hit_share=share, rise_db=13.0)
        for age_s, share in zip(AGES_S, shares, strict=True)
    ]
    (said,) = watch(strikes, take=TakeSettings(unknown_share=0.42, doubt=1e3))
    assert said.decided == 16_000 + round(0.064 * RATE_HZ)


def test_the_same_burst_is_a_hit_in_a_beat_and_none_in_a_song():
    doubtful = grown(16_000 + 8000 * 12, SNARE, hit_share=0.4, rise_db=15.0)
    drummed = watch([*beat(12, hit_share=0.99), *doubtful], take=TakeSettings())
    sung = watch([*beat(12, hit_share=0.002, rise_db=8.0), *doubtful], take=TakeSettings())
    assert drummed[-1].hit.label == SNARE
    assert sung == []


def test_a_take_is_believed_to_be_drummed_soon_and_hits_are_said_at_once_then():
    said = watch(beat(8, hit_share=0.99), take=TakeSettings())
    assert len(said) >= 7
    assert [each.decided - each.hit.onset for each in said[-5:]] == [128] * 5


def test_what_turns_out_to_be_another_drum_is_corrected_within_30_ms():
    first, *later = grown(16_000, SNARE)
    said = watch([strike_of(16_000, KICK, age_s=0.008), *later])
    assert [type(each) for each in said] == [LiveHit, HitRevision]
    assert [each.hit.label for each in said] == [KICK, SNARE]
    assert said[0].hit_id == said[1].hit_id
    assert said[1].decided - said[1].hit.onset <= 0.03 * RATE_HZ
    assert first.onset == said[1].hit.onset


def test_nothing_is_corrected_later_than_that():
    strikes = [*grown(16_000, KICK)[:2], *grown(16_000, SNARE)[2:]]
    assert [type(each) for each in watch(strikes)] == [LiveHit]


def test_a_much_louder_hit_than_was_said_is_corrected_a_little_louder_one_is_not():
    for louder_db, messages in ((2.0, 1), (10.0, 2)):
        strikes = [*beat(4, hit_share=0.99), strike_of(64_000, KICK, age_s=0.008, level_db=-12.0)]
        strikes.append(strike_of(64_000, KICK, age_s=0.024, level_db=-12.0 + louder_db))
        own = [each for each in watch(strikes) if each.hit.onset == 64_000]
        assert len(own) == messages
    assert own[1].hit.velocity > own[0].hit.velocity


def test_who_takes_no_corrections_hears_a_hit_of_doubtful_class_once_and_settled():
    strikes = [strike_of(16_000, KICK, age_s=0.008, sure=0.4), *grown(16_000, SNARE)[1:]]
    (said,) = watch(strikes, corrections=False)
    assert isinstance(said, LiveHit)
    assert (said.hit.label, said.decided - said.hit.onset) == (SNARE, 384)
    (at_once,) = watch(grown(16_000, SNARE), corrections=False)
    assert at_once.decided - at_once.hit.onset == 128


def test_a_sound_of_the_users_own_is_told_as_that():
    clap = Trigger("clap", 39)
    (said,) = watch(grown(16_000, HitLabel.OTHER, trigger=clap))
    assert said.hit.trigger == clap


@pytest.mark.parametrize(("apart", "count"), [(0.02, 1), (0.05, 2)])
def test_two_strikes_are_two_hits_unless_no_mouth_is_so_fast(apart, count):
    second = 16_000 + round(apart * RATE_HZ)
    strikes = sorted([*grown(16_000, KICK), *grown(second, SNARE)], key=lambda strike: strike.heard)
    said = [each for each in watch(strikes) if isinstance(each, LiveHit)]
    assert len(said) == count
    assert [each.hit_id for each in said] == list(range(1, count + 1))


def test_hits_are_louder_where_they_are_louder_than_the_others():
    strikes = [*beat(6, hit_share=0.99), *grown(16_000 + 8000 * 6, KICK, level_db=-2.0)]
    velocities = [each.hit.velocity for each in watch(strikes)]
    assert velocities[-1] > max(velocities[:-1])
