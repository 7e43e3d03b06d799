"""The numbers by which hits are told, each with its reason; frozen, and given, never read from elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What adds up to the log odds that a strike is a hit.

    timbre: weight of the log odds that the encoder gives.
    take: weight of the logarithm of the share of hits among the strikes of the take near it.
    rise: weight of each dB by which it begins steeply.
    wake: weight of its being the end of a steeper strike just before: the tongue that comes off after a kick.
    bias: what is left.
    """

    timbre: float
    take: float
    rise: float
    wake: float
    bias: float


@dataclass(frozen=True, slots=True)
class TakeSettings:
    """How a take is known to be drummed or sung.

    memory_s: strikes count by how near they are; a bar or two.
    sure_odds: log odds that the encoder must give before a strike counts as a hit rather than not.
    unknown_share, doubt: what a take is taken for at first, and how many strikes that weighs.
    """

    memory_s: float = 4.0
    sure_odds: float = 1.0
    unknown_share: float = 0.25
    doubt: float = 1.6


@dataclass(frozen=True, slots=True)
class KitSettings:
    """How the hits of a take are seen together.

    proportions: of kick, snare, hats and other in a beat, about those of a drum track with hats in eighths.
    most_shift: nats by which the logarithm of a drum's share may be moved to get there.
    pull, own_weight: weight of the likeness to a drum's other hits, and of the hit's own shares beside it.
    other_further: cosine by which a sound must be nearer to the other ones to be none of the kit.
    fewest, enough: hits of a take that say anything, and that say all.
    different, alike: length of the mean embedding of a take that is surely several sounds, surely one (single drums of
        beatboxset1 and hmc_beatbox 0.71 and more, their beats 0.50 to 0.67).
    unsure, sure: mean share of the likeliest drum of a take whose mouth is a stranger, and of one that is known.
    memory, learn_every: live, hits that are remembered, and after how many new ones the kit is learnt anew.
    """

    proportions: tuple[float, float, float, float] = (0.30, 0.22, 0.40, 0.08)
    most_shift: float = 2.5
    pull: float = 10.0
    own_weight: float = 0.5
    other_further: float = 0.1
    fewest: int = 4
    enough: int = 12
    different: float = 0.68
    alike: float = 0.74
    unsure: float = 0.85
    sure: float = 0.95
    memory: int = 64
    learn_every: int = 4


@dataclass(frozen=True, slots=True)
class HitSettings:
    """Numbers of the considered hit decoder.

    evidence: fitted by `training.timbre.fit_hits` on the strikes of beatboxset1, hmc_beatbox, SSVD and recorded speech.
    least_probability: a little likelier than not; F hardly differs from 0.45 to 0.6.
    apart_s: two hits can't be nearer than this.
    """

    evidence: Evidence = Evidence(timbre=0.207, take=3.164, rise=0.237, wake=-3.542, bias=-0.247)
    take: TakeSettings = TakeSettings()
    kit: KitSettings = KitSettings()
    least_probability: float = 0.55
    apart_s: float = 0.03


@dataclass(frozen=True, slots=True)
class Age:
    """At which age a live hit may be said, seconds, and how sure it must be then, by which evidence."""

    age_s: float
    evidence: Evidence
    least_probability: float


LIVE_AGES = (
    Age(0.008, Evidence(timbre=0.244, take=5.14, rise=0.194, wake=-3.867, bias=1.329), 0.6),
    Age(0.024, Evidence(timbre=0.238, take=4.888, rise=0.186, wake=-3.781, bias=1.317), 0.55),
    Age(0.064, Evidence(timbre=0.324, take=4.273, rise=0.167, wake=-4.179, bias=1.335), 0.5),
    Age(0.128, Evidence(timbre=0.32, take=3.733, rise=0.171, wake=-4.303, bias=0.943), 0.5),
)
"""Fitted as the considered ones, each with what is known at that age; said where that keeps false hits in speech below
2 a minute."""


@dataclass(frozen=True, slots=True)
class LiveHitSettings:
    """Numbers of the live hit decoder.

    ages: a strike is weighed at each of these until it is said; a sure one at once, a doubtful one later or never.
    apart_s: two hits can't be nearer than this.
    corrections: whether what was said may be corrected, up to correct_s after the onset.
    least_label, settled_s: without corrections a hit waits until its class is so likely, but not beyond that age.
    least_louder: a correction of the velocity alone is worth a message from this on.
    """

    ages: tuple[Age, ...] = LIVE_AGES
    take: TakeSettings = TakeSettings()
    kit: KitSettings = KitSettings()
    apart_s: float = 0.03
    corrections: bool = True
    correct_s: float = 0.03
    least_label: float = 0.6
    settled_s: float = 0.024
    least_louder: int = 12
