"""The evidence of hits is fitted: what tells a hit gets weight, and a take is judged by what came before alone."""

import numpy as np

from needs import libraries

libraries("mir_eval", "pyworld")

from training.timbre.fit_hits import ROWS, Take, evidence_in, fitted

from events.scores import strike_of
from vocalmidi.values import HitLabel


def test_what_tells_a_hit_gets_weight_and_what_does_not_gets_none():
    rng = np.random.default_rng(1)
    telling, idle = rng.normal(size=4000), rng.normal(size=4000)
    is_hit = rng.random(4000) < 1.0 / (1.0 + np.exp(-(2.0 * telling - 1.0)))
    weights = fitted(np.stack([telling, idle, np.ones(4000)], axis=1), is_hit)
    np.testing.assert_allclose(weights, [2.0, 0.0, -1.0], atol=0.25)


def take(count, hit_share):
    ages = [rows * 64 / 16_000 for rows in ROWS]
    strikes = [
        [strike_of(8000 * n, HitLabel.KICK, hit_share=hit_share, age_s=age_s) for n in range(count)] for age_s in ages
    ]
    return Take("sung", 1.0, [], strikes, np.zeros(count, bool))


def test_live_evidence_knows_only_what_was_judged_before_and_the_considered_knows_all():
    live, considered = (evidence_in(take(12, 0.99), age)[:, 1] for age in (0, len(ROWS) - 1))
    assert (np.diff(live) > 0).all()  # from what is taken for granted towards a take of hits
    assert live[0] < considered[0]
