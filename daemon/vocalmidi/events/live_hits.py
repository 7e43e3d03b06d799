"""Live hits: a sure one is said 8 ms after it began, a doubtful one when more of it was heard, or never.

In: the strikes of a stream as they grow older. Out: `LiveHit`, and for a moment after it a `HitRevision` where the
sound turns out to be another one or louder; whoever can't take corrections gets none, and waits until the class is
likely. What was said is not taken back.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from vocalmidi.events.drumming import Company, TakeSoFar, hit_probability, wake_of
from vocalmidi.events.hit_settings import LiveHitSettings
from vocalmidi.events.kit import KitSoFar
from vocalmidi.events.loudness import velocity
from vocalmidi.events.strikes import likeliest
from vocalmidi.units import SampleIndex, samples_to_seconds
from vocalmidi.values import HitEvent, HitRevision, LiveHit, Strike

AGE_TOLERANCE_S = 0.002
"""Half a row of a patch: a strike heard for less than that short of an age is of that age."""
MEMORY_SOUNDS = 32
"""Hits whose middle level stands for the take's loudness: about two phrases."""
MEMORY_STRIKES = 16
"""That may still be growing older: twice as many as begin in the oldest age."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said last of one strike, and its number."""

    hit_id: int
    hit: HitEvent


class HitWatch:
    """Follows the strikes of one stream."""

    def __init__(self, settings: LiveHitSettings, sample_rate_hz: int) -> None:
        self._settings, self._rate = settings, sample_rate_hz
        self._take = TakeSoFar(settings.take)
        self._kit = KitSoFar(settings.kit, len(settings.ages))
        self._said: dict[SampleIndex, _Said] = {}
        self._levels_db: deque[float] = deque(maxlen=MEMORY_SOUNDS)
        self._heard: deque[Strike] = deque(maxlen=MEMORY_STRIKES)
        self._last_onset_s = -np.inf
        self._count = 0

    def push(self, strike: Strike) -> LiveHit | HitRevision | None:
        """Take a strike as it is known now, and return what is said of it now."""
        now_s = samples_to_seconds(strike.heard, self._rate)
        ages = self._settings.ages
        number = max(0, sum(age.age_s <= strike.age_s + AGE_TOLERANCE_S for age in ages) - 1)
        company = Company(self._take.drummed(now_s), self._wake(strike))
        probability = hit_probability(strike, company, ages[number].evidence)
        if number == len(ages) - 1:
            self._take.judge(strike, samples_to_seconds(strike.onset, self._rate))
        known = self._kit.known(strike, number)
        if said := self._said.get(strike.onset):
            self._kit.add(strike, number)
            return self._corrected(known, said, probability)
        if probability < ages[number].least_probability or not self._may_be_said(known):
            return None
        self._kit.add(strike, number)
        return self._first(known, probability)

    def _wake(self, strike: Strike) -> float:
        """Return how much a strike lies in the wake of the one before it, as far as that has been heard by now."""
        before = [heard for heard in self._heard if heard.onset < strike.onset]
        self._heard = deque((heard for heard in self._heard if heard.onset != strike.onset), MEMORY_STRIKES)
        self._heard.append(strike)
        if not before:
            return 0.0
        last = max(before, key=lambda heard: heard.onset)
        return wake_of(last, strike, samples_to_seconds(strike.onset - last.onset, self._rate))

    def _may_be_said(self, strike: Strike) -> bool:
        """Return whether it is not the sound that was said last, and its class is known well enough."""
        s = self._settings
        if abs(samples_to_seconds(strike.onset, self._rate) - self._last_onset_s) < s.apart_s:
            return False
        settled = s.corrections or strike.age_s + AGE_TOLERANCE_S >= s.settled_s
        return settled or strike.trigger is not None or float(strike.label_share.max()) >= s.least_label

    def _first(self, strike: Strike, probability: float) -> LiveHit:
        self._count += 1
        self._last_onset_s = samples_to_seconds(strike.onset, self._rate)
        self._levels_db.append(strike.level_db)
        hit = self._event(strike, probability)
        self._said[strike.onset] = _Said(self._count, hit)
        while len(self._said) > MEMORY_STRIKES:
            del self._said[next(iter(self._said))]
        return LiveHit(self._count, hit, strike.heard)

    def _corrected(self, strike: Strike, said: _Said, probability: float) -> HitRevision | None:
        """Return the correction of what was said, where it is due and there is still time for it."""
        s = self._settings
        if not s.corrections or strike.age_s > s.correct_s:
            return None
        hit = self._event(strike, probability)
        same = (hit.label, hit.trigger) == (said.hit.label, said.hit.trigger)
        if same and abs(hit.velocity - said.hit.velocity) < s.least_louder:
            return None
        self._said[strike.onset] = _Said(said.hit_id, hit)
        return HitRevision(said.hit_id, hit, strike.heard)

    def _event(self, strike: Strike, probability: float) -> HitEvent:
        strength = velocity(strike.level_db, float(np.median(self._levels_db)))
        return HitEvent(strike.onset, likeliest(strike), strength, probability, strike.trigger)
