"""The numbers by which hits are told, each with its reason; frozen, and given, never read from elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What adds up to the log odds that a strike is a hit.

    timbre: weight of the log odds that the encoder gives.
    take: weight of how drummed the take sounds, log odds as well.
    rise: weight of each dB by which it begins steeply.
    bias: what is left: even odds in a take of which nothing is known.
    """

    timbre: float
    take: float
    rise: float
    bias: float


@dataclass(frozen=True, slots=True)
class TakeSettings:
    """How a take is known to be drummed or sung.

    memory_s: strikes count by how near they are; about two phrases.
    unknown_odds, doubt: what a take is taken for at first, and how many strikes that weighs.
    """

    memory_s: float = 8.0
    unknown_odds: float = -1.0
    doubt: float = 2.0


@dataclass(frozen=True, slots=True)
class HitSettings:
    """Numbers of the considered hit decoder.

    evidence: fitted by logistic regression on the strikes of beatboxset1, hmc_beatbox, SSVD and speech.
    least_probability: what keeps false hits in speech below 2 a minute.
    apart_s: two hits can't be nearer than this.
    """

    evidence: Evidence = Evidence(0.22, 1.1, 0.29, -3.8)
    take: TakeSettings = TakeSettings()
    least_probability: float = 0.34
    apart_s: float = 0.03


@dataclass(frozen=True, slots=True)
class Age:
    """At which age a live hit may be said, seconds, and how sure it must be then, by which evidence."""

    age_s: float
    evidence: Evidence
    least_probability: float


LIVE_AGES = (
    Age(0.008, Evidence(0.19, 1.2, 0.19, -2.8), 0.64),
    Age(0.024, Evidence(0.2, 1.2, 0.2, -2.8), 0.6),
    Age(0.064, Evidence(0.3, 1.1, 0.2, -2.8), 0.6),
    Age(0.128, Evidence(0.32, 1.1, 0.215, -3.0), 0.6),
)
"""Fitted as the considered ones, each with what is known at that age."""


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
    apart_s: float = 0.03
    corrections: bool = True
    correct_s: float = 0.03
    least_label: float = 0.6
    settled_s: float = 0.024
    least_louder: int = 12
