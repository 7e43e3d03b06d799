"""The hits of a take seen together: a stranger's kit is told apart, and nothing is made of takes that need no help."""

from dataclasses import replace

import numpy as np
import pytest

from events.scores import strike_of
from vocalmidi.events.hit_settings import KitSettings
from vocalmidi.events.kit import KitSoFar, kit_shares
from vocalmidi.values import EMBEDDING, HIT_LABELS, HitLabel, Trigger

KIT = KitSettings()
KICK, SNARE, HAT = 0, 1, 2


def sounding(axis, seed, share, **changed):
    """Return a strike whose embedding lies near an axis and whose classes the encoder shares out so."""
    rng = np.random.default_rng(seed)
    point = np.eye(EMBEDDING)[axis] + 0.08 * rng.normal(size=EMBEDDING)
    shares = np.abs(np.array(share) + 0.02 * rng.normal(size=len(HIT_LABELS)))
    made = strike_of(8000 * seed, HitLabel.KICK)
    return replace(made, embedding=point / np.linalg.norm(point), label_share=shares / shares.sum(), **changed)


STRANGE_HATS = (0.05, 0.55, 0.30, 0.0, 0.1)
"""A hat that the encoder rather takes for a snare."""


def beat(bars=4):
    bar = [(0, (0.7, 0.2, 0.05, 0, 0.05)), (2, STRANGE_HATS), (1, (0.05, 0.8, 0.1, 0, 0.05)), (2, STRANGE_HATS)]
    return [sounding(axis, 4 * n + k, share) for n in range(bars) for k, (axis, share) in enumerate(bar)]


def test_a_strangers_hats_are_told_from_his_snares_by_the_rest_of_his_kit():
    strikes = beat()
    assert [int(strike.label_share.argmax()) for strike in strikes[:4]] == [KICK, SNARE, SNARE, SNARE]
    labels = kit_shares(strikes, KIT).argmax(axis=1).tolist()
    assert labels == [KICK, HAT, SNARE, HAT] * 4


@pytest.mark.parametrize("share", [(0.7, 0.2, 0.05, 0, 0.05), STRANGE_HATS])
def test_a_take_of_one_sound_is_not_made_a_kit(share):
    strikes = [sounding(0, n, share) for n in range(20)]
    np.testing.assert_allclose(kit_shares(strikes, KIT), [strike.label_share for strike in strikes])


def test_a_kit_the_encoder_is_sure_of_stays():
    sure = ((0.98, 0.01, 0.01, 0, 0), (0.01, 0.98, 0.01, 0, 0), (0.98, 0.01, 0.01, 0, 0), (0.01, 0.01, 0.02, 0.96, 0))
    strikes = [sounding(n % 4, n, sure[n % 4]) for n in range(24)]
    labels = kit_shares(strikes, KIT).argmax(axis=1).tolist()
    assert labels == [0, 1, 0, 3] * 6


def test_few_hits_say_nothing_of_a_kit():
    strikes = beat(1)[:3]
    np.testing.assert_allclose(kit_shares(strikes, KIT), [strike.label_share for strike in strikes])
    assert kit_shares([], KIT).shape == (0, len(HIT_LABELS))


def test_what_the_user_taught_is_not_touched():
    strikes = beat()
    strikes[1] = replace(strikes[1], trigger=Trigger("clap", 39))
    np.testing.assert_allclose(kit_shares(strikes, KIT)[1], strikes[1].label_share)


def test_shares_stay_shares_and_open_hats_stay_open():
    strikes = beat()
    strikes[3] = sounding(2, 3, (0.05, 0.5, 0.05, 0.3, 0.1))
    shares = kit_shares(strikes, KIT)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert shares.min() >= 0.0
    assert HIT_LABELS[int(shares[3].argmax())] == HitLabel.HIHAT_OPEN


def test_live_a_strangers_hats_are_told_when_enough_of_his_kit_was_heard():
    kit = KitSoFar(KIT, 2)
    labels = []
    for strike in beat(8):
        labels.append(int(kit.known(strike, 1).label_share.argmax()))
        kit.add(strike, 1)
    assert labels[:4] == [KICK, SNARE, SNARE, SNARE]
    assert labels[16:] == [KICK, HAT, SNARE, HAT] * 4
    assert kit.known(beat()[1], 0) is not None  # nothing is known at another age yet
    np.testing.assert_array_equal(kit.known(beat()[1], 0).label_share, beat()[1].label_share)
